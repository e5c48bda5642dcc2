"""Gremlins: peers that follow no protocol. They keep the server busy and are told on by nothing.

A gremlin sends whatever its script says, in any pieces, may never read, and goes without a
word. What it is shown is judged like everybody's.
"""

from socket import SHUT_WR

from tests.simulation.checkers import Checkers
from tests.simulation.network import Link, Network

READ_BYTES_MAX = 16 << 10


class Gremlin:
    """One peer, one link after another. `reads` is False for one that never looks."""

    def __init__(self, network: Network, checkers: Checkers) -> None:
        self.link: Link | None = None
        self.reads = True
        self.registered = False
        self.unwritten = b""
        self._network = network
        self._checkers = checkers

    def connect(self, capacity_bytes: int, *, exact: bool = False) -> bool:
        """Open a link, where the server takes any; `exact` for one that keeps to the protocol."""
        self.link = self._network.connect(capacity_bytes)
        self.registered = False
        self.unwritten = b""
        self.reads = True
        if self.link is not None:
            self._checkers.link_opened(self.link.number, exact=exact)
        return self.link is not None

    def say(self, *lines: str) -> None:
        """Lines to write, as far as the link takes them."""
        self.unwritten += "".join(f"{line}\r\n" for line in lines).encode()

    def finish(self) -> None:
        """Say nothing more; the link stays half open."""
        if self.link is not None:
            self.link.client.shutdown(SHUT_WR)
            self.unwritten = b""

    def hang_up(self) -> None:
        """Close the link."""
        if self.link is not None:
            self.link.client.close()
            self.link = None

    def step(self) -> None:
        """Write and read what goes."""
        link = self.link
        if link is None:
            return
        try:
            if self.unwritten and not link.to_server.ended:
                count = link.client.send(self.unwritten)
                self.unwritten = self.unwritten[count:]
            if self.reads and link.client.readable and not link.client.recv(READ_BYTES_MAX):
                self.hang_up()
        except BlockingIOError:
            return
        except OSError:
            self.hang_up()
