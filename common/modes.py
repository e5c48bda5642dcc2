"""TABLES of modes: the roles of a member, the modes of a room, the modes of a user.

A member's roles are a string of mode letters in the order of `PREFIXES`, e.g. ``"qo"``.
Specification: modern IRC "Modes", "Channel Membership Prefixes".
"""

from collections.abc import Iterable
from enum import Enum
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

ROLE_LETTERS: Final = "".join(row.letter for row in PREFIXES)
ROLE_SIGNS: Final = "".join(row.sign for row in PREFIXES)

PREFIX_TOKEN: Final = f"({ROLE_LETTERS}){ROLE_SIGNS}"
"""The value of ISUPPORT PREFIX."""


def signs(roles: str, every: bool) -> str:
    """The signs for `roles`: all of them (multi-prefix) or the highest only."""
    found = "".join(row.sign for row in PREFIXES if row.letter in roles)
    return found if every else found[:1]


def sorted_roles(letters: Iterable[str]) -> str:
    """Role letters as a member holds them: each once, highest first."""
    held = set(letters)
    return "".join(letter for letter in ROLE_LETTERS if letter in held)


class Takes(Enum):
    """When a channel mode takes a parameter: the four groups of ISUPPORT CHANMODES."""

    LIST = "A"
    ALWAYS = "B"
    WHEN_SET = "C"
    NEVER = "D"


class ChannelMode(NamedTuple):
    """One row: letter, parameter rule, and what it does, in words for people."""

    letter: str
    takes: Takes
    summary: str


CHANNEL_MODES: Final = (
    ChannelMode("b", Takes.LIST, "ban: may not enter or speak"),
    ChannelMode("e", Takes.LIST, "exception from bans"),
    ChannelMode("I", Takes.LIST, "may enter without an invitation"),
    ChannelMode("k", Takes.ALWAYS, "a key is asked on entering"),
    ChannelMode("l", Takes.WHEN_SET, "at most so many people"),
    ChannelMode("f", Takes.WHEN_SET, "who may not enter is led on to another room"),
    ChannelMode("W", Takes.WHEN_SET, "slow: one message of each person in so many seconds"),
    ChannelMode("C", Takes.NEVER, "no client-to-client requests but actions"),
    ChannelMode("E", Takes.NEVER, "role play: people speak as characters, with NPC and SCENE"),
    ChannelMode("M", Takes.NEVER, "only people with an account speak"),
    ChannelMode("R", Takes.NEVER, "only people with an account enter"),
    ChannelMode("U", Takes.NEVER, "what people without a role say is shown to moderators only"),
    ChannelMode("i", Takes.NEVER, "by invitation only"),
    ChannelMode("m", Takes.NEVER, "moderated: only people with voice speak"),
    ChannelMode("n", Takes.NEVER, "no messages from outside"),
    ChannelMode("s", Takes.NEVER, "unlisted: seen by members only"),
    ChannelMode("t", Takes.NEVER, "only operators set the topic"),
    ChannelMode("u", Takes.NEVER, "an auditorium: people without a role do not see one another"),
)

TAKES: Final = {
    **{row.letter: row.takes for row in CHANNEL_MODES},
    **dict.fromkeys(ROLE_LETTERS, Takes.ALWAYS),
}
"""The parameter rule of every letter that MODE knows for a room."""

CHANMODES_TOKEN: Final = ",".join(
    "".join(row.letter for row in CHANNEL_MODES if row.takes is takes) for takes in Takes
)
"""The value of ISUPPORT CHANMODES."""

CHANNEL_LETTERS: Final = "".join(sorted(TAKES))
CHANNEL_LETTERS_WITH_PARAMETER: Final = "".join(
    letter for letter in CHANNEL_LETTERS if TAKES[letter] is not Takes.NEVER
)


class UserMode(NamedTuple):
    """One row. `settable` is False for what only the server gives."""

    letter: str
    settable: bool
    summary: str


USER_MODES: Final = (
    UserMode("B", True, "a bot"),
    UserMode("R", True, "takes direct messages only from people with an account"),
    UserMode("T", True, "takes no client-to-client requests but actions"),
    UserMode("i", True, "not shown to people who share no room"),
    UserMode("o", False, "operator of the server"),
    UserMode("w", True, "reads WALLOPS"),
)

USER_LETTERS: Final = "".join(row.letter for row in USER_MODES)


class Change(NamedTuple):
    """One letter of a MODE: set or taken off, with its parameter or ``""``."""

    adds: bool
    letter: str
    parameter: str


def read_changes(text: str, parameters: Iterable[str], takes: dict[str, Takes]) -> list[Change]:
    """``+o-v`` and its parameters as single changes; a missing parameter is ``""``."""
    changes: list[Change] = []
    adds = True
    rest = iter(parameters)
    for letter in text:
        if letter in "+-":
            adds = letter == "+"
            continue
        rule = takes.get(letter, Takes.NEVER)
        wants = rule in (Takes.LIST, Takes.ALWAYS) or (rule is Takes.WHEN_SET and adds)
        changes.append(Change(adds, letter, next(rest, "") if wants else ""))
    return changes


def write_changes(changes: Iterable[Change]) -> str:
    """The inverse of `read_changes`: letters, then parameters, with spaces between."""
    letters, parameters, sign = "", [], ""
    for change in changes:
        wanted = "+" if change.adds else "-"
        if wanted != sign:
            letters += wanted
            sign = wanted
        letters += change.letter
        if change.parameter:
            parameters.append(change.parameter)
    return " ".join([letters, *parameters])
