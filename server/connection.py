"""What the loop keeps of one connection."""

import selectors

from server.core.session import Session
from server.transport.link import Link


class Connection:
    """A link, its session, and what the selector watches for it."""

    __slots__ = ("at_end", "interest", "link", "session")

    def __init__(self, link: Link, session: Session) -> None:
        self.link = link
        self.session = session
        self.interest = selectors.EVENT_READ
        self.at_end = ""  # the peer has finished sending; lines before it are still handled
