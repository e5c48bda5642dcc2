"""TABLE of the prefix modes: the roles a member of a room can have, highest first.

A member's roles are a string of mode letters in this order, e.g. ``"qo"``.
Specification: modern IRC "Channel Membership Prefixes".
"""

from typing import Final, NamedTuple


class Prefix(NamedTuple):
    """One row: mode letter, the sign before the nick, and the word a person reads."""

    letter: str
    sign: str
    role: str


PREFIXES: Final = (
    Prefix("q", "~", "owner"),
    Prefix("a", "&", "admin"),
    Prefix("o", "@", "operator"),
    Prefix("h", "%", "moderator"),
    Prefix("v", "+", "voice"),
)

SIGN_OF: Final = {row.letter: row.sign for row in PREFIXES}

PREFIX_TOKEN: Final = (
    f"({''.join(row.letter for row in PREFIXES)}){''.join(row.sign for row in PREFIXES)}"
)
"""The value of ISUPPORT PREFIX."""


def signs(roles: str, every: bool) -> str:
    """The signs for `roles`: all of them (multi-prefix) or the highest only."""
    found = "".join(row.sign for row in PREFIXES if row.letter in roles)
    return found if every else found[:1]
