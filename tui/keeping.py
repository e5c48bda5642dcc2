"""Nothing typed is lost: what is written and not sent goes into the file of what is remembered.

Looks at the composer now and then and at the end; writes only when something changed.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Final

from common.casemap import fold
from tui.archives import Archives
from tui.client.client import Client
from tui.client.state import State
from tui.config import Launch, Remembered
from tui.failure import keep_report
from tui.screens.main import MainScreen
from tui.servers import Servers

CHECK_S: Final = 2.0
"""What a `kill -9` may cost of what is being typed."""

IsSecret = Callable[[str, str], bool]
"""Whether a line holds a password, written in a buffer."""


class Keeper:
    """Keeps rooms, ignored people and drafts of every server, once `frame` is there."""

    def __init__(
        self,
        launch: Launch,
        servers: Servers,
        frame: Callable[[], MainScreen | None],
        is_secret: IsSecret,
        archives: Archives,
    ) -> None:
        self._launch = launch
        self._archives = archives
        self._servers = servers
        self._frame = frame
        self._is_secret = is_secret
        self._saved: Remembered | None = None
        self._told: dict[str, None] = {}

    def keep(self) -> None:
        """Take over what changed, and write it; messages without an echo are kept as drafts."""
        frame = self._frame()
        if frame is None or not frame.ready or not self._servers.clients:
            return
        for client in self._servers.clients:
            self._note_drafts(client)
            self._keep(client, client.unfinished)
        self._launch.remembered.server = self._servers.active.state.server
        self._archives.keep()
        self._tell(self._write(), self._archives.complaint)

    def _keep(self, client: Client, drafts: Mapping[str, str]) -> None:
        """A server started from here stops with us: the next start begins by asking again."""
        self._launch.remembered.keep(client.state, drafts)
        if client.state.server == self._servers.local_name:
            self._launch.remembered.close(client.state.server)

    def left(self, server: str, buffer: str) -> None:
        """A conversation was left, maybe off line: the next start does not lead there."""
        kept = self._launch.remembered.servers.get(server)
        if kept is not None:
            kept.rooms = tuple(room for room in kept.rooms if fold(room) != buffer)

    def close(self, server: str) -> None:
        """One has left a server for good."""
        self._launch.remembered.close(server)
        self._tell(self._write(), self._archives.complaint)

    def report(self, error: BaseException) -> str:
        """The program fails: what led to it and what was written go into a file, as told."""
        drafts = [(state.server, self._drafts(state)) for state in self._servers.states]
        return keep_report(self._launch.path.parent, error, drafts)

    def _drafts(self, state: State) -> Mapping[str, str]:
        """What is written and not sent, without lines that hold a password."""
        frame = self._frame()
        drafts = frame.drafts(state) if frame is not None else state.drafts
        return {key: text for key, text in drafts.items() if not self._is_secret(text, key)}

    def _note_drafts(self, client: Client) -> None:
        drafts = self._drafts(client.state)
        for buffer in {*client.state.drafts, *drafts}:
            client.keep_draft(buffer, drafts.get(buffer, ""))

    def _write(self) -> str:
        if self._launch.remembered == self._saved:
            return ""
        complaint = self._launch.save()
        self._saved = None if complaint else deepcopy(self._launch.remembered)
        return complaint

    def _tell(self, *complaints: str) -> None:
        """What could not be kept is told once, until it is kept again or fails otherwise."""
        frame = self._frame()
        if frame is None:
            return
        failing = dict.fromkeys(filter(None, complaints))
        fresh = [complaint for complaint in failing if complaint not in self._told]
        self._told = failing
        if fresh:
            frame.tell(" ".join(fresh), failure=True)
