"""`python -m tests.fuzz --seconds 60 [TARGET …]`: any bytes, for as long as one likes.

Each target has its turn; the inputs are counted. The first that breaks something is written to a
file and ends the run: put it into `tests/fuzz/found.py`, and it is tried with the tests. With
--atheris the inputs follow what code they reach, see `tests.fuzz.guided`.
"""

import argparse
import logging
import random
import sys
import time
import traceback
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.fuzz.found import FOUND
from tests.fuzz.guided import guide
from tests.fuzz.mutation import Mutator
from tests.fuzz.targets import TARGETS

TURN_S: Final = 0.5
SLOW_S: Final = 2.0
"""An input that takes longer is as bad as one that raises."""


def main() -> int:
    """Try; 1 where something broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    parser.add_argument("--atheris", action="store_true", help="choose inputs by coverage")
    arguments = parser.parse_args()
    names = arguments.names or list(TARGETS)
    unknown = set(names) - TARGETS.keys()
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    logging.disable(logging.CRITICAL)
    seed = arguments.seed or random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    if arguments.atheris:
        seconds = arguments.seconds / len(names)
        held = [guide(name, TARGETS[name], FOUND.get(name, ()), seconds, seed) for name in names]
        return 0 if all(held) else 1
    chance = random.Random(seed)
    mutators = {
        name: Mutator([*TARGETS[name].corpus, *FOUND.get(name, ())], chance) for name in names
    }
    counts = dict.fromkeys(names, 0)
    until = time.monotonic() + arguments.seconds
    while time.monotonic() < until:
        for name in names:
            turn_over = min(until, time.monotonic() + TURN_S)
            while time.monotonic() < turn_over:
                counts[name] += 1
                if not _holds(name, mutators[name].next()):
                    return 1
    for name, count in counts.items():
        print(f"{count:>12,}  {name}")
    print(f"{sum(counts.values()):>12,}  inputs, and nothing broke")
    return 0


def _holds(name: str, data: bytes) -> bool:
    began = time.process_time()
    try:
        TARGETS[name].run(data)
    except Exception:
        traceback.print_exc()
    else:
        if time.process_time() - began < SLOW_S:
            return True
        print(f"it took {time.process_time() - began:.1f} s")
    path = Path(f"fuzz-{name}-{sha256(data).hexdigest()[:12]}.bin")
    path.write_bytes(data)
    print(f"{name} broke with {data[:200]!r}: {path}")
    return False


if __name__ == "__main__":
    sys.exit(main())
