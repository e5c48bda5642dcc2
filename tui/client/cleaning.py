"""Text from outside, made safe to keep: what could steer a terminal never enters the state.

Formatting codes stay for the renderer; `common.text.plain` takes those off too.
"""

import re
from datetime import UTC, datetime
from typing import Final

TIME_MS_MAX: Final = 4_102_444_800_000
"""The year 2100: a later time is a lie, and calendars of the standard library end at 9999."""

NUMBER_DIGITS_MAX: Final = 12
"""More digits than any room will ever count to; longer ones cost time to convert."""

# Formatting codes (02 03 04 0f 11 16 1d 1e 1f) and the CTCP mark (01) pass.
_UNSAFE: Final = re.compile(
    r"[\x00\x05-\x08\x0a-\x0e\x10\x12-\x15\x17-\x1c\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]"
)


def cleaned(text: str) -> str:
    """`text` with its formatting codes and CTCP marks, without anything else unprintable."""
    if text.isprintable():
        return text
    return _UNSAFE.sub("", text.replace("\t", " "))


def read_time(tag: str) -> int | None:
    """A server-time tag as milliseconds since 1970; None for what is no time."""
    try:
        milliseconds = int(datetime.fromisoformat(tag).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
    return min(max(milliseconds, 0), TIME_MS_MAX)


def time_tag(time_ms: int) -> str:
    """The inverse of `read_time`, as server-time has it."""
    moment = datetime.fromtimestamp(time_ms // 1000, UTC)
    return f"{moment.strftime('%Y-%m-%dT%H:%M:%S')}.{time_ms % 1000:03}Z"


def read_number(word: str) -> int:
    """A count or number from the wire; 0 for anything that is not a plain, sane one."""
    if word.isascii() and word.isdecimal() and len(word) <= NUMBER_DIGITS_MAX:
        return int(word)
    return 0
