"""The one owner of the core, its link, and a server started from here: connects and takes down."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final, Protocol

from tui import local_server
from tui.address import Address
from tui.client.client import Client
from tui.client.options import Options
from tui.client.updates import CertificateChanged, Update
from tui.net import Link
from tui.trust import Pins, Trust

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
    """At most one core, one link and one server at a time."""

    def __init__(
        self,
        make_link: MakeLink,
        pins: Pins,
        take: TakeUpdates,
        failed: Callable[[BaseException], None],
    ) -> None:
        """`failed` is told of a bug of ours that ended the link."""
        self._make_link = make_link
        self._pins = pins
        self._take = take
        self._failed = failed
        self._link: NetworkLink | None = None
        self._task: asyncio.Task[None] | None = None
        self._server: local_server.LocalServer | None = None
        self.client: Client | None = None

    @property
    def server_runs(self) -> bool:
        """Whether a server started from here is running."""
        return self._server is not None and self._server.running

    def connect(self, options: Options, address: Address) -> None:
        """Make a core and its link; what happens comes as updates."""
        self.client = Client(options, lambda: secrets.token_urlsafe(TOKEN_BYTES))
        trust = Trust(address.place, self._pins) if address.tls else None
        self._link = self._make_link(self.client, address.host, address.port, self._take, trust)
        self._task = asyncio.create_task(self._link.run())
        self._task.add_done_callback(self._ended)

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

    async def disconnect(self) -> None:
        """Say goodbye; the link gets a moment to write it. No updates come after this."""
        client, link, task = self.client, self._link, self._task
        self.client = self._link = self._task = None
        if client is None or link is None or task is None:
            return
        client.quit()
        link.poke()
        await asyncio.wait([task], timeout=GOODBYE_S)
        task.cancel()

    async def start_server(self, port: int) -> None:
        """Start a server on this machine. Raises `local_server.StartFailed`."""
        self._server = await local_server.start(port, local_server.data_folder())

    async def close(self) -> None:
        """Disconnect, and stop the server started from here; harmless when done already."""
        await self.disconnect()
        if self._server is not None:
            await self._server.stop()
