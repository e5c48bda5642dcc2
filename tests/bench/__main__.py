"""`python -m tests.bench`: our server beside the peers installed here, as a table of ratios.

Each figure is the median of several rounds; in a round every server is measured once, one
after the other, so that a machine that slows down slows them all. Asserts nothing.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from tests.bench.load import compile_generator, measure
from tests.bench.servers import OURS, file_descriptors, installed, run


class Figure(NamedTuple):
    """What is measured: the generator's words, the field of its answer, what it is called."""

    title: str
    words: list[str]
    field: str
    unit: str


FIGURES: Final = (
    Figure(
        "one room of 200, CPU per delivery",
        ["fanout", "--window", "512"],
        "srv_cpu_s_per_1M",
        "µs",
    ),
    Figure("200 rooms of 10, CPU per delivery", ["manyrooms"], "srv_cpu_s_per_1M", "µs"),
    Figure(
        "the same with tags, CPU per delivery",
        ["manyrooms", "--cap", "message-tags server-time"],
        "srv_cpu_s_per_1M",
        "µs",
    ),
    Figure("200 msg/s to 100, latency p50", ["latency"], "p50_us", "µs"),
    Figure("200 msg/s to 100, latency p99", ["latency"], "p99_us", "µs"),
    Figure("registration, CPU", ["connect", "--inflight", "64"], "srv_cpu_us_per_reg", "µs"),
    Figure("pipelined PING, CPU", ["pingpong"], "pipelined_srv_us_per_ping", "µs"),
)


def main() -> int:
    """Measure and print; 0 unless the generator cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of one run")
    parser.add_argument("--short", action="store_true", help="one short round, as in CI")
    arguments = parser.parse_args()
    rounds = 1 if arguments.short else arguments.rounds
    seconds = 1.0 if arguments.short else arguments.seconds
    file_descriptors()
    with tempfile.TemporaryDirectory() as folder:
        generator = compile_generator(Path(folder))
        if generator is None:
            print("no load generator beside the checkout, or no C compiler", file=sys.stderr)
            return 2
        names = installed()
        print(f"median of {rounds} rounds of {seconds:g} s; in brackets: ours as a multiple")
        for figure in FIGURES:
            print(line(figure, medians(generator, figure, names, rounds, seconds)), flush=True)
    return 0


def medians(
    generator: Path, figure: Figure, names: list[str], rounds: int, seconds: float
) -> dict[str, float]:
    """The median of each server's figure; a server that could not be measured is left out."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name in names:
            try:
                with run(name) as server:
                    answer = measure(generator, server, figure.words, seconds)
            except (RuntimeError, OSError, ValueError, KeyError) as error:
                print(f"  {name}: not measured ({error})", file=sys.stderr)
                continue
            found.setdefault(name, []).append(float(answer[figure.field]))
    return {name: statistics.median(values) for name, values in found.items()}


def line(figure: Figure, values: dict[str, float]) -> str:
    """One line of the table: ours, then each other with our multiple of it."""
    ours = values.get(OURS[0])
    words = [f"{figure.title}:"]
    for name, value in values.items():
        ratio = f" [{ours / value:.2f}]" if ours and value and name != OURS[0] else ""
        words.append(f"{name} {value:.2f} {figure.unit}{ratio};")
    return " ".join(words)


if __name__ == "__main__":
    sys.exit(main())
