"""One server: its core, and the link that is put up, taken down and put up again."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final, Protocol

from tui.address import Address
from tui.client.client import Client
from tui.client.options import Options
from tui.client.updates import CertificateChanged, Update
from tui.net import Link
from tui.trust import Trust

GOODBYE_S: Final = 3.0
"""A little longer than the link itself waits for its last bytes to leave."""

TOKEN_BYTES: Final = 16


class NetworkLink(Protocol):
    """What carries bytes between the core and a server."""

    async def run(self) -> None:
        """Until the core is off line for good."""

    def poke(self) -> None:
        """The core was given something to do: write it, hand over what changed."""

    def accept(self, change: CertificateChanged) -> None:
        """The certificate of `change` is trusted from now on: connect again."""


TakeUpdates = Callable[[list[Update]], None]
MakeLink = Callable[[Client, str, int, TakeUpdates, Trust | None], NetworkLink]
"""Core, host, port, where updates go, and what is trusted: None for a link in plain text."""

make_network_link: Final[MakeLink] = Link


class Connector:
    """A core for as long as the server is on the list, and a link for as long as it is wanted."""

    def __init__(
        self,
        address: Address,
        client: Client,
        make_link: Callable[[Address], NetworkLink],
        failed: Callable[[BaseException], None],
    ) -> None:
        """`address` is where the link goes; `failed` is told of a bug of ours that ended it."""
        self.address = address
        self.client = client
        self._make_link = make_link
        self._failed = failed
        self._link: NetworkLink | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """The server, as it is remembered and shown."""
        return self.client.state.server

    def connect(self) -> None:
        """Connect, or connect again without waiting; what happens comes as updates."""
        if self._task is not None and not self._task.done():
            self.client.retry_now()
            self.poke()
            return
        self._link = self._make_link(self.address)
        self._task = asyncio.create_task(self._link.run())
        self._task.add_done_callback(self._ended)

    def move(self, address: Address) -> None:
        """The server is to be reached elsewhere: go there when the present link has ended."""
        self.address = address
        task = self._task
        if task is None or task.done():
            self.connect()
        else:
            task.add_done_callback(lambda _: self.connect())

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._failed(error)

    def poke(self) -> None:
        """The core was given something to do."""
        if self._link is not None:
            self._link.poke()

    def accept(self, change: CertificateChanged) -> None:
        """The person trusts the certificate that is shown now."""
        if self._link is not None:
            self._link.accept(change)

    def hang_up(self) -> None:
        """Say goodbye, and stay off line until `connect`."""
        self.client.quit()
        self.poke()

    async def close(self) -> None:
        """Say goodbye for good; the link gets a moment to write it."""
        self.hang_up()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=GOODBYE_S)
            self._task.cancel()


def new_client(options: Options, items_from: int) -> Client:
    """A core with random tokens of this machine."""
    return Client(options, lambda: secrets.token_urlsafe(TOKEN_BYTES), items_from)
