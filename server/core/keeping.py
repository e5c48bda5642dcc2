"""How long what is said in a room is kept: the room's own choice, within the server's.

A choice is written ``forever``, ``nothing``, ``30d`` (days) or ``1000`` (numbered events, the
newest). A room may keep less than the server does, never more. Meanings: `SEMANTICS`, "The echo".
"""

import re
from typing import Final, NamedTuple

from server.settings import Settings
from server.storage.ports import ChannelRecord

FOREVER: Final = "forever"
NOTHING: Final = "nothing"
DAYS_MAX: Final = 36_500
MESSAGES_MAX: Final = 1_000_000_000

_CHOICE: Final = re.compile(r"([1-9][0-9]{0,9})(d?)\Z")


class Keeping(NamedTuple):
    """What is kept: so many days and so many numbered events, 0 for all; or nothing at all."""

    days: int = 0
    messages: int = 0
    nothing: bool = False


def read_choice(typed: str) -> Keeping:
    """What a choice means; raises `ValueError` where it is none."""
    if typed in ("", FOREVER):
        return Keeping()
    if typed == NOTHING:
        return Keeping(nothing=True)
    found = _CHOICE.match(typed)
    if found is None:
        raise ValueError(typed)
    count, is_days = int(found[1]), bool(found[2])
    if count > (DAYS_MAX if is_days else MESSAGES_MAX):
        raise ValueError(typed)
    return Keeping(days=count) if is_days else Keeping(messages=count)


def keeping_of(settings: Settings, record: ChannelRecord) -> Keeping:
    """What a room keeps: the stricter of its own choice and the server's."""
    own = read_choice(record.retention)
    return Keeping(
        _stricter(own.days, settings.rooms__keep_days),
        _stricter(own.messages, settings.rooms__keep_messages),
        own.nothing or not settings.rooms__keep,
    )


def in_words(kept: Keeping) -> str:
    """What a room keeps, for the people in it."""
    if kept.nothing:
        return "Nothing of what is said here is kept: only who is here now can read it"
    bounds = [f"for {kept.days} days"] if kept.days else []
    bounds += [f"as long as it is among the last {kept.messages}"] if kept.messages else []
    return f"What is said here is kept {' and '.join(bounds) or FOREVER}"


def as_choice(kept: Keeping) -> str:
    """The same as a choice is written; of two bounds the days."""
    if kept.nothing:
        return NOTHING
    return f"{kept.days}d" if kept.days else str(kept.messages or FOREVER)


def _stricter(own: int, server: int) -> int:
    return min(own, server) if own and server else own or server
