"""The conversation on the screen: one scrolling view that draws only the lines one sees.

Follows the end until the person scrolls up; nothing that arrives, in front or behind, then moves
what they read. Updates are gathered and drawn some 25 times a second at most.
Reads its buffer and never changes it; what the person wants leaves as a message.
"""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import ClassVar, Final

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui.client.order import item_before
from tui.client.state import Buffer, Item, ItemKind
from tui.render.entries import Run, first_item
from tui.render.page import Drawing, Layout, Palette, Taste
from tui.render.thread import Thread
from tui.render.thumbnail import Thumbnail
from tui.render.transcript import Transcript
from tui.render.viewport import Place, Viewport
from tui.widgets import wishes
from tui.widgets.content import Backlog, place_content
from tui.widgets.deeds import DEED_KEYS, MENU, STEPS, deed_of_click
from tui.widgets.gate import Gate
from tui.widgets.looks import ground, on_ground, timeline_palette
from tui.widgets.painter import Painter, with_cue

_WIDTH_AT_FIRST: Final = 80

PICTURES_MAX: Final = 200
"""Some kilobytes each."""


class Timeline(ScrollView, can_focus=True):
    """The items of one buffer. With the focus, a message is chosen and letters act on it."""

    ALLOW_SELECT = True

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "timeline--muted",
        "timeline--rule",
        "timeline--accent",
        "timeline--error",
        "timeline--pending",
        "timeline--own",
        "timeline--selection",
        "timeline--chosen",
        "timeline--cue",
        "timeline--code",
    }

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Previous message", show=False),
        Binding("down", "choose(1)", "Next message", show=False),
        Binding("home", "choose_first", "First message", show=False),
        Binding("end", "choose_last", "Last message", show=False),
        Binding("enter", f"do('{MENU}')", "Menu", show=False),
        Binding("tab,shift+tab", "leave(False)", "Write", show=False),
        Binding("escape", "leave(True)", "Back", show=False),
    ]

    def __init__(self, zone: tzinfo | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._buffer: Buffer | None = None
        self._transcript = Transcript(
            Drawing(Layout.for_width(_WIDTH_AT_FIRST), Palette(True, *[Style()] * 8), zone)
        )
        self._painter = Painter(self._transcript)
        self._view = Viewport(self._transcript, self._painter.height)
        self._backlog = Backlog()
        self._gate = Gate(self, self._flush)
        self._server = ""
        self._places: dict[tuple[str, str], Place | None] = {}  # by server and buffer
        self._placing = False
        self._painting = False
        self._recolor = True
        self._unseen = 0
        self._was_at_end = True
        self.deed_keys: Mapping[str, str] = DEED_KEYS  # what they do with the chosen message
        self._chosen: int | None = None

    # -- what is shown -------------------------------------------------------------------------

    @property
    def following(self) -> bool:
        """Whether new messages come into view by themselves."""
        return self._view.following

    @property
    def at_end(self) -> bool:
        """Whether the newest message of the conversation is in view."""
        return self._view.following and self.thread is None

    def show(
        self, buffer: Buffer, hidden: frozenset[ItemKind] = frozenset(), server: str = ""
    ) -> None:
        """Show another buffer of `server`, where one left it; at first, at its oldest unread.

        Items of the kinds in `hidden` are left out.
        """
        self._remember_place()
        self._buffer, self._server = buffer, server
        self._backlog = Backlog()
        self._unseen = 0
        self._set_chosen(None)
        self._clear_selection()
        self._transcript.hidden, self._transcript.thread = hidden, None
        self._transcript.load(buffer.items, buffer.first_unread_id, buffer.holes)
        place = self._places.get((server, buffer.key))
        if place is None and buffer.first_unread_id:
            place = Place(buffer.first_unread_id)
        self.go_to(place)

    def mark_names(self, nick: str, keywords: tuple[str, ...]) -> None:
        """Mark these words in what is meant for the person."""
        drawing = self._transcript.drawing._replace(nick=nick, keywords=keywords)
        if drawing != self._transcript.drawing:
            self._transcript.drawing = drawing
            self._painter.clear()
            self.refresh()

    def show_picture(self, item: Item, thumbnail: Thumbnail) -> None:
        """Show a picture below an item; the oldest one gives way when there are too many."""
        pictures = self._transcript.pictures
        pictures[item.id] = thumbnail
        if len(pictures) > PICTURES_MAX:
            del pictures[next(iter(pictures))]
        if self._transcript.index_of(item.id) is not None:
            self.change(item)

    def append(self, items: Sequence[Item]) -> None:
        """Items came at the end."""
        self._backlog.appended.extend(items)
        self._gate.request()

    def prepend(self, count: int) -> None:
        """`count` older items came in front."""
        self._backlog.prepended += count
        self._gate.request()

    def change(self, item: Item) -> None:
        """An item looks different, or stands elsewhere."""
        self._backlog.changed[item.id] = item
        self._gate.request()

    def reload(self) -> None:
        """Everything may be different."""
        self._backlog.reload = True
        self._gate.request()

    def update_buffer(self) -> None:
        """The unread rule or the loading state changed."""
        if self._buffer is None:
            return
        if self._buffer.first_unread_id != self._transcript.first_unread_id:
            self._transcript.mark_unread_from(self._buffer.first_unread_id)
            self._view.settle()
        self._sync()

    def scroll_to_end(self) -> None:
        """Go to the newest message and follow it again."""
        self._set_chosen(None)
        self.go_to(None)

    @property
    def place(self) -> Place | None:
        """Where the reader is; None at the end."""
        return self._view.place()

    def go_to(self, place: Place | None) -> None:
        """Go to where one was, None being the end."""
        self._view.follow()
        self._view.go_to(place)
        self._sync()

    def reveal(self, item_id: int) -> None:
        """Bring an item into the middle of the view, and choose it."""
        if self.thread is not None:
            self.show_thread(None)
        self._flush()
        index = self._transcript.index_of(item_id)
        if index is not None:
            self.focus()
            self._view.go_to(Place(item_id, -(self.size.height // 2)))
            self._set_chosen(index)
            self._sync()

    def reveal_first_unread(self) -> bool:
        """Go to the first unread message; False where there is none."""
        first = self._transcript.first_unread_id
        if self._transcript.index_of(first) is None:
            return False
        self.reveal(first)
        return True

    @property
    def thread(self) -> Thread | None:
        """The thread that is shown alone."""
        return self._transcript.thread

    def show_thread(self, item: Item | None) -> None:
        """Show nothing but the thread of `item`; None: everything again, where one was."""
        buffer = self._buffer
        if buffer is None or (item is None and self.thread is None):
            return
        if self.thread is None:
            self._remember_place()
        self._set_chosen(None)
        self._clear_selection()
        self._transcript.thread = Thread(buffer.items, item) if item is not None else None
        self._transcript.load(buffer.items, buffer.first_unread_id, buffer.holes)
        self.go_to(None if item is not None else self._places.get((self._server, buffer.key)))

    def page(self, direction: int) -> None:
        """A page up (-1) or down (1), keeping a line of context."""
        step = max(1, self.size.height - 2)
        self.scroll_to(y=int(self.scroll_y) + direction * step, animate=False)

    def start_choosing(self) -> None:
        """Take the focus and choose the newest message on the screen."""
        if not len(self._transcript):
            return
        located = self._view.locate(self.size.height - 1)
        self.focus()
        self._choose_index(located[0] if located else len(self._transcript) - 1)

    # -- updates, gathered ---------------------------------------------------------------------

    def _flush(self) -> None:
        backlog, self._backlog = self._backlog, Backlog()
        buffer = self._buffer
        if buffer is None:
            return
        if backlog.reload or not self._take(buffer, backlog):
            self._reload(buffer)
        if not self.following:
            self._unseen += len(backlog.appended)
        self._view.settle()
        self._sync()
        if backlog.appended:
            self._reached_end()

    def _take(self, buffer: Buffer, backlog: Backlog) -> bool:
        """Bring the transcript up to date piece by piece; False where that cannot be done."""
        if backlog.prepended:
            count = self._view.take_older(buffer.items[: backlog.prepended])
            self._chosen = None if self._chosen is None else self._chosen + count
        self._transcript.append(backlog.appended)
        for item in filter(self._transcript.shows, backlog.changed.values()):
            if not self._transcript.change(item, item_before(buffer.items, item)):
                return False
        return True

    def _reload(self, buffer: Buffer) -> None:
        place = self._view.place()
        self._set_chosen(None)
        self._clear_selection()
        self._transcript.load(buffer.items, buffer.first_unread_id, buffer.holes)
        self._view.go_to(place)

    # -- the place in it -------------------------------------------------------------------------

    def _sync(self) -> None:
        """Give Textual the height of the content and the position in it, and draw."""
        if self.following:
            self._unseen = 0
        self._placing = True
        place_content(self, self._view.total, self._view.y)
        self._placing = False
        self.refresh()
        self._want_older()
        if self.at_end != self._was_at_end:
            self._was_at_end = self.at_end
            if self.at_end:
                self._reached_end()
            else:
                self.post_message(wishes.EndLeft())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The person scrolled."""
        super().watch_scroll_y(old_value, new_value)
        if self._placing or old_value == new_value:
            return
        if self._view.rows != self.size.height:
            self.fit()  # not the person: Textual clamps to the new size before it says so
            return
        self._view.scroll(round(new_value))
        self._sync()
        self._reached_end()

    def _reached_end(self) -> None:
        if self.at_end and self._buffer is not None:
            self.post_message(wishes.EndReached(self._buffer.key))

    def _want_older(self) -> None:
        buffer = self._buffer
        if buffer is None or not buffer.items or not self._view.rows or self.thread:
            return
        if self._view.is_near_start and not (buffer.at_start or buffer.loading_older):
            self.post_message(wishes.OlderWanted(buffer.key))
        near = self._view.hole_near() if buffer.holes and not buffer.filling else None
        if near is not None:
            self.post_message(wishes.HoleNear(buffer.key, *near))

    def _remember_place(self) -> None:
        if self._buffer is not None and self.thread is None:
            self._places[self._server, self._buffer.key] = self._view.place()

    def on_resize(self) -> None:
        """Wrap anew."""
        self.fit()

    def fit(self, taste: Taste | None = None) -> None:
        """Use the present size; keeps the entry at the top of the view where it is."""
        width, self._view.rows = self.size
        drawing, before = self._transcript.drawing, self._transcript.drawing.layout
        layout = Layout.for_width(width or before.width, taste or before.taste)
        if layout != before:
            place = self._view.place()
            self._transcript.redraw(drawing._replace(layout=layout))
            self._painter.clear()
            if place is not None:
                self._view.go_to(Place(place.item_id))
        if width:
            self._view.settle()
            self._sync()

    # -- drawing -------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """The theme changed: colours are read anew when they are first needed."""
        super().notify_style_update()
        self._recolor = True

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint; the marks that hit-testing needs are left out meanwhile."""
        if self._recolor:
            self._recolor = False
            self._transcript.drawing = self._transcript.drawing._replace(
                palette=timeline_palette(self)
            )
            self._painter.clear()
        self._painting = True
        self._painter.base = self.rich_style
        try:
            return super().render_lines(crop)
        finally:
            self._painting = False

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        width = self.size.width
        if width != self._transcript.drawing.layout.width:
            self.fit()  # a paint may come before the resize event
        strip = self._content_line(y, width)
        if y == self.size.height - 1 and not self.following:
            words = f" ↓ {self._unseen} new " if self._unseen else " ↓ latest "
            style = self.get_component_rich_style("timeline--cue")
            strip = with_cue(strip, words, style, width)
        return strip

    def _content_line(self, row: int, width: int) -> Strip:
        if self._view.is_header(row):
            return self._painter.header(self._buffer, width)
        located = self._view.locate(row)
        if located is None:
            return self._painter.blank(width)
        index, within = located
        if not self._painting:
            return self._painter.strip_with_offsets(index, within, width)
        strip = self._painter.strip(index, within, width, self._selected(index))
        if index == self._chosen:
            return on_ground(strip, ground(self, "timeline--chosen"))
        return strip

    # -- choosing a message --------------------------------------------------------------------

    def action_choose(self, step: int) -> None:
        """Choose the message before (-1) or after (1)."""
        if self._chosen is not None and len(self._transcript):
            self._choose_index(self._chosen + step)

    def action_choose_first(self) -> None:
        """Choose the oldest message that is loaded."""
        self._choose_index(0)

    def action_choose_last(self) -> None:
        """Choose the newest message."""
        self._choose_index(len(self._transcript) - 1)

    def action_do(self, deed: str) -> None:
        """Do something with the chosen message."""
        item = self._chosen_item()
        if item is not None:
            self._want(deed, item)

    def _want(self, deed: str, item: Item, detail: str = "") -> None:
        if self._buffer is not None:
            self.post_message(wishes.DeedWanted(deed, self._buffer.key, item, detail))

    def action_leave(self, back: bool) -> None:
        """Back to writing; with `back` also to where one came from."""
        self.post_message(wishes.Left("", back))

    def on_key(self, event: events.Key) -> None:
        """A key does its deed; any other character belongs to the message one begins to write."""
        name = self.deed_keys.get(event.key, "")
        if name in STEPS:
            event.stop()
            self.action_choose(STEPS[name])
        elif name:
            event.stop()
            self.action_do(name)
        elif event.is_printable and event.character:
            event.stop()
            self.post_message(wishes.Left(event.character))

    def on_blur(self) -> None:
        """Nothing is chosen while one writes; whoever only leaves the terminal comes back to it."""
        if self.app.app_focus:
            self._set_chosen(None)

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked; the cue at the lower right leads to the end."""
        cue_hit = event.y == self.size.height - 1 and event.x >= self.size.width - 12
        if cue_hit and not self.following:
            self.scroll_to_end()
            self.post_message(wishes.Left(""))
            return
        located = self._view.locate(event.y)
        if located is not None and self.text_selection is None:
            self._choose_index(located[0])
            self._do_clicked(*located, event.x)

    def _do_clicked(self, index: int, within: int, x: int) -> None:
        """What was clicked may be a link, a quote or a reaction, and not just a message."""
        item = self._chosen_item()
        piece = self._painter.piece_at(index, within, x)
        wanted = deed_of_click(piece, item) if piece is not None and item is not None else None
        if wanted is not None and item is not None:
            self._want(wanted[0], item, wanted[1])

    def _chosen_item(self) -> Item | None:
        if self._chosen is None:
            return None
        entry = self._transcript.entries[self._chosen]
        return None if isinstance(entry, Run) else entry

    def _choose_index(self, index: int) -> None:
        index = max(0, min(index, len(self._transcript) - 1))
        if len(self._transcript):
            self._set_chosen(index)
            self._view.bring_into_view(index)
            self._sync()

    def _set_chosen(self, index: int | None) -> None:
        if index == self._chosen:
            return
        self._chosen = index
        item = first_item(self._transcript.entries[index]) if index is not None else None
        self.post_message(wishes.Chosen(item))
        self.refresh()

    # -- selecting text with the mouse -----------------------------------------------------------

    def _selected(self, index: int) -> tuple[int, int] | None:
        selection = self.text_selection
        return selection.get_span(self._transcript.base + index) if selection else None

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, with time and nick where whole messages are selected."""
        base = self._transcript.base
        start, end = selection.start, selection.end
        first = (0, 0) if start is None else (start.y - base, start.x)
        last = (len(self._transcript) - 1, None) if end is None else (end.y - base, end.x)
        return self._transcript.copied(first, last), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the highlight anew."""
        super().selection_updated(selection)
        self.refresh()

    def _clear_selection(self) -> None:
        if self.is_attached and self.text_selection is not None:
            self.screen.clear_selection()
