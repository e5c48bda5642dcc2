"""What is sought, and what of a text is found: the same for the server, its index and the client.

A word is a run of letters and digits, without case and without accents. In scripts that are written
without spaces between words, each character is a word of its own, as is every emoji: what is
sought then is a sequence of them, so that a word is found inside a Chinese sentence.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from common.text import ACTION_START, CTCP, plain_lines

WORD_CHARACTERS_MAX: Final = 40
"""Of a longer word, as of an address, only so much is looked at."""

TEXT_CHARACTERS_MAX: Final = 200
"""Of what is sought: more than anyone remembers of a message."""

HITS_MAX: Final = 20
"""Marked in one text; in a longer one the first show enough."""

# Han with kana and bopomofo, Hangul, Thai and Lao, Myanmar, Khmer; arrows to dingbats, emoji.
_SINGLE: Final = (
    "\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2190-\u2bff\U0001f000-\U0001faff"
)
_WORD: Final = rf"[{_SINGLE}]|[^\W{_SINGLE}]+"
_ALONE: Final = f"[{_SINGLE}]"
"""Compiled when first needed: that takes 10 ms, which a client's start has not got."""

_ASCII_WORD: Final = re.compile(rf"([a-z0-9_]{{1,{WORD_CHARACTERS_MAX}}})[a-z0-9_]*")
"""Beside the word, what is too much of it."""

_QUOTED: Final = re.compile(r'"([^"]*)"|(\S+)')

_REPEATED: Final = 1.2
_WORDS_USUAL: Final = 12.0
_LENGTH_WEIGHT: Final = 0.75
"""How much the second of the same word adds, and how much a long text takes away: as in BM25."""


class Part(NamedTuple):
    """Words that must follow one another; with `prefix`, the last may go on."""

    words: tuple[str, ...]
    prefix: bool


class Hit(NamedTuple):
    """Characters of a text, from `start` up to before `end`."""

    start: int
    end: int


def spoken(text: str) -> str:
    """A text as it is read: no formatting codes, of an action what is done, lines joined."""
    if text.isprintable():
        return text
    return plain_lines(text.removeprefix(ACTION_START).removesuffix(CTCP).replace("\r", ""))


def words_of(text: str) -> list[str]:
    """The words of a text, in their order."""
    text = spoken(text)
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    found = re.findall(_WORD, _without_accents(text))
    return [word[:WORD_CHARACTERS_MAX] for word in found]


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(each for each in apart if unicodedata.category(each) != "Mn")
    return unicodedata.normalize("NFKC", bare).casefold()


def problem_of(typed: str) -> str:
    """Why nothing can be sought by this, in a sentence; ``""`` where it can."""
    if len(typed) > TEXT_CHARACTERS_MAX:
        return f"That is too long to search for; write at most {TEXT_CHARACTERS_MAX} characters"
    if typed.count('"') % 2:
        return 'A phrase ends with a second "'
    if any("*" in word.rstrip('"')[:-1] for word in typed.split()):
        return "A * stands only at the end of a word"
    if typed.strip() and not parts_of(typed):
        return "There is no word in that; write letters, digits or emoji"
    return ""


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
    return all(next(_places(part, words), None) is not None for part in parts)


def relevance(parts: Sequence[Part], text: str) -> float:
    """How well a text fits: by how often each part stands in it, and how much else does."""
    words = words_of(text)
    length = 1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * len(words) / _WORDS_USUAL
    score = 0.0
    for part in parts:
        ends = [words[at + len(part.words) - 1] for at in _places(part, words)]
        count = sum(1.0 if end == part.words[-1] else 0.5 for end in ends)
        score += count / (count + _REPEATED * length)
    return score


def hits_of(parts: Sequence[Part], text: str) -> list[Hit]:
    """Where the parts stand in a text as it is `spoken`, in order and apart; the first ones.

    None are told of a text whose words lie otherwise once its characters are made alike.
    """
    text = spoken(text)
    words: list[str] = []
    spans: list[Hit] = []
    for run in _runs(text):
        inside = words_of(text[run.start : run.end])
        words += inside
        spans += [run] * len(inside)
    if words != words_of(text):
        return []
    found = [
        Hit(spans[at].start, spans[at + len(part.words) - 1].end)
        for part in parts
        for at in _places(part, words)
    ]
    return _apart(sorted(found))[:HITS_MAX]


def _runs(text: str) -> list[Hit]:
    """Where words may stand in a text as it was written: letters with the marks on them."""
    runs: list[Hit] = []
    goes_on = False
    for at, character in enumerate(text):
        alone = re.match(_ALONE, character) is not None
        letter = character.isalnum() or character == "_"
        mark = not letter and unicodedata.category(character) == "Mn"
        if runs and runs[-1].end == at and (mark or (goes_on and letter and not alone)):
            runs[-1] = Hit(runs[-1].start, at + 1)
        elif letter or alone:
            runs.append(Hit(at, at + 1))
            goes_on = not alone
    return runs


def _apart(hits: list[Hit]) -> list[Hit]:
    joined: list[Hit] = []
    for hit in hits:
        if joined and hit.start < joined[-1].end:
            joined[-1] = Hit(joined[-1].start, max(hit.end, joined[-1].end))
        else:
            joined.append(hit)
    return joined


def _places(part: Part, words: list[str]) -> Iterator[int]:
    """The indexes of `words` at which `part` begins."""
    firsts, last = list(part.words[:-1]), part.words[-1]
    for start in range(len(words) - len(firsts)):
        end = start + len(firsts)
        ends = words[end].startswith(last) if part.prefix else words[end] == last
        if ends and words[start:end] == firsts:
            yield start
