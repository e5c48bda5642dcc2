"""`python -m tests.bench`: our server beside the peers installed here, as a table of ratios.

Each figure is the median of several rounds; in a round every server is measured once, one
after the other, so that a machine that slows down slows them all. Asserts nothing about time.
Rows of ours alone (storms, growth) are measured once, by clients of our own; what a person
feels of the client, in a terminal beside irssi and WeeChat. All of it takes some fifteen
minutes; `--only` takes single rows, e.g. `--only manyrooms --rounds 5`.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.bench import terminals
from tests.bench.crowds import CROWDS
from tests.bench.load import compile_generator, measure
from tests.bench.rows import BEST_PEER, INSPIRCD, ROWS, Figure, Goal, Row
from tests.bench.servers import OURS, UNKEPT, file_descriptors, is_installed, run, use_ergo

README: Final = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
SHORT: Final = ("fanout", "connect", "disk", "growth")
SHORT_SERVERS: Final = (OURS, UNKEPT, INSPIRCD)
"""What the short form measures."""

ALONE: Final = {
    **CROWDS,
    "startup": terminals.startup,
    "flood": terminals.flood,
    "keys": terminals.keys,
}
"""Rows that are measured once, by name."""

Values = dict[str, dict[str, float]]
"""By server, by field."""


def main() -> int:
    """Measure and print; 0 whatever comes out."""
    arguments = _arguments()
    file_descriptors()
    use_ergo(arguments.ergo)
    names = arguments.only or [*(row.name for row in ROWS), *ALONE]
    rounds, seconds, size = arguments.rounds, arguments.seconds, arguments.size
    rows: Sequence[Row] = ROWS
    if arguments.short:
        names, rounds, seconds, size = arguments.only or SHORT, 1, 0.5, 0.1
        rows = tuple(row._replace(servers=SHORT_SERVERS) for row in ROWS)
    began = time.monotonic()
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        generator = compile_generator(Path(folder))
        if generator is None:
            print("No load generator beside the checkout, or no C compiler: without its rows")
        for name in names:
            found: Iterable[str] = ()
            if name in ALONE:
                found = _alone(name, size)
            elif generator is not None:
                row = next(row for row in rows if row.name == name)
                found = _compared(generator, row, rounds, seconds)
            for line in found:
                print(line, flush=True)
                lines.append(line)
    print(f"({time.monotonic() - began:.0f} s)")
    if arguments.write:
        _write(lines)
    return 0


def _arguments() -> argparse.Namespace:
    names = [*(row.name for row in ROWS), *ALONE]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one run")
    parser.add_argument("--size", type=float, default=1.0, help="of the rows of ours alone")
    parser.add_argument("--short", action="store_true", help="one short round, as in CI")
    parser.add_argument("--only", nargs="+", choices=names, help="these rows", metavar="ROW")
    parser.add_argument("--ergo", default="ergo", help="the program; sources in ERGO_SRC")
    parser.add_argument("--write", action="store_true", help="make it the figures of the README")
    parser.epilog = f"rows: {', '.join(names)}"
    return parser.parse_args()


def _alone(name: str, size: float) -> Iterator[str]:
    """The lines of a row that is measured once."""
    try:
        yield from ALONE[name](size)
    except (RuntimeError, OSError) as error:
        yield f"{name}: not measured ({error})"


def _compared(generator: Path, row: Row, rounds: int, seconds: float) -> Iterator[str]:
    """The lines of a row of the load generator."""
    values = medians(generator, row, 1 if row.once else rounds, seconds)
    for figure in row.figures:
        yield shown(figure, values)


def medians(generator: Path, row: Row, rounds: int, seconds: float) -> Values:
    """The medians of each server's figures; a server that could not be measured is left out."""
    found: dict[str, list[dict[str, float]]] = {}
    servers = [name for name in row.servers if is_installed(name)]
    for _ in range(rounds):
        for name in servers:
            try:
                with run(name) as server:
                    answer = measure(generator, server, row.words, seconds)
            except (RuntimeError, OSError, ValueError) as error:
                print(f"  {row.name}, {name}: not measured ({error})", file=sys.stderr)
                continue
            found.setdefault(name, []).append(answer)
    return {
        name: {
            figure.field: statistics.median([answer[figure.field] for answer in answers])
            for figure in row.figures
        }
        for name, answers in found.items()
    }


def shown(figure: Figure, values: Values) -> str:
    """One line: each server's value, then what was to be reached as multiples."""
    by_server = {name: fields[figure.field] for name, fields in values.items()}
    each = [f"{name} {_number(value)}" for name, value in by_server.items()]
    reached = [text for goal in figure.goals if (text := _reached(goal, by_server))]
    return f"{figure.title} ({figure.unit}): {', '.join(each)}" + (
        f" | {'; '.join(reached)}" if reached else ""
    )


def _reached(goal: Goal, by_server: dict[str, float]) -> str:
    """What came of a goal; "" where one of the two was not measured."""
    others = {name: value for name, value in by_server.items() if not name.startswith(OURS)}
    other = goal.other
    if other == BEST_PEER and others:
        other = min(others, key=lambda name: others[name])
    if goal.ours not in by_server or not by_server.get(other):
        return ""
    ratio = by_server[goal.ours] / by_server[other]
    return f"{goal.ours} = {ratio:.2f} x {other} (goal {goal.factor:g})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _write(lines: list[str]) -> None:
    """Put the lines into the README, between its two marks."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    figures = "".join(f"- {line}\n" for line in lines)
    README.write_text(f"{before}{BEGIN}{figures}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
