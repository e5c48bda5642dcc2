"""What the cores say, handed on to whoever shows it, asks about it or keeps it."""

import time

from tui.client.client import Client
from tui.client.updates import (
    BufferClosed,
    BufferOpened,
    CertificateChanged,
    ConnectionChanged,
    KeptChanged,
    NickRefused,
    Said,
    Told,
    Update,
)
from tui.entrance import Entrance
from tui.guide import Guide
from tui.idle import IdleCollector
from tui.keeping import Keeper
from tui.notices import Notices
from tui.render.sides import Spot
from tui.servers import Servers


class Hearing:
    """Listens to the cores of one app."""

    def __init__(
        self,
        servers: Servers,
        guide: Guide,
        entrance: Entrance,
        keeper: Keeper,
        notices: Notices,
        idle: IdleCollector,
    ) -> None:
        self._servers = servers
        self._guide = guide
        self._entrance = entrance
        self._keeper = keeper
        self._notices = notices
        self._idle = idle

    def take(self, client: Client, updates: list[Update]) -> None:
        """Hand what changed on a server on."""
        self._idle.busy(time.monotonic())
        shown, frame = client is self._servers.active, self._guide.frame
        if frame is not None and shown:
            frame.take(updates)  # first: what follows may bring further updates
        elif frame is not None:
            frame.refresh_servers()
        for update in updates:
            self._hand_on(client, update, shown)

    def _hand_on(self, client: Client, update: Update, shown: bool) -> None:
        server = client.state.server
        match update:
            case ConnectionChanged():
                self._guide.connection_changed(client)
            case NickRefused():
                self._entrance.nick_refused(client, update)
            case CertificateChanged():
                if self._guide.frame is not None:
                    self._guide.frame.clear_told()  # the question says it all
                self._entrance.certificate_changed(client.state, update)
            case KeptChanged():
                self._keeper.keep()
            case BufferOpened(buffer=key, focus=True) if shown:
                self._guide.go(Spot(server, key))
            case BufferClosed(buffer=key):
                self._keeper.left(server, key)
                self._guide.closed(Spot(server, key))
            case Told():
                self._guide.told(client, update)
            case Said():
                self._notices.said(client.state, update)
            case _:
                pass
