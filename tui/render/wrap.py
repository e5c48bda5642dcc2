"""Where a text is broken to fit a width, in terminal cells."""

import re
from typing import Final

from rich.cells import cell_len, chop_cells

_WORDS: Final = re.compile(r"\s*\S+\s*")


def break_offsets(text: str, width: int) -> list[int]:
    """The offsets at which the lines of `text` begin, the first being 0.

    Breaks after spaces where there are any, and after every LF. `width` is in cells and at
    least 2, so that every character fits.
    """
    assert width >= 2
    if "\n" in text:
        return _break_lines(text, width)
    if len(text) <= width and text.isascii():
        return [0]
    return _break_ascii(text, width) if text.isascii() else _break_wide(text, width)


def _break_lines(text: str, width: int) -> list[int]:
    offsets: list[int] = []
    start = 0
    for line in text.split("\n"):
        offsets += [start + offset for offset in break_offsets(line, width)]
        start += len(line) + 1
    return offsets


def shorten(text: str, width: int) -> str:
    """`text` in at most `width` cells, ending with ``…`` where something was cut."""
    if cell_len(text) <= width:
        return text
    return f"{chop_cells(text, width - 1)[0]}…" if width > 1 else "…"[:width]


def _break_ascii(text: str, width: int) -> list[int]:
    offsets = [0]
    start = 0
    while len(text) - start > width:
        space = text.rfind(" ", start, start + width + 1)
        start = start + width if space <= start else space + 1
        offsets.append(start)
    if len(offsets) > 1 and offsets[-1] == len(text):
        offsets.pop()
    return offsets


def _break_wide(text: str, width: int) -> list[int]:
    offsets = [0]
    used = 0
    for match in _WORDS.finditer(text):
        word = match[0]
        cells = cell_len(word.rstrip())
        if used + cells > width:
            if used:
                offsets.append(match.start())
                used = 0
            if cells > width:
                used = _fold(word.rstrip(), match.start(), width, offsets)
                used += cell_len(word) - cells
                continue
        used += cell_len(word)
    return offsets


def _fold(word: str, start: int, width: int, offsets: list[int]) -> int:
    """Break a word that is longer than a line; the cells used on its last line."""
    pieces = chop_cells(word, width)
    for piece in pieces[:-1]:
        start += len(piece)
        offsets.append(start)
    return cell_len(pieces[-1])
