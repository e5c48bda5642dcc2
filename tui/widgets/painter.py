"""Entries as strips: what the timeline paints, kept for as long as it may be wanted again.

Keyed by an entry's identity and setting, so what changed is drawn anew and nothing else.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.client.state import Buffer
from tui.render.page import Line, Piece
from tui.render.transcript import Transcript

DRAWN_ENTRIES_MAX: Final = 1_500
"""Laid out entries kept for scrolling back and forth."""


@dataclass(slots=True)
class _Drawn:
    """An entry laid out; `strips` are made when it is first painted."""

    lines: list[Line]
    strips: list[Strip] | None = None


class Painter:
    """Draws the entries of `transcript` on a background of style `base`."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._drawn: OrderedDict[tuple[object, ...], _Drawn] = OrderedDict()
        self.base = Style()

    def clear(self) -> None:
        """Forget everything drawn: width or theme changed."""
        self._drawn.clear()

    def height(self, index: int) -> int:
        """How many lines the entry at `index` takes."""
        return len(self._draw(index).lines)

    def strip(self, index: int, within: int, width: int, selected: tuple[int, int] | None) -> Strip:
        """A line of an entry as it is painted, with the `selected` characters highlighted."""
        if selected is not None:
            strips = self._to_strips(self._transcript.lines(index, selected), width)
        else:
            drawn = self._draw(index)
            if drawn.strips is None:
                drawn.strips = self._to_strips(drawn.lines, width)
            strips = drawn.strips
        return strips[min(within, len(strips) - 1)]

    def strip_with_offsets(self, index: int, within: int, width: int) -> Strip:
        """A line whose segments say which character of which entry they are, for hit-testing."""
        lines = self._draw(index).lines
        serial = self._transcript.base + index
        segments = [
            Segment(piece.text)
            if piece.offset < 0
            else Segment(piece.text, Style.from_meta({"offset": (piece.offset, serial)}))
            for piece in lines[min(within, len(lines) - 1)]
        ]
        return Strip(segments).adjust_cell_length(width)

    def piece_at(self, index: int, within: int, x: int) -> Piece | None:
        """What is drawn at cell `x` of a line of an entry."""
        lines = self._draw(index).lines
        for piece in lines[min(within, len(lines) - 1)]:
            x -= cell_len(piece.text)
            if x < 0:
                return piece
        return None

    def blank(self, width: int) -> Strip:
        """An empty line."""
        return Strip.blank(width, self.base)

    def header(self, buffer: Buffer | None, width: int) -> Strip:
        """What is above the oldest message that is loaded."""
        words = ""
        if buffer is not None and buffer.loading_older:
            words = "loading older messages…"
        elif buffer is not None and buffer.at_start and buffer.items and buffer.key:
            words = f"the beginning of {buffer.title}"
        gap = max(0, (width - cell_len(words)) // 2)
        muted = self.base + self._transcript.drawing.palette.muted
        strip = Strip([Segment(" " * gap, self.base), Segment(words, muted)])
        return strip.adjust_cell_length(width, self.base)

    def _draw(self, index: int) -> _Drawn:
        key = self._transcript.drawn_as(index)
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = self._drawn[key] = _Drawn(self._transcript.lines(index))
            if len(self._drawn) > DRAWN_ENTRIES_MAX:
                self._drawn.popitem(last=False)
        else:
            self._drawn.move_to_end(key)
        return drawn

    def _to_strips(self, lines: list[Line], width: int) -> list[Strip]:
        return [
            Strip(
                [Segment(piece.text, self.base + piece.style) for piece in line]
            ).adjust_cell_length(width, self.base)
            for line in lines
        ]


def with_cue(strip: Strip, words: str, style: Style, width: int) -> Strip:
    """`strip` with `words` over its right end."""
    left = strip.crop(0, max(0, width - cell_len(words)))
    return Strip([*left, Segment(words, style)])
