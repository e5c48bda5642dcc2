"""Masks: ``nick!user@host`` with ``*`` and ``?``, and the extended ones behind ``~``.

``~a:NAME`` (or ``~account:NAME``) is someone logged in to an account; ``~m:MASK`` mutes those
who match instead of keeping them out. Specification: IRCv3 account-extban, modern IRC "MODE".
"""

from typing import Final

from common.casemap import fold

EXTBAN_PREFIX: Final = "~"
MUTE: Final = "m"
ACCOUNT_NAMES: Final = ("a", "account")
EXTBAN_TOKEN: Final = f"{EXTBAN_PREFIX},{ACCOUNT_NAMES[0]}{MUTE}"

MASK_CHARACTERS_MAX: Final = 200


def complete_mask(typed: str) -> str:
    """What a person typed as a mask, with the parts they left out; extended ones unchanged."""
    if typed.startswith(EXTBAN_PREFIX):
        kind, colon, value = typed[1:].partition(":")
        if kind == MUTE and colon:
            return f"{EXTBAN_PREFIX}{MUTE}:{complete_mask(value)}"
        return typed
    if "!" in typed:
        nick, _, rest = typed.partition("!")
        user, _, host = rest.partition("@")
    elif "@" in typed:
        nick, (user, _, host) = "*", typed.partition("@")
    else:
        nick, user, host = typed, "", ""
    return f"{nick or '*'}!{user or '*'}@{host or '*'}"


def is_valid_mask(mask: str) -> bool:
    """Whether a mask can stand on a list: one word of bounded length, of a kind we know."""
    if not mask or len(mask) > MASK_CHARACTERS_MAX or " " in mask or mask.startswith(":"):
        return False
    if not mask.startswith(EXTBAN_PREFIX):
        return True
    kind, colon, value = mask[1:].partition(":")
    return colon == ":" and value != "" and kind in (MUTE, *ACCOUNT_NAMES)


def keeps_out(mask: str, source: str, account: str) -> bool:
    """Whether the mask matches someone as a ban (or exception, or invitation)."""
    if not mask.startswith(EXTBAN_PREFIX):
        return matches(fold(mask), fold(source))
    kind, _, value = mask[1:].partition(":")
    return kind in ACCOUNT_NAMES and account != "" and matches(fold(value), fold(account))


def mutes(mask: str, source: str, account: str) -> bool:
    """Whether the mask matches someone as a mute."""
    kind, _, value = mask.removeprefix(EXTBAN_PREFIX).partition(":")
    return mask.startswith(EXTBAN_PREFIX) and kind == MUTE and keeps_out(value, source, account)


def matches(pattern: str, text: str) -> bool:
    """Glob matching with ``*`` and ``?``, in time proportional to the product of the lengths.

    Not by a regular expression: many stars would make that take forever.
    """
    at, position = 0, 0
    star, resume = -1, 0
    while position < len(text):
        if at < len(pattern) and pattern[at] in ("?", text[position]) and pattern[at] != "*":
            at += 1
            position += 1
        elif at < len(pattern) and pattern[at] == "*":
            star, resume = at, position
            at += 1
        elif star >= 0:
            at = star + 1
            resume += 1
            position = resume
        else:
            return False
    return all(letter == "*" for letter in pattern[at:])
