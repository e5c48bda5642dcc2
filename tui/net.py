"""The network shell: opens the client core's link and runs its three steps after any stimulus.

Owns the socket and reads the clocks; decides nothing about the protocol. Plain TCP, or TLS
when it is given a context.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from tui.client.client import Client
from tui.client.state import Connection
from tui.client.updates import Update

CONNECT_TIMEOUT_S: Final = 15.0

FEED_BYTES_MAX: Final = 16 * 1024
"""Bytes given to the core in one turn of the loop: about 150 lines, a few milliseconds, so
that a key press never waits behind a flood. What is left waits with reading paused."""

GOODBYE_TIMEOUT_S: Final = 2.0
"""How long the last bytes may take to leave."""


class _Wire(asyncio.Protocol):
    """One open connection: gathers bytes, and wakes whoever reads them."""

    def __init__(self, wake: asyncio.Event) -> None:
        self.transport: asyncio.Transport | None = None
        self.received = bytearray()
        self.lost: str | None = None  # why the connection ended
        self.ended = asyncio.Event()
        self._wake = wake

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        if len(self.received) > FEED_BYTES_MAX and self.transport is not None:
            self.transport.pause_reading()
        self._wake.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = words_for(exc) if exc is not None else "the server closed the connection"
        self.ended.set()
        self._wake.set()


class Link:
    """Keeps `client` connected to `host`:`port` for as long as it wants to be.

    `on_updates` is called with what changed, never with an empty list.
    """

    def __init__(
        self,
        client: Client,
        host: str,
        port: int,
        on_updates: Callable[[list[Update]], None],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._client = client
        self._host = host
        self._port = port
        self._on_updates = on_updates
        self._tls = tls
        self._wake = asyncio.Event()
        self._wire: _Wire | None = None
        self._opening: asyncio.Future[tuple[asyncio.Transport, _Wire]] | None = None

    def poke(self) -> None:
        """The person did something: write what it queued and hand over what changed."""
        self._step()
        if self._opening is not None and not self._client.wants_link:
            self._opening.cancel()
        self._wake.set()

    async def run(self) -> None:
        """Connect, and connect again, until the person quits."""
        self._client.start()
        try:
            while True:
                self._step()
                if self._wire is None and self._client.wants_link:
                    await self._open()
                elif self._wire is None and self._has_quit:
                    return
                else:
                    await self._sleep()
                    self._read()
        finally:
            self._abort()

    @property
    def _has_quit(self) -> bool:
        """Off line without a reason: turned away by the server, one may still try again."""
        state = self._client.state
        return state.connection is Connection.OFFLINE and not state.reason

    def _step(self) -> None:
        """The three steps: time, outgoing bytes, updates."""
        self._client.advance(time.monotonic(), time.time_ns() // 1_000_000)
        outgoing = self._client.take_outgoing()
        wire = self._wire
        if wire is not None and wire.transport is not None and wire.lost is None and outgoing:
            wire.transport.write(outgoing)
        updates = self._client.take_updates()
        if updates:
            self._on_updates(updates)

    async def _open(self) -> None:
        wire = _Wire(self._wake)
        loop = asyncio.get_running_loop()
        opening = asyncio.ensure_future(
            loop.create_connection(lambda: wire, self._host, self._port, ssl=self._tls)
        )
        self._opening = opening
        try:
            await asyncio.wait({opening}, timeout=CONNECT_TIMEOUT_S)
            error = self._failure(opening)
        finally:
            self._opening = None
            opening.cancel()
        if error is not None:
            self._client.disconnected(words_for(error))
            return
        self._wire = wire
        self._client.connected()

    @staticmethod
    def _failure(opening: "asyncio.Future[tuple[asyncio.Transport, _Wire]]") -> OSError | None:
        """Why there is no connection; None when there is one."""
        if not opening.done() or opening.cancelled():
            return TimeoutError()
        error = opening.exception()
        if error is not None and not isinstance(error, OSError):
            raise error
        return error

    async def _sleep(self) -> None:
        """Until something happens or is due; a link the core no longer wants is closed."""
        wire = self._wire
        if wire is not None and not self._client.wants_link:
            await self._close(wire)
            return
        if wire is not None and wire.received:
            await asyncio.sleep(0)  # a turn for keys and screens between two portions
            return
        deadline = self._client.next_deadline()
        delay = None if deadline is None else max(0.0, deadline - time.monotonic())
        with suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await self._wake.wait()
        self._wake.clear()

    def _read(self) -> None:
        """Give the core its next portion of bytes, then the news that there will be no more."""
        wire = self._wire
        if wire is None:
            return
        portion = bytes(wire.received[:FEED_BYTES_MAX])
        del wire.received[:FEED_BYTES_MAX]
        if portion:
            self._client.receive(portion)
        if wire.received:
            return
        if wire.lost is not None:
            self._wire = None
            self._client.disconnected(wire.lost)
        elif wire.transport is not None and not wire.transport.is_reading():
            wire.transport.resume_reading()

    async def _close(self, wire: _Wire) -> None:
        """Let the last bytes leave, for a while."""
        self._wire = None
        if wire.transport is None:
            return
        wire.transport.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_TIMEOUT_S):
                await wire.ended.wait()
        wire.transport.abort()

    def _abort(self) -> None:
        if self._wire is not None and self._wire.transport is not None:
            self._wire.transport.abort()
        self._wire = None


_WORDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (TimeoutError, "no answer in time"),
    (ConnectionRefusedError, "connection refused: nothing listens there"),
    (ConnectionResetError, "the connection was cut"),
    (BrokenPipeError, "the connection was cut"),
    (socket.gaierror, "no machine by this name is known"),
    (ssl.SSLCertVerificationError, "its certificate is not trusted"),
    (ssl.SSLError, "no secure connection could be agreed on"),
)


def words_for(error: BaseException) -> str:
    """Why a connection could not be opened or ended, for a person."""
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    text = error.strerror if isinstance(error, OSError) else None
    return text.lower() if text else "the connection failed"
