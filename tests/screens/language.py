"""The language of the screen tests: an app on a scripted server, and the screen as text.

`FakeLink` stands for the network alone: the core is the real one, fed with lines of a server.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot

from tui import config
from tui.address import Address
from tui.app import ChatApp
from tui.client.client import Client
from tui.client.state import Connection
from tui.client.updates import CertificateChanged, Update
from tui.trust import Trust

START_MS = 1_772_800_000_000  # Friday, March 6, 2026, 12:26:40 UTC
TURNS_MAX = 200
TURN_S = 0.01

ADDRESS = Address("chat.example.org", 5555, tls=True)


@dataclass
class Server:
    """The other end: what the client wrote, and what it is told."""

    client: Client
    on_updates: Callable[[list[Update]], None]
    trust: Trust | None = None
    accepted: list[CertificateChanged] = field(default_factory=list)
    now: float = 1_000.0
    written: list[str] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    breaks: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Open the link, and wait until the core is done."""
        self.client.advance(self.now, START_MS)
        self.client.start()
        self.opens()
        ends = [asyncio.ensure_future(event.wait()) for event in (self.over, self.breaks)]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        if self.breaks.is_set():
            raise RuntimeError("a bug of ours")

    def poke(self) -> None:
        """Take what the core wants to say, hand over what changed."""
        self.client.advance(self.now, START_MS + int((self.now - 1_000.0) * 1_000))
        self.written += self.client.take_outgoing().decode().splitlines()
        updates = self.client.take_updates()
        if updates:
            self.on_updates(updates)
        state = self.client.state
        if state.connection is Connection.OFFLINE and not state.reason:
            self.over.set()

    def accept(self, change: CertificateChanged) -> None:
        """The person trusts a certificate: connect again."""
        self.accepted.append(change)
        self.client.retry_now()
        self.opens()

    def shows(self, change: CertificateChanged) -> None:
        """The certificate is another than before: the link is not used."""
        self.client.forbidden(change.text, change)
        self.poke()

    def opens(self) -> None:
        """The link is there."""
        self.client.connected()
        self.poke()

    def cuts(self, reason: str) -> None:
        """The link is lost."""
        self.client.disconnected(reason)
        self.poke()

    def says(self, *lines: str) -> None:
        """The server sends lines."""
        self.client.receive("".join(f"{line}\r\n" for line in lines).encode())
        self.poke()

    def welcomes(self, capabilities: str = "") -> None:
        """Registration; without any capability it is the plainest server there is."""
        self.says(f":irc CAP * LS :{capabilities}")
        asked = [line for line in self.written if line.startswith("CAP REQ")]
        self.says(
            *(f":irc CAP * ACK :{line.removeprefix('CAP REQ ').lstrip(':')}" for line in asked),
            f":irc 001 {self.client.state.nick} :Welcome",
            f":irc 005 {self.client.state.nick} PREFIX=(qaohv)~&@%+ CHANTYPES=# :are supported",
            f":irc 422 {self.client.state.nick} :no motd",
        )

    def lists(self, *rooms: tuple[str, int, str]) -> None:
        """Answer LIST."""
        nick = self.client.state.nick
        lines = [f":irc 322 {nick} {name} {count} :{topic}" for name, count, topic in rooms]
        self.says(*lines, f":irc 323 {nick} :End of LIST")

    def enters(self, room: str, members: Iterable[str] = (), topic: str = "") -> None:
        """We are in a room."""
        nick = self.client.state.nick
        self.says(
            f":{nick}!u@h JOIN {room}",
            *([f":irc 332 {nick} {room} :{topic}"] if topic else []),
            f":irc 353 {nick} = {room} :{' '.join([nick, *members])}",
            f":irc 366 {nick} {room} :End",
        )

    def sends_history(self, room: str, lines: Iterable[str]) -> None:
        """Answer what was asked of a history last."""
        asked = next(line for line in reversed(self.written) if " CHATHISTORY " in line)
        label = asked.partition("label=")[2].split(" ")[0].split(";")[0]
        within = [f"@batch=h;{line.removeprefix('@')}" for line in lines]
        opening = f"@label={label} :irc BATCH +h chathistory {room}"
        self.says(opening, *within, ":irc BATCH -h")

    def expect(self, part: str) -> None:
        """The client wrote a line with `part` in it."""
        assert any(part in line for line in self.written), f"{part!r} not in {self.written}"


@dataclass
class Session:
    """An app on a screen, and the server it talks to."""

    app: ChatApp
    pilot: Pilot[None]
    server: Server
    servers: list[Server] = field(default_factory=list)  # one for each connection

    async def next_server(self) -> Server:
        """The person connects anew: the server of that connection."""
        for _ in range(TURNS_MAX):
            if self.servers[-1] is not self.server:
                break
            await self.pilot.pause(TURN_S)
        self.server = self.servers[-1]
        return self.server

    def text(self) -> str:
        """The screen as lines of text."""
        return screen_text(self.app)

    def line_with(self, part: str) -> str:
        """The first line of the screen that holds `part`."""
        for line in self.text().splitlines():
            if part in line:
                return line
        raise AssertionError(f"{part!r} is not on the screen:\n{self.text()}")

    async def sees(self, *parts: str) -> None:
        """Wait until the screen shows all of `parts`."""
        await self._until(lambda text: all(part in text for part in parts), f"to see {parts}")

    async def misses(self, *parts: str) -> None:
        """Wait until the screen shows none of `parts`."""
        await self._until(lambda text: not any(part in text for part in parts), f"to miss {parts}")

    async def _until(self, holds: Callable[[str], bool], what: str) -> None:
        for _ in range(TURNS_MAX):
            await self.pilot.pause(TURN_S)
            if holds(self.text()):
                return
        raise AssertionError(f"waited in vain {what}:\n{self.text()}")

    async def ends(self) -> None:
        """Wait until the app was told to end."""
        for _ in range(TURNS_MAX):
            if self.app.return_code is not None:
                return
            await asyncio.sleep(TURN_S)  # a pilot would wait for widgets that are gone

    async def writes(self, text: str) -> None:
        """Type a line and press Enter."""
        await self.types(text)
        await self.pilot.press("enter")
        await self.pilot.pause()

    async def types(self, text: str) -> None:
        """Type characters."""
        names = {" ": "space", "/": "slash", "#": "number_sign", "@": "at", "?": "question_mark"}
        await self.pilot.press(*(names.get(character, character) for character in text))


def screen_text(app: App[None]) -> str:
    """What is on the screen, line by line, without trailing spaces."""
    strips = app.screen._compositor.render_strips()  # the only way to the text grid
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


@asynccontextmanager
async def session(
    tmp_path: Path,
    size: tuple[int, int] = (120, 40),
    welcomed: bool = True,
    rooms: tuple[str, ...] = (),
    address: Address | None = ADDRESS,
    capabilities: str = "",
    toasts: bool = False,
) -> AsyncIterator[Session]:
    """The app, connected to a scripted server as nick ``me``; without `address` as it may be."""
    servers: list[Server] = []

    def make_link(
        client: Client,
        host: str,
        port: int,
        on_updates: Callable[[list[Update]], None],
        trust: Trust | None,
    ) -> Server:
        servers.append(Server(client, on_updates, trust))
        return servers[-1]

    path = tmp_path / config.FILE_NAME
    remembered, complaint = config.load(path)
    remembered.nick = "me"
    launch = config.Launch(path, remembered, complaint, address, rooms)
    app = ChatApp(launch, make_link, UTC)
    async with app.run_test(size=size, notifications=toasts) as pilot:
        for _ in range(TURNS_MAX):
            if servers and servers[0].written:
                break
            await pilot.pause(TURN_S)
        if welcomed:
            servers[0].welcomes(capabilities)
        await pilot.pause()
        yield Session(app, pilot, servers[0], servers)
