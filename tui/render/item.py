"""An entry of the timeline → styled lines. Pure functions; message text is never read as markup.

Every line is a list of pieces; a piece knows which characters of the entry's words it shows, so
that a selection with the mouse survives wrapping and scrolling.
"""

from datetime import tzinfo
from itertools import pairwise

from rich.cells import cell_len
from rich.style import Style

from common.text import plain
from tui.client.naming import places
from tui.client.state import Delivery, Item, ItemKind
from tui.render.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE, isolated, runs_leftward
from tui.render.clock import day_label, time_of_day, time_shown
from tui.render.code import Span
from tui.render.entries import Entry, Run, Setting, first_item
from tui.render.markdown import Block, Marked
from tui.render.nick_color import nick_style
from tui.render.notes import notes_after, quoted_line
from tui.render.page import TIME_CELLS, Drawing, Layout, Line, Palette, Piece
from tui.render.speech import NAMED, SIGNED, marked_of, words_of
from tui.render.wrap import break_offsets, shorten


def signature(entry: Entry, zone: tzinfo | None) -> str:
    """What a copied entry begins with: when, and who where someone said it."""
    item = first_item(entry)
    who = f"<{item.sender}> " if item.kind in NAMED else ""
    return f"[{time_of_day(item.time_ms, zone)}] {who}"


def lines_of(
    entry: Entry,
    setting: Setting,
    drawing: Drawing,
    selected: tuple[int, int] | None = None,
) -> list[Line]:
    """The lines of `entry`, at least one. `selected` are the characters to highlight."""
    layout, palette = drawing.layout, drawing.palette
    lines = _rules(setting, layout, palette)
    marked, base = _body(entry, palette)
    spans = marked.spans
    if not isinstance(entry, Run) and entry.mention:
        found = places(drawing.nick, drawing.keywords, marked.text)
        spans = [*spans, *(Span(start, end, palette.accent) for start, end in found)]
    if selected is not None:
        end = len(marked.text) if selected[1] < 0 else selected[1]
        spans = [*spans, Span(selected[0], end, palette.selection)]
    body: list[Line] = []
    if not isinstance(entry, Run) and entry.reply_to and not entry.redacted:
        body.append(quoted_line(entry, drawing))
    for block in marked.blocks or [Block(0, len(marked.text))]:
        body += _block(marked.text, block, base, spans, drawing)
    if not isinstance(entry, Run):
        body += notes_after(entry, drawing, body[-1])
    *above, head = _heads(entry, setting, drawing)
    lines += above
    for line in body:
        lines.append([*head, *line])
        head = [Piece(" " * layout.indent, palette.text)]
    return lines


def _block(text: str, block: Block, base: Style, spans: list[Span], drawing: Drawing) -> list[Line]:
    """The lines of a part of the words, from the column of the text on."""
    layout, palette = drawing.layout, drawing.palette
    hang = max(cell_len(block.lead), block.hang)
    room = max(2, layout.text_cells - hang)
    words = text[block.start : block.end]
    offsets = [block.start + offset for offset in break_offsets(words, room)]
    lines: list[Line] = []
    for start, end in zip(offsets, [*offsets[1:], block.end], strict=True):
        line = _pieces(text, start, end, base, spans)
        if block.code:
            lines.append(_on_code(line, block.lead, layout, palette))
        elif block.lead:
            lines.append([Piece(block.lead, palette.rule), *line])
        else:
            lines.append([Piece(" " * hang, base), *line] if lines and hang else line)
    return lines


def _on_code(line: Line, lead: str, layout: Layout, palette: Palette) -> Line:
    """A line of program text on its own ground, which goes on to the right edge."""
    gap = layout.text_cells - len(lead) - sum(cell_len(piece.text) for piece in line)
    return [Piece(lead, palette.code), *line, Piece(" " * max(0, gap), palette.code)]


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
    is_first = setting.day_before is None
    if layout.taste.airy and setting.nick and not (lines or is_first):
        lines.append([])
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
    layout, palette, zone = drawing.layout, drawing.palette, drawing.zone
    item = first_item(entry)
    mark = _mark(entry, palette)
    name = _name(entry, setting, palette)
    if not layout.nick_cells:
        head = [mark, Piece(" ", palette.text)]
        if name is None or item.kind not in NAMED:
            return [head]
        return [[Piece(" ", palette.text), Piece(isolated(name.text), name.style)], head]
    form = layout.taste.time
    time = time_shown(item.time_ms, zone, form) if setting.time else " " * TIME_CELLS[form]
    line = [mark, Piece(f"{time}  ", palette.muted)] if form != "none" else [mark]
    shown = shorten(name.text, layout.nick_cells) if name else ""
    gap = " " * (layout.nick_cells - cell_len(shown) + 2)
    if name:
        line.append(Piece(isolated(shown), name.style))
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
    if isinstance(entry, Run) or entry.kind not in SIGNED:
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
    marked = marked_of(entry, palette.dark, palette.code)
    if entry.kind is ItemKind.ACTION and not entry.redacted:
        name = palette.own if entry.own else nick_style(entry.sender, palette.dark)
        marked.spans.insert(0, Span(0, len(plain(entry.sender)), name))
    return marked, _base(entry, palette)


def _base(item: Item, palette: Palette) -> Style:
    if item.delivery in (Delivery.PENDING, Delivery.UNSENT):
        return palette.pending
    if item.kind is ItemKind.FAILURE:
        return palette.error
    if item.kind not in SIGNED or item.redacted:
        return palette.muted
    return palette.text + Style(bold=True) if item.mention else palette.text


def _pieces(text: str, start: int, end: int, base: Style, spans: list[Span]) -> Line:
    """The characters `start` to `end`, cut wherever the style changes; without their line end."""
    end -= text.endswith("\n", start, end)
    near = [span for span in spans if span.start < end and span.end > start]
    if not near:
        line = [Piece(text[start:end], base, start)] if end > start else []
        return _contained(line, text[start:end])
    inside = (cut for span in near for cut in (span.start, span.end) if start < cut < end)
    cuts = [start, *sorted(set(inside)), end]
    line = []
    for left, right in pairwise(cuts):
        style = base
        for span in near:
            if span.start <= left and span.end >= right:
                style = style + span.style
        line.append(Piece(text[left:right], style, left))
    return _contained(line, text[start:end])


def _contained(line: Line, text: str) -> Line:
    """The line such that its words cannot reorder what stands beside them."""
    if not runs_leftward(text):
        return line
    return [Piece(FIRST_STRONG_ISOLATE, Style()), *line, Piece(POP_ISOLATE, Style())]
