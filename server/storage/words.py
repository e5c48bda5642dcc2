"""What counts as a word of a text, for searching: the same for the index and for every query.

A word is a run of letters and digits, without case and without accents. In scripts that are written
without spaces between words, each character is a word of its own, as is every emoji: what is
sought then is a sequence of them, so that a word is found inside a Chinese sentence.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from common.casemap import fold
from common.text import ACTION_START
from server.storage.ports import SEARCHED, Event, Query

WORD_CHARACTERS_MAX: Final = 40
"""Of a longer word, as of an address, only so much is looked at."""

# Han with kana and bopomofo, Hangul, Thai and Lao, Myanmar, Khmer; arrows to dingbats, emoji.
_SINGLE: Final = (
    "\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2190-\u2bff\U0001f000-\U0001faff"
)
_WORD: Final = re.compile(rf"[{_SINGLE}]|[^\W{_SINGLE}]+")
_ASCII_WORD: Final = re.compile(r"[a-z0-9_]+")
_QUOTED: Final = re.compile(r'"([^"]*)"?|(\S+)')


class Part(NamedTuple):
    """Words that must follow one another; with `prefix`, the last may go on."""

    words: tuple[str, ...]
    prefix: bool


def words_of(text: str) -> list[str]:
    """The words of a text, in their order."""
    text = text.removeprefix(ACTION_START)
    if text.isascii():
        found = _ASCII_WORD.findall(text.lower())
    else:
        found = _WORD.findall(_without_accents(text))
    return [word[:WORD_CHARACTERS_MAX] for word in found]


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(each for each in apart if unicodedata.category(each) != "Mn")
    return unicodedata.normalize("NFKC", bare).casefold()


def parts_of(typed: str) -> list[Part]:
    """What someone typed to search for: words, "phrases" in quotes, and beginnings with a ``*``."""
    parts: list[Part] = []
    for phrase, word in _QUOTED.findall(typed):
        words = tuple(words_of(phrase or word))
        if words:
            parts.append(Part(words, (phrase or word).endswith("*")))
    return parts


def matches(parts: Sequence[Part], text: str) -> bool:
    """Whether every part stands in the text."""
    words = words_of(text)
    return all(_stands_in(part, words) for part in parts)


def wants(query: Query) -> Callable[[Event], bool]:
    """Whether an event is one that `query` asks for; its log is not looked at."""
    parts, nick = parts_of(query.text), fold(query.nick)

    def fits(event: Event) -> bool:
        return (
            event.kind in SEARCHED
            and query.after_ms <= event.wall_ms <= query.before_ms
            and (not nick or nick == nick_of(event))
            and (not query.has_link or has_link(event.text))
            and (not parts or matches(parts, event.text))
        )

    return fits


def nick_of(event: Event) -> str:
    """Who said it, folded."""
    return fold(event.source.partition("!")[0])


def has_link(text: str) -> bool:
    """Whether there is an address in the text."""
    return "://" in text


def _stands_in(part: Part, words: list[str]) -> bool:
    *firsts, last = part.words
    for start in range(len(words) - len(firsts)):
        end = start + len(firsts)
        ends = words[end].startswith(last) if part.prefix else words[end] == last
        if ends and words[start:end] == firsts:
            return True
    return False
