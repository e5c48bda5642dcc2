"""`python -m tests.bench.history`: recorded chat through the whole life of a history, timed.

Stores the recording, in `--copies` rooms; pages each room end to end through a core, redacts,
edits, erases the one who said most, backs up while messages go on being stored, restores, checks.
`--seek` measures pages anywhere in one room of so many messages instead, `--durability` what a
commit costs with either setting. Prints times, bytes for each message, and the longest tick.
"""

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count, cycle, islice
from pathlib import Path
from typing import Final

from common.msgid import number_at, position_of
from server.storage.ports import MESSAGES, SHOWN, ChannelRecord, Event, Kind, View
from server.storage.sqlite.check import findings, open_read_only
from server.storage.sqlite.copies import back_up, restore
from server.storage.sqlite.store import SqliteStore, open_store
from tests.conversation import OUR_CLIENT, UNHURRIED, Person, World
from tests.replay.recording import CORPUS, read_rows

CAPABILITIES: Final = f"{OUR_CLIENT} draft/message-redaction chat-server/edit"
START_MS: Final = 1_600_000_000_000
PER_COMMIT: Final = 20
PAGE: Final = 1_000
CHANGES: Final = 500
SEEKS: Final = 400
COMMITS: Final = 300


class Ticks:
    """How long the longest tick took. Jobs do not count: a server does them off its loop."""

    def __init__(self) -> None:
        self.longest_s = self.longest_cpu_s = 0.0
        self.jobs_s = self.jobs_cpu_s = 0.0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Time a tick."""
        began, cpu_began = time.perf_counter() - self.jobs_s, time.thread_time() - self.jobs_cpu_s
        yield
        spent_s = time.perf_counter() - self.jobs_s - began
        cpu_s = time.thread_time() - self.jobs_cpu_s - cpu_began
        self.longest_s = max(self.longest_s, spent_s)
        self.longest_cpu_s = max(self.longest_cpu_s, cpu_s)

    @contextmanager
    def job(self) -> Iterator[None]:
        """Leave out what a job takes."""
        began, cpu_began = time.perf_counter(), time.thread_time()
        yield
        self.jobs_s += time.perf_counter() - began
        self.jobs_cpu_s += time.thread_time() - cpu_began


class Served(World):
    """A world that tells its ticks from its jobs."""

    def __init__(self, store: SqliteStore) -> None:
        self.ticks = Ticks()
        super().__init__(replace(UNHURRIED, limits__history_per_minute=0), store)

    def tick(self) -> None:
        with self.ticks.job():
            self._do_jobs()
        super().tick()

    @contextmanager
    def step(self, title: str, unit_count: Callable[[], int] | None = None) -> Iterator[Ticks]:
        """A step in which this world ticks."""
        with step(title, unit_count) as self.ticks:
            yield self.ticks


@contextmanager
def step(title: str, unit_count: Callable[[], int] | None = None) -> Iterator[Ticks]:
    """Time a step and print it, with its longest tick where it has ticks."""
    ticks = Ticks()
    began, cpu_began = time.perf_counter(), time.process_time()
    yield ticks
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu_began
    each = f"  {cpu_s / max(1, unit_count()) * 1e6:7.1f} µs CPU each" if unit_count else ""
    longest = f"{ticks.longest_s * 1e3:.1f} ms, {ticks.longest_cpu_s * 1e3:.1f} ms CPU"
    tick = f"  longest tick {longest}" if ticks.longest_s else ""
    print(f"{title:<44} {wall_s:7.1f} s  {cpu_s:7.1f} s CPU{each}{tick}", flush=True)


def main() -> int:
    """Run what the command line asks for; 1 where something was not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.history", description=__doc__)
    parser.add_argument("--copies", type=int, default=1, help="rooms with the whole recording")
    parser.add_argument("--rows", type=int, default=10_000_000, help="of the recording, at most")
    parser.add_argument("--folder", type=Path, help="where the databases are made")
    parser.add_argument("--seek", type=int, metavar="MESSAGES", help="pages in one room of so many")
    parser.add_argument("--durability", action="store_true", help="the cost of a commit")
    arguments = parser.parse_args()
    if not CORPUS.exists():
        print(f"There is no recording at {CORPUS}.")
        return 1
    with tempfile.TemporaryDirectory(dir=arguments.folder) as temporary:
        folder = Path(temporary)
        rows = list(read_rows(arguments.rows))
        if arguments.durability:
            _durability(folder, rows)
            return 0
        if arguments.seek:
            _seek(folder, rows, arguments.seek)
            return 0
        return _life(folder, rows, arguments.copies)


def _life(folder: Path, rows: list[tuple[str, str]], copies: int) -> int:
    path, total = folder / "chat.db", len(rows) * copies
    busiest = Counter(nick for nick, _ in rows).most_common(1)[0][0]
    with closing(open_store(path, durable=False)) as store:
        with step(f"store {total:,} messages, 20 to a commit", lambda: total) as ticks:
            for copy in range(1, copies + 1):
                _fill(store, copy, rows, busiest, ticks)
        _tell_size(path, total)
        world = Served(store)
        with step("keep the search index", lambda: total):
            while work := store.search.upkeep():
                store.search.upkept(work())
        _tell_size(path, total)
        ann = world.connect("ann", CAPABILITIES, device="ann-has-a-device")
        for copy in range(1, copies + 1):
            _page_through(world, ann, f"#ubuntu{copy}", rows)
        _change(world, ann, "REDACT", rows)
        _change(world, ann, "EDIT", rows)
        _erase(world, busiest)
        _back_up_beside(store, folder / "backup.db")
    return _restore_and_check(folder)


def _fill(
    store: SqliteStore, room: int, rows: list[tuple[str, str]], busiest: str, ticks: Ticks
) -> None:
    store.save(ChannelRecord(room, f"#ubuntu{room}", True, "device:owner", START_MS, "nt"))
    store.append(Event(room, Kind.CREATE, "ann!ann@host", f"#ubuntu{room}", START_MS))
    source_rows = iter(rows)
    for tick in count():
        batch = list(islice(source_rows, PER_COMMIT))
        if not batch:
            return
        with ticks.one():
            for nick, text in batch:
                holder = f"device:{nick}" if nick == busiest else ""
                source, wall_ms = f"{nick}!{nick}@host.example", START_MS + tick * 1_000
                store.append(Event(room, Kind.PRIVMSG, source, text, wall_ms, "", holder))
            store.commit()


def _tell_size(path: Path, messages: int) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*"))
    print(f"{'':<44} {size / 1e6:,.1f} MB, {size / messages:.0f} bytes for each message")


def _page_through(world: Served, ann: Person, room: str, rows: list[tuple[str, str]]) -> None:
    ann.answer(f"JOIN {room}")
    seen: list[str] = []
    with world.step(f"page through {room}, {PAGE:,} at a time", lambda: len(seen)) as ticks:
        selector = "number=0"
        while True:
            with ticks.one():
                lines = ann.answer(f"CHATHISTORY AFTER {room} {selector} {PAGE}")
            told = [line for line in lines if "msgid" in line.tags]
            seen += [line.params[-1] for line in told if line.command == "PRIVMSG"]
            if len(told) < PAGE:
                break
            selector = f"msgid={told[-1].tags['msgid']}"
    _expect(seen == [text for _, text in rows], f"{room} is there once and in order")


def _change(world: Served, ann: Person, command: str, rows: list[tuple[str, str]]) -> None:
    """Ann runs the room as its operator and says what she then changes."""
    ann.answer("CREATE mine")
    ids = []
    for number in range(CHANGES):
        lines = ann.answer(f"PRIVMSG #mine :{rows[number % len(rows)][1]}")
        ids += [line.tags["msgid"] for line in lines if line.command == "PRIVMSG"]
    with world.step(f"{command} {len(ids)} messages", lambda: len(ids)) as ticks:
        for msgid in ids:
            with ticks.one():
                ann.answer(f"{command} #mine {msgid} :changed")


def _erase(world: Served, nick: str) -> None:
    answer = world.core.administer({"do": "erase", "nick": nick})
    with world.step(f"erase {nick}, who said most") as ticks:
        report = ""
        while not report:
            with ticks.one():
                world.pass_time(0.06)
            asked = {"do": "erase report", "who": answer["who"]}
            report = str(world.core.administer(asked)["text"])
    print(f"{'':<44} {report.partition('.')[0]}")


def _back_up_beside(store: SqliteStore, target: Path) -> None:
    """Back up in a thread, while one message after another is stored."""
    done = threading.Event()
    path = target.with_name("chat.db")

    def work() -> None:
        back_up(path, target)
        done.set()

    with step("back up while messages are stored") as ticks:
        thread = threading.Thread(target=work)
        thread.start()
        while not done.is_set():
            with ticks.one():
                store.append(Event(1, Kind.PRIVMSG, "ann!a@h", "meanwhile", START_MS * 2))
                store.commit()
            time.sleep(0.002)
        thread.join()


def _restore_and_check(folder: Path) -> int:
    restored = folder / "restored.db"
    with step("restore"):
        restore(folder / "backup.db", restored, replace=False)
    found: list[str] = []
    with step("check"), closing(open_read_only(restored)) as database:
        found += findings(database)
    _expect(not found, f"check is clean {found[:3]}")
    return 0


def _seek(folder: Path, rows: list[tuple[str, str]], messages: int) -> None:
    """Pages at random places of one long room, and at the same places of a short one."""
    path = folder / "chat.db"
    with closing(open_store(path, durable=False)) as store:
        for room, length in ((1, min(messages, len(rows))), (2, messages)):
            store.save(ChannelRecord(room, f"#room{room}", True, "", START_MS, "nt"))
            with step(f"store {length:,} messages", lambda length=length: length):  # type: ignore[misc]
                _fill_fast(store, room, rows, length)
        _tell_size(path, messages + min(messages, len(rows)))
        for room in (1, 2):
            for title, page in _pages(store, room).items():
                times = []
                for _ in range(SEEKS):
                    began = time.perf_counter()
                    page()
                    times.append((time.perf_counter() - began) * 1e6)
                last = number_at(store.last_position(room))
                shown = f"p50 {statistics.median(times):6.0f} µs  p99 {sorted(times)[-4]:6.0f} µs"
                print(f"{title:<36} of {last:>12,} messages  {shown}", flush=True)


def _fill_fast(store: SqliteStore, room: int, rows: list[tuple[str, str]], length: int) -> None:
    for number, (nick, text) in enumerate(islice(cycle(rows), length)):
        event = Event(room, Kind.PRIVMSG, f"{nick}!{nick}@host.example", text, START_MS + number)
        store.append(event)
        if number % 5_000 == 0:
            store.commit()
    store.commit()


def _pages(store: SqliteStore, room: int) -> dict[str, Callable[[], object]]:
    """A page of 50 in the ways of CHATHISTORY, at a place that a seed has chosen."""
    chance = random.Random(1)
    last = number_at(store.last_position(room))

    def place() -> int:
        return position_of(chance.randrange(1, last))

    def page(after: int, before: int, *, newest: bool, kinds: tuple[Kind, ...] = SHOWN) -> object:
        return store.page(room, after, before, 50, View(kinds), newest=newest)

    end = 1 << 62
    return {
        "LATEST": lambda: page(0, end, newest=True),
        "BEFORE a random message": lambda: page(0, place(), newest=True),
        "AFTER a random message": lambda: page(place(), end, newest=False),
        "messages only": lambda: page(place(), end, newest=False, kinds=MESSAGES),
        "BEFORE a random time": lambda: page(
            0, store.position_at(room, START_MS + chance.randrange(last)), newest=True
        ),
    }


def _durability(folder: Path, rows: list[tuple[str, str]]) -> None:
    """Commits of one message and of twenty, with either setting, by turns."""
    stores = {name: open_store(folder / f"{name}.db", durable=name == "full") for name in MODES}
    times: dict[tuple[str, int], list[float]] = {}
    texts = cycle(text for _, text in rows)
    for number in range(COMMITS):
        for name, store in stores.items():
            for size in (1, PER_COMMIT):
                for text in islice(texts, size):
                    said = Event(1, Kind.PRIVMSG, "ann!ann@host.example", text, START_MS + number)
                    store.append(replace(said, holder="account:1"))
                began = time.perf_counter()
                store.commit()
                times.setdefault((name, size), []).append((time.perf_counter() - began) * 1e3)
    for store in stores.values():
        store.close()
    for (name, size), each in sorted(times.items()):
        middle, high = statistics.median(each), sorted(each)[-len(each) // 100]
        print(f"durability {name:<7} {size:>3} a commit: p50 {middle:.2f} ms  p99 {high:.2f} ms")


MODES: Final = ("full", "normal")


def _expect(holds: bool, words: str) -> None:
    if not holds:
        print(f"NOT SO: {words}")
        raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main())
