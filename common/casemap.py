"""Names on the wire: how they fold, and which are valid.

`CASEMAPPING=ascii`: only A-Z fold, so no two scripts can collide by folding.
Specification: modern IRC "Casemapping", "Clients", "Channels".
"""

import re
import unicodedata
from functools import cache
from typing import Any, Final

NICK_CHARACTERS_MAX: Final = 32
CHANNEL_BYTES_MAX: Final = 64
USER_CHARACTERS_MAX: Final = 16

ROOM_ID_ALPHABET: Final = "acdefghjkmnpqrtuvwxy34679"
"""Letters and digits that are not mistaken for one another when read out or typed."""

ROOM_ID_CHARACTERS: Final = 8
"""25**8 is 1.5e11 rooms: not to be found by guessing at the pace the limits allow."""

_NEVER_FIRST: Final = frozenset({"Mn", "Mc", "Nd", "Pd"})
_FOLD: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_NICK: Final = re.compile(r"[A-Za-z\[\]\\`_^{|}][A-Za-z0-9\[\]\\`_^{|}-]*\Z")
# Beside what the protocol uses (space, comma, colon, BEL), `*` and `?` are kept for masks,
# and characters that look like markup around a name are left out.
_CHANNEL: Final = re.compile(r"#[^\x00-\x20\x7f,:*?\"'<>@!#]+\Z")
_USER_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._~-]")


def fold(name: str) -> str:
    """The form under which a nick, channel or account is indexed and compared."""
    folded = name.translate(_FOLD)
    return name if folded == name else folded  # one string for both, in every index


def is_nick(name: str, *, beyond_ascii: bool = False) -> bool:
    """Whether `name` may be a nick: no leading digit or dash, within the limit, in bytes.

    ASCII only, unless `beyond_ascii` lets in what PRECIS takes for a user name (RFC 8265): letters
    and digits of every script, in the one form there is of them.
    """
    if len(name.encode()) > NICK_CHARACTERS_MAX:
        return False
    if not beyond_ascii or name.isascii():
        return _NICK.match(name) is not None
    ascii_part = "".join(character for character in name if character.isascii())
    return (
        unicodedata.category(name[0]) not in _NEVER_FIRST
        and _NICK.match(f"a{ascii_part}") is not None
        and keeps_form(name, "UsernameCasePreserved")
    )


def keeps_form(name: str, profile: str) -> bool:
    """Whether a profile of PRECIS (RFC 8264) takes `name`, and leaves it as it is."""
    try:
        return bool(_profile(profile).enforce(name) == name)
    except UnicodeEncodeError:
        return False


@cache
def _profile(name: str) -> Any:
    # Some hundredths of a second: not needed where all names are ASCII.
    from precis_i18n import get_profile

    return get_profile(name)


def is_channel(name: str) -> bool:
    """Whether `name`, with its ``#``, may be a channel. Beyond ASCII, printable text only."""
    return (
        len(name.encode()) <= CHANNEL_BYTES_MAX
        and _CHANNEL.match(name) is not None
        and name.isprintable()
    )


def channel_name(typed: str) -> str:
    """What a person typed as a room, with or without ``#``, as a channel name."""
    return typed if typed.startswith("#") else f"#{typed}"


def user_name(offered: str) -> str:
    """The user part of a source, made from what USER offered: never empty, always safe."""
    return _USER_UNSAFE.sub("", offered)[:USER_CHARACTERS_MAX] or "user"
