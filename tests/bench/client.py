"""`python -m tests.bench.client`: what the client's conversation costs, in this process.

The whole app on a screen of 120 x 40 without a terminal, fed by a scripted server: CPU of a line
in a flood, memory of a room of 100,000 messages, CPU of a page, of a new message and of a resize
there. CPU seconds, because a shared machine stretches the wall's. Asserts nothing.
"""

import argparse
import asyncio
import gc
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final

from tests.screens.language import START_MS, Session, session
from tui.__main__ import GC_THRESHOLDS
from tui.client.cleaning import time_tag

LINES: Final = 99_900  # with our own JOIN, below the 100,000 that are held
BLOCK_LINES: Final = 500
KEYS: Final = 20
SIZES: Final = ((100, 40), (90, 40), (120, 40), (100, 30))
WORDS: Final = ("trains", "run", "every", "twenty", "minutes", "from", "the", "old", "station")
PEOPLE: Final = tuple(f"person{number}" for number in range(40))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.client", description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    arguments = parser.parse_args()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)  # as the program does
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), arguments.lines))
    return 0


async def measure(folder: Path, lines: int) -> None:
    """Everything, in one room that fills."""
    async with session(folder, capabilities="message-tags server-time") as on:
        on.server.enters("#flood", PEOPLE)
        on.app.show("#flood")
        await on.pilot.pause()
        await report(on, "a resize of the empty room", len(SIZES), lambda turn: resize(on, turn))
        empty_mb = memory_mb()
        begun = time.process_time()
        for block in blocks(lines):
            on.server.says(*block)
            await asyncio.sleep(0)
        await on.pilot.pause()
        cpu_us = (time.process_time() - begun) / lines * 1e6
        gc.collect()
        held = len(on.server.client.state.buffers["#flood"].items)
        print(f"flood of {lines:,} lines: {cpu_us:.1f} µs CPU a line (irssi: 52)")
        print(f"{held:,} items held: {memory_mb():.0f} MB, {empty_mb:.0f} of them when empty")
        await report(on, "a page up", KEYS, lambda _: on.pilot.press("pageup"))
        on.app.main.timeline.scroll_to_end()
        await report(on, "a new message", KEYS, lambda turn: arrive(on, turn))
        await report(on, "a resize of the full one", len(SIZES), lambda turn: resize(on, turn))


async def report(on: Session, what: str, turns: int, act: Callable[[int], Awaitable[None]]) -> None:
    """The CPU of doing something, until the screen is quiet again."""
    spent = []
    for turn in range(turns):
        await settle(on)
        begun = time.process_time()
        await act(turn)
        await settle(on)
        spent.append((time.process_time() - begun) * 1e3)
    print(f"{what}: median {statistics.median(spent):.1f}, longest {max(spent):.1f} ms CPU")


async def settle(on: Session) -> None:
    """Let everything be drawn that waits for it."""
    await on.pilot.pause(0.1)


async def arrive(on: Session, turn: int) -> None:
    """Someone says something."""
    on.server.says(line_of(LINES + turn))


async def resize(on: Session, turn: int) -> None:
    """The terminal has another size."""
    await on.pilot.resize_terminal(*SIZES[turn])


def blocks(lines: int) -> Iterator[list[str]]:
    """What the server says, as much at once as one read may bring."""
    for start in range(0, lines, BLOCK_LINES):
        yield [line_of(number) for number in range(start, min(start + BLOCK_LINES, lines))]


def line_of(number: int) -> str:
    """A line of a length as people write it: one word to thirty, often the same people."""
    count = 1 + number * 7 % 30
    text = " ".join(WORDS[(number + place) % len(WORDS)] for place in range(count))
    nick = PEOPLE[number * 3 % len(PEOPLE)]
    moment = time_tag(START_MS + number * 400)
    return f"@msgid=id{number};time={moment} :{nick}!u@host PRIVMSG #flood :{number} {text}"


def memory_mb() -> float:
    """What this process occupies now."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:  # not Linux: the most it ever had
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
