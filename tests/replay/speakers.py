"""The speakers: one thin connection for each, which says its rows and survives a dead server.

A row counts as said when its echo has come back. Rows whose echo was lost with the server are
sent again under the same key, so the room must hold each of them exactly once.
"""

import asyncio
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Final

CAPABILITIES: Final = (
    "message-tags echo-message labeled-response chat-server/resend draft/chathistory"
)
"""With chathistory, so that nothing is replayed to them when they enter."""

IN_FLIGHT_MAX: Final = 200
"""Rows without an echo, over all speakers: the pace of the replay."""

_ECHO: Final = re.compile(rb"^@[^ ]*?label=(\d+)", re.MULTILINE)


@dataclass(slots=True)
class Row:
    """One line of the recording; `number` is its place there and its re-send key."""

    number: int
    text: str


class Speaker(asyncio.Protocol):
    """One person of the recording."""

    def __init__(self, nick: str, room: str, echoed: "asyncio.Queue[int]") -> None:
        self.nick = nick
        self.room = room
        self.unechoed: dict[int, Row] = {}
        self.waiting: deque[Row] = deque()
        self.joined = False
        self._echoed = echoed
        self._transport: asyncio.Transport | None = None
        self._tail = b""

    async def connect(self, port: int) -> None:
        """Connect, again and again until somebody listens."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.create_connection(lambda: self, "127.0.0.1", port)
                return
            except OSError:
                await asyncio.sleep(0.05)  # the server is being started again

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._tail = b""
        transport.write(
            f"CAP REQ :{CAPABILITIES}\r\nDEVICE {self.nick:x<16}\r\nNICK {self.nick}\r\n"
            f"USER {self.nick} 0 * :{self.nick}\r\nCAP END\r\nJOIN {self.room}\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.joined = False

    def data_received(self, data: bytes) -> None:
        if not self.joined and b" 366 " in data:
            self.joined = True
            for row in [*self.unechoed.values(), *self.waiting]:
                self._write(row)
            self.waiting.clear()
        if b"label=" in data or self._tail:
            *lines, self._tail = (self._tail + data).split(b"\n")
            for found in _ECHO.finditer(b"\n".join(lines)):
                number = int(found[1])
                if self.unechoed.pop(number, None):
                    self._echoed.put_nowait(number)
        else:
            self._tail = data.rpartition(b"\n")[2]

    def say(self, row: Row) -> None:
        """Say a row now, or as soon as the room is entered."""
        if self.joined:
            self._write(row)
        else:
            self.waiting.append(row)

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.abort()

    @property
    def connected(self) -> bool:
        """Whether there is a link."""
        return self._transport is not None

    def _write(self, row: Row) -> None:
        self.unechoed[row.number] = row
        if self._transport and not self._transport.is_closing():
            line = f"@label={row.number};chat-server/key=row{row.number} PRIVMSG {self.room} :"
            self._transport.write(line.encode() + row.text.encode() + b"\r\n")


@dataclass(slots=True)
class Company:
    """All speakers of a replay, and how far it has come."""

    port: int
    room: str
    speakers: dict[str, Speaker] = field(default_factory=dict)
    echoed: "asyncio.Queue[int]" = field(default_factory=asyncio.Queue)
    said: int = 0
    in_flight: int = 0

    async def say(self, nick: str, row: Row) -> None:
        """Have `nick` say a row, when fewer than `IN_FLIGHT_MAX` are without an echo."""
        speaker = self.speakers.get(nick)
        if speaker is None:
            speaker = self.speakers[nick] = Speaker(nick, self.room, self.echoed)
            await speaker.connect(self.port)
        speaker.say(row)
        self.in_flight += 1
        while self.in_flight >= IN_FLIGHT_MAX:
            await self.wait_for_echo()

    async def wait_for_echo(self) -> None:
        """Wait for one more echo, mending dead links meanwhile."""
        while True:
            try:
                async with asyncio.timeout(0.5):
                    await self.echoed.get()
            except TimeoutError:
                await self.reconnect()
            else:
                self.in_flight -= 1
                self.said += 1
                return

    async def reconnect(self) -> None:
        """Bring back every speaker whose link is gone."""
        gone = [speaker for speaker in self.speakers.values() if not speaker.connected]
        for start in range(0, len(gone), 100):
            await asyncio.gather(*(s.connect(self.port) for s in gone[start : start + 100]))

    async def finish(self) -> None:
        """Wait until everything was echoed, then hang up."""
        while self.in_flight:
            await self.wait_for_echo()
        for speaker in self.speakers.values():
            speaker.close()
