"""What stands above and behind the words of a message: what it answers, what came of it.

Above them the line that is quoted; behind them that it was edited, is kept nowhere, was not
sent, and how people reacted.
"""

from typing import Final

from rich.cells import cell_len
from rich.style import Style

from common.text import plain
from tui.client.state import Delivery, Item, Reaction
from tui.render.bidi import isolated
from tui.render.nick_color import nick_style
from tui.render.page import QUOTED, REACTIONS, Drawing, Line, Palette, Piece
from tui.render.speech import words_of
from tui.render.wrap import break_offsets, shorten

QUOTE_MARK: Final = "╭ "
GAP: Final = "   "


def quoted_line(item: Item, drawing: Drawing) -> Line:
    """``╭ ann: Trains run every…``, cut to one line."""
    layout, palette = drawing.layout, drawing.palette
    quoted = item.quoted
    line = [Piece(QUOTE_MARK, palette.rule, QUOTED)]
    if quoted is None:
        words = shorten("an earlier message", layout.text_cells - len(QUOTE_MARK))
        return [*line, Piece(words, palette.muted, QUOTED)]
    name = shorten(plain(quoted.sender), max(4, layout.text_cells // 3))
    style = palette.own if quoted.own else nick_style(quoted.sender, palette.dark)
    room = layout.text_cells - len(QUOTE_MARK) - cell_len(name) - 2
    words = isolated(shorten(" ".join(words_of(quoted).split()), max(1, room)))
    line += [Piece(isolated(name), style, QUOTED), Piece(": ", palette.muted, QUOTED)]
    return [*line, Piece(words, palette.muted, QUOTED)]


def notes_after(item: Item, drawing: Drawing, last: Line) -> list[Line]:
    """Put what is noted behind the `last` line where it fits; the lines that it takes besides."""
    layout, palette = drawing.layout, drawing.palette
    lines: list[Line] = []
    line, used = last, _cells(last)
    for note in _notes(item, palette):
        cells = _cells(note)
        gap = "" if not used else " " if note[0].offset > REACTIONS else GAP
        if used and used + len(gap) + cells > layout.text_cells:
            lines.append([])
            line, used, gap = lines[-1], 0, ""
        line += [Piece(gap, palette.text), *note] if gap else note
        used += len(gap) + cells
    return lines + _failure(item, drawing)


def _cells(line: Line) -> int:
    return sum(cell_len(piece.text) for piece in line)


def _notes(item: Item, palette: Palette) -> list[Line]:
    notes: list[Line] = []
    if item.edited and not item.redacted:
        notes.append([Piece("· edited", palette.muted)])
    if item.delivery is Delivery.UNSTORED:
        notes.append([Piece("· not kept", palette.muted)])
    for place, reaction in enumerate(item.reactions):
        style = palette.accent + Style(bold=True) if reaction.own else palette.muted
        offset = REACTIONS - place
        notes.append([Piece(f"{plain(reaction.text)} {_count(reaction)}", style, offset)])
    return notes


def _count(reaction: Reaction) -> str:
    """How many, one's own being told apart in words too."""
    if not reaction.own:
        return str(len(reaction.nicks))
    others = len(reaction.nicks) - 1
    return f"you+{others}" if others else "you"


def _failure(item: Item, drawing: Drawing) -> list[Line]:
    if item.delivery is not Delivery.UNSENT:
        return []
    words = f"✗ not sent: {plain(item.reason) or 'no answer'}"
    offsets = break_offsets(words, drawing.layout.text_cells)
    ends = [*offsets[1:], len(words)]
    style = drawing.palette.error
    return [[Piece(words[start:end], style)] for start, end in zip(offsets, ends, strict=True)]
