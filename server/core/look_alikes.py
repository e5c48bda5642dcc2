"""Which names a person would take for one another.

After UTS 39 ("confusable detection"): letters of ASCII by a table of their own, all others by
Unicode's, which is read when the first of them comes up. Errs on the side of letting a name pass.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Final

VERSION: Final = "2"
"""Goes up when skeletons become different: those that are stored are made anew then."""

ACCENTS: Final = "Mn"
"""The category of what is put over or under letters."""

_ASCII: Final = str.maketrans({"1": "l", "I": "l", "|": "l", "0": "o", "O": "o"})
_PAIRS: Final = (("rn", "m"), ("vv", "w"))


@lru_cache(maxsize=512)  # one who comes in is compared with many, several times
def skeleton(name: str, *, accents: bool = False) -> str:
    """What `name` looks like: the same for names that are mistaken for one another.

    With `accents` letters that differ only in those count as different.
    """
    if not name.isascii():
        name = "".join(_plain(name, accents))
    shown = name.translate(_ASCII).casefold()
    for pair, letter in _PAIRS:
        shown = shown.replace(pair, letter)
    return shown


def _plain(name: str, accents: bool) -> Iterable[str]:
    """The letters that those of `name` look like."""
    for character in unicodedata.normalize("NFKD", name):
        if unicodedata.category(character) != ACCENTS:
            yield character if character.isascii() else _look(character)
        elif accents:
            yield character


def _look(character: str) -> str:
    """A letter of ASCII that looks like `character` or its capital, or the first of its kind."""
    looks = _looks()
    found = looks.get(character, character)
    capital = looks.get(character.upper(), character)
    return capital if capital.isascii() and not found.isascii() else found


@cache
def _looks() -> Mapping[str, str]:
    """By character: what stands for all that look like it, one of ASCII where there is one."""
    # Some tenths of a second: not needed where all names are ASCII.
    from confusable_homoglyphs.confusables import confusables_data

    looks: dict[str, str] = {}
    for start in confusables_data:
        if start not in looks:
            alike = _alike(confusables_data, start)
            first = min(alike, key=lambda each: (not each.isascii(), len(each), each))
            looks.update(dict.fromkeys(alike, first))
    return looks


def _alike(table: Mapping[str, list[dict[str, str]]], start: str) -> dict[str, None]:
    """Everything that looks like `start`, directly or by way of others."""
    alike, waiting = {start: None}, [start]
    while waiting:
        for row in table.get(waiting.pop(), ()):
            if row["c"] not in alike:
                alike[row["c"]] = None
                waiting.append(row["c"])
    return alike
