"""What the loop keeps of one connection."""

import selectors
from functools import lru_cache

from server.core.session import Peer, Session
from server.transport.link import Link
from server.transport.listeners import is_loopback


class Connection:
    """A link, its session, and what the selector watches for it."""

    __slots__ = ("at_end", "interest", "link", "session")

    def __init__(self, link: Link, session: Session) -> None:
        self.link = link
        self.session = session
        self.interest = selectors.EVENT_READ
        self.at_end = ""  # the peer has finished sending; lines before it are still handled


@lru_cache(maxsize=4096)
def peer_at(host: str, *, local: bool) -> Peer:
    """Who is known to be at an address; all its links share it. `local` for a Unix socket."""
    return Peer(host, loopback=local or is_loopback(host))
