"""Repairs keys that Textual 8.2 takes for text or for Enter on terminals without kitty's protocol.

Alt+digits arrive as the characters a Mac types, Alt+Enter as Enter (it would send), Alt+/ as /.
The table is Textual's own and private: `tests/screens/test_terminal_keys.py` feeds its parser.
"""

from enum import StrEnum
from typing import Final

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS


class RepairedKey(StrEnum):
    """The names under which the keys are bound."""

    ALT_0 = "alt+0"
    ALT_1 = "alt+1"
    ALT_2 = "alt+2"
    ALT_3 = "alt+3"
    ALT_4 = "alt+4"
    ALT_5 = "alt+5"
    ALT_6 = "alt+6"
    ALT_7 = "alt+7"
    ALT_8 = "alt+8"
    ALT_9 = "alt+9"
    ALT_ENTER = "alt+enter"
    ALT_SLASH = "alt+slash"


_LAST_BYTE: Final = {RepairedKey.ALT_ENTER: "\r", RepairedKey.ALT_SLASH: "/"}

SEQUENCES: Final = {f"\x1b{_LAST_BYTE.get(key, key.value[-1])}": key for key in RepairedKey}
"""What a terminal sends, and the key that is meant."""


def repair() -> None:
    """Put the right names into the table; before the app runs."""
    table = ANSI_SEQUENCES_KEYS
    assert isinstance(table, dict)
    for sequence, key in SEQUENCES.items():
        table[sequence] = (key,)
