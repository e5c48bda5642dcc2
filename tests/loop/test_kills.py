"""kill -9 under load, and a disk that is full: what anyone was shown is there, once.

`CHAT_KILLS=500 pytest tests/loop/test_kills.py` goes on for longer, `CHAT_SEED` repeats a run.
"""

import os
import random
import re
import resource
import signal
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from server.data_folder import DATABASE
from server.storage.sqlite.check import findings, open_read_only
from tests.loop.serving import Caller

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("CHAT_KILLS", "4"))
SEED = int(os.environ.get("CHAT_SEED", "1"))
TALKERS = 4
MESSAGES_MAX = 500
FULL_BYTES = 1 << 20


class Talker(threading.Thread):
    """Someone who talks as fast as the echoes come, until the server is gone.

    `ready` is set when so many messages were shown to them.
    """

    def __init__(self, address: tuple[str, int], name: str, messages: int) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.ready = threading.Event()
        self._messages = messages
        self._name = name
        self._caller = Caller(address)

    def run(self) -> None:
        """Read every line, others' too: all of it was shown."""
        with closing(self._caller):
            try:
                self._caller.send("CAP REQ :echo-message draft/chathistory", "CAP END")
                self._caller.register(self._name).send("JOIN #trail")
                self._talk()
            except OSError:  # the kill reset the connection
                return

    def _talk(self) -> None:
        number = 0
        self._say(number)
        while line := self._caller.line():
            found = re.search(r" PRIVMSG #trail :?(\S+)$", line)
            if found:
                self.shown.append(found[1])
                if len(self.shown) == self._messages:
                    self.ready.set()
            if found and found[1] == f"{self._name}-{number}":
                number += 1
                self._say(number)

    def _say(self, number: int) -> None:
        self._caller.send(f"PRIVMSG #trail {self._name}-{number}")


def start(
    data: Path, errors: int = subprocess.DEVNULL
) -> tuple["subprocess.Popen[str]", tuple[str, int]]:
    """A server on a port of its own."""
    settings = data.parent / f"{data.name}.toml"
    settings.write_text("[limits]\ncost_per_second = 0\n", encoding="utf-8")
    words = ["--config", str(settings), "--listen", "127.0.0.1:0", "--data", str(data)]
    process = subprocess.Popen(
        [sys.executable, "-m", "server", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    assert process.stdout
    found = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert found
    return process, ("127.0.0.1", int(found[1]))


def stored(database: Path) -> list[str]:
    """What was said, in the order of the log; the database must be whole."""
    with closing(open_read_only(database)) as connection:
        assert list(findings(connection)) == []
        rows = connection.execute("SELECT text FROM events WHERE kind = 1 ORDER BY position")
        return [text for (text,) in rows]


def test_what_was_shown_is_there_once_and_in_order(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    shown_ever: set[str] = set()
    for run in range(KILLS):
        process, address = start(tmp_path)
        moment = chance.randint(1, MESSAGES_MAX)
        talkers = [Talker(address, f"t{run}x{number}", moment) for number in range(TALKERS)]
        for talker in talkers:
            talker.start()
        for talker in talkers:
            assert talker.ready.wait(60)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for talker in talkers:
            talker.join()
        kept = stored(tmp_path / DATABASE)
        assert len(kept) == len(set(kept))
        places = {text: place for place, text in enumerate(kept)}
        for talker in talkers:
            assert len(talker.shown) >= moment
            assert set(talker.shown) <= places.keys()
            order = [places[text] for text in talker.shown]
            assert order == sorted(order)
            shown_ever.update(talker.shown)
        assert shown_ever <= places.keys()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs prlimit, of Linux")
def test_while_nothing_can_be_written_nothing_is_shown_and_then_it_goes_on(tmp_path: Path) -> None:
    process, address = start(tmp_path, subprocess.PIPE)
    talker = Talker(address, "ann", 100)
    talker.start()
    assert talker.ready.wait(60)
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (FULL_BYTES, -1))
    assert process.stderr
    assert any("commit failed" in line for line in process.stderr)  # up to that line
    shown = list(talker.shown)
    before = stored(tmp_path / DATABASE)
    assert shown == before[: len(shown)]
    assert len(before) - len(shown) <= 1  # the last echo may still be on its way
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
    assert any("the commit succeeded" in line for line in process.stderr)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    talker.join()
    kept = stored(tmp_path / DATABASE)
    assert len(kept) > len(before)
    assert kept == [f"ann-{number}" for number in range(len(kept))]
    assert set(talker.shown) <= set(kept)
