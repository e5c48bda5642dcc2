"""A run of joins and leaves in one line: the net effect, in words."""

from collections.abc import Container, Sequence
from typing import Final

from tui.client.state import Item, ItemKind

NAMES_MAX: Final = 6
"""More names than this in one group become a number."""


def presence_words(items: Sequence[Item], heard: Container[str] = ()) -> str:
    """E.g. ``"dan and fay joined · eve left · max is now maxi"``.

    Someone who came and went within the run is told apart from those who stayed. Where there
    are too many to name, those who were `heard` before are named first.
    """
    came: dict[str, None] = {}
    went: dict[str, None] = {}
    passed: dict[str, None] = {}
    renamed: dict[str, str] = {}  # new nick → the one at the start of the run
    for item in items:
        match item.kind:
            case ItemKind.JOIN:
                _arrive(item.sender, came, went, passed)
            case ItemKind.NICK:
                _rename(item.sender, item.text, came, renamed)
            case _:
                _leave(item.sender, came, went, passed, renamed)
    groups = [
        _group(came, "joined", heard),
        _group(went, "left", heard),
        _group(passed, "came and went", heard),
        *(f"{old} is now {new}" for new, old in renamed.items()),
    ]
    return " · ".join(group for group in groups if group)


def _arrive(
    nick: str, came: dict[str, None], went: dict[str, None], passed: dict[str, None]
) -> None:
    if nick in went:
        del went[nick]
        passed.pop(nick, None)
    came[nick] = None


def _leave(
    nick: str,
    came: dict[str, None],
    went: dict[str, None],
    passed: dict[str, None],
    renamed: dict[str, str],
) -> None:
    if nick in came:
        del came[nick]
        passed[nick] = None
    else:
        went[renamed.pop(nick, nick)] = None


def _rename(old: str, new: str, came: dict[str, None], renamed: dict[str, str]) -> None:
    if old in came:
        del came[old]
        came[new] = None
    else:
        first = renamed.pop(old, old)
        if first != new:
            renamed[new] = first


def _group(nicks: dict[str, None], verb: str, heard: Container[str]) -> str:
    if not nicks:
        return ""
    names = sorted(nicks, key=lambda nick: nick not in heard)
    if len(names) > NAMES_MAX:
        rest = len(names) - NAMES_MAX + 1
        return f"{', '.join(names[: NAMES_MAX - 1])} and {rest} more {verb}"
    if len(names) == 1:
        return f"{names[0]} {verb}"
    return f"{', '.join(names[:-1])} and {names[-1]} {verb}"
