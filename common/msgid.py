"""Message ids: short, unique, and sorted like the log.

A stored event's id is its channel and its position there, so an id finds its row by one
index seek and never depends on a clock. A position holds both orders of `SEMANTICS`: the
number of a numbered event in its upper part, and in the lower part the place of a presence
event between two numbers. Ids of what is not stored are random and sort nowhere.
Specification: IRCv3 message-ids.
"""

import re
from collections.abc import Iterable
from typing import Final

BETWEEN_BITS: Final = 24
"""Room for 16 million presence events between two numbered ones."""

BETWEEN_MASK: Final = (1 << BETWEEN_BITS) - 1

POSITION_DIGITS: Final = 15

_STORED: Final = re.compile(r"([0-9a-f]{10})-([0-9a-f]{15})\Z")


def position_of(number: int, between: int = 0) -> int:
    """The position of the event `number`, or of the `between`-th presence event after it."""
    assert 0 <= between <= BETWEEN_MASK
    return number << BETWEEN_BITS | between


def number_at(position: int) -> int:
    """The number of the event at `position`; for presence, of the numbered one before it."""
    return position >> BETWEEN_BITS


def is_numbered(position: int) -> bool:
    """Whether the event at `position` has a number of its own."""
    return not position & BETWEEN_MASK


def encode_msgid(channel_id: int, position: int) -> str:
    """The id of a stored event; within one channel ids sort like positions."""
    return f"{channel_id:010x}-{position:015x}"


def encode_msgids(channel_id: int, positions: Iterable[int]) -> list[str]:
    """The ids of several events of one channel."""
    start = encode_msgid(channel_id, 0)[:-POSITION_DIGITS]
    return [f"{start}{position:0{POSITION_DIGITS}x}" for position in positions]


def decode_msgid(msgid: str) -> tuple[int, int] | None:
    """Channel id and position of a stored event's id; None where it is no such id."""
    match = _STORED.match(msgid)
    return (int(match[1], 16), int(match[2], 16)) if match else None
