"""Modes in words: what a MODE line did, and how a room is set, for people.

Letters that are not ours are shown as letters: other servers have their own.
"""

from collections.abc import Iterable
from typing import Final

from common.modes import CHANNEL_MODES, PREFIXES, Change, Takes

_ROLES: Final = {row.letter: row.role for row in PREFIXES}
_SUMMARIES: Final = {row.letter: row.summary.partition(":")[0] for row in CHANNEL_MODES}
_ROOM_SUMMARIES: Final = {row.letter: row.summary for row in CHANNEL_MODES}

_WITH_PARAMETER: Final = {
    ("b", True): "banned {0}",
    ("b", False): "lifted the ban on {0}",
    ("e", True): "made an exception from bans for {0}",
    ("e", False): "took back the exception from bans for {0}",
    ("I", True): "let {0} in without an invitation",
    ("I", False): "no longer lets {0} in without an invitation",
    ("k", True): "set a key for entering",
    ("k", False): "took the key off",
    ("l", True): "set room for {0} people at most",
    ("l", False): "took the limit on people off",
}


def takes_of(chanmodes: str, roles: Iterable[str]) -> dict[str, Takes]:
    """ISUPPORT CHANMODES and the role letters as parameter rules."""
    takes = dict.fromkeys(roles, Takes.ALWAYS)
    for group, rule in zip(chanmodes.split(","), Takes, strict=False):
        takes.update(dict.fromkeys(group, rule))
    return takes


def change_words(changes: Iterable[Change]) -> str:
    """What was done, without who did it: ``made ann operator, banned bob!*@*``."""
    return ", ".join(_one(change) for change in changes)


def _one(change: Change) -> str:
    letter, parameter = change.letter, change.parameter
    if letter in _ROLES:
        verb = "made {0} {1}" if change.adds else "took from {0} the role of {1}"
        return verb.format(parameter, _ROLES[letter])
    words = _WITH_PARAMETER.get((letter, change.adds))
    if words is not None:
        return words.format(parameter)
    verb = "set" if change.adds else "took off"
    if letter in _SUMMARIES:
        return f"{verb} “{_SUMMARIES[letter]}”"
    return " ".join(filter(None, [f"{verb} mode {letter}", parameter]))


def room_words(changes: Iterable[Change]) -> str:
    """How a room is set: one clause for each mode."""
    clauses = []
    for change in changes:
        summary = _ROOM_SUMMARIES.get(change.letter, f"mode {change.letter}")
        detail = f" ({change.parameter})" if change.parameter else ""
        clauses.append(f"{change.letter}: {summary}{detail}")
    return "; ".join(clauses) or "nothing special"
