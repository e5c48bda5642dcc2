"""The colour of a nick: the same in every session and room, legible on dark and on light.

Colours come from the folded nick by CRC-32, because `hash` differs from process to process.
"""

from typing import Final
from zlib import crc32

from rich.style import Style

from common.casemap import fold

ON_DARK: Final = (
    "#ff8f8f",
    "#ffa657",
    "#e3c04f",
    "#b5d154",
    "#7ee08a",
    "#56d9b9",
    "#5fd3ea",
    "#7fbcff",
    "#a7a8ff",
    "#cf9dff",
    "#f394e6",
    "#ff92b8",
)
"""Hues around the circle; each has a contrast of 4.5 or more on every dark theme."""

ON_LIGHT: Final = (
    "#a32020",
    "#8f4300",
    "#6f5500",
    "#4a5f00",
    "#14651f",
    "#00614f",
    "#005c74",
    "#0b4f9e",
    "#4243b8",
    "#7030a8",
    "#8f1f83",
    "#a0164f",
)
"""The same hues for light themes."""

_STYLES: Final = {
    True: tuple(Style(color=color) for color in ON_DARK),
    False: tuple(Style(color=color) for color in ON_LIGHT),
}


def nick_style(nick: str, dark: bool) -> Style:
    """The style of `nick` on a dark or a light theme."""
    styles = _STYLES[dark]
    return styles[crc32(fold(nick).encode()) % len(styles)]
