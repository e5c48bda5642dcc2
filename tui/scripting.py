"""``chat-tui send`` and ``chat-tui tail``: speak and listen from scripts, without a screen.

What was asked for goes to standard output, sentences about it to standard error. The exit status:

0  done: the server has confirmed every message, and so has stored it
1  refused: no such room, one may not speak there, the password is wrong
2  wrong usage
3  the server cannot be reached, or its certificate is not trusted
4  no confirmation in time: what was sent may have been stored or not
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final, TextIO

from common.casemap import channel_name, fold
from common.text import plain
from tui.address import Address
from tui.client.client import Client, IntentRefused
from tui.client.state import Buffer, Connection, Delivery, Item, ItemKind
from tui.client.updates import (
    CertificateChanged,
    ItemsAppended,
    ItemsPrepended,
    ItemsReordered,
    Told,
    Update,
)
from tui.config import Launch
from tui.connector import MakeLink, make_network_link
from tui.headless import Headless, is_settled

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
UNCONFIRMED: Final = 4

CONNECT_S: Final = 30.0
CONFIRM_S: Final = 30.0
QUIET_S: Final = 0.3
"""When the history of a room has been told to its end: nothing more came for so long."""

OPEN_MAX: Final = 10
"""Messages on their way without a confirmation: a script never floods."""

CHANNEL_SIGNS: Final = ("#", "&", "+", "!")
"""What begins the name of a room somewhere; without one of them it is a room with ``#``."""

_SPOKEN: Final = (ItemKind.MESSAGE, ItemKind.ACTION, ItemKind.NOTICE)


class Failed(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """What was wanted cannot be had; the text says why. `status` is what to exit with."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


class Script:
    """One room, or with ``@`` one person, on one server. Used as ``async with``."""

    def __init__(
        self,
        launch: Launch,
        address: Address,
        password: str,
        target: str,
        make_link: MakeLink = make_network_link,
    ) -> None:
        self._headless = Headless(launch, self._listen, make_link)
        self._is_person = target.startswith("@")
        self._name = target[1:] if self._is_person else _room(target)
        self._key = fold(self._name)
        self._refusal = ""
        self._distrust = ""
        self._arrived: list[Item] = []
        self._newest_id = 0
        self._client = self._headless.connect(address, launch.remembered.nick, password)

    async def __aenter__(self) -> "Script":
        """Connect and go there. Raises `Failed`."""
        try:
            await self._connect(self._client)
            await self._open(self._client)
        except BaseException:
            await self._headless.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Say goodbye."""
        await self._headless.close()

    @property
    def _buffer(self) -> Buffer:
        return self._client.state.buffers[self._key]

    def _listen(self, client: Client, update: Update) -> None:
        match update:
            case Told(text=text, failure=True):
                self._refusal = self._refusal or text
            case CertificateChanged(text=text):
                self._distrust = text
            case ItemsAppended(buffer=self._key, items=items):
                self._arrive(items)
            case ItemsPrepended(buffer=self._key) | ItemsReordered(buffer=self._key):
                self._arrive(client.state.buffers[self._key].items)
            case _:
                pass

    def _arrive(self, items: Iterable[Item]) -> None:
        """Take those not seen before: ids rise with every item that is made."""
        fresh = [item for item in items if item.id > self._newest_id]
        self._newest_id = max((item.id for item in fresh), default=self._newest_id)
        self._arrived += [item for item in fresh if item.kind in _SPOKEN]

    async def _connect(self, client: Client) -> None:
        state = client.state
        try:
            await self._headless.until(lambda: is_settled(state), CONNECT_S)
        except TimeoutError:
            raise Failed(f"{state.server} does not answer.", UNREACHABLE) from None
        if state.connection is not Connection.ONLINE:
            refused = state.connection is Connection.OFFLINE and not self._distrust
            named = "" if state.server in state.reason else f"{state.server}: "
            text = self._distrust or f"{named}{state.reason.rstrip('.')}."
            raise Failed(text, REFUSED if refused else UNREACHABLE)
        if self._refusal:  # here as a guest who meant to be someone
            raise Failed(self._refusal, REFUSED)

    async def _open(self, client: Client) -> None:
        if self._is_person:
            self._intend(lambda: client.open_direct(self._name))
            return
        self._intend(lambda: client.join(self._name))
        try:
            await self._headless.until(lambda: self._is_in or bool(self._refusal), CONNECT_S)
        except TimeoutError:
            raise Failed(f"{self._name} does not open.", UNREACHABLE) from None
        if not self._is_in:
            raise Failed(self._refusal, REFUSED)

    @property
    def _is_in(self) -> bool:
        buffer = self._client.state.buffers.get(self._key)
        return buffer is not None and buffer.joined

    def _intend(self, intent: Callable[[], None]) -> None:
        try:
            intent()
        except IntentRefused as refusal:
            raise Failed(str(refusal), REFUSED) from None
        self._headless.servers.poke()

    async def say(self, lines: Iterable[str]) -> None:
        """Say each of `lines` and see it confirmed, a few at a time. Raises `Failed`."""
        for line in lines:
            if line.strip():
                self._say(line)
                await self._until_open(OPEN_MAX)
        await self._until_open(0)

    def _say(self, line: str) -> None:
        self._intend(lambda: self._client.say(self._key, line))

    async def _until_open(self, open_max: int) -> None:
        """Wait until at most so many messages are without a confirmation."""

        def given_up() -> list[Item]:
            unsent = [item for _, item in self._client.unsent]
            return [item for item in unsent if item.delivery is Delivery.UNSENT]

        def is_so() -> bool:
            return len(self._client.unsent) <= open_max or bool(given_up())

        try:
            await self._headless.until(is_so, CONFIRM_S)
        except TimeoutError:
            raise Failed("The server did not confirm in time.", UNCONFIRMED) from None
        for item in given_up():
            raise Failed(f"Not sent: {item.reason}.", REFUSED)

    async def follow(self, lines: int, count: int | None, show: Callable[[Item], None]) -> None:
        """Show the last `lines` messages, then `count` that come (None: all, without an end)."""
        if not self._is_person:
            await self._headless.settle(QUIET_S, CONNECT_S)
        if self._key in self._client.state.buffers:
            for item in self._arrived[-lines:] if lines else []:
                show(item)
        self._arrived.clear()
        shown = 0
        while count is None or shown < count:
            await self._headless.until(lambda: bool(self._arrived))
            taken, self._arrived = self._arrived, []
            for item in taken if count is None else taken[: count - shown]:
                show(item)
                shown += 1


def _room(typed: str) -> str:
    return typed if typed[:1] in CHANNEL_SIGNS else channel_name(typed)


def text_line(item: Item) -> str:
    """A message as a line: time, nick and text, with tabs between; one line for several."""
    time = datetime.fromtimestamp(item.time_ms / 1000, UTC).isoformat(timespec="seconds")
    text = plain(item.text).replace("\n", " ⏎ ").replace("\t", " ")
    if item.kind is ItemKind.ACTION:
        text = f"* {text}"
    return f"{time}\t{item.sender}\t{text}"


def json_line(item: Item) -> str:
    """A message as an object of JSON, on a line of its own."""
    return json.dumps(
        {
            "time_ms": item.time_ms,
            "number": item.number,
            "msgid": item.msgid,
            "nick": item.sender,
            "kind": item.kind.name.lower(),
            "text": item.text,
        },
        ensure_ascii=False,
    )


def shower(out: TextIO, line_of: Callable[[Item], str]) -> Callable[[Item], None]:
    """Writes each message at once, for whoever reads the other end of a pipe."""

    def show(item: Item) -> None:
        print(line_of(item), file=out, flush=True)

    return show
