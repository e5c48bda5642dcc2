"""The archives of all servers: conversations begin with what they hold, and they are kept up.

Looked at now and then, written off the loop. Where nothing can be written, chatting goes on, and
one sentence says so until it is another.
"""

import asyncio
import hashlib
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tui.archive import Archive, ArchiveFailed
from tui.client.client import Client
from tui.client.shelf import Shelf
from tui.client.updates import Update
from tui.preferences import Preferences

RETRY_S: Final = 30.0
"""When writing is tried again that failed, or was another program's to do."""

LAST_S: Final = 2.0
"""How long the last batch may take when the program ends."""

FILE_ENDING: Final = ".sqlite"
NAME_CHARACTERS_MAX: Final = 80


@dataclass(slots=True)
class _Keeping:
    """What is kept of one server, where, and the batch that is being written."""

    client: Client
    archive: Archive
    shelf: Shelf = field(default_factory=Shelf)
    writing: "asyncio.Task[bool] | None" = None
    failure: str = ""
    again_at: float = 0.0
    forgotten: bool = False  # what is there has to be removed


class Archives:
    """The archives in one folder, for as long as the preferences want them."""

    def __init__(self, folder: Path, preferences: Callable[[], Preferences]) -> None:
        self._folder = folder
        self._preferences = preferences
        self._kept: dict[str, _Keeping] = {}  # by server

    @property
    def complaint(self) -> str:
        """What is wrong, in a sentence for each server concerned; "" for nothing."""
        found = dict.fromkeys(each.failure for each in self._kept.values() if each.failure)
        return " ".join(found)

    def restore(self, client: Client, account: str) -> None:
        """Begin with what was kept of last time on this server, as `account` ("": a guest)."""
        server = client.state.server
        path = self._folder / file_name(server, account)
        keeping = self._kept[server] = _Keeping(client, Archive(path))
        if not self._preferences().archive__keep:
            return
        try:
            kept = keeping.archive.read()
            try:
                client.restore(keeping.shelf, kept)
            except ValueError as error:
                aside = keeping.archive.move_aside()
                keeping.failure = (
                    f"What was kept of {server} makes no sense ({error}): see {aside}."
                )
        except ArchiveFailed as failure:
            keeping.failure = str(failure)
        if not keeping.archive.is_ours:
            keeping.shelf.lose()

    def note(self, client: Client, updates: list[Update]) -> None:
        """Something changed on a server."""
        keeping = self._kept.get(client.state.server)
        if keeping is not None and keeping.client is client:
            keeping.shelf.note(updates)

    def keep(self) -> None:
        """Write what changed, unless that is going on already; remove what is not wanted."""
        if not self._preferences().archive__keep:
            self._remove()
            return
        for keeping in self._kept.values():
            if time.monotonic() >= keeping.again_at:
                self._begin(keeping)

    def words(self, client: Client) -> str:
        """What is kept of a server, and where, in a sentence."""
        path = self._kept[client.state.server].archive.path
        try:
            size = f"{path.stat().st_size / 1_000:,.0f} kB"
        except OSError:
            return f"Nothing is kept yet of what is said here; it would be in {path}"
        return f"The newest of what was said here is kept in {path}, {size}."

    def forget(self, client: Client) -> str:
        """Remove what was kept of a server, and keep only what comes; a sentence if that failed."""
        keeping = self._kept[client.state.server]
        client.forget_for(keeping.shelf)
        keeping.forgotten = True
        self._begin(keeping)
        return keeping.failure

    async def drop(self, client: Client) -> None:
        """A server is left: write what is new, and be done with it."""
        keeping = self._kept.get(client.state.server)
        if keeping is not None and keeping.client is client:
            await self._finish(keeping)
            del self._kept[client.state.server]

    async def close(self) -> None:
        """The program ends: the same for all servers."""
        for keeping in list(self._kept.values()):
            await self._finish(keeping)
        self._kept.clear()

    async def _finish(self, keeping: _Keeping) -> None:
        await self._wait(keeping)
        if self._preferences().archive__keep:
            self._begin(keeping)
            await self._wait(keeping)
        if keeping.writing is None:
            keeping.archive.close()

    async def _wait(self, keeping: _Keeping) -> None:
        if keeping.writing is not None:
            await asyncio.wait([keeping.writing], timeout=LAST_S)
            await asyncio.sleep(0)  # `_written` has its turn

    def _begin(self, keeping: _Keeping) -> None:
        if keeping.writing is not None:
            return
        if keeping.forgotten:
            self._erase(keeping)
        batch = keeping.client.changes_for(keeping.shelf, self._preferences().archive__messages)
        if batch is not None:
            writing = asyncio.to_thread(keeping.archive.write, batch)
            keeping.writing = asyncio.create_task(writing)
            keeping.writing.add_done_callback(lambda task: self._written(keeping, task))

    def _written(self, keeping: _Keeping, task: "asyncio.Task[bool]") -> None:
        keeping.writing = None
        try:
            is_ours = task.result()
            keeping.failure = ""
        except ArchiveFailed as failure:
            keeping.failure, is_ours = str(failure), False
        if not is_ours:
            keeping.shelf.lose()
            keeping.again_at = time.monotonic() + RETRY_S

    def _erase(self, keeping: _Keeping) -> None:
        try:
            keeping.archive.erase()
            keeping.failure, keeping.forgotten = "", False
        except ArchiveFailed as failure:
            keeping.failure = str(failure)

    def _remove(self) -> None:
        """Nothing is to be kept any more, and nothing that was."""
        if not self._folder.exists() or any(each.writing for each in self._kept.values()):
            return
        for keeping in self._kept.values():
            keeping.archive.close()
            keeping.shelf.lose()
            keeping.failure = ""
        try:
            shutil.rmtree(self._folder)
        except OSError as error:
            for keeping in self._kept.values():
                keeping.failure = f"{self._folder} cannot be removed: {error.strerror}."


def file_name(server: str, account: str) -> str:
    """The name of a server's file; each account has one of its own."""
    readable = re.sub(r"[^A-Za-z0-9.-]+", "_", f"{server}_{account}" if account else server)
    exact = hashlib.sha256(f"{server} {account}".encode()).hexdigest()[:8]
    return f"{readable[:NAME_CHARACTERS_MAX]}-{exact}{FILE_ENDING}"
