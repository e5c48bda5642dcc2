"""Wiring: updates of the client core go to the screens, what the person wants goes to the core.

Decides nothing about the protocol and draws nothing.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import ClassVar, Final

from rich.text import Text
from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

import tui.commands  # noqa: F401 - fills the table
from tui import config, idle
from tui.client.client import Client, IntentRefused
from tui.client.state import STATUS, Connection
from tui.client.updates import (
    BufferClosed,
    BufferOpened,
    CertificateChanged,
    ConnectionChanged,
    KeptChanged,
    NickRefused,
    Told,
    Update,
)
from tui.commands.table import CommandRefused
from tui.connector import Connector, MakeLink, make_network_link
from tui.entrance import Entrance
from tui.failure import keep_report
from tui.keeping import CHECK_S, Keeper, drafts_to_keep
from tui.screens.actions import ScreenActions
from tui.screens.command_bar import CommandBar
from tui.screens.connect import ConnectScreen
from tui.screens.keys import number_bindings, row_bindings
from tui.screens.main import MainScreen
from tui.screens.palette import CommandProvider
from tui.trust import Pins

LOBBY_REFRESH_S: Final = 30.0
HANG_UP_STATUS: Final = 129


class ChatApp(App[None]):
    """The program. `make_link` and `zone` are given by tests."""

    CSS_PATH = "styles/chat.tcss"
    TITLE = "chat"
    COMMANDS = App.COMMANDS | {CommandProvider}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        *row_bindings(),
        *number_bindings(),
    ]

    def __init__(
        self,
        launch: config.Launch,
        make_link: MakeLink = make_network_link,
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__()
        self._launch = launch
        self._zone = zone
        self._connector = Connector(make_link, Pins(launch.certificates), self.take, self._failed)
        self._entrance = Entrance(self, launch, self._connector)
        self._keeper = Keeper(launch)
        self._main: MainScreen | None = None
        self._previous = STATUS
        self._told_early: Told | None = None
        self._idle = idle.IdleCollector()
        self._bar = CommandBar(self, self)
        self.actions = ScreenActions(self, self)

    # -- starting and stopping -------------------------------------------------------------------

    def on_mount(self) -> None:
        """Open the way in, and keep an eye on signals and drafts."""
        self._entrance.open()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.leave)
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)
        self.set_interval(LOBBY_REFRESH_S, self._refresh_lobby)
        self.set_interval(CHECK_S, self._keep)
        self.set_interval(idle.CHECK_S, lambda: self._idle.check(time.monotonic()))

    @work(exclusive=True, group="connect")
    async def on_connect_screen_wanted(self, event: ConnectScreen.Wanted) -> None:
        """Connect."""
        await self._entrance.connect(event)

    @work(exclusive=True, group="connect")
    async def on_connect_screen_server_wanted(self, event: ConnectScreen.ServerWanted) -> None:
        """Start a server here and connect to it."""
        await self._entrance.start_server(event)

    @work(exclusive=True, group="leave")
    async def _hang_up(self) -> None:
        """The terminal was closed. Textual would wait for ever to tidy it up, so we do not ask."""
        self._remember()
        await self._connector.close()
        os._exit(HANG_UP_STATUS)

    def on_connect_screen_leave_wanted(self) -> None:
        """Quit from the form."""
        self.leave()

    @work(exclusive=True, group="leave")
    async def leave(self) -> None:
        """Quit, without asking: say goodbye, stop a server started from here."""
        self._remember()
        await self._connector.close()
        self.exit()

    async def on_unmount(self) -> None:
        """Whatever ended the app: nothing started from here stays behind."""
        self._remember()
        await self._connector.close()

    def _failed(self, error: BaseException) -> None:
        """A bug of ours: end the program, and lose nothing that was written."""
        if self.return_code is None:  # the first is the cause of others
            sentence = keep_report(self._launch.path.parent, error, self._drafts())
            self.exit(return_code=1, message=Text(sentence))

    def _handle_exception(self, error: Exception) -> None:
        """Textual's own would fill the screen with a traceback."""
        self._failed(error)

    def _drafts(self) -> dict[str, str]:
        drafts = self._main.drafts if self._main is not None else {}
        return drafts_to_keep(drafts, self._bar.is_secret)

    def _keep(self) -> None:
        """Keep rooms, ignored people and what is being written."""
        self._save(self._keeper.keep)

    def _remember(self) -> None:
        """Keep everything for the next start; what has no echo becomes a draft."""
        self._save(self._keeper.keep_all)

    def _save(self, keep: Callable[[Client, dict[str, str]], str]) -> None:
        if self._main is None or not self._main.ready or self._connector.client is None:
            return
        complaint = keep(self.client, self._drafts())
        if complaint:
            self.main.tell(complaint, failure=True)

    # -- what the core says ----------------------------------------------------------------------

    @property
    def client(self) -> Client:
        """The core one is talking through."""
        assert self._connector.client is not None, "nothing is shown before there is a core"
        return self._connector.client

    @property
    def main(self) -> MainScreen:
        """The frame; there once one was welcomed."""
        assert self._main is not None, "actions exist on the frame only"
        return self._main

    @property
    def server_runs(self) -> bool:
        """Whether quitting stops a server that was started from here."""
        return self._connector.server_runs

    @property
    def last_buffer(self) -> str:
        """Where one was before."""
        return self._previous

    def take(self, updates: list[Update]) -> None:
        """Hand the core's updates to the screens."""
        if self._connector.client is None:
            return
        self._idle.busy(time.monotonic())
        if self._main is not None:
            self._main.take(updates)  # first: what follows may bring further updates
        for update in updates:
            match update:
                case ConnectionChanged():
                    self._connection_changed()
                case NickRefused():
                    self._entrance.nick_refused(update, self._change_nick)
                case CertificateChanged():
                    if self._main is not None:
                        self._main.clear_told()  # the question says it all
                    self._entrance.certificate_changed(update)
                case KeptChanged():
                    self._keep()
                case BufferOpened(buffer=key, focus=True):
                    self.show(key)
                case BufferClosed(buffer=key) if key == self.main.shown:
                    self.show(self._previous if self._previous != key else STATUS)
                case Told() if self._main is None:
                    self._told_early = update
                case Told():
                    self.main.answer(update)
                case _:
                    pass

    def _connection_changed(self) -> None:
        state = self.client.state
        if state.connection is Connection.ONLINE and self._main is None:
            self._main = MainScreen(state, self._bar, time.monotonic, self._zone)
            self.switch_screen(self._main)
            if self._told_early is not None:
                self._main.answer(self._told_early)
            self.call_after_refresh(self._refresh_lobby)
        else:
            self._entrance.connection_changed(state)

    def _change_nick(self, nick: str) -> None:
        self.intend(lambda: self.client.change_nick(nick))

    # -- what the person wants -------------------------------------------------------------------

    def tell(self, text: str, failure: bool = False) -> None:
        """One line of answer or refusal."""
        self.main.tell(text, failure)

    def perform(self, action: str) -> None:
        """Run an action that only exists on the screen."""
        self.actions.perform(action)

    def show(self, buffer: str) -> None:
        """Bring a buffer to the front; what is seen there counts as read."""
        client = self.client
        if buffer not in client.state.buffers or self._main is None:
            return
        before = self.main.shown
        if buffer != before:
            client.clear_unread_rule(before)
            self._previous = before
        client.show(buffer)
        self.main.show_buffer(buffer)
        if self.main.timeline.following:
            self.intend(lambda: client.mark_read(buffer))
        if buffer == STATUS:
            self._refresh_lobby()

    def intend(self, intent: Callable[[], None]) -> bool:
        """Ask the core for something; False when it refused, which was told."""
        try:
            intent()
        except (IntentRefused, CommandRefused) as refusal:
            self.main.tell(str(refusal), failure=True)
            return False
        finally:
            self._connector.poke()
        return True

    def action_command(self, name: str) -> None:
        """Run a row of the command table. It waits its turn behind queued letters."""
        self.main.composer.call_later(self._bar.run_row, name)

    def action_room(self, number: int) -> None:
        """Go to a room by its place in the list."""
        self.perform(f"room_{number}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Rows of the table work on the frame, not below a dialog."""
        if action in ("command", "room"):
            return isinstance(self.screen, MainScreen)
        return super().check_action(action, parameters)

    async def action_back(self) -> None:
        """Esc: one step back, and at last to the newest message. Destroys nothing."""
        if isinstance(self.screen, MainScreen) and not self.main.step_back():
            self.perform("bottom")

    def on_main_screen_wanted(self, event: MainScreen.Wanted) -> None:
        """Something on the frame was clicked or reached."""
        event.do(self)

    def _refresh_lobby(self) -> None:
        if self._main is None or self._connector.client is None:
            return
        if self.client.state.connection is Connection.ONLINE and self.main.shown == STATUS:
            self.intend(self.client.refresh_lobby)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Of Textual's own commands, the choice of a theme; the rest is in the table."""
        for command in super().get_system_commands(screen):
            if command.title == "Theme":
                yield command
