"""A server whose wall clock jumps: a year ahead with SIGUSR1, a year back with SIGUSR2."""

import signal
import sys
import time

from server.__main__ import main

YEAR_NS = 365 * 86_400 * 1_000_000_000


def run() -> int:
    """Serve with such a clock."""
    true_time_ns, shift_ns = time.time_ns, [0]

    def jump(number: int, _frame: object) -> None:
        shift_ns[0] += YEAR_NS if number == signal.SIGUSR1 else -YEAR_NS

    for number in (signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, jump)
    time.time_ns = lambda: true_time_ns() + shift_ns[0]
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
