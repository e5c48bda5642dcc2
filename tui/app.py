"""Wiring: updates of the client core go to the screens, what the person wants goes to the core.

Decides nothing about the protocol and draws nothing.
"""

import time
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import ClassVar, Final

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType

import tui.commands  # noqa: F401 - fills the table
from tui import config, idle
from tui.archives import Archives
from tui.choices import Choices
from tui.client.client import Client, IntentRefused
from tui.commands.table import CommandRefused
from tui.connector import MakeLink, make_network_link
from tui.ending import Ending
from tui.entrance import Entrance
from tui.guide import Guide
from tui.hearing import Hearing
from tui.keeping import CHECK_S, Keeper
from tui.notices import TITLE_S, Notices, Screen
from tui.preferences import Value
from tui.quiet import Quiet
from tui.render.sides import Spot
from tui.screens.actions import ScreenActions
from tui.screens.command_bar import CommandBar
from tui.screens.connect import ConnectScreen
from tui.screens.keys import row_bindings
from tui.screens.main import MainScreen
from tui.screens.palette import CommandProvider
from tui.servers import Servers
from tui.sts import Policies
from tui.trust import Pins
from tui.widgets import desktop

LOBBY_REFRESH_S: Final = 30.0


class ChatApp(App[None]):
    """The program. `make_link` and `zone` are given by tests."""

    CSS_PATH = "styles/chat.tcss"
    TITLE = "chat"
    COMMANDS = {CommandProvider}  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        *row_bindings(),
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
        self.archives = Archives(launch.archives, lambda: self.choices.preferences)
        self._servers = Servers(
            make_link,
            Pins(launch.certificates),
            Policies(launch.policies),
            lambda client, updates: self._hearing.take(client, updates),
            lambda error: self._ending.fail(error),
            self.archives,
        )
        self._entrance = Entrance(self, launch, self._servers)
        self._bar = CommandBar(self, self)
        self._keeper = Keeper(
            launch, self._servers, lambda: self._guide.frame, self._bar.is_secret, self.archives
        )
        self._ending = Ending(self, self._servers, self._keeper)
        self._guide = Guide(self, self._servers, self._entrance, self._keeper, self._make_frame)
        self._quiet = Quiet(launch.remembered, lambda: time.time_ns() // 1_000_000, zone)
        self.choices = Choices(
            self, launch.preferences, lambda: self._guide.frame, self._servers.watch_for
        )
        self._notices = Notices(
            Screen(self, lambda: frame.shown if (frame := self._guide.frame) else None),
            lambda: self.choices.preferences,
            time.monotonic,
            lambda: self._quiet.is_on,
        )
        self._idle = idle.IdleCollector()
        self._hearing = Hearing(
            self._servers, self._guide, self._entrance, self._keeper, self._notices, self._idle
        )
        self.actions = ScreenActions(self, self)

    # -- starting and stopping -------------------------------------------------------------------

    async def on_mount(self) -> None:
        """Open the way in, and keep an eye on signals and drafts."""
        self.choices.apply()
        if self._entrance.open():
            self._guide.open_frame()
            self._entrance.link_up()
        self._ending.obey_signals()
        self.set_interval(LOBBY_REFRESH_S, self._guide.refresh_lobby)
        self.set_interval(CHECK_S, self._keeper.keep)
        self.set_interval(TITLE_S, lambda: self._notices.show_title(self._servers.states))
        self.set_interval(idle.CHECK_S, lambda: self._idle.check(time.monotonic()))

    @work(exclusive=True, group="connect")
    async def on_connect_screen_wanted(self, event: ConnectScreen.Wanted) -> None:
        """Connect, or go to a server that is on the list already."""
        name = await self._entrance.connect(event)
        if name:
            self._guide.leave_form(Spot(name))

    @work(exclusive=True, group="connect")
    async def on_connect_screen_server_wanted(self, event: ConnectScreen.ServerWanted) -> None:
        """Start a server here and connect to it."""
        await self._entrance.start_server(event)

    def on_connect_screen_leave_wanted(self) -> None:
        """Back to the frame from the form, or quit."""
        if self._guide.frame is None:
            self.leave()
        else:
            self.pop_screen()
            self._entrance.leave_form()

    def leave(self) -> None:
        """Quit, without asking."""
        self._ending.leave()

    async def on_unmount(self) -> None:
        """Whatever ended the app: nothing started from here stays behind."""
        self._notices.restore_title()
        await self._ending.close()

    def _handle_exception(self, error: Exception) -> None:
        """Textual's own would fill the screen with a traceback."""
        self._ending.fail(error)

    # -- what the parts may ask --------------------------------------------------------------------

    @property
    def client(self) -> Client:
        """The core one is talking through."""
        return self._servers.active

    @property
    def clients(self) -> Sequence[Client]:
        """The cores of all servers."""
        return self._servers.clients

    @property
    def main(self) -> MainScreen:
        """The frame; there once one was welcomed."""
        return self._guide.main

    @property
    def server_runs(self) -> bool:
        """Whether quitting stops a server that was started from here."""
        return self._servers.local_runs

    @property
    def last_spot(self) -> Spot:
        """Where one was before."""
        return self._guide.last

    def _make_frame(self) -> MainScreen:
        servers = self._servers
        state = servers.active.state
        frame = MainScreen(
            state,
            lambda: servers.states,
            self._bar,
            time.monotonic,
            lambda: self._quiet.words,
            self._zone,
        )
        self.choices.prepare(frame)
        return frame

    # -- what the person wants -------------------------------------------------------------------

    def tell(self, text: str, failure: bool = False) -> None:
        """One line of answer or refusal."""
        self.main.tell(text, failure)

    def prefer(self, name: str, value: Value) -> None:
        """Change a preference."""
        complaint = self.choices.change(name, value)
        if complaint:
            raise CommandRefused(complaint)

    def keep_quiet(self, how_long: str = "") -> None:
        """Do not disturb from now on, or no longer."""
        self.tell(self._quiet.change(how_long))
        self._keeper.keep()

    def perform(self, action: str) -> None:
        """Run an action that only exists on the screen."""
        self.actions.perform(action)

    def show(self, buffer: str) -> None:
        """Bring a buffer of this server to the front."""
        self._guide.go(Spot(self.client.state.server, buffer))

    def go(self, spot: Spot) -> None:
        """Bring a buffer of any server to the front."""
        self._guide.go(spot)

    def connect(self, server: str) -> None:
        """Connect to a further server, or ask which."""
        self._guide.connect(server)

    def reconnect(self) -> None:
        """Connect now."""
        self._guide.reconnect()

    def disconnect(self) -> None:
        """Hang up."""
        self._guide.disconnect()

    def look(self) -> None:
        """What is on the screen is looked at, or no longer is."""
        self._guide.look()

    def intend(self, intent: Callable[[], None]) -> bool:
        """Ask the core for something; False when it refused, which was told."""
        try:
            intent()
        except (IntentRefused, CommandRefused) as refusal:
            self.main.tell(str(refusal), failure=True)
            return False
        finally:
            self._servers.poke()
        return True

    def action_command(self, name: str) -> None:
        """Run a row of the command table. It waits its turn behind queued letters."""
        self.main.composer.call_later(self._bar.run_row, name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Rows of the table work on the frame, not below a dialog."""
        if action == "command":
            return isinstance(self.screen, MainScreen)
        return super().check_action(action, parameters)

    async def action_back(self) -> None:
        """Esc: one step back, and at last to the newest message. Destroys nothing."""
        if isinstance(self.screen, MainScreen) and not self.main.step_back():
            self.perform("bottom")

    def on_main_screen_wanted(self, event: MainScreen.Wanted) -> None:
        """Something on the frame was clicked or reached."""
        event.do(self)

    def copy_to_clipboard(self, text: str) -> None:
        """Fill the clipboard of the terminal, and of the desktop if it is here."""
        super().copy_to_clipboard(text)
        desktop.copy(self, text)
