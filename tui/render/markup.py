"""Text with mIRC formatting codes → plain text and the spans that are styled.

A message can choose its own weight and colour, and nothing else: backgrounds are ignored, because
they could hide text or imitate our own marks; colours are replaced by legible ones.
Specification: modern IRC "Formatting".
"""

import re
from typing import Final

from rich.style import Style

from common.text import plain_lines
from tui.render.code import Span
from tui.render.links import LINK, link_address, link_style
from tui.render.markdown import Marked

_CODES: Final = re.compile(
    r"\x03(?:(?P<color>\d{1,2})(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6})?|[\x02\x0f\x11\x16\x1d\x1e\x1f]"
)
_TOGGLES: Final = {
    "\x02": "bold",
    "\x1d": "italic",
    "\x1e": "strike",
    "\x1f": "underline",
    "\x16": "reverse",
}
_RESET: Final = "\x0f"

# White, black, blue, green, red, brown, magenta, orange, yellow, light green, cyan,
# light cyan, light blue, pink, grey, light grey. White and black mean "the text's own".
_ON_DARK: Final = (
    *("", "", "#7fbcff", "#7ee08a", "#ff8f8f", "#d7a26b", "#cf9dff", "#ffa657", "#e3c04f"),
    *("#b5d154", "#56d9b9", "#5fd3ea", "#a7a8ff", "#f394e6", "#a0a0a0", "#c0c0c0"),
)
_ON_LIGHT: Final = (
    *("", "", "#0b4f9e", "#14651f", "#a32020", "#7a4a10", "#7030a8", "#8f4300", "#6f5500"),
    *("#4a5f00", "#00614f", "#005c74", "#4243b8", "#8f1f83", "#5a5a5a", "#666666"),
)
_COLORS: Final = {True: _ON_DARK, False: _ON_LIGHT}


def has_codes(text: str) -> bool:
    """Whether `text` has formatting codes in it."""
    return not text.isprintable() and _CODES.search(text) is not None


def read_markup(text: str, dark: bool) -> Marked:
    """Take the codes out of `text`; what could steer a terminal is dropped with them."""
    if text.isprintable():
        return Marked(text, link_spans(text))
    pieces: list[str] = []
    spans: list[Span] = []
    length = 0
    on: set[str] = set()
    color = ""
    position = 0

    def take(end: int) -> None:
        nonlocal length
        piece = plain_lines(text[position:end])
        if piece and (on or color):
            spans.append(Span(length, length + len(piece), _style(frozenset(on), color)))
        pieces.append(piece)
        length += len(piece)

    for match in _CODES.finditer(text):
        take(match.start())
        position = match.end()
        code = match[0][0]
        if code == _RESET:
            on.clear()
            color = ""
        elif code == "\x03":
            color = _color(match["color"], dark)
        elif code in _TOGGLES:
            on ^= {_TOGGLES[code]}
    take(len(text))
    whole = "".join(pieces)
    return Marked(whole, spans + link_spans(whole))


def link_spans(text: str) -> list[Span]:
    """The web addresses in plain `text`, underlined and as terminal hyperlinks."""
    if "://" not in text:
        return []
    spans = []
    for match in LINK.finditer(text):
        address = link_address(match[0])
        style = link_style(address)
        if style is not None:
            spans.append(Span(match.start(), match.start() + len(address), style))
    return spans


def _color(code: str | None, dark: bool) -> str:
    number = int(code) if code else 99
    colors = _COLORS[dark]
    return colors[number] if number < len(colors) else ""


def _style(on: frozenset[str], color: str) -> Style:
    return Style(
        color=color or None,
        bold="bold" in on or None,
        italic="italic" in on or None,
        strike="strike" in on or None,
        underline="underline" in on or None,
        reverse="reverse" in on or None,
    )
