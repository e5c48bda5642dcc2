"""What the timeline is drawn with: styles, columns, and the pieces that make a line."""

from datetime import tzinfo
from typing import Final, NamedTuple, TypeAlias

from rich.style import Style

FURNITURE: Final = -1
"""The `offset` of a piece that is not part of the words."""

QUOTED: Final = -2
"""Furniture that shows what a message answers."""

PICTURE: Final = -3
"""Furniture that is part of a picture."""

REACTIONS: Final = -10
"""Furniture that shows a reaction: this less its place among the reactions."""

NICK_COLUMN_WIDTH_MIN: Final = 58
"""Narrower than this, the nick stands on a line of its own."""

TIME_CELLS: Final = {"24h": 5, "12h": 8, "none": 0}
NICK_CELLS_DEFAULT: Final = 12
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


class Taste(NamedTuple):
    """How a person wants it: the time ``"24h"``, ``"12h"`` or ``"none"``, room for nicks, and
    whether a line stays free between speakers.
    """

    time: str = "24h"
    nick_cells: int = NICK_CELLS_DEFAULT
    airy: bool = False


TASTE_DEFAULT: Final = Taste()


class Layout(NamedTuple):
    """The columns of the timeline, in cells: mark, time, nick, text."""

    width: int
    indent: int  # where the text begins
    nick_cells: int  # 0: the nick stands on its own line, without a time
    taste: Taste = TASTE_DEFAULT

    @classmethod
    def for_width(cls, width: int, taste: Taste = TASTE_DEFAULT) -> "Layout":
        """The columns that fit `width`; on a narrow page nicks get less room than wanted."""
        if width < NICK_COLUMN_WIDTH_MIN:
            return cls(width, 2, 0, taste)
        nick_cells = min(taste.nick_cells, 9) if width < 78 else taste.nick_cells
        indent = 1 + (TIME_CELLS[taste.time] + 2 if taste.time != "none" else 0) + nick_cells + 2
        return cls(width, indent, nick_cells, taste)

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
    nick: str = ""
    keywords: tuple[str, ...] = ()  # marked, like the nick, in what is meant for the person
