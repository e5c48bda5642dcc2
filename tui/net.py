"""The network shell: opens the client core's link and runs its three steps after any stimulus.

Owns the socket and reads the clocks; decides nothing about the protocol. Plain TCP, or TLS
when it is given a `Trust`: then nothing is written before the server's certificate was judged.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Final

from tui.client.client import Client
from tui.client.state import Connection
from tui.client.updates import CertificateChanged, Update
from tui.trust import (
    AUTHORITIES,
    Pinned,
    PinsUnusable,
    Trust,
    Untrusted,
    pinning_context,
    verifying_context,
)

CONNECT_TIMEOUT_S: Final = 15.0

FEED_BYTES_MAX: Final = 16 * 1024
"""Bytes given to the core in one turn of the loop: about 150 lines, a few milliseconds, so
that a key press never waits behind a flood. What is left waits with reading paused."""

CLOCK_S: Final = 1.0
"""The core is told the time at least so often: what the person does bears its reading."""

GOODBYE_TIMEOUT_S: Final = 2.0
"""How long the last bytes may take to leave."""

_LINKED: Final = (Connection.REGISTERING, Connection.ONLINE)


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

    @property
    def certificate(self) -> bytes:
        """What the server showed (DER)."""
        assert self.transport is not None
        shown: bytes = self.transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return shown

    def abort(self) -> None:
        """End the connection at once."""
        if self.transport is not None:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = words_for(exc) if exc is not None else "the server closed the connection"
        self.ended.set()
        self._wake.set()


class CertificateRefused(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The server shows another certificate than the one remembered; nothing was sent."""

    def __init__(self, change: CertificateChanged) -> None:
        super().__init__(change.text)
        self.change = change


class Link:
    """Keeps `client` connected to `host`:`port` for as long as it wants to be.

    `on_updates` is called with what changed, never with an empty list. With `trust` the link
    is encrypted.
    """

    def __init__(
        self,
        client: Client,
        host: str,
        port: int,
        on_updates: Callable[[list[Update]], None],
        trust: Trust | None = None,
    ) -> None:
        self._client = client
        self._host = host
        self._port = port
        self._on_updates = on_updates
        self._trust = trust
        self._wake = asyncio.Event()
        self._wire: _Wire | None = None
        self._opening: asyncio.Future[_Wire] | None = None

    def accept(self, change: CertificateChanged) -> None:
        """The person trusts the certificate of `change` from now on: connect again."""
        assert self._trust is not None
        try:
            self._trust.accept(change, _today())
        except PinsUnusable as error:
            self._client.forbidden(str(error))
        else:
            self._client.retry_now()
        self.poke()

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
        self._advance()
        outgoing = self._client.take_outgoing()
        wire = self._wire
        if wire is not None and wire.transport is not None and wire.lost is None and outgoing:
            wire.transport.write(outgoing)
        updates = self._client.take_updates()
        if updates:
            self._on_updates(updates)

    def _advance(self) -> None:
        """Tell the core the time; before news of the link too, whose delays count from now."""
        self._client.advance(time.monotonic(), time.time_ns() // 1_000_000)

    async def _open(self) -> None:
        opening = asyncio.ensure_future(self._connect())
        self._opening = opening
        try:
            await asyncio.wait({opening}, timeout=CONNECT_TIMEOUT_S)
            self._take_opened(opening)
        finally:
            self._opening = None
            opening.cancel()

    def _take_opened(self, opening: "asyncio.Future[_Wire]") -> None:
        """Tell the core that there is a link, or why there is none."""
        self._advance()
        try:
            if not opening.done() or opening.cancelled():
                raise TimeoutError
            self._wire = opening.result()
        except CertificateRefused as refusal:
            self._client.forbidden(str(refusal), refusal.change)
        except (PinsUnusable, Untrusted) as error:
            self._client.forbidden(str(error))
        except OSError as error:
            self._client.disconnected(words_for(error))
        else:
            self._client.connected(self._trust is not None)

    async def _connect(self) -> _Wire:
        """An open connection, its certificate judged.

        Raises `OSError`, `CertificateRefused`, `PinsUnusable`, `Untrusted`.
        """
        if self._trust is None:
            return await self._dial(None)
        pin = self._trust.pinned()
        by_pin = pin is not None and pin.fingerprint != AUTHORITIES
        by_fingerprint = by_pin or bool(self._trust.fingerprints)
        wire = None if by_fingerprint else await self._dial_vouched(self._trust)
        if wire is not None:
            return wire
        wire, change = await self._dial_pinned(self._trust)
        if change is None:
            return wire
        wire.abort()
        wire_vouched = await self._dial_vouched(self._trust) if by_fingerprint else None
        if wire_vouched is None:
            raise CertificateRefused(change)
        self._client.note(f"Authorities vouch for the new certificate of {self._trust.place}.")
        return wire_vouched

    async def _dial(self, context: ssl.SSLContext | None) -> _Wire:
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(
            lambda: _Wire(self._wake), self._host, self._port, ssl=context
        )
        return wire

    async def _dial_vouched(self, trust: Trust) -> _Wire | None:
        """A connection that authorities vouch for; None where they do not."""
        try:
            wire = await self._dial(verifying_context(trust))
        except ssl.SSLCertVerificationError:
            return None
        try:
            trust.vouched(_today())
        except PinsUnusable:
            wire.abort()
            raise
        return wire

    async def _dial_pinned(self, trust: Trust) -> tuple[_Wire, CertificateChanged | None]:
        """A connection to whoever answers, and what is wrong with their certificate."""
        wire = await self._dial(pinning_context(trust))
        try:
            verdict = trust.judge(wire.certificate, _today())
        except (PinsUnusable, Untrusted):
            wire.abort()
            raise
        if isinstance(verdict, Pinned):
            self._client.note(verdict.text)
            return wire, None
        return wire, verdict

    async def _sleep(self) -> None:
        """Until something happens or is due; a link the core has given up is closed.

        It may want a new one already: someone was quicker than this.
        """
        wire = self._wire
        if wire is not None and self._client.state.connection not in _LINKED:
            await self._close(wire)
            return
        if wire is not None and wire.received:
            await asyncio.sleep(0)  # a turn for keys and screens between two portions
            return
        deadline = self._client.next_deadline()
        due = CLOCK_S if deadline is None else min(CLOCK_S, deadline - time.monotonic())
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, due)):
                await self._wake.wait()
        self._wake.clear()

    def _read(self) -> None:
        """Give the core its next portion of bytes, then the news that there will be no more."""
        wire = self._wire
        if wire is None:
            return
        self._advance()
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
        if self._wire is not None:
            self._wire.abort()
        self._wire = None


def _today() -> str:
    return date.today().isoformat()


_WORDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (TimeoutError, "no answer in time"),
    (ConnectionRefusedError, "connection refused: nothing listens there"),
    (ConnectionResetError, "the connection was cut"),
    (BrokenPipeError, "the connection was cut"),
    (socket.gaierror, "no machine by this name is known"),
    (ssl.SSLCertVerificationError, "its certificate is not trusted"),
    (ssl.SSLError, "no secure connection could be agreed on: maybe it does not speak TLS there"),
)


def words_for(error: BaseException) -> str:
    """Why a connection could not be opened or ended, for a person."""
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    text = error.strerror if isinstance(error, OSError) else None
    return text.lower() if text else "the connection failed"
