"""What the rows of the command table do on the screen: one function for each `screen_action`."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, Protocol

from textual.app import App
from textual.screen import ModalScreen

from tui.client.client import Client
from tui.client.state import STATUS, Buffer, BufferKind, State
from tui.commands.screen import ROOM_NUMBERS_MAX
from tui.editor import EditorFailed, edit
from tui.render.sides import (
    LOBBY_TITLE,
    RoomEntry,
    Spot,
    badge,
    next_unread,
    rooms_in_order,
    server_titles,
)
from tui.screens.dialogs import Question
from tui.screens.earlier import Earlier
from tui.screens.finding import Finding
from tui.screens.go_to import GoTo, Place
from tui.screens.help import HelpScreen
from tui.screens.key_list import KeyList
from tui.screens.main import MainScreen
from tui.screens.preferences import PreferencesScreen, Preferring

MUTED: Final = "muted"


class Archiving(Protocol):
    """What was said, kept on this machine."""

    def words(self, client: Client) -> str:
        """What is kept of a server, and where."""

    def forget(self, client: Client) -> str:
        """Remove it, and keep only what comes; a sentence where that failed, else ""."""


class Host(Protocol):
    """What the actions need of the app."""

    @property
    def archives(self) -> Archiving:
        """What was said on each server."""

    @property
    def client(self) -> Client:
        """The core one is talking through."""

    @property
    def main(self) -> MainScreen:
        """The frame."""

    @property
    def clients(self) -> Sequence[Client]:
        """The cores of all servers."""

    @property
    def last_spot(self) -> Spot:
        """Where one was before."""

    def show(self, buffer: str) -> None:
        """Bring a buffer of this server to the front."""

    def go(self, spot: Spot) -> None:
        """Bring a buffer of any server to the front."""

    def reconnect(self) -> None:
        """Connect to this server now."""

    def disconnect(self) -> None:
        """Hang up; a second time, take the server off the list."""

    def intend(self, intent: Callable[[], None]) -> bool:
        """Ask the core for something; False when it refused, which was told."""

    @property
    def choices(self) -> Preferring:
        """Look, keys and habits."""

    @property
    def server_runs(self) -> bool:
        """Whether quitting stops a server that was started from here."""

    def leave(self) -> object:
        """Quit, without asking."""


class ScreenActions:
    """The table of screen actions, for one app."""

    def __init__(self, host: Host, app: App[None]) -> None:
        self._host = host
        self._app = app
        self._finding = Finding(host, app)
        self._actions: dict[str, Callable[[], None]] = {
            "help": self._help,
            "quit": self._quit,
            "palette": app.action_command_palette,
            "go_to_room": self._go_to_room,
            "next_room": lambda: self._step(1),
            "previous_room": lambda: self._step(-1),
            "next_unread": self._next_unread,
            "last_room": lambda: host.go(host.last_spot),
            "toggle_rooms": lambda: host.main.toggle("rooms"),
            "toggle_members": lambda: host.main.toggle("members"),
            "page_up": lambda: host.main.timeline.page(-1),
            "page_down": lambda: host.main.timeline.page(1),
            "bottom": self._bottom,
            "redraw": self._redraw,
            "new_line": lambda: host.main.composer.new_line(),
            "retry_connection": host.reconnect,
            "disconnect": host.disconnect,
            "find_earlier": self._find_earlier,
            "editor": self._open_editor,
            "preferences": lambda: self._open(PreferencesScreen(host.choices)),
            "keys": lambda: self._open(KeyList(host.choices)),
            "room_menu": lambda: host.main.open_room_menu(host.main.shown),
            "archive": self._show_archive,
            "lobby": lambda: host.show(STATUS),
            "status": self._status,
            **{
                f"room_{number}": partial(self._room_numbered, number)
                for number in range(1, ROOM_NUMBERS_MAX + 1)
            },
            "select_message": lambda: host.main.timeline.start_choosing(),
            **self._finding.actions,
            "delete_newest": lambda: host.main.deeds.delete_newest(),
            "first_unread": self._first_unread,
            "card": lambda: host.main.people.choose(),
            "room_settings": lambda: host.main.people.open_settings(),
        }
        self._typed: dict[str, Callable[[str], None]] = {
            "find": self._finding.open_search,
            "card": lambda nick: host.main.people.open(nick),
        }

    @property
    def names(self) -> Sequence[str]:
        """The actions there are."""
        return list(self._actions)

    def perform(self, name: str) -> None:
        """Do `name`, one of `names`; behind some a space and a text may follow."""
        name, _, typed = name.partition(" ")
        if typed:
            self._typed[name](typed)
        else:
            self._actions[name]()

    def _redraw(self) -> None:
        self._app.refresh(repaint=True, layout=True)

    def _open(self, screen: ModalScreen[None]) -> None:
        self._app.push_screen(screen)

    def _find_earlier(self) -> None:
        composer = self._host.main.composer

        def take(line: str | None) -> None:
            if line:
                composer.write(line)

        self._app.push_screen(Earlier(composer.earlier), take)

    def _open_editor(self) -> None:
        self._app.run_worker(self._edit(), exclusive=True, group="editor")

    async def _edit(self) -> None:
        """Lend the terminal to the person's editor. What they leave is written, not sent."""
        composer = self._host.main.composer
        try:
            composer.write(await edit(self._app, composer.text))
        except EditorFailed as failure:
            self._host.main.tell(str(failure), failure=True)

    def _help(self) -> None:
        self._app.push_screen(HelpScreen(self._host.main.offered, self._host.choices.keymap))

    def _status(self) -> None:
        self._host.show(STATUS)
        self._host.main.show_buffer(STATUS, whole=True)

    def _bottom(self) -> None:
        self._host.main.timeline.scroll_to_end()
        self._host.main.composer.focus()
        self._host.client.mark_read(self._host.client.state.current)

    @property
    def _states(self) -> list[State]:
        return [client.state for client in self._host.clients]

    def _rooms(self) -> list[RoomEntry]:
        return rooms_in_order(self._states, self._host.client.state)

    def _step(self, step: int) -> None:
        rooms = self._rooms()
        at = next((index for index, room in enumerate(rooms) if room.current), 0)
        self._host.go(rooms[(at + step) % len(rooms)].spot)

    def _room_numbered(self, number: int) -> None:
        """Lobbies have no number."""
        spots = [room.spot for room in self._rooms() if room.spot.buffer != STATUS]
        if number <= len(spots):
            self._host.go(spots[number - 1])
        else:
            self._host.main.tell(f"There is no room {number} in the list.", failure=False)

    def _first_unread(self) -> None:
        main = self._host.main
        if not main.timeline.reveal_first_unread():
            main.tell("Nothing is unread here.", failure=False)

    def _next_unread(self) -> None:
        spot = next_unread(self._states, self._host.client.state)
        if spot is None:
            self._host.main.tell("Nothing is unread.", failure=False)
        else:
            self._host.go(spot)

    def _show_archive(self) -> None:
        client = self._host.client
        answers = [("keep", "Keep it"), ("forget", "Remove it; what comes is kept again")]

        def take(answer: str | None) -> None:
            if answer == "forget":
                failure = self._host.archives.forget(client)
                self._host.main.tell(failure or "What was kept is removed.", bool(failure))

        self._app.push_screen(Question(self._host.archives.words(client), answers), take)

    def _quit(self) -> None:
        """Ask only when something would be lost."""
        losses = self._losses()
        if not losses:
            self._host.leave()
            return
        answers = [("stay", "Stay"), ("quit", "Quit")]
        self._app.push_screen(Question(f"{losses} Quit all the same?", answers), self._quit_if)

    def _quit_if(self, answer: str | None) -> None:
        if answer == "quit":
            self._host.leave()

    def _losses(self) -> str:
        sentences = []
        unsent = sum(len(client.unsent) for client in self._host.clients)
        if unsent:
            many = unsent > 1
            sentences.append(
                f"{unsent} message{'s are' if many else ' is'} not sent yet; "
                f"{'they stay' if many else 'it stays'} here as a draft."
            )
        if self._host.server_runs:
            sentences.append("The server started from here will stop, for everyone on it.")
        return " ".join(sentences)

    def _go_to_room(self) -> None:
        self._app.push_screen(GoTo(self._places()), self._go_to)

    def _go_to(self, place: Place | None) -> None:
        client = self._host.client
        if place is None:
            return
        if place.action == "show":
            self._host.go(Spot.read(place.target))
        else:
            enter = client.join if place.action == "join" else client.create
            self._host.intend(lambda: enter(place.target))

    def _places(self) -> list[Place]:
        """The last place first, then those with news, the others, and rooms one may enter."""
        state, states = self._host.client.state, self._states
        titles = server_titles(states) if len(states) > 1 else {}
        places = [place for each in states for place in _places_of(each, titles)]
        here, last = Spot(state.server, state.current).word, self._host.last_spot.word
        places = [place for place in places if place.target != here]
        places.sort(key=lambda place: (place.target != last, place.note in ("", MUTED)))
        known = {buffer.name for buffer in state.buffers.values()}
        return places + [
            Place("join", room.name, room.name.removeprefix("#"), room.topic or "a room")
            for room in state.lobby
            if room.name not in known
        ]


def _places_of(state: State, titles: Mapping[str, str]) -> list[Place]:
    """The lobby of a server and one's conversations there, with its title if it has one."""
    where = f"on {titles[state.server]}" if titles else ""
    lobby = Place("show", Spot(state.server).word, LOBBY_TITLE, "the rooms there are", where)
    return [lobby] + [
        _place_of(state, buffer, where)
        for buffer in state.buffers.values()
        if buffer.kind is not BufferKind.STATUS
    ]


def _place_of(state: State, buffer: Buffer, where: str) -> Place:
    note = MUTED if state.is_muted(buffer.key) else badge(buffer)
    return Place("show", Spot(state.server, buffer.key).word, buffer.title, note, where)
