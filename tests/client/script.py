"""The test language: a scripted server on one side of the real client core.

`desk.hears(line)` is the server speaking, `desk.writes()` what the client sent since, `desk.told()`
the updates since. Time stands still until `desk.wait` moves it.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

from common.capabilities import CAPABILITIES
from tui.client.client import Client
from tui.client.options import Options
from tui.client.state import Buffer, Item
from tui.client.updates import Update

OURS = " ".join(row.name for row in CAPABILITIES)
"""What our own server offers."""

IRCV3 = "message-tags server-time batch echo-message labeled-response draft/chathistory"
"""What a modern server that is not ours offers."""

DEVICE = "device-token-0123456789"
START_MS = 1_700_000_000_000
CHANNEL_ID = 7
MOMENT = "2023-11-14T22:13:20.000Z"

Kind = TypeVar("Kind")


class Desk:
    """A client, its clock, and what it has written and told so far."""

    def __init__(
        self,
        options: Options | None = None,
        nick: str = "ann",
        autojoin: tuple[str, ...] = (),
        device: str = DEVICE,
    ) -> None:
        self.tokens_made = 0
        options = options or Options("chat.example:5555", nick, device=device, autojoin=autojoin)
        self.client = Client(options, self.token)
        self.now = 1_000.0
        self.wall_ms = START_MS
        self.updates: list[Update] = []
        self.written: list[str] = []
        self.wrote: tuple[str, ...] = ()
        self.client.advance(self.now, self.wall_ms)
        self.client.start()

    def token(self) -> str:
        """Not random, but as long and as different as random ones."""
        self.tokens_made += 1
        return f"token-{self.tokens_made:012}"

    # -- the server's side

    def hears(self, *lines: str) -> None:
        """The server says `lines`."""
        for line in lines:
            self.client.receive(f"{line}\r\n".encode())

    def registers(
        self,
        capabilities: str = OURS,
        nick: str = "ann",
        history: int = 100,
        wrote: Iterable[str] = (),
    ) -> None:
        """A link opens, and the server does everything up to the end of its greeting.

        `wrote` are those who wrote to us meanwhile.
        """
        self.wrote = tuple(wrote)
        self.client.connected()
        if capabilities:
            self.hears(f":server CAP * LS :{capabilities}")
            for line in self.writes():
                if line.startswith("CAP REQ"):
                    self.hears(f":server CAP * ACK :{line.removeprefix('CAP REQ ').lstrip(':')}")
        self.hears(
            f":server 001 {nick} :Welcome",
            f":server 005 {nick} CHATHISTORY={history} PREFIX=(qaohv)~&@%+ NETWORK=Example :are",
            f":server 422 {nick} :no MOTD",
        )

    def enters(self, room: str, *names: str, page: Iterable[str] = ()) -> None:
        """The server lets us into `room`, and answers the request for history by `page`."""
        label = self.label_of("JOIN")
        nick = self.client.state.nick
        tag = f"@label={label} " if label else ""
        people = " ".join([nick, *names])
        self.hears(
            f"{tag}:{nick}!{nick}@host JOIN {room}" if not label else f"{tag}:server BATCH +j x",
        )
        if label:
            self.hears(f"@batch=j :{nick}!{nick}@host JOIN {room}")
        self.hears(f":server 353 {nick} = {room} :{people}", f":server 366 {nick} {room} :End")
        if label:
            self.hears(":server BATCH -j")
        self.answers_history(room, page)

    def answers_history(self, room: str, page: Iterable[str] = ()) -> str:
        """The server sends a page; returns the command that asked for it, "" for none."""
        asked = self.find("CHATHISTORY")
        if asked:
            self.hears(f":server BATCH +h chathistory {room}")
            for line in page:
                tags, _, rest = line.removeprefix("@").partition(" ")
                tagged = line.startswith("@")
                self.hears(f"@batch=h;{tags} {rest}" if tagged else f"@batch=h {line}")
            self.hears(":server BATCH -h")
        return asked

    # -- what the client did

    def writes(self) -> list[str]:
        """The lines the client sent since the last look, without their tags' values checked."""
        lines = self.client.take_outgoing().decode().splitlines()
        asked = [line for line in lines if "CHATHISTORY TARGETS" in line]
        sent = [line for line in lines if line not in asked]
        self.written += sent
        for line in asked:
            self._names_conversations(line)
        return sent

    def _names_conversations(self, asked: str) -> None:
        """The server says which conversations have news since the link was lost."""
        label = tags_of(asked).get("label", "")
        self.hears(
            f"@label={label} :server BATCH +t draft/chathistory-targets",
            *(f"@batch=t :server CHATHISTORY TARGETS {name} {MOMENT}" for name in self.wrote),
            ":server BATCH -t",
        )

    def find(self, word: str) -> str:
        """The newest line sent that has the command `word`, without its tags; "" for none."""
        self.writes()
        for line in reversed(self.written):
            bare = re.sub(r"^@\S+ ", "", line)
            if bare.split()[0] == word:
                self.written.remove(line)
                return bare
        return ""

    def label_of(self, word: str) -> str:
        """The label on the newest line that has the command `word`; "" for none."""
        self.writes()
        for line in reversed(self.written):
            found = re.match(r"@(\S+) (\S+)", line)
            if found and found[2] == word:
                return tags_of(line).get("label", "")
        return ""

    def told(self, kind: type[Kind]) -> list[Kind]:
        """The updates of one kind since the last look at any."""
        self.updates += self.client.take_updates()
        found: list[Kind] = [update for update in self.updates if isinstance(update, kind)]
        self.updates = [update for update in self.updates if not isinstance(update, kind)]
        return found

    def buffer(self, key: str) -> Buffer:
        """A buffer by its key."""
        return self.client.state.buffers[key]

    def texts(self, key: str) -> list[str]:
        """What stands in a buffer."""
        return [item.text for item in self.items(key)]

    def items(self, key: str) -> list[Item]:
        """The items that were said, in reading order; presence is left out."""
        return [item for item in self.buffer(key).items if item.text]

    def wait(self, seconds: float) -> None:
        """Time passes, and the shell calls whenever the client asked to be called."""
        end = self.now + seconds
        while True:
            due = self.client.next_deadline()
            if due is None or due > end:
                break
            self._move(max(due, self.now))
        self._move(end)

    def sleeps(self, seconds: float) -> None:
        """The machine sleeps: nobody calls for so long."""
        self._move(self.now + seconds)

    def _move(self, now: float) -> None:
        self.wall_ms += round((now - self.now) * 1000)
        self.now = now
        self.client.advance(self.now, self.wall_ms)


def tags_of(line: str) -> dict[str, str]:
    """The tags of a line that has some."""
    tags = line.removeprefix("@").split(" ")[0].split(";") if line.startswith("@") else []
    return {key: value for key, _, value in (tag.partition("=") for tag in tags)}


def numbered(
    number: int, text: str, nick: str = "bob", room: str = "#trail", extra: str = ""
) -> str:
    """A stored message as our server sends it."""
    position = number << 24
    tags = f"msgid={CHANNEL_ID:010x}-{position:015x};chat-server/number={number}"
    moment = datetime.fromtimestamp(START_MS / 1000 - 86_400 + number, UTC)
    time = f"time={moment.strftime('%Y-%m-%dT%H:%M:%S')}.000Z"
    return f"@{extra}{tags};{time} :{nick}!{nick}@host PRIVMSG {room} :{text}"


def in_room(capabilities: str = OURS, page: Iterable[str] = ()) -> Desk:
    """Registered, and in the room #trail with bob."""
    desk = Desk()
    desk.registers(capabilities)
    desk.client.join("trail")
    desk.enters("#trail", "bob", page=page)
    desk.client.show("#trail")
    desk.writes()
    desk.written.clear()
    desk.client.take_updates()
    return desk
