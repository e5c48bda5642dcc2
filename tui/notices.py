"""Telling a person of what they are not looking at: a toast, the bell, the desktop, the title.

Nothing is told of what is looked at: the end of a room, on the screen of a terminal that has the
focus. Floods are told of once.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

from textual.app import App

from tui.client.state import STATUS, Attention, Buffer, BufferKind, Item, ItemKind, State
from tui.client.updates import Said
from tui.preferences import Preferences
from tui.render.sides import Spot
from tui.render.speech import words_of
from tui.terminal import (
    KEEP_TITLE,
    RESTORE_TITLE,
    notification_sequence,
    protocol_of,
    sanitized,
    through,
    title_sequence,
)

INTERVAL_S: Final = 3.0
"""At most one notice in this time: who is away for an hour needs no hundred of them."""

TITLE_S: Final = 1.0
"""How often the title is looked after; it is written when it changes."""

TOAST_S: Final = 6.0
TOAST_CHARACTERS_MAX: Final = 160
PROGRAM: Final = "chat-tui"
BELL: Final = "\x07"


class Host(Protocol):
    """What the notices need of the app."""

    @property
    def looks(self) -> bool:
        """Whether the terminal has the focus."""

    def bell(self) -> None:
        """Ring the terminal's bell."""

    def toast(self, title: str, text: str, seconds: float) -> None:
        """Show a note in the corner."""

    def write_terminal(self, sequence: str) -> None:
        """Write a control sequence, if there is a terminal."""

    def is_seen(self, state: State, buffer: str) -> bool:
        """Whether what is new in a buffer is looked at."""


class Notices:
    """Tells of what is said, for one app, unless it `is_quiet`. `now` is a clock in seconds."""

    def __init__(
        self,
        host: Host,
        preferences: Callable[[], Preferences],
        now: Callable[[], float],
        is_quiet: Callable[[], bool],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._host = host
        self._preferences = preferences
        self._now = now
        self._is_quiet = is_quiet
        self._environment = environment
        self._told_at = -INTERVAL_S
        self._title = ""

    def said(self, state: State, update: Said) -> None:
        """Something was said: tell, if the person wants to know and does not see it."""
        buffer = state.buffers.get(update.buffer)
        now = self._now()
        if buffer is None or not wants(self._preferences(), state, buffer, update.mention):
            return
        if self._is_quiet() or self._host.is_seen(state, buffer.key):
            return
        if now - self._told_at < INTERVAL_S:
            return
        self._told_at = now
        self._tell(buffer, update.item)

    def _tell(self, buffer: Buffer, item: Item) -> None:
        preferences = self._preferences()
        title, text = notice_words(buffer, item)
        if preferences.notify__toast and self._host.looks:
            self._host.toast(title, text, TOAST_S)
        if preferences.notify__bell:
            self._host.bell()
        protocol = preferences.notify__desktop
        if protocol == "auto":
            protocol = protocol_of(self._environment)
        if not self._host.looks:
            sequence = notification_sequence(protocol, title, text)
            self._host.write_terminal(through(self._environment, sequence))

    def show_title(self, states: Iterable[State]) -> None:
        """Count what is unread in the terminal's title, muted conversations left out."""
        if not self._preferences().notify__title:
            self.restore_title()
            return
        count = sum(
            buffer.unread
            for state in states
            for buffer in state.buffers.values()
            if buffer.key != STATUS and not state.is_muted(buffer.key)
        )
        title = f"({count}) {PROGRAM}" if count else PROGRAM
        if title != self._title:
            keep = "" if self._title else KEEP_TITLE
            self._title = title
            self._host.write_terminal(keep + title_sequence(title))

    def restore_title(self) -> None:
        """Give the terminal its own title back."""
        if self._title:
            self._title = ""
            self._host.write_terminal(RESTORE_TITLE)


_USUAL: Final = {
    "everything": Attention.ALL,
    "mentions": Attention.MENTIONS,
    "nothing": Attention.NOTHING,
}


def wants(preferences: Preferences, state: State, buffer: Buffer, mention: bool) -> bool:
    """Whether one wants to be told of what is said in `buffer`."""
    wanted = state.attention.get(buffer.key, _USUAL[preferences.notify__about])
    if buffer.key == STATUS or wanted is Attention.NOTHING:
        return False
    return mention or wanted is Attention.ALL


def notice_words(buffer: Buffer, item: Item) -> tuple[str, str]:
    """The title and text of a notice, each one safe line."""
    who = sanitized(item.sender, TOAST_CHARACTERS_MAX)
    room = sanitized(buffer.title, TOAST_CHARACTERS_MAX)
    title = who if buffer.kind is BufferKind.DIRECT else f"{who} in {room}"
    text = sanitized(words_of(item), TOAST_CHARACTERS_MAX)
    return title, f"* {text}" if item.kind is ItemKind.ACTION else text


class Screen:
    """The notices' way to the app and its terminal. `shown` is what is on the screen."""

    def __init__(self, app: App[None], shown: Callable[[], Spot | None]) -> None:
        self._app = app
        self._shown = shown

    @property
    def looks(self) -> bool:
        """Whether the terminal has the focus, as far as it tells."""
        return self._app.app_focus

    def bell(self) -> None:
        """Ring the terminal's bell."""
        self.write_terminal(BELL)

    def toast(self, title: str, text: str, seconds: float) -> None:
        """Show a note in the corner; what others wrote is never markup."""
        self._app.notify(text, title=title, timeout=seconds, markup=False)

    def write_terminal(self, sequence: str) -> None:
        """Write a control sequence, unless the terminal is lent to an editor.

        Textual has no public way to; its driver has no writer while it is suspended.
        """
        driver = self._app._driver
        if sequence and driver is not None and getattr(driver, "_writer_thread", None) is not None:
            driver.write(sequence)
            driver.flush()

    def is_seen(self, state: State, buffer: str) -> bool:
        """Whether what is new in a buffer is looked at."""
        return state.looking and self._shown() == Spot(state.server, buffer)
