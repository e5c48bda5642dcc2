"""Whether a text is meant for the person: it has their nick in it, or a word they look out for.

A nick ends where no character of a nick goes on. A word of theirs is found in any case and any
script; it ends where no letter, digit or mark goes on, and in scripts that are written without
spaces it may stand anywhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from unicodedata import category, east_asian_width, normalize

from common.casemap import fold
from common.text import plain_lines
from tui.client.core import Core
from tui.client.state import Item, ItemKind

NAMING: Final = frozenset({ItemKind.MESSAGE, ItemKind.ACTION, ItemKind.NOTICE})
"""What can be meant for someone."""

KEYWORDS_MAX: Final = 100
KEYWORD_CHARACTERS_MAX: Final = 100

_NICK_CHARACTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789[]\\`_^{|}-"
)

_WITHOUT_SPACES: Final = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))
"""Thai and Lao, Burmese, Khmer; what is wide (Chinese, Japanese, Korean) is known by that."""


def bounded(words: Iterable[str]) -> tuple[str, ...]:
    """The words to look out for: each once, none of them empty, not too many or too long."""
    kept = (" ".join(word.split())[:KEYWORD_CHARACTERS_MAX] for word in words)
    return tuple(dict.fromkeys(filter(None, kept)))[:KEYWORDS_MAX]


def is_meant(core: Core, item: Item) -> bool:
    """Whether someone's words are meant for the person."""
    said_to_others = item.own or item.redacted or item.kind not in NAMING
    return not said_to_others and _is_named(core, item.text)


def _is_named(core: Core, text: str) -> bool:
    """Whether `text` names the person, or has one of `State.keywords` in it.

    While the nick they want is taken, it is they who are called by it all the same; and so it is
    by the name of their account.
    """
    words, keywords = plain_lines(text), core.state.keywords
    nicks = dict.fromkeys((core.state.nick, core.nick_wanted, core.state.account))
    if any(any(_nick_places(nick, words)) for nick in nicks):
        return True
    return bool(keywords) and any(_keyword_places(keywords, words.casefold()))


def names(nick: str, text: str) -> bool:
    """Whether `text` has `nick` in it as a word of its own."""
    return any(_nick_places(nick, plain_lines(text)))


def places(nick: str, keywords: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where in `text`, start and end, the nick and the words stand; without formatting codes."""
    found = list(_nick_places(nick, text))
    folded = text.casefold()
    for start, end in _keyword_places(keywords, folded):
        found.append((start, end) if len(folded) == len(text) else _unfolded(text, start, end))
    return sorted(found)


def _nick_places(nick: str, text: str) -> Iterator[tuple[int, int]]:
    sought, folded = fold(nick), fold(text)
    for start, end in _found(sought, folded):
        before, after = folded[start - 1 : start], folded[end : end + 1]
        if before not in _NICK_CHARACTERS and after not in _NICK_CHARACTERS:
            yield start, end


def _keyword_places(keywords: Sequence[str], folded: str) -> Iterator[tuple[int, int]]:
    for keyword in keywords:
        for form in dict.fromkeys((normalize("NFC", keyword), normalize("NFD", keyword))):
            for start, end in _found(form.casefold(), folded):
                if _ends(folded, start) and _ends(folded, end):
                    yield start, end


def _found(sought: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(sought) if sought else -1
    while start >= 0:
        yield start, start + len(sought)
        start = text.find(sought, start + 1)


def _ends(text: str, at: int) -> bool:
    """Whether no word goes on across `at`."""
    before, after = text[at - 1 : at], text[at : at + 1]
    if not (before and after and _is_in_word(before) and _is_in_word(after)):
        return True
    return category(after)[0] != "M" and (_needs_no_space(before) or _needs_no_space(after))


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character == "_" or category(character)[0] == "M"


def _needs_no_space(character: str) -> bool:
    if east_asian_width(character) in "WF":
        return True
    return any(first <= ord(character) <= last for first, last in _WITHOUT_SPACES)


def _unfolded(text: str, start: int, end: int) -> tuple[int, int]:
    """The same place where folding made the text longer."""
    at, first, last = 0, -1, len(text)
    for index, character in enumerate(text):
        if at >= start and first < 0:
            first = index
        if at >= end:
            last = index
            break
        at += len(character.casefold())
    return max(first, 0), last
