"""The virtual network: links whose bytes travel, arrive in pieces, wait, get lost.

A `Socket` is one end of a link and behaves as the kernel's non-blocking ones do, so that the
server's own transport runs on it. Owns no chance: whoever calls `carry` says what travels.
"""

import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

FIRST_LINK: Final = 1


@dataclass(slots=True)
class Pipe:
    """One direction: bytes on their way, bytes to be read, and whether more will come."""

    capacity_bytes: int
    travelling: bytearray = field(default_factory=bytearray)
    arrived: bytearray = field(default_factory=bytearray)
    ended: bool = False  # the writer has finished; what travels still arrives

    @property
    def free_bytes(self) -> int:
        """How much a writer may add."""
        return max(0, self.capacity_bytes - len(self.travelling) - len(self.arrived))

    def carry(self, count: int) -> None:
        """Let `count` bytes arrive."""
        self.arrived += self.travelling[:count]
        del self.travelling[:count]


class Socket:
    """One end of a link, with the methods of a non-blocking socket that are used."""

    def __init__(self, link: "Link", incoming: Pipe, outgoing: Pipe) -> None:
        self.link = link
        self.incoming = incoming
        self.outgoing = outgoing
        self.closed = False
        self.peer: Socket | None = None

    def setblocking(self, _flag: bool) -> None:
        """Never blocks anyway."""

    def setsockopt(self, _level: int, _option: int, _value: int) -> None:
        """Keeps nothing back anyway."""

    def recv(self, count: int) -> bytes:
        """As of the kernel: bytes, ``b""`` at the end, or an error."""
        if self.link.lost:
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        if self.incoming.arrived:
            data = bytes(self.incoming.arrived[:count])
            del self.incoming.arrived[:count]
            return data
        if self._at_end:
            return b""
        raise BlockingIOError

    @property
    def readable(self) -> bool:
        """Whether `recv` has something to say."""
        return bool(self.incoming.arrived) or self.link.lost or self._at_end

    @property
    def _at_end(self) -> bool:
        """Whether the peer has finished, and that has arrived too."""
        return self.incoming.ended and not self.incoming.travelling and not self.link.silent

    def send(self, data: bytes) -> int:
        """As of the kernel: how many bytes were taken, or an error."""
        if self.link.lost:
            raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        if self.peer is not None and self.peer.closed and not self.link.silent:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")
        count = min(len(data), self.outgoing.free_bytes)
        if not count:
            raise BlockingIOError
        self.outgoing.travelling += data[:count]
        return count

    def shutdown(self, _how: int) -> None:
        """Nothing more will be sent from here."""
        self.outgoing.ended = True

    def close(self) -> None:
        """This end is gone."""
        self.outgoing.ended = True
        self.closed = True


class Link:
    """A connection between someone and the server."""

    def __init__(self, number: int, capacity_bytes: int) -> None:
        self.number = number
        self.lost = False  # reset: both ends notice when they next touch it
        self.silent = False  # nothing travels and nobody notices
        self.to_server = Pipe(capacity_bytes)
        self.to_client = Pipe(capacity_bytes)
        self.client = Socket(self, self.to_client, self.to_server)
        self.server = Socket(self, self.to_server, self.to_client)
        self.client.peer, self.server.peer = self.server, self.client

    def reset(self) -> None:
        """Cut the link; what was on its way or unread is gone."""
        self.lost = True
        for pipe in (self.to_server, self.to_client):
            pipe.travelling.clear()
            pipe.arrived.clear()

    @property
    def quiet(self) -> bool:
        """Whether nothing is on its way or unread."""
        pipes = (self.to_server, self.to_client)
        return not any(pipe.travelling or pipe.arrived for pipe in pipes)


class Network:
    """Every link there is, and those that wait to be accepted."""

    def __init__(self) -> None:
        self.links: dict[int, Link] = {}
        self.waiting: list[Link] = []
        self.listening = False
        self._next = FIRST_LINK

    def connect(self, capacity_bytes: int) -> Link | None:
        """A new link to the server; None while nobody listens."""
        if not self.listening:
            return None
        link = self.links[self._next] = Link(self._next, capacity_bytes)
        self._next += 1
        self.waiting.append(link)
        return link

    def carry(self, choose: Callable[[int], int]) -> None:
        """Let bytes travel on every link; `choose` says how many of those there are."""
        for link in self.links.values():
            if not link.silent:
                for pipe in (link.to_server, link.to_client):
                    if pipe.travelling:
                        pipe.carry(choose(len(pipe.travelling)))

    def drop_closed(self) -> None:
        """Forget links that both ends have closed."""
        for number, link in list(self.links.items()):
            if link.client.closed and link.server.closed:
                del self.links[number]
