"""The network shell on real loopback sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tests.client.script import DEVICE
from tui.client.client import Client
from tui.client.options import Options
from tui.client.state import Connection
from tui.client.updates import Update
from tui.net import Link, words_for

PATIENCE_S = 10.0


class Visitor:
    """A client with its link, and a way to wait for what it comes to know."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        tokens = iter(range(10**6))
        options = Options(f"{host}:{port}", "ann", device=DEVICE)
        self.client = Client(options, lambda: f"token-{next(tokens):012}")
        self._changed = asyncio.Event()
        self.link = Link(self.client, host, port, self._on_updates)

    def _on_updates(self, updates: list[Update]) -> None:
        assert updates
        self._changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what is known fulfils `condition`."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                self._changed.clear()
                await self._changed.wait()


class Host:
    """A server that welcomes everyone and keeps the connections."""

    def __init__(self) -> None:
        self.port = 0
        self.visits: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = (
            asyncio.Queue()
        )

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b":s 001 ann :Welcome\r\n:s 422 ann :no MOTD\r\n")
        await self.visits.put((reader, writer))

    async def next_visit(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.wait_for(self.visits.get(), PATIENCE_S)


@asynccontextmanager
async def hosting() -> AsyncIterator[Host]:
    host = Host()
    server = await asyncio.start_server(host.welcome, "127.0.0.1", 0)
    host.port = server.sockets[0].getsockname()[1]
    async with server:
        yield host


@asynccontextmanager
async def visiting(port: int) -> AsyncIterator[tuple[Visitor, "asyncio.Task[None]"]]:
    visitor = Visitor(port)
    task = asyncio.create_task(visitor.link.run())
    try:
        yield visitor, task
    finally:
        task.cancel()
        await asyncio.wait({task})


def online(visitor: Visitor) -> Callable[[], bool]:
    return lambda: visitor.client.state.connection is Connection.ONLINE


async def test_it_connects_talks_and_says_goodbye() -> None:
    async with hosting() as host, visiting(host.port) as (visitor, task):
        reader, writer = await host.next_visit()
        await visitor.until(online(visitor))
        visitor.client.raw("VERSION")
        visitor.link.poke()
        await asyncio.wait_for(reader.readuntil(b"VERSION\r\n"), PATIENCE_S)
        visitor.client.quit("bye")
        visitor.link.poke()
        rest = await asyncio.wait_for(reader.read(), PATIENCE_S)
        assert rest.endswith(b"QUIT bye\r\n")
        await asyncio.wait_for(task, PATIENCE_S)
        writer.close()


async def test_a_lost_link_is_opened_again() -> None:
    async with hosting() as host, visiting(host.port) as (visitor, _):
        _, writer = await host.next_visit()
        await visitor.until(online(visitor))
        writer.close()
        await visitor.until(lambda: visitor.client.state.connection is Connection.WAITING)
        assert visitor.client.state.reason == "the server closed the connection"
        visitor.client.retry_now()
        visitor.link.poke()
        _, writer = await host.next_visit()
        await visitor.until(online(visitor))
        writer.close()


async def test_nobody_listening_is_said_in_words_and_one_may_still_quit() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        async with visiting(reserved.getsockname()[1]) as (visitor, task):
            await visitor.until(lambda: visitor.client.state.connection is Connection.WAITING)
            assert visitor.client.state.reason == "connection refused: nothing listens there"
            visitor.client.quit()
            visitor.link.poke()
            await asyncio.wait_for(task, PATIENCE_S)


async def test_one_turned_away_may_try_again() -> None:
    async with hosting() as host, visiting(host.port) as (visitor, task):
        _, writer = await host.next_visit()
        await visitor.until(online(visitor))
        writer.close()
        await visitor.until(lambda: visitor.client.state.connection is Connection.WAITING)
        assert not task.done()


async def test_keys_get_through_a_flood() -> None:
    flood = b"".join(b":bob!b@h NOTICE ann :line %d\r\n" % number for number in range(50_000))
    async with hosting() as host, visiting(host.port) as (visitor, _):
        _, writer = await host.next_visit()
        await visitor.until(online(visitor))
        writer.write(flood)
        last = "line 49999"
        turns = 0
        while not ((bob := visitor.client.state.buffers.get("bob")) and bob.items[-1].text == last):
            await asyncio.sleep(0)
            turns += 1
        assert turns > len(flood) / (16 * 1024)
        writer.close()


def test_what_went_wrong_has_words() -> None:
    assert words_for(socket.gaierror()) == "no machine by this name is known"
    assert words_for(TimeoutError()) == "no answer in time"
    assert words_for(OSError(113, "No route to host")) == "no route to host"
    assert words_for(RuntimeError("?")) == "the connection failed"
