"""A table of what is known of something: labels at the left, values beside them."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from tui.render.card import Line
from tui.render.wrap import break_offsets

LABEL_CELLS: Final = 11
VALUE_CELLS_MIN: Final = 8


class Facts(Static):
    """Lays its lines out for the width there is."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Show `lines` instead."""
        if lines != self._lines:
            self._lines = lines
            self.update(laid_out(lines, self.content_size.width))

    def on_resize(self) -> None:
        """Break them anew."""
        self.update(laid_out(self._lines, self.content_size.width))


def laid_out(lines: Iterable[Line], width: int) -> Content:
    """The lines as a table `width` cells wide; values go on below themselves."""
    room = max(VALUE_CELLS_MIN, width - LABEL_CELLS)
    parts: list[str | tuple[str, str]] = []
    for label, value in lines:
        offsets = break_offsets(value, room)
        ends = [*offsets[1:], len(value)]
        for at, (start, end) in enumerate(zip(offsets, ends, strict=True)):
            shown = "" if at else label
            gap = " " * (LABEL_CELLS - cell_len(shown))
            parts += ["\n" if parts else "", (f"{shown}{gap}", "$foreground 60%"), value[start:end]]
    return Content.assemble(*parts)
