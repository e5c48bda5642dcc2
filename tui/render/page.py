"""What the timeline is drawn with: styles, columns, and the pieces that make a line."""

from datetime import tzinfo
from typing import Final, NamedTuple, TypeAlias

from rich.style import Style

FURNITURE: Final = -1
"""The `offset` of a piece that is not part of the words."""

QUOTED: Final = -2
"""Furniture that shows what a message answers."""

REACTIONS: Final = -10
"""Furniture that shows a reaction: this less its place among the reactions."""

NICK_COLUMN_WIDTH_MIN: Final = 58
"""Narrower than this, the nick stands on a line of its own."""

TIME_CELLS: Final = 5
_TEXT_CELLS_MIN: Final = 8


class Palette(NamedTuple):
    """The styles of one theme, by what they are for."""

    dark: bool
    text: Style
    muted: Style  # times, joins, leaves, news
    rule: Style
    accent: Style  # new messages, mentions
    error: Style
    pending: Style
    own: Style  # one's own nick
    selection: Style
    code: Style = Style()  # program text, with a ground of its own


class Layout(NamedTuple):
    """The columns of the timeline, in cells: mark, time, nick, text."""

    width: int
    indent: int  # where the text begins
    nick_cells: int  # 0: the nick stands on its own line, without a time

    @classmethod
    def for_width(cls, width: int) -> "Layout":
        """The columns that fit `width`."""
        if width < NICK_COLUMN_WIDTH_MIN:
            return cls(width, 2, 0)
        nick_cells = 9 if width < 78 else 12
        return cls(width, 1 + TIME_CELLS + 2 + nick_cells + 2, nick_cells)

    @property
    def text_cells(self) -> int:
        """The width of the words; one cell stays free at the right."""
        return max(_TEXT_CELLS_MIN, self.width - self.indent - 1)


class Piece(NamedTuple):
    """Some text in one style; `offset` is its place in the entry's words, or `FURNITURE`."""

    text: str
    style: Style
    offset: int = FURNITURE


Line: TypeAlias = list[Piece]


class Drawing(NamedTuple):
    """What the lines of an entry are drawn with."""

    layout: Layout
    palette: Palette
    zone: tzinfo | None = None
