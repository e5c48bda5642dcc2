"""What someone may do in a room: by their role there, and by that of whom it is about.

Only what the signs tell. A room may be set so that more is allowed, and the server has the last
word; this is for offering nothing that would be refused.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final


class Deed(Enum):
    """Something that not everyone may do."""

    INVITE = auto()  # into a room that is by invitation only
    TOPIC = auto()  # where not everyone sets it
    KICK = auto()
    BAN = auto()
    MUTE = auto()
    VOICE = auto()
    HALFOP = auto()
    OP = auto()
    SETTINGS = auto()
    RENAME = auto()
    KEEPING = auto()  # how long a room keeps what is said
    KILL = auto()  # end someone's connection to the server


_LOWEST_ROLE: Final = {
    Deed.INVITE: "h",
    Deed.TOPIC: "h",
    Deed.KICK: "h",
    Deed.BAN: "h",
    Deed.MUTE: "h",
    Deed.VOICE: "h",
    Deed.HALFOP: "o",
    Deed.OP: "o",
    Deed.SETTINGS: "o",
    Deed.RENAME: "o",
    Deed.KEEPING: "q",
}
"""The letter of the lowest role that may; on a server without that role it is the next higher."""

_ROLES: Final = "vhoaq"
"""From low to high, as all servers have them."""

ROLE_LETTERS: Final = {Deed.VOICE: "v", Deed.HALFOP: "h", Deed.OP: "o"}
"""The role that a deed gives or takes."""


def may(
    deed: Deed, own: str, theirs: str, prefixes: Mapping[str, str], operator: bool = False
) -> bool:
    """Whether someone with the signs `own` may do `deed` to one with the signs `theirs`.

    `prefixes` are the server's signs with their letters, highest first (ISUPPORT PREFIX);
    `operator`: of the server itself.
    """
    if deed is Deed.KILL:
        return operator
    role = ROLE_LETTERS.get(deed)
    if role is not None and role not in prefixes.values():
        return False
    return _rank(own, prefixes) >= max(_needed(deed, prefixes), _rank(theirs, prefixes), 1)


def _needed(deed: Deed, prefixes: Mapping[str, str]) -> int:
    allowed = _ROLES[_ROLES.index(_LOWEST_ROLE[deed]) :]
    ranks = [_rank(sign, prefixes) for sign, letter in prefixes.items() if letter in allowed]
    return min(ranks, default=len(prefixes) + 1)


def _rank(signs: str, prefixes: Mapping[str, str]) -> int:
    """How high the highest of `signs` stands: 0 for none."""
    order = list(prefixes)[::-1]
    return max((order.index(sign) + 1 for sign in signs if sign in prefixes), default=0)
