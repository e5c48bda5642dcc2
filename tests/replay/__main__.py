"""`python -m tests.replay`: real chat through a real server, and what everyone ends up with.

Speaks rows of the corpus into a room, one connection for each speaker, while real client cores
watch over real sockets; may kill the server with SIGKILL on the way. At the end what each
watcher holds must be what the database holds, line for line. Exit status 0 if it is.
"""

import argparse
import asyncio
import os
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from common.text import action, plain
from server.storage.ports import Kind
from tests.replay.irssi import Irssi
from tests.replay.recording import CORPUS, read_rows
from tests.replay.screens import Screen
from tests.replay.server_process import ServerProcess, resident_mib
from tests.replay.speakers import Company, Row
from tests.replay.watchers import Watcher

ROOM = "#replay"


async def replay(arguments: argparse.Namespace, folder: Path) -> bool:
    """One replay; True where every watcher holds what the database holds."""
    server = ServerProcess(folder)
    try:
        return await replay_through(server, arguments, folder)
    finally:
        server.kill(signal.SIGTERM)


async def replay_through(
    server: ServerProcess, arguments: argparse.Namespace, folder: Path
) -> bool:
    """The same through a server that is started here and ended by the caller."""
    port = server.start()
    watchers = [Watcher(f"watcher{n}", port, ROOM) for n in range(arguments.watchers)]
    for watcher in watchers:
        await watcher.enter()
    screens = [
        Screen(folder / f"screen{n}", f"screen{n}", port, ROOM) for n in range(arguments.screens)
    ]
    for screen in screens:
        screen.enter()
    irssi = Irssi(folder / "irssi", port, ROOM) if arguments.irssi else None
    if irssi:
        irssi.enter()
    company = Company(port, ROOM)
    kill_at = [(n + 1) * arguments.rows // (arguments.kills + 1) for n in range(arguments.kills)]
    started = time.monotonic()
    spoken = 0
    for spoken, (nick, text) in enumerate(read_rows(arguments.rows), start=1):
        await company.say(nick, Row(spoken, text))
        if irssi and spoken % 100 == 0:
            await irssi.come_near(text)
        if kill_at and spoken >= kill_at[0]:
            kill_at.pop(0)
            server.kill(signal.SIGKILL)
            server.start()
            if irssi:  # what it misses while it is away is what the server shows on joining
                await watchers[0].until_present("irssi")
    await company.finish()
    took_s = time.monotonic() - started
    print(f"{spoken} rows by {len(company.speakers)} speakers in {took_s:.1f} s")
    print(
        f"server: {server.cpu_s:.1f} s CPU, {resident_mib(server.pid):.0f} MiB; "
        f"this process (speakers and watchers): {sum(os.times()[:2]):.1f} s CPU"
    )
    stored = read_database(folder / "chat.db")
    same = len(stored) == spoken
    print(f"database: {len(stored)} messages, {'as many as' if same else 'NOT what'} was spoken")
    for watcher in watchers:
        await watcher.settle(len(stored))
        held = watcher.held()
        alike = held == stored
        same &= alike
        words = "line for line what the database holds" if alike else "DIFFERENT"
        print(f"{watcher.nick}: {len(held)} messages, {words}; gap free: {watcher.gap_free}")
        same &= watcher.gap_free
        await watcher.leave()
    for screen in screens:
        screen.sees(stored[-1][2])
        cost = screen.cost()
        held = screen.leave()
        alike = held == stored
        words = "line for line what the database holds" if alike else "DIFFERENT"
        print(f"{screen.nick} (chat-tui): {len(held)} messages, {words}; {cost}")
        same &= alike
    if irssi:
        irssi.leave()
        same &= compare(irssi, stored)
    return same


def compare(irssi: Irssi, stored: list[tuple[int, str, str]]) -> bool:
    """Whether irssi has shown every stored message; without numbers it may show one twice."""
    shown = {(nick, plain(text).strip()) for nick, text in irssi.shown()}
    wanted = [(nick, plain(action(text) or text).strip()) for _, nick, text in stored]
    missed = [row for row in wanted if row not in shown]
    print(f"irssi: {len(wanted) - len(missed)} of {len(wanted)} messages shown")
    for nick, text in missed[:3]:
        print(f"  not shown: <{nick}> {text!r}")
    return not missed


def read_database(path: Path) -> list[tuple[int, str, str]]:
    """Number, nick and text of every message in the room, in the log's order."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            "SELECT position >> 24, source, text FROM events WHERE kind IN (?, ?)"
            " ORDER BY channel_id, position",
            [int(Kind.PRIVMSG), int(Kind.NOTICE)],
        ).fetchall()
    return [(number, source.partition("!")[0], text) for number, source, text in rows]


def main() -> int:
    """Read the arguments, replay, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.replay", description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--watchers", type=int, default=1)
    parser.add_argument("--screens", type=int, default=0, help="chat-tui in tmux, watching too")
    parser.add_argument("--irssi", action="store_true", help="irssi watches too, in tmux")
    parser.add_argument("--kills", type=int, default=0, help="SIGKILLs of the server on the way")
    arguments = parser.parse_args()
    if not CORPUS.exists():
        print("the corpus is not here, nothing was replayed", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        return 0 if asyncio.run(replay(arguments, Path(folder))) else 1


if __name__ == "__main__":
    sys.exit(main())
