"""`python -m tests.soak --minutes 20`: mixed load with churn, and whether anything grows.

The rate follows the server: so much is done that it uses half a core, or what `--busy` says.
Memory, descriptors, the longest tick and the database are looked at all the while; at the end
everybody leaves, and what is left is compared with the beginning.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

from server.data_folder import DATABASE
from tests.faults.stage import Crowd, Stage
from tests.replay.server_process import cpu_seconds, resident_mib
from tests.soak.people import People

LOOK_S: Final = 10.0
BUSY: Final = 0.5
RATE_FIRST: Final = 500.0
RATE_MAX: Final = 20_000.0
TICK_MS_MAX: Final = 250.0
"""A longer tick means that others have the machine: asking for more would only pile up."""

FILES_OF_JOBS: Final = 6
"""The two threads of jobs open the database, its journal and the index when first asked."""

FILES_BESIDE_MAX: Final = 12
"""Files open beside one for each link that come and go: those of jobs, and of links that came or
went between the two counts.
"""

EVENT_BYTES: Final = (100, 500)
"""What an event may take of the database, the write-ahead log aside: measured, 140 bytes with texts
like these, and 346 with the search index."""

EMPTY_BYTES: Final = 256 << 10
"""What a database without events takes."""

DATABASE_GROWTH_MAX: Final = 1.25
"""Where a number of events is kept of each room, the file stays as it is once they are reached."""

GROWTH_MIB_MAX: Final = 12.0
"""More than this between the middle and the end is a leak: caches are full by then."""

SETTINGS: Final = """
[limits]
cost_per_second = 0
history_per_minute = 0
searches_per_minute = 0
[rooms]
keep_messages = {keep}
"""


class Look(NamedTuple):
    """What was seen at one moment."""

    minutes: float
    busy: float
    memory_mib: float
    files: int
    links: int
    longest_tick_ms: float
    database_mib: float
    echoes: int


def look(stage: Stage, people: People, began: float, cpu_s: float, since: float) -> Look:
    """The figures of now; processor time is that since the last look."""
    status = stage.status()
    now = time.monotonic()
    files = [stage.data / f"{DATABASE}{suffix}" for suffix in ("", "-wal")]
    return Look(
        (now - began) / 60,
        (cpu_seconds(stage.pid) - cpu_s) / (now - since),
        resident_mib(stage.pid),
        len(os.listdir(f"/proc/{stage.pid}/fd")),
        int(status["links"]),
        1000 * status["longest_tick_seconds"],
        sum(file.stat().st_size for file in files if file.exists()) / 2**20,
        people.echoes,
    )


def show(seen: Look) -> None:
    """One line of the table."""
    print(
        f"{seen.minutes:5.1f} min  {100 * seen.busy:4.0f} %  {seen.memory_mib:7.1f} MiB  "
        f"{seen.files:4} files  {seen.links:4} links  tick {seen.longest_tick_ms:6.1f} ms  "
        f"database {seen.database_mib:7.1f} MiB  {seen.echoes:8} messages",
        flush=True,
    )


def soak(
    stage: Stage, people: People, crowd: Crowd, minutes: float, wanted_busy: float
) -> list[Look]:
    """Keep the server busy; what was seen on the way."""
    began = last = looked = time.monotonic()
    cpu_s, rate, owed = cpu_seconds(stage.pid), RATE_FIRST, 0.0
    looks: list[Look] = []
    while (now := time.monotonic()) < began + 60 * minutes:
        owed = min(rate, owed + (now - last) * rate)
        last = now
        while owed >= 1.0:
            owed -= 1.0
            people.act()
        crowd.turn()
        if now - looked >= LOOK_S:
            looks.append(look(stage, people, began, cpu_s, looked))
            show(looks[-1])
            looked, cpu_s = now, cpu_seconds(stage.pid)
            rate = next_rate(rate, looks[-1], wanted_busy)
    return looks


def next_rate(rate: float, seen: Look, wanted_busy: float) -> float:
    """More, until so much of a core is used; less where the machine does not give us even that."""
    wanted = wanted_busy / max(0.05, seen.busy)
    if seen.longest_tick_ms > TICK_MS_MAX:
        wanted = min(wanted, 0.8)
    return min(RATE_MAX, rate * max(0.5, min(1.5, wanted)))


def verdict(looks: list[Look], after: Look, files_before: int) -> list[str]:
    """What is wrong, in sentences; nothing where all is well."""
    late = looks[len(looks) // 2 :]
    quarter = max(1, len(late) // 4)
    early_mib = min(seen.memory_mib for seen in late[:quarter])
    end_mib = min(seen.memory_mib for seen in late[-quarter:])
    tick_ms = max(seen.longest_tick_ms for seen in looks)
    busy = sum(seen.busy for seen in late) / len(late)
    beside = [seen.files - seen.links for seen in late]
    print(f"processor: {100 * busy:.0f} % of a core in the second half")
    print(f"memory: {early_mib:.1f} MiB in the middle, {end_mib:.1f} MiB at the end")
    print(f"files: {files_before} before, {after.files} after everybody left;", end=" ")
    print(f"beside the links {min(beside)} to {max(beside)}")
    print(f"longest tick: {tick_ms:.1f} ms")
    wrong: list[str] = []
    if end_mib - early_mib > GROWTH_MIB_MAX:
        wrong.append(f"memory grew by {end_mib - early_mib:.1f} MiB in the second half")
    if after.files > files_before + FILES_OF_JOBS:
        wrong.append(f"{after.files - files_before} files were left open")
    if max(beside) - min(beside) > FILES_BESIDE_MAX:
        wrong.append(f"{max(beside) - min(beside)} files came to be open beside the links")
    if after.links:
        wrong.append(f"{after.links} links were left")
    return wrong


def database_verdict(looks: list[Look], file: Path, events: int, *, all_kept: bool) -> list[str]:
    """What is wrong with the size of the database, which lies there alone after the stop."""
    size = file.stat().st_size
    bytes_each = (size - EMPTY_BYTES) / max(1, events)
    middle, end = (looks[at].database_mib for at in (len(looks) // 2, -1))
    print(f"database: {size / 2**20:.1f} MiB for {events} events, {bytes_each:.0f} bytes each")
    if all_kept and not EVENT_BYTES[0] < bytes_each < EVENT_BYTES[1]:
        return [f"{bytes_each:.0f} bytes for an event, where {EVENT_BYTES} were expected"]
    if not all_kept and end > DATABASE_GROWTH_MAX * middle:
        return [f"the database grew from {middle:.1f} to {end:.1f} MiB in the second half"]
    return []


def main() -> int:
    """Run it; 1 where something grew or was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--busy", type=float, default=BUSY, help="of a core, which the server is kept at"
    )
    parser.add_argument(
        "--keep", type=int, default=0, help="numbered events kept of a room; 0: all of them"
    )
    arguments = parser.parse_args()
    settings = SETTINGS.format(keep=arguments.keep)
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), settings) as stage:
        files_before = len(os.listdir(f"/proc/{stage.pid}/fd"))
        with Crowd(stage.address) as crowd:
            people = People(crowd, arguments.people, arguments.seed)
            looks = soak(stage, people, crowd, arguments.minutes, arguments.busy)
            until = time.monotonic() + 5
            while time.monotonic() < until:  # the last echoes
                crowd.turn()
            for guest in crowd.guests:
                crowd.drop(guest)
        time.sleep(2)
        now = time.monotonic()
        after = look(stage, people, now, cpu_seconds(stage.pid), now - 1)
        code, stopped_s = stage.stop()
        stored = len(stage.stored())
        events = stage.events()
        wrong = verdict(looks, after, files_before)
        wrong += database_verdict(looks, stage.data / DATABASE, events, all_kept=not arguments.keep)
        print(f"{people.acts} acts of {people.came} people; refused: {people.failed or 'none'}")
        print(f"{people.echoes} echoes, {stored} stored; stopped in {stopped_s:.2f} s")
        if stored < people.echoes and not arguments.keep:
            wrong.append(f"{people.echoes - stored} messages were shown and are not stored")
        if code:
            wrong.append(f"the server ended with {code}")
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
