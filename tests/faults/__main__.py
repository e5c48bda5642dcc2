"""`python -m tests.faults [NAME …]`: what goes wrong around a server, on a real process.

Each prints who was served, how long the longest tick was, and what was lost. `--scale` makes them
longer and bigger; `reconnect` has 1,000 people for each step of it, `full-queues` 250.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.faults.machine import NotHereError
from tests.faults.table import FAULTS


def main() -> int:
    """Play them; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(FAULTS))
    parser.add_argument("--scale", type=int, default=4)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - FAULTS.keys()
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}")
    broken = 0
    for name in arguments.names or FAULTS:
        print(name, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            try:
                for what, figures in FAULTS[name](Path(folder), arguments.scale).rows.items():
                    print(f"    {what}: {figures}", flush=True)
            except NotHereError as error:
                print(f"    not played: {error}")
            except AssertionError as error:
                broken += 1
                print(f"    BROKEN: {error}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
