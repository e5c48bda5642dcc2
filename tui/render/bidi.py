"""Text that runs from right to left, kept from reordering what stands around it on its line.

Terminals that reorder do so line by line; an isolate (FSI … PDI) makes them treat its inside
alone. Marks that people send themselves were taken out before (`common.text`).
Specification: Unicode Standard Annex 9.
"""

import re
from typing import Final

FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"

# Hebrew, Arabic, Syriac, Thaana, NKo and their neighbours; presentation forms; the scripts of
# the supplementary planes that run leftward; the marks that say "leftward from here".
# Compiled when first needed: that takes 5 ms.
_LEFTWARD: Final = (
    "[\u0590-\u08ff\u200f\u061c\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def runs_leftward(text: str) -> bool:
    """Whether anything in `text` could make a terminal reorder the line it is on."""
    return not text.isascii() and re.search(_LEFTWARD, text) is not None


def isolated(text: str) -> str:
    """`text` such that it cannot reorder its line; most texts as they are."""
    if not runs_leftward(text):
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
