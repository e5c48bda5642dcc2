"""`python -m tests.bench.search`: search in a room of 10 million messages, timed.

Makes a database of recorded chat, said again and again, and its index, by the store and the
upkeep of the server itself; then each search several times, and beside it how long a loop in the
same process was kept waiting. What was made in `--folder` is used again the next time.
Asserts nothing.
"""

import argparse
import resource
import selectors
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Final, NamedTuple

from server.storage.ports import ChannelRecord, Event, Found, Kind, Query
from server.storage.sqlite.search_index import ENDING
from server.storage.sqlite.store import SqliteStore, open_store
from tests.replay.recording import CORPUS, read_rows

ROOM: Final = 7
ROWS_MAX: Final = 200_000
START_MS: Final = 1_600_000_000_000
STEP_MS: Final = 30_000
PER_COMMIT: Final = 5_000
TICK_S: Final = 0.001


class Case(NamedTuple):
    """A search, and what it is called."""

    title: str
    text: str
    nick: str = ""
    has_link: bool = False
    ranked: bool = False
    days_back: int = 0


CASES: Final = (
    Case("common word, newest first", "ubuntu"),
    Case("the most common word", "the"),
    Case("common word, by relevance", "ubuntu", ranked=True),
    Case("two common words", "install kernel"),
    Case("phrase", '"try to reboot"'),
    Case("beginning of a word", "inst*"),
    Case("one letter and *", "a*"),
    Case("has a link", "", has_link=True),
    Case("from a person", "sudo", nick="nikonia"),
    Case("before half of it", "ubuntu", days_back=1),
    Case("a word that stands nowhere", "xylotheque"),
)


def main() -> int:
    """Make what is missing, measure, print; 0 unless there is no recording."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--folder", type=Path, help="where the database is kept")
    arguments = parser.parse_args()
    if not CORPUS.exists():
        print(f"There is no recording at {CORPUS}.")
        return 1
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "chat.db"
        store = open_store(path, durable=False)
        _fill(store, arguments.messages)
        _index(store)
        _tell_sizes(path, arguments.messages)
        for case in CASES:
            _measure(store, case, arguments.messages, arguments.rounds)
        store.close()
    return 0


def _fill(store: SqliteStore, messages: int) -> None:
    held = store.log.last_position(ROOM) >> 24
    if held >= messages:
        return
    store.channels.save(ChannelRecord(ROOM, "#ubuntu", True, "ann", START_MS, "nt"))
    rows = list(read_rows(ROWS_MAX))
    began = time.process_time()
    for number, (nick, text) in enumerate(islice(cycle(rows), held, messages), start=held):
        source = f"{nick}!{nick}@host.example"
        store.log.append(Event(ROOM, Kind.PRIVMSG, source, text, START_MS + number * STEP_MS))
        if number % PER_COMMIT == 0:
            store.commit()
    store.commit()
    cpu_s = time.process_time() - began
    print(f"stored {messages - held:,} messages, {cpu_s / (messages - held) * 1e6:.1f} µs CPU each")


def _index(store: SqliteStore) -> None:
    began, slices, longest_s = time.process_time(), 0, 0.0
    while work := store.search.upkeep():
        slice_began = time.process_time()
        store.search.upkept(work())
        longest_s = max(longest_s, time.process_time() - slice_began)
        slices += 1
    cpu_s = time.process_time() - began
    print(f"index kept in {slices:,} slices, {cpu_s:.1f} s CPU, longest {longest_s * 1e3:.0f} ms")


def _tell_sizes(path: Path, messages: int) -> None:
    for name in (path, path.with_name(path.name + ENDING)):
        size = name.stat().st_size
        print(f"{name.name}: {size / 1e9:.2f} GB, {size / messages:.0f} bytes a message")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at most {peak:.0f} MiB\n")
    print(f"{'search':<28} {'hits':>5} {'median':>9} {'longest':>9} {'CPU':>9} {'loop waits':>11}")


def _measure(store: SqliteStore, case: Case, messages: int, rounds: int) -> None:
    end_ms = START_MS + messages * STEP_MS
    query = Query(
        logs=((ROOM, 0),),
        text=case.text,
        nick=case.nick,
        after_ms=0,
        before_ms=end_ms if not case.days_back else START_MS + messages * STEP_MS // 2,
        has_link=case.has_link,
        oldest=False,
        limit=50,
        ranked=case.ranked,
    )
    took, cpu, waits, found = [], [], 0.0, Found([], True)
    for _ in range(rounds):
        cpu_began = time.process_time()
        found, elapsed_s, waited_s = _run_beside_a_loop(store.search.find(query))
        took.append(elapsed_s * 1e3)
        cpu.append((time.process_time() - cpu_began) * 1e3)
        waits = max(waits, waited_s * 1e3)
    hits = f"{len(found.events)}{'' if found.complete else '…'}"
    print(
        f"{case.title:<28} {hits:>5} {statistics.median(took):>6.1f} ms {max(took):>6.1f} ms"
        f" {statistics.median(cpu):>6.1f} ms {waits:>8.1f} ms"
    )


def _run_beside_a_loop(work: Callable[[], Found]) -> tuple[Found, float, float]:
    """The result, how long it took, and by how much a tick of the loop was late at most."""
    results: list[tuple[Found, float]] = []

    def run() -> None:
        began = time.perf_counter()
        found = work()
        results.append((found, time.perf_counter() - began))

    thread = threading.Thread(target=run)
    waits = 0.0
    with selectors.DefaultSelector() as selector:
        thread.start()
        while thread.is_alive():
            began = time.perf_counter()
            selector.select(TICK_S)
            waits = max(waits, time.perf_counter() - began - TICK_S)
    thread.join()
    ((found, elapsed_s),) = results
    return found, elapsed_s, waits


if __name__ == "__main__":
    raise SystemExit(main())
