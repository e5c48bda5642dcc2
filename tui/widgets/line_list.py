"""A list of single lines, some of which can be chosen: what the side panels are made of.

Draws on the Line API, because rooms may hold thousands of members. Takes no focus: the keys for
going from room to room work from the composer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.render.wrap import shorten
from tui.widgets.looks import ground, look

_EMPTY: Final = Style()

RIGHT_BUTTON: Final = 3


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line: `left` is shortened where `right` needs the room. `key` None: not to be chosen.

    `look` and `right_look` are the names of component classes without their prefix.
    """

    left: str
    right: str = ""
    key: str | None = None
    look: str = "plain"
    right_look: str = "muted"
    bar: bool = False  # the accent bar of what is on the screen now
    left_style: Style = _EMPTY
    detail: str = ""  # muted, from the column `detail_at` on
    detail_at: int = 0


class LineList(ScrollView, can_focus=False):
    """Lines, top to bottom; posts `Picked` for a click, `MenuWanted` for one on the right."""

    ALLOW_SELECT = False

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-list--plain",
        "line-list--heading",
        "line-list--muted",
        "line-list--strong",
        "line-list--current",
        "line-list--mention",
        "line-list--bar",
        "line-list--hover",
    }

    @dataclass
    class Picked(Message):
        """A line was clicked. `source` is the id of the list it is in."""

        source: str
        key: str

    @dataclass
    class MenuWanted(Message):
        """A line was clicked with the right button."""

        source: str
        key: str

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._lines: Sequence[ListLine] = ()
        self._hovered = -1

    @property
    def lines(self) -> Sequence[ListLine]:
        """What the list holds."""
        return self._lines

    def set_lines(self, lines: Sequence[ListLine]) -> None:
        """Show `lines` instead; the place scrolled to stays."""
        if lines == self._lines:
            return
        longer = len(lines) != len(self._lines)
        self._lines = lines
        if longer:
            self.virtual_size = Size(0, len(lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        width = self.size.width
        base = self.rich_style
        index = round(self.scroll_y) + y
        if not 0 <= index < len(self._lines):
            return Strip.blank(width, base)
        return self._draw(self._lines[index], width, base, index == self._hovered)

    def _draw(self, line: ListLine, width: int, base: Style, hovered: bool) -> Strip:
        row = base
        if line.bar:
            row = base + ground(self, "line-list--current")
        elif hovered and line.key is not None:
            row = base + ground(self, "line-list--hover")
        style = row + self._look("strong" if line.bar else line.look) + line.left_style
        room = max(0, width - 2 - (cell_len(line.right) + 1 if line.right else 0))
        left, detail = _fit(line, room)
        gap = " " * (room - cell_len(left) - cell_len(detail) + (1 if line.right else 0))
        segments = [
            Segment("▌" if line.bar else " ", row + self._look("bar") if line.bar else row),
            Segment(left, style),
            Segment(detail, row + self._look("muted")),
            Segment(gap, row),
            Segment(line.right, row + self._look(line.right_look)),
            Segment(" ", row),
        ]
        return Strip(segments).adjust_cell_length(width, row)

    def _look(self, name: str) -> Style:
        return look(self, f"line-list--{name}")

    def _line_at(self, y: int) -> ListLine | None:
        index = round(self.scroll_y) + y
        return self._lines[index] if 0 <= index < len(self._lines) else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Mark the line under the pointer."""
        index = round(self.scroll_y) + event.y
        if index != self._hovered:
            self._hovered = index
            self.refresh()

    def on_leave(self) -> None:
        """The pointer is elsewhere."""
        self._hovered = -1
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Pick the line that was clicked."""
        line = self._line_at(event.y)
        if line is not None and line.key is not None:
            wanted = self.MenuWanted if event.button == RIGHT_BUTTON else self.Picked
            self.post_message(wanted(self.id or "", line.key))


def _fit(line: ListLine, room: int) -> tuple[str, str]:
    """The left text and the detail in `room` cells; the detail gives way first."""
    if not line.detail:
        return shorten(line.left, room), ""
    left = shorten(line.left, room)
    left += " " * max(2, line.detail_at - cell_len(left))
    return shorten(left, room), shorten(line.detail, max(0, room - cell_len(left)))
