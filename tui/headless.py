"""The client without a screen: servers, their links, and a way to wait for what they come to know.

Nobody can be asked here: another certificate than the one remembered ends in words, and for a
nick that is taken a variant is used.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

from tui.address import Address
from tui.client.client import Client
from tui.client.state import Connection, State
from tui.client.updates import NickRefused, Update
from tui.config import Launch
from tui.connector import MakeLink, make_network_link
from tui.servers import Servers
from tui.sts import Policies
from tui.trust import Pins

Listener = Callable[[Client, Update], None]
"""A core, and one thing that changed there."""


class Failed(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """What was wanted cannot be had; the text says why. `status` is what to exit with."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


class Headless:
    """The servers of a program without a screen. `listen` is told of everything that changes."""

    def __init__(
        self, launch: Launch, listen: Listener, make_link: MakeLink = make_network_link
    ) -> None:
        self._launch = launch
        self._listen = listen
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._error: BaseException | None = None
        self.servers = Servers(
            make_link,
            Pins(launch.certificates),
            Policies(launch.policies),
            self._take,
            self._failed,
        )

    def connect(self, address: Address, nick: str, password: str = "") -> Client:
        """Connect to a server; the core, which will know how that went."""
        options = self._launch.options(address, nick, password)
        identity = self._launch.identity_of(address)
        client = self.servers.connect(options, address, identity).client
        self._changed.set()
        return client

    async def until(self, is_so: Callable[[], bool], timeout_s: float | None = None) -> None:
        """Wait until `is_so`. Raises `TimeoutError`, and whatever ended a link by a bug."""
        async with asyncio.timeout(timeout_s):
            while not is_so():
                if self._error is not None:
                    raise self._error
                self._changed.clear()
                await self._changed.wait()

    def wake(self) -> None:
        """Something else changed that is waited for."""
        self._changed.set()

    def ended(self, future: Future[None]) -> None:
        """Something that was to be done in the loop is over, from any thread."""
        error = None if future.cancelled() else future.exception()
        if error is not None:
            self._loop.call_soon_threadsafe(self._failed, error)

    async def settle(self, quiet_s: float, timeout_s: float) -> None:
        """Wait until nothing has changed for `quiet_s`, at most `timeout_s`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while True:
                    self._changed.clear()
                    await asyncio.wait_for(self._changed.wait(), quiet_s)

    async def close(self) -> None:
        """Say goodbye everywhere."""
        await self.servers.close()

    def _failed(self, error: BaseException) -> None:
        self._error = error
        self._changed.set()

    def _take(self, client: Client, updates: list[Update]) -> None:
        for update in updates:
            if isinstance(update, NickRefused) and update.suggestion:
                client.change_nick(update.suggestion)
                self._loop.call_soon(self.servers.poke)
            self._listen(client, update)
        self._changed.set()


def is_settled(state: State) -> bool:
    """Whether a first try to connect is over, for better or worse."""
    given_up = state.connection is Connection.OFFLINE and bool(state.reason)
    return given_up or state.connection in (Connection.ONLINE, Connection.WAITING)
