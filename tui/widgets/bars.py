"""The lines that frame a conversation: topic above, status below, rooms and keys on one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.render.sides import RoomEntry
from tui.render.words import Heading, Words
from tui.render.wrap import break_offsets, shorten
from tui.widgets.looks import look


class TopicLine(Widget):
    """The title of what is on the screen, its topic, and a number at the right edge."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"topic-line--title", "topic-line--muted"}

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._heading = Heading("", "", "")

    def set_heading(self, heading: Heading) -> None:
        """Show another heading."""
        if heading != self._heading:
            self._heading = heading
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The one line there is."""
        width, base = self.size.width, self.rich_style
        if y:
            return Strip.blank(width, base)
        title, about, right = self._heading
        muted = base + look(self, "topic-line--muted")
        strong = base + look(self, "topic-line--title")
        title = shorten(title, max(4, width - cell_len(right) - 4))
        room = max(0, width - cell_len(title) - cell_len(right) - 6)
        about = shorten(about, room)
        gap = " " * max(1, width - cell_len(title) - cell_len(about) - cell_len(right) - 4)
        segments = [
            Segment(" ", base),
            Segment(title, strong),
            Segment("  ", base),
            Segment(about, base if self._heading.about else muted),
            Segment(gap, base),
            Segment(right, muted),
        ]
        return Strip(segments).adjust_cell_length(width, base)


STATUS_LINES_MAX: Final = 4


class StatusLine(Widget):
    """How the connection stands, and the last answer; one empty line while all is well."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "status-line--quiet",
        "status-line--busy",
        "status-line--failure",
    }

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._sentences: list[Words] = []
        self._lines: list[tuple[str, str]] = []  # text and tone

    def set_sentences(self, sentences: Sequence[Words]) -> None:
        """Say something else; empty sentences are left out, long ones wrap."""
        said = [words for words in sentences if words.text]
        if said != self._sentences:
            self._sentences = said
            self._fit()

    def on_resize(self) -> None:
        """The sentences may need another number of lines."""
        self._fit()

    def render_line(self, y: int) -> Strip:
        """One line of what is said."""
        width, base = self.size.width, self.rich_style
        if y >= len(self._lines):
            return Strip.blank(width, base)
        text, tone = self._lines[y]
        style = base + look(self, f"status-line--{tone}")
        return Strip([Segment(text, style)]).adjust_cell_length(width, base)

    def _fit(self) -> None:
        self._lines = []
        for text, tone in self._sentences:
            offsets = break_offsets(text, max(2, self.size.width - 2))
            mark = "!" if tone == "failure" else " "
            for start, end in zip(offsets, [*offsets[1:], len(text)], strict=True):
                self._lines.append((f"{mark} {text[start:end]}", tone))
                mark = " "
        del self._lines[STATUS_LINES_MAX:]
        height = max(1, len(self._lines))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.refresh()


@dataclass(frozen=True, slots=True)
class BarEntry:
    """Something to click on a line: `text` in a look, and the name of what it does."""

    text: str
    key: str
    look: str = "plain"
    detail: str = ""
    detail_look: str = "muted"


class ClickBar(Widget):
    """Entries on one line, as many as fit; the last one may keep to the right edge."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "click-bar--plain",
        "click-bar--muted",
        "click-bar--strong",
        "click-bar--current",
        "click-bar--mention",
        "click-bar--key",
    }

    @dataclass
    class Picked(Message):
        """An entry was clicked. `source` is the id of the bar it is on."""

        source: str
        key: str

    def __init__(self, id: str | None = None, separator: str = "  ") -> None:  # noqa: A002
        super().__init__(id=id)
        self._separator = separator
        self._entries: Sequence[BarEntry] = ()
        self._last_right = False

    def set_entries(self, entries: Sequence[BarEntry], last_right: bool = False) -> None:
        """Show `entries`; `last_right` puts the last one at the right edge."""
        if (entries, last_right) != (self._entries, self._last_right):
            self._entries, self._last_right = entries, last_right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The one line there is."""
        width, base = self.size.width, self.rich_style
        if y:
            return Strip.blank(width, base)
        segments: list[Segment] = []
        at = 0
        for entry, start in self._placed():
            gap = start - at
            if gap:
                separator = self._separator if at and gap == len(self._separator) else " " * gap
                segments.append(Segment(separator, base + self._look("muted")))
            segments.append(Segment(entry.text, base + self._look(entry.look)))
            if entry.detail:
                segments.append(Segment(f" {entry.detail}", base + self._look(entry.detail_look)))
            at = start + _cells(entry)
        return Strip(segments).adjust_cell_length(width, base)

    def on_click(self, event: events.Click) -> None:
        """Pick the entry that was clicked."""
        for entry, start in self._placed():
            if start <= event.x < start + _cells(entry):
                self.post_message(self.Picked(self.id or "", entry.key))
                return

    def _look(self, name: str) -> Style:
        return look(self, f"click-bar--{name}")

    def _placed(self) -> list[tuple[BarEntry, int]]:
        """The entries that fit, each with the cell at which it begins."""
        end = self.size.width - 1
        entries = list(self._entries)
        right: list[tuple[BarEntry, int]] = []
        if self._last_right and entries:
            last = entries.pop()
            start = end - _cells(last)
            if start > 0:
                right = [(last, start)]
                end = start - len(self._separator)
        placed = []
        at = 1
        for entry in entries:
            if at + _cells(entry) > end:
                break
            placed.append((entry, at))
            at += _cells(entry) + len(self._separator)
        return placed + right


def room_entries(rooms: Sequence[RoomEntry]) -> list[BarEntry]:
    """The rooms of a narrow screen as entries of a bar."""
    return [
        BarEntry(
            room.title,
            room.spot.word,
            _room_look(room),
            room.badge,
            "mention" if room.mentioned else "muted",
        )
        for room in rooms
    ]


def _room_look(room: RoomEntry) -> str:
    if room.current:
        return "current"
    return "muted" if room.muted else "strong" if room.badge else "plain"


def _cells(entry: BarEntry) -> int:
    return cell_len(entry.text) + (cell_len(entry.detail) + 1 if entry.detail else 0)
