"""The refusal of an intent: what a person asked for and cannot have, told in words."""

from typing import Final

NO_NICK_HOLDS: Final = frozenset(" ,*?!@:")
"""What sets a mask or a list apart from a nick."""


class IntentRefused(Exception):  # noqa: N818 - the person's fault, told in words
    """Nothing was done; the text says what was wrong and what to do."""


def may_be_nick(typed: str) -> bool:
    """Whether this can be the name of one person, on whatever server."""
    return bool(typed) and NO_NICK_HOLDS.isdisjoint(typed)


def require_nick(typed: str, *, is_room: bool = False) -> None:
    """Raises `IntentRefused` where this cannot be a nick, or is the name of a room."""
    if is_room or not may_be_nick(typed):
        raise IntentRefused(f"{typed or 'Nothing'} is not a nick; write one nick.")
