"""What a person feels of `chat-tui`, in a real terminal, beside the clients installed here.

Runs the harness that lies beside the checkout, which is the same for every client: start-up,
memory and CPU at rest, a flood, key presses while nothing and while much is said.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.bench.servers import OURS, SHARED_BENCH

HARNESS: Final = SHARED_BENCH / "terminal" / "ircbench.py"
OTHERS: Final = ("irssi", "weechat")
COMMAND: Final = "-m tui 127.0.0.1:{port} --nick {nick} --join {chan}"
FIRST_WORD: Final = "Starting"
READY_WORD: Final = "flood"
"""What stands on the screen with the first frame, and once one is in the room `#flood`."""

FLOOD_LINES: Final = 50_000
RATE: Final = 1_000
TIMEOUT_S: Final = 600.0

Measured = dict[str, Any]
"""What the harness tells of one client."""


class Figure(NamedTuple):
    """One line: where the harness has the value, and the most that it should be.

    `goal` is in the value's own unit, or a multiple of what the client `other` has.
    """

    title: str
    value: Callable[[Measured], float | None]
    goal: float
    other: str = ""


def startup(size: float) -> Iterator[str]:
    """Until something is there, until one can talk; memory at rest."""
    runs = max(1, round(7 * size))
    options = ["--runs", str(runs)]
    first = _run("startup", OTHERS, options, FIRST_WORD)
    ready = _run("startup", ("weechat",), options, READY_WORD)
    yield _line(Figure("first frame (ms)", lambda it: it["ready_ms"], 1.0, "irssi"), first)
    yield _line(Figure("in the room (ms)", lambda it: it["ready_ms"], 4.0, "weechat"), ready)
    yield _line(Figure("memory at rest (MB)", lambda it: it["mem"]["pss"], 1.5, "weechat"), first)


def flood(size: float) -> Iterator[str]:
    """As many lines at once as a busy day has."""
    lines = round(FLOOD_LINES * size)
    options = ["--n", str(lines), "--runs", "1"]
    found = _run("flood", OTHERS, options, READY_WORD)
    yield _line(
        Figure("CPU of a line in a flood (µs)", lambda it: it["cpu"] / lines * 1e6, 1.0, "irssi"),
        found,
    )


def keys(size: float) -> Iterator[str]:
    """Key presses until they are on the screen, and what the client takes meanwhile."""
    options = ["--rate", str(RATE), "--secs", str(8 * size), "--n", str(round(20_000 * size))]
    found = _run("load", OTHERS, options, READY_WORD)
    rate = f"rate{RATE}"
    for figure in (
        Figure("key press at rest, p50 (ms)", lambda it: it["idle"]["p50"], 5.0),
        Figure("key press under load, p99 (ms)", lambda it: it[rate]["p99"], 30.0),
        Figure(f"CPU at {RATE} lines/s (%)", lambda it: it[rate]["cpu_pct"], 0.6, "weechat"),
        Figure("CPU at rest (%)", lambda it: it["idle_cpu_pct"], 0.0),
        Figure("keys lost under load", lambda it: it[rate].get("lost", 0), 0.0),
    ):
        yield _line(figure, found)


def _run(what: str, others: Sequence[str], options: list[str], ready: str) -> dict[str, Measured]:
    """What the harness found, by client. Raises `RuntimeError`."""
    if not HARNESS.exists():
        raise RuntimeError("no harness beside the checkout")
    clients = [name for name in others if shutil.which(name) is not None]
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        words = [*clients, f"{OURS}={sys.executable} {COMMAND}", *options, "--json", str(answer)]
        environment = os.environ | {f"READY_{OURS.upper()}": ready}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a user's start finds it compiled
        environment["PYTHONPYCACHEPREFIX"] = folder
        done = subprocess.run(
            [sys.executable, str(HARNESS), what, *words],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
            env=environment,
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip().splitlines()[-1:] or done.returncode)
        rows: list[Measured] = json.loads(answer.read_text())
    return {row["client"]: row for row in rows}


def _line(figure: Figure, found: dict[str, Measured]) -> str:
    values = {name: value for name, it in found.items() if (value := figure.value(it)) is not None}
    each = ", ".join(f"{name} {value:.3g}" for name, value in values.items())
    if OURS not in values or (figure.other and not values.get(figure.other)):
        return f"{figure.title}: {each}"
    if not figure.other:
        return f"{figure.title}: {each} | goal {figure.goal:g}"
    ratio = values[OURS] / values[figure.other]
    return f"{figure.title}: {each} | {ratio:.2f} x {figure.other} (goal {figure.goal:g})"
