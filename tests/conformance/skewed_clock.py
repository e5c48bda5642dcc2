"""A server whose wall clock is shifted and runs fast, for tests that wait for minutes.

    python -m tests.conformance.skewed_clock "+1y x30" --config FILE

The first word is what `faketime` takes: an offset in years, and a speed. Only the wall clock is
touched: time-outs keep their pace.
"""

import re
import sys
import time

from server.__main__ import main

YEAR_NS = 365 * 86_400 * 1_000_000_000


def skew(words: str) -> None:
    """Have `time.time_ns` run as `words` say, e.g. ``+1y x30``."""
    match = re.fullmatch(r"\+(\d+)y x(\d+)", words)
    if match is None:
        raise SystemExit(f'not a skew: "{words}"; write e.g. "+1y x30"')
    years, speed = map(int, match.groups())
    real_time_ns, started_ns = time.time_ns, time.time_ns()

    def skewed() -> int:
        return started_ns + years * YEAR_NS + (real_time_ns() - started_ns) * speed

    time.time_ns = skewed


if __name__ == "__main__":
    skew(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
