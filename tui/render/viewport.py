"""Which lines of a transcript are in view: follows the end, or keeps still what is read.

Lines are counted from the top: a header, then the entries. Heights are made exact around the view
before anyone sees them, and the position is corrected by what changed above it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tui.client.state import Item
from tui.render.transcript import Transcript

MARGIN_SCREENS: Final = 2
"""How far above the view heights are made exact, so that scrolling up is even."""

HEADER_LINES: Final = 1


@dataclass(slots=True)
class Place:
    """Where someone was reading: an item, and how many lines of it are above the view."""

    item_id: int
    lines_above: int = 0


class Viewport:
    """A window of `rows` lines from line `y` on. `height_of` lays an entry out and counts."""

    def __init__(self, transcript: Transcript, height_of: Callable[[int], int]) -> None:
        self._transcript = transcript
        self._height_of = height_of
        self.rows = 0
        self.y = 0
        self.following = True

    @property
    def total(self) -> int:
        """All lines there are."""
        return self._transcript.heights.total + HEADER_LINES

    @property
    def pad(self) -> int:
        """Empty rows above a conversation that does not fill the view."""
        return max(0, self.rows - self.total)

    @property
    def is_near_start(self) -> bool:
        """Whether it is time to load what is older."""
        return self.y <= self._margin

    def is_header(self, row: int) -> bool:
        """Whether the header is at `row` of the view."""
        return self.y + row - self.pad == 0

    def locate(self, row: int) -> tuple[int, int] | None:
        """The entry at `row` of the view, and which of its lines; None where there is none."""
        return self._transcript.heights.locate(self.y + row - self.pad - HEADER_LINES)

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.following = True
        self.settle()

    def scroll(self, y: int) -> None:
        """The person scrolled; at the end they follow it again."""
        self._move(y)
        self.following = self.y >= self._y_max
        self.settle()

    def settle(self) -> None:
        """Make the heights around the view exact, without moving what is read."""
        if not self.rows:
            return
        if self.following:
            self._measure_up_from(len(self._transcript) - 1)
            self._move(self._y_max)
            return
        index, within = self.locate(0) or (0, 0)
        moved = self._measure_up_from(index - 1)
        if index < len(self._transcript):
            difference = self._measure(index)
            moved += difference if within else 0  # its top line stays at the top
        self._measure_down_from(index + 1)
        self._move(self.y + moved)

    def take_older(self, items: Sequence[Item]) -> int:
        """Put older `items` in front; returns how many entries they make."""
        lines_before = self.total
        count = self._transcript.prepend(items)
        for index in range(max(0, count - self._margin), min(count + 1, len(self._transcript))):
            self._measure(index)
        if not self.following:
            self._move(self.y + self.total - lines_before)
        return count

    def place(self) -> Place | None:
        """Where the reader is; None while they follow the end."""
        located = None if self.following else self.locate(0)
        if located is None:
            return None
        return Place(self._transcript.top_item_id(located[0]), located[1])

    def go_to(self, place: Place | None) -> None:
        """Put a place at the top; follows the end if that shows it all the same."""
        index = self._transcript.index_of(place.item_id) if place is not None else None
        if place is None or index is None:
            return
        self._measure_up_from(index)
        self._measure_down_from(index + 1)
        self.scroll(self._transcript.heights.top(index) + HEADER_LINES + place.lines_above)

    def hole_near(self) -> tuple[int, bool] | None:
        """A hole within a screen of the view, and whether the reader is above it; None for none."""
        top, _ = self.locate(0) or (0, 0)
        bottom, _ = self.locate(self.rows - 1) or (len(self._transcript) - 1, 0)
        for index in range(top, min(bottom + self.rows, len(self._transcript))):
            hole = self._transcript.top_item_id(index)
            if hole in self._transcript.holes:
                return hole, index > top
        for index in range(top - 1, max(top - self.rows, 0), -1):
            hole = self._transcript.top_item_id(index)
            if hole in self._transcript.holes:
                return hole, False
        return None

    def bring_into_view(self, index: int) -> None:
        """Scroll as little as shows the entry at `index`."""
        self._measure(index)
        top = self._transcript.heights.top(index) + HEADER_LINES
        bottom = top + self._transcript.heights.height(index)
        if top < self.y:
            self.scroll(top)
        elif bottom > self.y + self.rows:
            self.scroll(bottom - self.rows)

    @property
    def _y_max(self) -> int:
        return max(0, self.total - self.rows)

    @property
    def _margin(self) -> int:
        return MARGIN_SCREENS * max(1, self.rows)

    def _move(self, y: int) -> None:
        self.y = max(0, min(y, self._y_max))

    def _measure(self, index: int) -> int:
        """Make a height exact; returns by how much it was wrong."""
        heights = self._transcript.heights
        return 0 if heights.is_exact(index) else heights.set(index, self._height_of(index))

    def _measure_up_from(self, index: int) -> int:
        moved = 0
        room = self._margin
        while index >= 0 and room > 0:
            moved += self._measure(index)
            room -= self._transcript.heights.height(index)
            index -= 1
        return moved

    def _measure_down_from(self, index: int) -> None:
        room = self.rows + 1
        while index < len(self._transcript) and room > 0:
            self._measure(index)
            room -= self._transcript.heights.height(index)
            index += 1
