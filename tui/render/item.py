"""An entry of the timeline → styled lines. Pure functions; message text is never read as markup.

Every line is a list of pieces; a piece knows which characters of the entry's words it shows, so
that a selection with the mouse survives wrapping and scrolling.
"""

from collections.abc import Callable
from datetime import tzinfo
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from rich.cells import cell_len
from rich.style import Style

from common.text import plain, plain_lines
from tui.client.state import Delivery, Item, ItemKind
from tui.render.clock import day_label, time_of_day
from tui.render.entries import Entry, Run, Setting, first_item
from tui.render.markup import Marked, Span, link_spans, read_markup
from tui.render.nick_color import nick_style
from tui.render.presence import presence_words
from tui.render.wrap import break_offsets, lines_estimated, shorten

FURNITURE: Final = -1
"""The `offset` of a piece that is not part of the words."""

NICK_COLUMN_WIDTH_MIN: Final = 58
"""Narrower than this, the nick stands on a line of its own."""

_TIME_CELLS: Final = 5
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
        return cls(width, 1 + _TIME_CELLS + 2 + nick_cells + 2, nick_cells)

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


def words_of(entry: Entry) -> str:
    """The words of an entry: what can be selected and copied."""
    if isinstance(entry, Run):
        return presence_words(entry.items)
    return _WORDS[entry.kind](entry)


def signature(entry: Entry, zone: tzinfo | None) -> str:
    """What a copied entry begins with: when, and who where someone said it."""
    item = first_item(entry)
    who = f"<{item.sender}> " if item.kind in _NAMED else ""
    return f"[{time_of_day(item.time_ms, zone)}] {who}"


def height_estimated(entry: Entry, layout: Layout) -> int:
    """About how many lines an entry takes, without laying it out."""
    text = "" if isinstance(entry, Run) else entry.text
    return lines_estimated(text, layout.text_cells)


def lines_of(
    entry: Entry,
    setting: Setting,
    drawing: Drawing,
    selected: tuple[int, int] | None = None,
) -> list[Line]:
    """The lines of `entry`, at least one. `selected` are the characters to highlight."""
    layout, palette, _ = drawing
    lines = _rules(setting, layout, palette)
    marked, base = _body(entry, palette)
    spans = marked.spans
    if selected is not None:
        end = len(marked.text) if selected[1] < 0 else selected[1]
        spans = [*spans, Span(selected[0], end, palette.selection)]
    heads = _heads(entry, setting, drawing)
    lines += heads[:-1]
    head = heads[-1]
    offsets = break_offsets(marked.text, layout.text_cells)
    for start, end in zip(offsets, [*offsets[1:], len(marked.text)], strict=True):
        lines.append([*head, *_pieces(marked.text, start, end, base, spans)])
        head = [Piece(" " * layout.indent, palette.text)]
    lines += _tail(entry, drawing, lines[-1])
    return lines


def _rules(setting: Setting, layout: Layout, palette: Palette) -> list[Line]:
    lines: list[Line] = []
    if setting.missing:
        count = f"{setting.missing:,} messages" if setting.missing > 1 else "messages"
        lines.append(_centered(f"┄┄ {count} not loaded ┄┄", layout.width, palette.rule))
    if setting.day is not None:
        label = day_label(setting.day, setting.day_before)
        lines.append(_centered(f"── {label} ──", layout.width, palette.rule))
    if setting.fresh:
        lines.append(_filled(" new messages ", layout.width, palette.accent))
    return lines


def _centered(text: str, width: int, style: Style) -> Line:
    text = shorten(text, width)
    return [Piece(" " * ((width - cell_len(text)) // 2), style), Piece(text, style)]


def _filled(label: str, width: int, style: Style) -> Line:
    bars = max(2, width - 2 - len(label))
    left = bars // 2
    return [Piece(f" {'─' * left}{label}{'─' * (bars - left)} ", style)]


def _heads(entry: Entry, setting: Setting, drawing: Drawing) -> list[Line]:
    """What stands before the words: lines of its own, and last the start of the first line."""
    layout, palette, zone = drawing
    item = first_item(entry)
    mark = _mark(entry, palette)
    name = _name(entry, setting, palette)
    if not layout.nick_cells:
        head = [mark, Piece(" ", palette.text)]
        if name is None or item.kind not in _NAMED:
            return [head]
        return [[Piece(" ", palette.text), name], head]
    time = time_of_day(item.time_ms, zone) if setting.time else " " * _TIME_CELLS
    line = [mark, Piece(f"{time}  ", palette.muted)]
    shown = shorten(name.text, layout.nick_cells) if name else ""
    gap = " " * (layout.nick_cells - cell_len(shown) + 2)
    if name:
        line.append(Piece(shown, name.style))
    return [[*line, Piece(gap, palette.text)]]


def _mark(entry: Entry, palette: Palette) -> Piece:
    if isinstance(entry, Run):
        return Piece(" ", palette.muted)
    if entry.delivery is Delivery.UNSENT:
        return Piece("✗", palette.error)
    if entry.kind is ItemKind.FAILURE:
        return Piece("!", palette.error)
    if entry.mention:
        return Piece("●", palette.accent)
    return Piece(" ", palette.text)


def _name(entry: Entry, setting: Setting, palette: Palette) -> Piece | None:
    if isinstance(entry, Run) or entry.kind not in _SIGNED:
        return None
    if entry.kind is ItemKind.ACTION:
        return Piece("*", palette.muted)
    if not setting.nick:
        return None
    style = palette.own if entry.own else nick_style(entry.sender, palette.dark)
    name = f"-{entry.sender}-" if entry.kind is ItemKind.NOTICE else entry.sender
    return Piece(plain(name), style)


def _body(entry: Entry, palette: Palette) -> tuple[Marked, Style]:
    """The words with their spans, and the style below the spans."""
    if isinstance(entry, Run):
        return Marked(words_of(entry), []), palette.muted
    marked = _marked(entry, palette.dark)
    if entry.kind is ItemKind.ACTION:
        name = palette.own if entry.own else nick_style(entry.sender, palette.dark)
        marked.spans.insert(0, Span(0, len(entry.sender), name))
    return marked, _base(entry, palette)


def _marked(item: Item, dark: bool) -> Marked:
    if item.kind in _SIGNED:
        return read_markup(_raw_words(item), dark)
    words = words_of(item)
    return Marked(words, link_spans(words))


def _base(item: Item, palette: Palette) -> Style:
    if item.delivery in (Delivery.PENDING, Delivery.UNSENT):
        return palette.pending
    if item.kind is ItemKind.FAILURE:
        return palette.error
    if item.kind not in _SIGNED:
        return palette.muted
    return palette.text + Style(bold=True) if item.mention else palette.text


def _pieces(text: str, start: int, end: int, base: Style, spans: list[Span]) -> Line:
    """The characters `start` to `end`, cut wherever the style changes; without their line end."""
    end -= text.endswith("\n", start, end)
    near = [span for span in spans if span.start < end and span.end > start]
    if not near:
        return [Piece(text[start:end], base, start)] if end > start else []
    inside = (cut for span in near for cut in (span.start, span.end) if start < cut < end)
    cuts = [start, *sorted(set(inside)), end]
    line: Line = []
    for left, right in pairwise(cuts):
        style = base
        for span in near:
            if span.start <= left and span.end >= right:
                style = style + span.style
        line.append(Piece(text[left:right], style, left))
    return line


def _tail(entry: Entry, drawing: Drawing, last: Line) -> list[Line]:
    """What stands after the words: why it was not sent, or that it is kept nowhere."""
    layout, palette, _ = drawing
    if isinstance(entry, Run):
        return []
    if entry.delivery is Delivery.UNSTORED:
        note = " · not kept"
        if sum(cell_len(piece.text) for piece in last) + len(note) <= layout.width:
            last.append(Piece(note, palette.muted))
        return []
    if entry.delivery is not Delivery.UNSENT:
        return []
    words = f"✗ not sent: {plain(entry.reason) or 'no answer'}"
    offsets = break_offsets(words, layout.text_cells)
    indent = Piece(" " * layout.indent, palette.text)
    ends = [*offsets[1:], len(words)]
    return [
        [indent, Piece(words[start:end], palette.error)]
        for start, end in zip(offsets, ends, strict=True)
    ]


def _raw_words(item: Item) -> str:
    return f"{item.sender} {item.text}" if item.kind is ItemKind.ACTION else item.text


def _said(item: Item) -> str:
    return plain_lines(_raw_words(item))


def _topic_words(item: Item) -> str:
    if not item.text:
        return plain(f"{item.sender} took the topic off")
    return plain(f"{item.sender} set the topic: {item.text}")


def _join_words(item: Item) -> str:
    return "You joined" if item.own else plain(f"{item.sender} joined")


def _leave_words(item: Item) -> str:
    who = "You" if item.own else item.sender
    return plain(f"{who} left{f': {item.text}' if item.text else ''}")


def _nick_words(item: Item) -> str:
    return plain(f"You are now {item.text}" if item.own else f"{item.sender} is now {item.text}")


_NAMED: Final = frozenset({ItemKind.MESSAGE, ItemKind.NOTICE})
"""Kinds whose sender is named in the nick column."""

_SIGNED: Final = _NAMED | {ItemKind.ACTION}

_WORDS: Final[dict[ItemKind, Callable[[Item], str]]] = {
    ItemKind.MESSAGE: _said,
    ItemKind.ACTION: _said,
    ItemKind.NOTICE: _said,
    ItemKind.JOIN: _join_words,
    ItemKind.PART: _leave_words,
    ItemKind.QUIT: _leave_words,
    ItemKind.NICK: _nick_words,
    ItemKind.TOPIC: _topic_words,
    ItemKind.KICK: _said,
    ItemKind.MODE: _said,
    ItemKind.NEWS: _said,
    ItemKind.FAILURE: _said,
    ItemKind.GREETING: _said,
}

assert set(_WORDS) == set(ItemKind)
