"""Run seeds: ``python -m tests.simulation --seed N [--seeds COUNT] [--steps M]``.

Prints a line for each seed; a failing one ends the run with the last lines of its trace.
"""

import argparse
import sys
from collections import Counter

from tests.simulation.simulator import STEPS_DEFAULT, FailedError, Simulator
from tests.simulation.trace import MARKS


def main() -> int:
    """Run what the command line asks for; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds")
    parser.add_argument("--steps", type=int, default=STEPS_DEFAULT, help="steps of each run")
    parser.add_argument("--marks", action="store_true", help="count the marks reached")
    arguments = parser.parse_args()
    marks: Counter[str] = Counter()
    for seed in range(arguments.seed, arguments.seed + arguments.seeds):
        try:
            trace = Simulator(seed, arguments.steps).run()
        except FailedError as error:
            print(error)
            return 1
        marks += trace.marks
        print(f"seed {seed}: {trace.digest}")
    if arguments.marks:
        for mark in sorted(MARKS):
            print(f"{marks[mark]:8} {mark}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
