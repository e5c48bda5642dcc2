"""Clients and servers on real loopback sockets, and waiting for what they come to know."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.client.script import DEVICE
from tui.client.client import Client
from tui.client.options import Options
from tui.client.state import Connection
from tui.client.updates import Update
from tui.net import Link
from tui.trust import Trust

PATIENCE_S = 10.0


class Visitor:
    """A client with its link, and a way to wait for what it comes to know."""

    def __init__(self, host: str, port: int, trust: Trust | None = None) -> None:
        tokens = iter(range(10**6))
        options = Options(f"{host}:{port}", "ann", password="secret", device=DEVICE)
        self.client = Client(options, lambda: f"token-{next(tokens):012}")
        self.updates: list[Update] = []
        self._changed = asyncio.Event()
        self.link = Link(self.client, host, port, self._on_updates, trust)

    def _on_updates(self, updates: list[Update]) -> None:
        assert updates
        self.updates += updates
        self._changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what is known fulfils `condition`."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def until_it_is(self, connection: Connection) -> None:
        """Wait until the connection stands so."""
        await self.until(lambda: self.client.state.connection is connection)

    async def until_stopped(self) -> str:
        """Wait until the client has given up by itself; why."""
        state = self.client.state
        await self.until(lambda: state.connection is Connection.OFFLINE and state.reason != "")
        return state.reason


class Host:
    """A server that welcomes everyone and keeps the connections."""

    def __init__(self) -> None:
        self.port = 0
        self.visits: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = (
            asyncio.Queue()
        )

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Someone came in."""
        writer.write(b":s 001 ann :Welcome\r\n:s 422 ann :no MOTD\r\n")
        await self.visits.put((reader, writer))

    async def next_visit(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The next one who comes in."""
        return await asyncio.wait_for(self.visits.get(), PATIENCE_S)


@asynccontextmanager
async def hosting(tls: ssl.SSLContext | None = None, port: int = 0) -> AsyncIterator[Host]:
    """A server on loopback; encrypted with `tls`."""
    host = Host()
    server = await asyncio.start_server(host.welcome, "127.0.0.1", port, ssl=tls)
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        while not host.visits.empty():
            host.visits.get_nowait()[1].close()


@asynccontextmanager
async def visiting(
    port: int, host: str = "127.0.0.1", trust: Trust | None = None
) -> AsyncIterator[tuple[Visitor, "asyncio.Task[None]"]]:
    """A visitor whose link runs."""
    visitor = Visitor(host, port, trust)
    task = asyncio.create_task(visitor.link.run())
    try:
        yield visitor, task
    finally:
        task.cancel()
        await asyncio.wait({task})
