"""Where one is on the screen, and how one gets elsewhere: between rooms, and between servers.

What is seen counts as read; what happens on a server that is not on the screen is told with
its name.
"""

from collections.abc import Callable
from typing import Any

from textual.app import App

from tui.client.client import Client
from tui.client.state import STATUS, Connection
from tui.client.updates import Told
from tui.commands.table import CommandRefused
from tui.entrance import Entrance
from tui.keeping import Keeper
from tui.render.sides import Spot
from tui.screens.main import MainScreen
from tui.servers import Servers


class Guide:
    """Moves one app's frame about, once there is one."""

    def __init__(
        self,
        app: App[Any],
        servers: Servers,
        entrance: Entrance,
        keeper: Keeper,
        make_frame: Callable[[], MainScreen],
    ) -> None:
        self._app = app
        self._servers = servers
        self._entrance = entrance
        self._keeper = keeper
        self._make_frame = make_frame
        self._told_early: Told | None = None
        self._last: Spot | None = None
        self.frame: MainScreen | None = None

    @property
    def main(self) -> MainScreen:
        """The frame; there once one was welcomed or knows where one was."""
        assert self.frame is not None, "actions exist on the frame only"
        return self.frame

    @property
    def last(self) -> Spot:
        """Where one was before."""
        return self._last or Spot(self._servers.active.state.server)

    def open_frame(self) -> None:
        """Everything happens there from now on."""
        self.frame = self._make_frame()
        typed_ahead = self._entrance.typed_ahead
        if any(typed_ahead):
            self._app.call_after_refresh(self.frame.composer.catch_up, typed_ahead)
        if self._entrance.is_asking:
            self._app.switch_screen(self.frame)
        else:
            self._app.push_screen(self.frame)
        if self._told_early is not None:
            self.frame.answer(self._told_early)
        self._app.call_after_refresh(self._arrive)
        self._app.watch(self._app, "app_focus", self.look, init=False)

    def _arrive(self) -> None:
        """The frame is drawn: one is where it shows."""
        self.go(self.main.shown)

    def connection_changed(self, client: Client) -> None:
        """A form gives way to the frame when its server has let one in."""
        if not self._entrance.connection_changed(client.state):
            return
        spot = self._entrance.first_spot(client.state.server)
        if self.frame is None:
            self._servers.activate(spot)
            self.open_frame()
        else:
            self.leave_form(spot)

    def leave_form(self, spot: Spot) -> None:
        """From the form over the frame to where it led."""
        self._app.pop_screen()
        self.go(spot)

    # -- moving about ----------------------------------------------------------------------------

    def go(self, spot: Spot) -> None:
        """Bring a buffer of any server to the front; what is seen there counts as read."""
        frame = self.frame
        if frame is None:
            return
        before = frame.shown
        left = self._servers.find(before.server)
        client = self._servers.activate(spot)
        if client is None:
            return
        if spot != before:
            self._last = before
            if left is not None:
                left.client.clear_unread_rule(before.buffer)
        frame.show_server(client.state)
        frame.show_buffer(spot.buffer)
        self.look()
        if spot.buffer == STATUS:
            self.refresh_lobby()

    def look(self) -> None:
        """Count as read what the person sees: the end, on a terminal that has the focus.

        A terminal that does not tell of its focus has it.
        """
        if self.frame is not None and self._servers.clients:
            self._servers.active.look(self._app.app_focus and self.frame.timeline.at_end)
            self._servers.poke()

    def closed(self, spot: Spot) -> None:
        """A conversation is gone: back to where one was, if one looked at it."""
        if self.frame is None or self.frame.shown != spot:
            return
        last = self.last
        self.go(last if last.server == spot.server and last != spot else Spot(spot.server))

    def refresh_lobby(self) -> None:
        """Read the list of rooms anew where it is on the screen."""
        if self.frame is None or not self._servers.clients:
            return
        client = self._servers.active
        if client.state.connection is Connection.ONLINE and self.frame.shown.buffer == STATUS:
            client.refresh_lobby()
            self._servers.poke()

    def told(self, client: Client, told: Told) -> None:
        """What a core tells: at once where it is on the screen, else with its server's name."""
        if self.frame is None:
            self._told_early = told
        elif client is self._servers.active:
            self.frame.answer(told)
        else:
            self.frame.tell_elsewhere(client.state, self._servers.title(client), told)

    # -- servers ---------------------------------------------------------------------------------

    def connect(self, typed: str) -> None:
        """Connect to a further server, or ask which. Raises `CommandRefused`."""
        name = self._entrance.add(typed)
        if name:
            self.go(self._entrance.first_spot(name))

    def reconnect(self) -> None:
        """Connect now to the server on the screen."""
        self._entrance.reconnect(self._servers.active)

    def disconnect(self) -> None:
        """Hang up; where one is off line already, take the server off the list."""
        connector = self._servers.find(self.main.shown.server)
        if connector is None:
            return
        state = connector.client.state
        if state.connection is not Connection.OFFLINE:
            connector.hang_up()
            more = "" if len(self._servers.clients) < 2 else ", once more takes it off the list"
            self.main.tell(
                f"You left {self._servers.title(connector.client)}. /reconnect leads back{more}.",
                False,
            )
        elif len(self._servers.clients) < 2:
            raise CommandRefused("You are not connected. /connect server leads elsewhere.")
        else:
            self._take_off(connector.name)

    def _take_off(self, name: str) -> None:
        others = [client.state.server for client in self._servers.clients]
        others.remove(name)
        self.go(Spot(others[0]))
        self._last = None
        self._app.run_worker(self._drop(name))
        self.main.tell(f"{name} is off the list. /connect {name} leads back.", failure=False)
        self._keeper.close(name)

    async def _drop(self, name: str) -> None:
        await self._servers.drop(name)
        self.main.refresh_servers()  # the list may have been drawn while it was still there
