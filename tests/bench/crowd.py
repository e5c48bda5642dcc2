"""Many plain clients in one process, for what the load generator does not do.

They write lines and count what comes back; nothing of it is parsed. The process that runs them is
pinned to the generator's core.
"""

import os
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Final

from tests.bench.servers import CORES, GENERATOR_CORE, Running

READ_BYTES: Final = 1 << 18
TIMEOUT_S: Final = 120.0
READS_AT_ONCE: Final = 20
CONNECTING_MAX: Final = 500
"""Connections that are being made at a time."""


class Client:
    """One connection. `sought` is counted in what comes, also where it is cut in two."""

    __slots__ = ("_tail", "bytes_read", "found", "socket", "sought")

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.sought = b""
        self.found = 0
        self.bytes_read = 0
        self._tail = b""

    def seek(self, sought: bytes) -> None:
        """Count something else from now on."""
        self.sought, self.found, self._tail = sought, 0, b""

    def send(self, *lines: str) -> None:
        """Write lines at once; they are few, so the kernel takes them."""
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def read(self) -> None:
        """Take what has come."""
        try:
            data = self.socket.recv(READ_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        if not data:
            raise RuntimeError("the server closed a connection")
        self.bytes_read += len(data)
        if self.sought:
            data = self._tail + data
            self.found += data.count(self.sought)
            self._tail = data[1 - len(self.sought) :] if len(self.sought) > 1 else b""


class Crowd:
    """Clients of one server, and the selector that waits for all of them."""

    def __init__(self, server: Running, nicks: str = "usr", *, tls: bool = False) -> None:
        self._server = server
        self._nicks = nicks
        self._tls = _trusting() if tls else None
        self._selector = selectors.DefaultSelector()
        self.clients: list[Client] = []
        os.sched_setaffinity(0, {GENERATOR_CORE})

    def connect(self, count: int, *words: str) -> list[Client]:
        """So many more clients, each registered with `words` before its name."""
        made: list[Client] = []
        while len(made) < count:
            some = [self._new(*words) for _ in range(min(CONNECTING_MAX, count - len(made)))]
            self.until(lambda some=some: all(client.found for client in some))  # type: ignore[misc]
            made += some
        return made

    def _new(self, *words: str) -> Client:
        connection = socket.create_connection(("127.0.0.1", self._server.port))
        if self._tls:
            connection = self._tls.wrap_socket(connection)
        client = Client(connection)
        client.seek(b" 422 ")
        nick = f"{self._nicks}{len(self.clients):05d}"
        client.send(*words, f"NICK {nick}", f"USER {nick} 0 * :crowd")
        if words:
            client.send("CAP END")
        connection.setblocking(False)
        self._selector.register(connection, selectors.EVENT_READ, client)
        self.clients.append(client)
        return client

    def turn(self, timeout_s: float = 0.05, meanwhile: Callable[[], None] | None = None) -> None:
        """Read what has come, or wait for it; something else is done `meanwhile`, every so often.

        Of thousands of clients, reading takes so long that what they write would come in bursts.
        """
        for number, (key, _) in enumerate(self._selector.select(timeout_s)):
            key.data.read()
            if meanwhile and number % READS_AT_ONCE == 0:
                meanwhile()

    def until(self, done: Callable[[], bool], timeout_s: float = TIMEOUT_S) -> None:
        """Read until `done`. Raises `RuntimeError` where that takes too long."""
        give_up_at = time.monotonic() + timeout_s
        while not done():
            if time.monotonic() > give_up_at:
                raise RuntimeError(f"not done within {timeout_s:g} s")
            self.turn()

    def all_find(self, clients: Iterable[Client], sought: bytes, *lines: str) -> None:
        """Have each of `clients` write `lines`, and read until each has found what is sought."""
        clients = list(clients)
        for client in clients:
            client.seek(sought)
            client.send(*lines)
        self.until(lambda: all(client.found for client in clients))

    def settle(self) -> None:
        """Read until nothing has come for a while."""
        read = -1
        while read != (read := sum(client.bytes_read for client in self.clients)):
            give_up_at = time.monotonic() + 0.3
            while time.monotonic() < give_up_at:
                self.turn()

    def leave(self) -> None:
        """Close every connection."""
        for client in self.clients:
            self._selector.unregister(client.socket)
            client.socket.close()
        self.clients.clear()

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
        self._selector.close()
        os.sched_setaffinity(0, CORES)


def _trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
