"""What can be done with a room or person of the list: a right click on it, or a command."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol

from textual.app import App

from tui.client.client import Client
from tui.client.state import STATUS, Attention, Buffer, BufferKind, State
from tui.render.sides import Spot
from tui.screens.host import Host
from tui.screens.menus import Entry, Menu
from tui.widgets.composer import Composer

READ: Final = "read"
LEAVE: Final = "leave"
USUAL: Final = "usual"

_HEARD: Final = {
    Attention.ALL.value: ("a", "Tell of everything said here"),
    Attention.MENTIONS.value: ("t", "Tell of what is meant for you"),
    Attention.NOTHING.value: ("m", "Mute: count, and tell nothing"),
    USUAL: ("u", "Tell of it as of any other"),
}


class Frame(Protocol):
    """What the menu needs of the frame."""

    composer: Composer

    @property
    def app(self) -> App[Any]:
        """The app."""

    def ask(self, do: Callable[[Host], None]) -> None:
        """Let the app `do` something."""

    def want(self, intent: Callable[[Client], None]) -> None:
        """Ask the core for something; a refusal is told."""


def open_room_menu(frame: Frame, state: State, spot: Spot) -> None:
    """Ask what to do with a conversation; `state` is that of the server on the screen, and one
    on another is gone to first.
    """
    if spot.server != state.server:
        frame.ask(lambda host: host.go(spot))
        return
    key = spot.buffer
    buffer = state.buffers.get(key)
    if buffer is None or key == STATUS:
        return

    def do(name: str | None) -> None:
        if name:
            _DEEDS[name](frame, state, key)
        frame.composer.focus()

    frame.app.push_screen(Menu(buffer.title, entries_for(state, buffer)), do)


def entries_for(state: State, buffer: Buffer) -> list[Entry]:
    """What can be done with it; not what is so already."""
    held = state.attention.get(buffer.key)
    now = held.value if held is not None else USUAL
    leave = "Leave this room" if buffer.kind is BufferKind.ROOM else "Close this conversation"
    return [
        Entry("go", "g", "Go there"),
        *([Entry(READ, "r", "Mark it as read")] if buffer.unread else []),
        *(Entry(name, sign, words) for name, (sign, words) in _HEARD.items() if name != now),
        Entry(LEAVE, "l", leave),
    ]


def _hear(attention: Attention | None, frame: Frame, _: State, key: str) -> None:
    frame.want(lambda client: client.attend(key, attention))


_DEEDS: Final[dict[str, Callable[[Frame, State, str], None]]] = {
    "go": lambda frame, state, key: frame.ask(lambda host: host.go(Spot(state.server, key))),
    READ: lambda frame, _, key: frame.want(lambda client: client.mark_read(key)),
    LEAVE: lambda frame, _, key: frame.want(lambda client: client.leave(key)),
    USUAL: partial(_hear, None),
    **{attention.value: partial(_hear, attention) for attention in Attention},
}
