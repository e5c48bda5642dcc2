"""A watcher: the client core and its network shell as `chat-tui` runs them, without a screen.

Holds what a person would have read: every message of the room by its number, as it came in
through the updates and stands in the buffer.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Iterator

from common.casemap import fold
from tui.client.client import Client
from tui.client.options import Options
from tui.client.state import Connection, Item, ItemKind
from tui.client.updates import ItemChanged, ItemsAppended, Update
from tui.net import Link

SPOKEN = (ItemKind.MESSAGE, ItemKind.ACTION, ItemKind.NOTICE)


def spoken(items: Iterable[Item]) -> Iterator[tuple[int, str, str]]:
    """Number, nick and text, as they are stored, of the numbered messages among `items`."""
    for item in items:
        if item.kind in SPOKEN and item.number:
            action = item.kind is ItemKind.ACTION
            yield item.number, item.sender, f"\x01ACTION {item.text}\x01" if action else item.text


class Watcher:
    """One person who only reads."""

    def __init__(self, nick: str, port: int, room: str) -> None:
        self.nick = nick
        self._key = fold(room)
        options = Options(f"127.0.0.1:{port}", nick, device=secrets.token_urlsafe(16))
        self._client = Client(options, lambda: secrets.token_urlsafe(16))
        self._room = room
        self._link = Link(self._client, "127.0.0.1", port, self._take)
        self._task: asyncio.Task[None] | None = None
        self._held: dict[int, tuple[str, str]] = {}
        self._changed = asyncio.Event()

    async def enter(self) -> None:
        """Connect, make the room if it is not there, and be in it."""
        self._task = asyncio.create_task(self._link.run())
        await self._until(lambda: self._client.state.connection is Connection.ONLINE)
        self._client.create(self._room)
        self._link.poke()
        try:
            async with asyncio.timeout(1):
                await self._until(self._is_in)
        except TimeoutError:
            self._client.join(self._room)
            self._link.poke()
            await self._until(self._is_in)

    def _is_in(self) -> bool:
        buffer = self._client.state.buffers.get(self._key)
        return buffer is not None and buffer.joined

    async def until_present(self, nick: str) -> None:
        """Wait until somebody is in the room again, and this watcher too."""
        await self._until(lambda: not self._is_in())
        await self._until(
            lambda: self._is_in() and nick in self._client.state.buffers[self._key].members
        )

    async def settle(self, count: int) -> None:
        """Wait, for a bounded time, until `count` messages are held."""
        try:
            async with asyncio.timeout(30):
                await self._until(lambda: len(self._held) >= count)
        except TimeoutError:
            pass

    @property
    def gap_free(self) -> bool:
        """What the client says itself: proven from the numbers that nothing is missing."""
        return self._client.state.buffers[self._key].gap_free

    def held(self) -> list[tuple[int, str, str]]:
        """Number, nick and text of every message read, in the order of the numbers."""
        return [(number, *self._held[number]) for number in sorted(self._held)]

    async def leave(self) -> None:
        """Quit."""
        self._client.quit()
        self._link.poke()
        assert self._task
        await self._task

    def _take(self, updates: list[Update]) -> None:
        for update in updates:
            if isinstance(update, ItemsAppended) and update.buffer == self._key:
                self._read(update.items)
            elif isinstance(update, ItemChanged) and update.buffer == self._key:
                self._read([update.item])
            elif getattr(update, "buffer", None) == self._key:
                self._read(self._client.state.buffers[self._key].items)
        self._changed.set()

    def _read(self, items: list[Item]) -> None:
        self._held.update({number: (nick, text) for number, nick, text in spoken(items)})

    async def _until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self._changed.clear()
            await self._changed.wait()
