"""Every server one talks to, and which of them is on the screen.

The one owner of their connectors, and of a server that was started from here.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from tui import local_server
from tui.address import Address
from tui.archives import Archives
from tui.client.client import Client
from tui.client.options import Options
from tui.client.state import STATUS, Connection, State
from tui.client.updates import (
    CertificateChanged,
    ConnectionChanged,
    SecurityKept,
    SecurityRequired,
    Update,
)
from tui.connector import Connector, MakeLink, NetworkLink, new_client
from tui.identity import NOBODY, Identity
from tui.render.sides import Spot, server_titles
from tui.sts import Policies
from tui.trust import Pins, Trust

ITEMS_OF_A_SERVER_MAX: Final = 1 << 40
"""Ids of items that a client may give: what is shown of two servers never has the same one."""

Take = Callable[[Client, list[Update]], None]
"""A core, and what changed there."""


class Servers:
    """The servers by name, in the order in which they were connected to."""

    def __init__(
        self,
        make_link: MakeLink,
        pins: Pins,
        policies: Policies,
        take: Take,
        failed: Callable[[BaseException], None],
        archives: Archives | None = None,
    ) -> None:
        """`failed` is told of a bug of ours that ended a link; `archives` keep what was said."""
        self._make_link = make_link
        self._pins = pins
        self._policies = policies
        self._take = take
        self._failed = failed
        self._archives = archives
        self._connectors: dict[str, Connector] = {}
        self._made = 0
        self._active = ""
        self._keywords: Sequence[str] = ()
        self._local: local_server.LocalServer | None = None
        self.local_name = ""

    # -- which there are -------------------------------------------------------------------------

    @property
    def active(self) -> Client:
        """The core one is talking through."""
        assert self._active in self._connectors, "nothing is shown before there is a core"
        return self._connectors[self._active].client

    @property
    def clients(self) -> list[Client]:
        """The cores of all servers."""
        return [connector.client for connector in self._connectors.values()]

    @property
    def states(self) -> Sequence[State]:
        """What is known of all servers."""
        return [client.state for client in self.clients]

    def title(self, client: Client) -> str:
        """What a person calls the server of `client`."""
        return server_titles(self.states)[client.state.server]

    def find(self, name: str) -> Connector | None:
        """The connector of a server on the list."""
        return self._connectors.get(name)

    def activate(self, spot: Spot) -> Client | None:
        """Look at `spot`, away from any other server; its core, or None where there is no such."""
        connector = self._connectors.get(spot.server)
        if connector is None or spot.buffer not in connector.client.state.buffers:
            return None
        left = self._connectors.get(self._active)
        if left is not None and left is not connector:
            left.client.show(STATUS)  # nobody reads there now
        self._active = spot.server
        connector.client.show(spot.buffer)
        return connector.client

    # -- connecting and hanging up ---------------------------------------------------------------

    def connect(self, options: Options, address: Address, identity: Identity = NOBODY) -> Connector:
        """Put a server on the list, and connect to it; what happens comes as updates."""
        connector = self.add(options, address, identity)
        connector.connect()
        return connector

    def add(self, options: Options, address: Address, identity: Identity = NOBODY) -> Connector:
        """Put a server on the list, with what is kept of it; there is no link yet."""
        client = new_client(options, self._made * ITEMS_OF_A_SERVER_MAX)
        client.watch_for(self._keywords)
        self._made += 1
        name = options.server
        certificate = Path(identity.certificate) if identity.certificate else None

        if self._archives is not None:
            self._archives.restore(client, options.account)

        def take(updates: list[Update]) -> None:
            if self._archives is not None:
                self._archives.note(client, updates)
            if name in self._connectors and self._connectors[name].client is client:
                self._obey(self._connectors[name], updates)
                self._take(client, updates)

        def make_link(to: Address) -> NetworkLink:
            fingerprints = identity.fingerprints
            trust = Trust(to.place, self._pins, fingerprints, to.tls == address.tls, certificate)
            return self._make_link(client, to.host, to.port, take, trust if to.tls else None)

        connector = Connector(self._required(address), client, make_link, self._failed)
        self._connectors[name] = connector
        self._active = self._active or name
        return connector

    def _required(self, address: Address) -> Address:
        """Where the link must go: elsewhere, if the server wants encrypted links only."""
        port = 0 if address.tls else self._policies.port(address.host, time.time())
        return replace(address, port=port, tls=True) if port else address

    def _obey(self, connector: Connector, updates: list[Update]) -> None:
        """Follow the policy of a server that wants encrypted links only."""
        address, now_s = connector.address, time.time()
        for update in updates:
            if isinstance(update, SecurityRequired):
                connector.move(replace(address, port=update.port, tls=True))
            elif isinstance(update, SecurityKept):
                with suppress(OSError):  # told again on the next visit
                    self._policies.keep(address.host, address.port, update.duration_s, now_s)
            elif isinstance(update, ConnectionChanged) and _is_cut(connector):
                with suppress(OSError):
                    self._policies.renew(address.host, now_s)

    def watch_for(self, words: Sequence[str]) -> None:
        """What has one of `words` in it counts as meant for the person, on every server."""
        self._keywords = words
        for connector in self._connectors.values():
            connector.client.watch_for(words)
            connector.poke()

    def poke(self) -> None:
        """The core one is talking through was given something to do."""
        connector = self._connectors.get(self._active)
        if connector is not None:
            connector.poke()

    def accept(self, name: str, change: CertificateChanged) -> None:
        """The person trusts the certificate that a server shows now."""
        if name in self._connectors:
            self._connectors[name].accept(change)

    async def drop(self, name: str) -> None:
        """Take a server off the list. No updates of it come after this."""
        connector = self._connectors.pop(name, None)
        if self._active == name:
            self._active = next(iter(self._connectors), "")
        if connector is not None:
            await connector.close()
            if self._archives is not None:
                await self._archives.drop(connector.client)

    # -- a server of one's own -------------------------------------------------------------------

    @property
    def local_runs(self) -> bool:
        """Whether a server started from here is running."""
        return self._local is not None and self._local.running

    async def start_local(self, address: Address) -> None:
        """Start a server on this machine. Raises `local_server.StartFailed`."""
        self._local = await local_server.start(address.port, local_server.data_folder())
        self.local_name = str(address)

    async def close(self) -> None:
        """Hang up everywhere, and stop the server started from here; harmless when done."""
        if self._archives is not None:
            await self._archives.close()  # first: saying goodbye may take longer than there is
        connectors = list(self._connectors.values())
        self._connectors.clear()
        await asyncio.gather(*(connector.close() for connector in connectors))
        if self._local is not None:
            await self._local.stop()


def _is_cut(connector: Connector) -> bool:
    """Whether an encrypted link is gone, for now."""
    state = connector.client.state
    return connector.address.tls and state.connection is Connection.WAITING
