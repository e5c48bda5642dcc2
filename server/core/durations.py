"""How long something is to last, as people write it: ``30m``, ``2h``, ``7d``."""

import re
from typing import Final

from server.core.dispatch import Failed

_MS: Final = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_WRITTEN: Final = re.compile(r"([0-9]{1,6})([smhdw])\Z")

LONGEST_MS: Final = 366 * _MS["d"]
"""A year: what is to last longer is better left without an end."""


def is_duration(typed: str) -> bool:
    """Whether this was meant as a duration."""
    return _WRITTEN.match(typed) is not None


def read_duration_ms(typed: str) -> int:
    """The milliseconds of a duration; raises `Failed` where it is none."""
    found = _WRITTEN.match(typed)
    duration_ms = int(found[1]) * _MS[found[2]] if found else 0
    if not 0 < duration_ms <= LONGEST_MS:
        text = "A duration is a number with s, m, h, d or w, a year at most: 30m, 2h, 7d"
        raise Failed("INVALID_DURATION", f"{text}; nothing was changed", typed[:20])
    return duration_ms
