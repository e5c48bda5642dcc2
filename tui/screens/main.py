"""The one frame in which everything happens: rooms, conversation, members, composer, keys.

The lobby and every room share it. It turns updates into what widgets show; what the person
wants passes through as messages of the widgets and is answered by the app.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Label, Static

from tui.client.client import Client
from tui.client.state import STATUS, Buffer, Connection, Item, ItemKind, State
from tui.client.updates import (
    BufferChanged,
    BufferClosed,
    ItemChanged,
    ItemsAppended,
    ItemsPrepended,
    ItemsReordered,
    MessageFound,
    Told,
    Update,
)
from tui.commands.complete import where_is
from tui.commands.keymap import KeyMap, own_keys
from tui.commands.table import Where
from tui.preferences import Preferences, chosen_width
from tui.render.sides import Spot, room_bar
from tui.render.words import (
    QUIET,
    Words,
    connection_words,
    heading,
    placeholder,
    split_words,
    typing_words,
)
from tui.screens.compositor import RowCompositor
from tui.screens.gallery import Gallery
from tui.screens.host import Host, Typing, taste_of
from tui.screens.keys import footer_rows, key_label, key_of
from tui.screens.message_deeds import MessageDeeds
from tui.screens.overlays import hand_on
from tui.screens.person_deeds import PersonDeeds
from tui.screens.room_menu import open_room_menu
from tui.screens.way_back import WayBack
from tui.widgets import wishes
from tui.widgets.bars import BarEntry, ClickBar, StatusLine, TopicLine, room_entries
from tui.widgets.completer import Completer
from tui.widgets.composer import Composer
from tui.widgets.deeds import hint
from tui.widgets.gate import Gate
from tui.widgets.line_list import LineList
from tui.widgets.lobby import ROOM, WORD, Lobby
from tui.widgets.roster import Roster
from tui.widgets.sidebar import Sidebar
from tui.widgets.timeline import Timeline

COUNTDOWN_S: Final = 1.0

_NOT_IN_THE_LOBBY: Final = frozenset({ItemKind.GREETING})


class MainScreen(Screen[None]):
    """Shows `state`, of one of the servers whose states `servers` tells.

    `now` is the clock of `State.retry_at`, for the countdown; `quiet` says until when one is not
    to be disturbed.
    """

    AUTO_FOCUS = "Composer"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-tiny"),
        (60, "-narrow"),
        (80, "-medium"),
        (110, "-wide"),
    ]

    def __init__(
        self,
        state: State,
        servers: Callable[[], Sequence[State]],
        typing: Typing,
        now: Callable[[], float],
        quiet: Callable[[], str],
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__()
        self._compositor = RowCompositor()
        self._state = state
        self._servers = servers
        self._typing = typing
        self._now, self._quiet = now, quiet
        self.zone = zone
        self.chosen: Item | None = None  # the message that letters act on
        self.composer = Composer(id="composer")
        self.timeline = Timeline(zone, id="timeline")
        self.deeds = MessageDeeds(self, lambda: self._state, zone)
        self.people = PersonDeeds(self, lambda: self._state, zone)
        self.gallery = Gallery(self)
        self._told = self._hint = QUIET
        self._quiet_said = ""
        self._gate = Gate(self, self._refresh_frame)
        self._shown, self._whole = state.current, False
        self.way_back = WayBack(self)
        self._preferences, self.keymap = Preferences(), own_keys()
        self._ready = False  # once the parts are there

    def compose(self) -> ComposeResult:
        """The frame; which parts are seen is decided by width, in the style sheet."""
        with Horizontal(id="frame"):
            yield Sidebar(id="rooms")
            with Vertical(id="middle"):
                yield ClickBar(id="room-bar", separator=" · ")
                yield TopicLine(id="topic")
                yield Lobby(id="lobby")
                yield self.timeline
                yield StatusLine(id="status")
                yield Completer(id="completer")
                yield Static(id="target")
                with Horizontal(id="entry"):
                    yield Label("›", id="prompt")
                    yield self.composer
            yield Roster(id="members")
        yield ClickBar(id="keys")

    def on_mount(self) -> None:
        """Fill the frame."""
        self._ready = True
        self.composer.complete = self._typing.complete
        self.composer.submit = self._typing.submit
        self.composer.is_secret = self._typing.is_secret
        self.composer.split = self._typing.split
        self.prefer(self._preferences, self.keymap)
        self.composer.turn(self._state.server, self._state.current, self._state.drafts)
        self.show_buffer(self._state.current)
        self.set_interval(COUNTDOWN_S, self._count_down)

    @dataclass
    class Wanted(Message):
        """The person wants something that is for the app to `do`."""

        do: Callable[[Host], None]

    # -- parts ---------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether the parts are there."""
        return self._ready

    def drafts(self, state: State) -> dict[str, str]:
        """What is written and not sent on a server, by buffer."""
        written = self.composer.drafts(state.server)
        return dict(state.drafts) if written is None else written

    @property
    def shown(self) -> Spot:
        """What is on the screen."""
        return Spot(self._state.server, self._shown)

    @property
    def offered(self) -> Container[str]:
        """The capabilities of the server."""
        return self._state.offered

    @property
    def where(self) -> Where:
        """What kind of place is on the screen."""
        return where_is(self._state, self._shown)

    # -- what happens --------------------------------------------------------------------------

    def show_server(self, state: State) -> None:
        """Turn to a server; `show_buffer` says where. Each server keeps its drafts."""
        if state is self._state:
            return
        self._state = state
        self._told = QUIET
        if self._ready:
            self.composer.turn(state.server, state.current, state.drafts)

    def tell_elsewhere(self, state: State, title: str, told: Told) -> None:
        """What a server tells that is not on the screen; a refused text becomes a draft there."""
        self.tell(f"{title}: {told.text}", told.failure)
        if told.draft:
            self.composer.leave_draft(state.server, told.buffer, told.draft, state.drafts)

    def show_buffer(self, key: str, whole: bool = False) -> None:
        """Put a buffer on the screen; the composer shows its draft.

        The lobby leaves out what the server says of itself, unless one wants the `whole`.
        """
        if not self._ready:
            return  # `on_mount` shows the current one
        buffer = self._state.buffers.get(key)
        if key != self._shown:
            self._told = QUIET
        self.way_back.forget()
        self._shown = key
        self.composer.switch(key)
        self._whole = whole
        self.query_one(Lobby).display = key == STATUS and not whole
        if buffer is not None:
            in_lobby = key == STATUS and not whole
            hidden = _NOT_IN_THE_LOBBY if in_lobby else frozenset()
            self.timeline.show(buffer, hidden, self._state.server)
        self._refresh_frame()

    def take(self, updates: Sequence[Update]) -> None:
        """Show what changed; the state holds it already."""
        if not self._ready:
            return  # `on_mount` shows everything
        for update in updates:
            if isinstance(update, BufferClosed):
                continue
            if isinstance(update, MessageFound):
                self.reveal(update.buffer, update.item_id)
                continue
            if getattr(update, "buffer", None) == self._shown:
                self._take_item(update)
        hand_on(self.app, self._state, updates)
        self._gate.request()

    def reveal(self, buffer: str, item_id: int) -> None:
        """Go to an item, whatever room it is in; Esc leads back to where one was."""
        self.way_back.reveal(Spot(self._state.server, buffer), item_id)

    def refresh_servers(self) -> None:
        """Something changed on a server that is not on the screen."""
        self._gate.request()

    def _take_item(self, update: Update) -> None:
        match update:
            case ItemsAppended(items=items):
                self.timeline.append(items)
            case ItemsPrepended(count=count):
                self.timeline.prepend(count)
            case ItemChanged(item=item):
                self.timeline.change(item)
            case ItemsReordered():
                self.timeline.reload()
            case BufferChanged():
                self.timeline.update_buffer()
            case _:
                pass

    def prefer(self, preferences: Preferences, keymap: KeyMap) -> None:
        """Look and behave as the person wants."""
        self._preferences, self.keymap = preferences, keymap
        if self._ready:
            self.composer.paste_lines = preferences.writing__paste_lines
            edits = preferences.writing__up == "edit-last"
            self.composer.edit_last = self._typing.edit_last if edits else None
            self.timeline.fit(taste_of(preferences))
            self.timeline.deed_keys = keymap.message_keys
            self.query_one(Sidebar).styles.width = chosen_width(preferences, "look__rooms_width")
            self.query_one(Roster).styles.width = chosen_width(preferences, "look__members_width")
            self._refresh_frame()

    def tell(self, text: str, failure: bool) -> None:
        """One line of answer; it stays until the next thing is said or done."""
        self._told = Words(text, "failure" if failure else "quiet")
        self._gate.request()

    def answer(self, told: Told) -> None:
        """What the core tells; a text that was refused goes back to where it was written."""
        self.tell(told.text, told.failure)
        self.composer.give_back(told.buffer, told.draft)

    def clear_told(self) -> None:
        """The answer was read."""
        self._told = QUIET
        self._refresh_status()

    def toggle(self, panel: str) -> None:
        """Show or hide a side panel by its id; as an overlay where there is no room for it."""
        self.toggle_class(f"-toggle-{panel}")

    def step_back(self) -> bool:
        """Put away one thing that lies over the conversation; False when nothing did."""
        completer = self.query_one(Completer)
        if completer.display:
            completer.update_candidates((), -1)
            return True
        if self.deeds.step_back():
            return True
        panels = [name for name in self.classes if name.startswith("-toggle-")]
        if panels and not self.has_class("-wide"):
            self.remove_class(*panels)
            return True
        if self._told.text:
            self.clear_told()
            return True
        return self.way_back.go_back()

    # -- drawing -------------------------------------------------------------------------------

    def _buffer(self) -> Buffer | None:
        return self._state.buffers.get(self._shown)

    def _refresh_frame(self) -> None:
        if not self._ready or not self.children:  # not yet, or the program ends
            return
        state, buffer = self._state, self._buffer()
        self.timeline.mark_names(state.nick, state.keywords)
        self.gallery.look(state, buffer.items if buffer else ())
        servers = self._servers()
        self.query_one(Sidebar).update_servers(servers, state)
        self.query_one("#room-bar", ClickBar).set_entries(room_entries(room_bar(servers, state)))
        self.query_one(TopicLine).set_heading(heading(state, buffer, self._whole))
        members = buffer.members.values() if buffer else ()
        self.query_one(Roster).update_members(members, self.app.current_theme.dark)
        if self._shown == STATUS:
            self.query_one(Lobby).update_state(state)
        self.composer.placeholder = Content(placeholder(state))
        self._refresh_keys()
        self._refresh_status()

    def _refresh_keys(self) -> None:
        rows = footer_rows(self.where, self.keymap)
        entries = [
            BarEntry(key_label(self.keymap.first(row.name)), row.name, "key", row.footer, "muted")
            for row in rows
        ]
        palette = bool(rows) and rows[-1].screen_action == "palette"
        self.query_one("#keys", ClickBar).set_entries(entries, last_right=palette)

    def _refresh_status(self) -> None:
        retry_key = key_of(self.keymap, "reconnect")
        connection = connection_words(self._state, self._now(), retry_key)
        typing = typing_words(self._buffer()) if self._preferences.reading__typing else QUIET
        split = split_words(len(self.composer.cuts))
        self._quiet_said = self._quiet()
        quiet = Words(self._quiet_said, "quiet")
        sentences = [typing, connection, self._hint, split, self._told]
        sentences += [quiet] if self._told.text != quiet.text else []
        self.query_one(StatusLine).set_sentences(sentences)

    def _count_down(self) -> None:
        waits = self._state.connection is Connection.WAITING
        if waits or self._quiet() != self._quiet_said:
            self._refresh_status()

    def on_composer_candidates_changed(self, event: Composer.CandidatesChanged) -> None:
        """Show what could be completed."""
        event.stop()
        self.query_one(Completer).update_candidates(event.candidates, event.chosen, event.usage)

    def on_composer_edited(self, event: Composer.Edited) -> None:
        """Something is being written."""
        outdated = event.buffer == self.composer.buffer and event.text != self.composer.text
        if self._preferences.writing__typing and not outdated:  # it may have been sent by now
            self._typing.edited(event.buffer, event.text)
        self._refresh_status()

    def on_composer_paste_wanted(self, event: Composer.PasteWanted) -> None:
        """Many lines were pasted."""
        self._typing.pasted(event.buffer, event.text)

    def on_composer_target_changed(self, event: Composer.TargetChanged) -> None:
        """Say above the composer what is being answered or edited."""
        event.stop()
        self.deeds.target_changed(event.target)
        line = self.query_one("#target", Static)
        line.display = event.target is not None
        if event.target is not None:
            line.update(
                Content.assemble(event.target.words, ("  Esc leaves it", "$foreground 60%"))
            )

    def on_line_list_picked(self, event: LineList.Picked) -> None:
        """Something in a list was clicked."""
        event.stop()
        key = event.key
        match event.source:
            case "completer":
                self.composer.pick_candidate(int(key))
            case "members":
                self.people.open(key)
            case "lobby" if key.startswith(WORD):
                self.composer.write(key.removeprefix(WORD))
            case "lobby":
                self._enter(key.removeprefix(ROOM))
            case _:
                self._want_shown(Spot.read(key))

    def on_line_list_menu_wanted(self, event: LineList.MenuWanted) -> None:
        """What can be done with a room of the list."""
        event.stop()
        if event.source == "rooms":
            self.open_room_menu(Spot.read(event.key))

    def open_room_menu(self, spot: Spot) -> None:
        """Ask what to do with a room or person."""
        open_room_menu(self, self._state, spot)

    def _enter(self, room: str) -> None:
        """Go into a room of the lobby, or just there when one is in it."""
        for buffer in self._state.buffers.values():
            if buffer.joined and buffer.name == room:
                self._want_shown(Spot(self._state.server, buffer.key))
                return
        self.want(lambda client: client.join(room))

    def ask(self, do: Callable[[Host], None]) -> None:
        """Let the app `do` something."""
        self.post_message(self.Wanted(do))

    def want(self, intent: Callable[[Client], None]) -> None:
        """Ask the core for something; a refusal is told."""
        self.ask(lambda host: _intend(host, intent))

    def _want_shown(self, spot: Spot) -> None:
        self.ask(lambda host: host.go(spot))

    def on_click_bar_picked(self, event: ClickBar.Picked) -> None:
        """A room or a key was clicked."""
        event.stop()
        if event.source == "keys":
            self.ask(lambda host: host.action_command(event.key))
        else:
            self._want_shown(Spot.read(event.key))

    def on_timeline_older_wanted(self, event: wishes.OlderWanted) -> None:
        """The reader nears the oldest message that is loaded."""
        if self._state.connection is Connection.ONLINE:
            self.want(lambda client: client.load_older(event.buffer))

    def on_timeline_hole_near(self, event: wishes.HoleNear) -> None:
        """The reader nears messages that are not loaded."""
        self.want(
            lambda client: client.fill_hole(event.buffer, event.hole, downward=event.downward)
        )

    def on_timeline_end_reached(self, event: wishes.EndReached) -> None:
        """What is new is seen, if anyone looks."""
        self.way_back.forget()
        if event.buffer == self._shown:
            self.ask(lambda host: host.look())

    def on_timeline_end_left(self) -> None:
        """What is new is not seen any more."""
        self.ask(lambda host: host.look())

    def on_timeline_deed_wanted(self, event: wishes.DeedWanted) -> None:
        """Something shall be done with a message."""
        event.stop()
        self.clear_told()
        self.deeds.do(event)

    def on_timeline_chosen(self, event: wishes.Chosen) -> None:
        """While a message is chosen, say what can be done with it."""
        self.chosen = item = event.item
        keys = self.keymap.message_keys
        self._hint = Words(hint(item, keys), "busy") if item is not None else QUIET
        self._refresh_status()

    def on_timeline_left(self, event: wishes.Left) -> None:
        """Back to writing, or to where one was before a message was looked up."""
        self.composer.type(event.typed)
        if event.back:
            self.way_back.go_back()

    def on_composer_end_wanted(self) -> None:
        """End in an empty composer."""
        self.timeline.scroll_to_end()

    def on_composer_choose_wanted(self) -> None:
        """Shift+Tab."""
        self.timeline.start_choosing()

    def on_composer_nothing_to_clear(self) -> None:
        """Ctrl+C where there is nothing to copy or clear."""
        self.tell(f"{key_of(self.keymap, 'quit')} quits.", failure=False)

    def on_click(self, event: events.Click) -> None:
        """A click anywhere but on a message leaves one writing."""
        if event.widget is self.query_one("#target"):
            self.composer.target = None
        if event.widget is not self.timeline:
            self.composer.focus()


def _intend(host: Host, intent: Callable[[Client], None]) -> None:
    host.intend(lambda: intent(host.client))
