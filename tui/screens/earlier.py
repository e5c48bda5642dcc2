"""Ctrl+R: what was written before, found by a few letters, the latest first."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content

from tui.screens.choosing import Chooser

LINES_SHOWN_MAX: Final = 50


class Earlier(Chooser[str]):
    """Chooses one of `lines`, given oldest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "move(1)", "Earlier", priority=True, id="history"),
    ]

    PLACEHOLDER = "Find what you wrote before"
    HINT = "Enter writes it again, unsent · Esc goes back"

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = list(dict.fromkeys(reversed(lines)))

    def find(self, typed: str) -> None:
        """List the lines with all the words."""
        self.show_rows(find_lines(self._lines, typed))

    def label(self, row: str) -> Content:
        """Its first line, and how many more there are."""
        first, *others = row.strip().splitlines()
        more = f"  and {len(others)} more line{'s' if len(others) > 1 else ''}" if others else ""
        return Content.assemble(first, (more, "$foreground 60%"))


def find_lines(lines: Sequence[str], typed: str) -> list[str]:
    """Those of `lines` that hold every word of `typed`, in any case."""
    words = typed.lower().split()
    found = [line for line in lines if all(word in line.lower() for word in words)]
    return found[:LINES_SHOWN_MAX]
