"""A message that was found, as a list shows it: where, who, when, and what is around the words."""

from datetime import datetime, tzinfo
from typing import Final, NamedTuple

from rich.cells import cell_len, chop_cells

from common.text import plain, plain_lines
from tui.client.state import Hit
from tui.render.clock import time_of_day

BEFORE_CELLS: Final = 24
"""How much of a long message is shown before the first word that was sought."""

_BREAK: Final = " ⏎ "


class Snippet(NamedTuple):
    """A piece of a text, and where in it the words stand."""

    text: str
    marks: list[tuple[int, int]]


def title_of(hit: Hit) -> str:
    """What a person calls its conversation."""
    return plain(hit.name).removeprefix("#")


def moment_of(hit: Hit, zone: tzinfo | None, *, with_year: bool = True) -> str:
    """``"Mar 6, 2026 12:04"``."""
    day = datetime.fromtimestamp(hit.item.time_ms / 1000, zone)
    year = f", {day.year}" if with_year else ""
    return f"{day:%b} {day.day}{year} {time_of_day(hit.item.time_ms, zone)}"


def snippet_of(hit: Hit, cells_max: int) -> Snippet:
    """At most so many cells of the message: from a little before the first word sought on."""
    text = plain_lines(hit.item.text)
    marks = [(start, end) for start, end in hit.marks if 0 <= start < end <= len(text)]
    start = _start(text, marks[0], cells_max) if marks else 0
    shown = text[start:]
    before = "…" if start else ""
    if cell_len(before + shown) > cells_max:
        shown = f"{chop_cells(shown, max(2, cells_max - 2))[0]}…"
    moved = [(left - start, right - start) for left, right in marks]
    inside = [(left, min(right, len(shown))) for left, right in moved if left < len(shown)]
    return _on_one_line(before, shown, inside)


def _start(text: str, first: tuple[int, int], cells_max: int) -> int:
    """From where on a text is shown: all of it if it fits, else so that the first mark is seen."""
    if cell_len(text[: first[1]]) < cells_max or cell_len(text) <= cells_max:
        return 0
    before = min(BEFORE_CELLS, cells_max // 2)
    start = first[0]
    while start and cell_len(text[start - 1 : first[0]]) <= before:
        start -= 1
    while start and cell_len(text[start - 1 :]) < cells_max:
        start -= 1  # the end is shown all the same
    space = text.find(" ", start, first[0])
    return space + 1 if space >= 0 else start


def _on_one_line(before: str, text: str, marks: list[tuple[int, int]]) -> Snippet:
    """Line breaks become signs; the marks move with the words."""
    extra = len(_BREAK) - 1
    shift = len(before)

    def moved(place: int) -> int:
        return place + shift + extra * text.count("\n", 0, place)

    return Snippet(
        before + text.replace("\n", _BREAK), [(moved(left), moved(right)) for left, right in marks]
    )
