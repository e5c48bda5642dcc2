"""A small picture below a message, in half cells: text in two colours, which any terminal shows."""

from typing import Final, NamedTuple

from rich.color import Color
from rich.style import Style

from tui.render.page import PICTURE, Line, Piece

COLUMNS_MAX: Final = 40
PIXEL_ROWS_MAX: Final = 20
"""Ten lines: a picture is not to push what is said off the screen."""

UPPER_HALF: Final = "▀"


class Thumbnail(NamedTuple):
    """Pixels of three bytes (red, green, blue), row by row; `rows` is even."""

    columns: int
    rows: int
    pixels: bytes

    def color(self, column: int, row: int) -> Color:
        """The colour of a pixel."""
        at = 3 * (row * self.columns + column)
        red, green, blue = self.pixels[at : at + 3]
        return Color.from_rgb(red, green, blue)


def thumbnail_lines(thumbnail: Thumbnail, cells: int) -> list[Line]:
    """The picture, no wider than `cells`: each cell shows two pixels, one above the other."""
    columns = max(1, min(thumbnail.columns, cells))
    lines = max(1, thumbnail.rows * columns // thumbnail.columns // 2)
    xs = [column * thumbnail.columns // columns for column in range(columns)]
    ys = [row * thumbnail.rows // (2 * lines) for row in range(2 * lines)]
    return [
        [Piece(UPPER_HALF, _style(thumbnail, x, *ys[2 * line : 2 * line + 2]), PICTURE) for x in xs]
        for line in range(lines)
    ]


def _style(thumbnail: Thumbnail, column: int, upper: int, lower: int) -> Style:
    return Style(color=thumbnail.color(column, upper), bgcolor=thumbnail.color(column, lower))
