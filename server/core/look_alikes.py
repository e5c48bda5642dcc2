"""Which names a person would take for one another.

After UTS 39 ("confusable detection"), with a table of the letters that are mistaken in practice:
it is bounded, and errs on the side of letting a name pass.
"""

import unicodedata
from typing import Final

_TAKEN_FOR: Final = {
    "a": "аАαΑɑ",
    "b": "ВΒЬ",
    "c": "сСϲ",
    "d": "ԁ",
    "e": "еЕεΕ",
    "g": "ɡ",
    "h": "НһΗ",
    "i": "іɩıι",
    "j": "јЈ",
    "k": "кКκΚ",
    "l": "1I|ІΙł",
    "m": "МΜ",
    "n": "ΝηпՈ",
    "o": "0оОοΟσօ",
    "p": "рРρΡ",
    "q": "ԛ",
    "r": "гɾ",
    "s": "ѕЅ",
    "t": "тТτΤ",
    "u": "υս",
    "v": "νѵ",
    "w": "ѡԝω",
    "x": "хХχΧ",
    "y": "уУүҮγΥʏ",
    "z": "Ζᴢ",
}
"""By letter of ASCII: what is taken for it, in either case."""

_TABLE: Final = str.maketrans({c: letter for letter, row in _TAKEN_FOR.items() for c in row})


def skeleton(name: str) -> str:
    """What `name` looks like: the same for names that are mistaken for one another."""
    shown = "".join(
        character
        for character in unicodedata.normalize("NFKD", name.translate(_TABLE))
        if not unicodedata.combining(character)
    )
    return shown.translate(_TABLE).casefold().replace("rn", "m").replace("vv", "w")
