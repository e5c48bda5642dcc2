"""Masks: ``nick!user@host`` with ``*`` and ``?``, and the extended ones: a kind and a colon.

``a:NAME`` (or ``account:NAME``) is someone logged in to an account; ``m:MASK`` mutes those who
match instead of keeping them out. No nick holds a colon, so the two cannot be mistaken; a ``~``
in front, as other servers have it, may be typed. Specification: IRCv3 account-extban, modern IRC
"MODE".
"""

from typing import Final

from common.casemap import fold

MUTE: Final = "m"
ACCOUNT_NAMES: Final = ("a", "account")
EXTBAN_TOKEN: Final = f",{ACCOUNT_NAMES[0]}{MUTE}"

MASK_BYTES_MAX: Final = 100
"""A full source fits, with the start of an extended mask: 32 + 1 + 16 + 1 + 45 and 3."""


def complete_mask(typed: str) -> str:
    """What a person typed as a mask, with the parts they left out."""
    kind, value = _extension(typed.removeprefix("~"))
    if kind:
        return f"{kind}:{complete_mask(value) if kind == MUTE and value else value}"
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
    if (
        not mask
        or len(mask.encode()) > MASK_BYTES_MAX
        or " " in mask
        or mask.startswith((":", "~"))
    ):
        return False
    kind, value = _extension(mask)
    return not kind or value != ""


def keeps_out(mask: str, source: str, account: str) -> bool:
    """Whether the mask matches someone as a ban (or exception, or invitation)."""
    kind, value = _extension(mask)
    if not kind:
        return matches(fold(mask), fold(source))
    return kind in ACCOUNT_NAMES and account != "" and matches(fold(value), fold(account))


def mutes(mask: str, source: str, account: str) -> bool:
    """Whether the mask matches someone as a mute."""
    kind, value = _extension(mask)
    return kind == MUTE and keeps_out(value, source, account)


def _extension(mask: str) -> tuple[str, str]:
    """Kind and value of an extended mask; two empty texts for an ordinary one."""
    kind, colon, value = mask.partition(":")
    return (kind, value) if colon and kind in (MUTE, *ACCOUNT_NAMES) else ("", "")


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
