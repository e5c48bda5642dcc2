"""How much text each entry has: what its height is guessed from, at any width, in no time.

Measuring 100,000 texts anew on every change of the width takes longer than anything else that
happens then, so their cells are counted once.
"""

from array import array
from collections.abc import Iterable

from rich.cells import cell_len

from tui.render.entries import Entry, Run


class Amounts:
    """Cells and line ends of entries, by index."""

    __slots__ = ("_cells", "_ends")

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._cells = array("I")
        self._ends = array("H")
        self.append(entries)

    def append(self, entries: Iterable[Entry]) -> None:
        """More entries at the end."""
        for entry in entries:
            cells, ends = _amount(entry)
            self._cells.append(cells)
            self._ends.append(ends)

    def prepend(self, entries: Iterable[Entry]) -> None:
        """More entries at the front."""
        front = Amounts(entries)
        self._cells = front._cells + self._cells
        self._ends = front._ends + self._ends

    def heights(self, width: int, start: int = 0, end: int | None = None) -> list[int]:
        """About how many lines the entries `start` to `end` take; exact for what fits on one."""
        short = width - 1
        return [
            1 + ends if cells <= width else (cells + short) // width + ends
            for cells, ends in zip(self._cells[start:end], self._ends[start:end], strict=True)
        ]


def _amount(entry: Entry) -> tuple[int, int]:
    if isinstance(entry, Run):
        return 0, 0
    text = entry.text
    cells = len(text) if text.isascii() else cell_len(text)
    return cells, text.count("\n") + bool(entry.reply_to)
