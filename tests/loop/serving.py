"""A real `Loop` on a loopback socket, and the people who connect to it.

`serve` runs the loop in this thread and a script of what people do in another; it returns the
loop's exit status when the script has stopped it, or it has stopped by itself. Nobody waits
for a time here: a script goes on when it has read what it expects.
"""

import hashlib
import secrets
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from server.core.core import Core
from server.loop import Loop
from server.settings import Settings
from server.storage.memory import MemoryStore
from server.storage.ports import Store
from server.transport.tls import Certificate
from tests.conversation import UNHURRIED

READ_TIMEOUT_S = 30.0
"""Only a failing test waits so long."""

SMALL_BUFFER_BYTES = 4096


class Caller:
    """A blocking connection to a server, line by line."""

    def __init__(
        self,
        address: tuple[str, int],
        *,
        small_buffer: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(READ_TIMEOUT_S)
        if small_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER_BYTES)
        self.socket.connect(address)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket)
        self._file = self.socket.makefile("rb")

    def send(self, *lines: str) -> None:
        """Send lines as one chunk."""
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def line(self) -> str:
        """The next line; ``""`` at the end of the stream."""
        return self._file.readline().decode().removesuffix("\r\n")

    def until(self, words: str) -> list[str]:
        """The lines up to the first that holds `words`, which is the last of them."""
        lines: list[str] = []
        while line := self.line():
            lines.append(line)
            if words in line:
                return lines
        raise AssertionError(f"the stream ended before {words!r}: {lines[-5:]}")

    def rest(self) -> list[str]:
        """Every line up to the end of the stream."""
        return list(iter(self.line, ""))

    def fingerprint(self) -> str:
        """SHA-256 of the certificate that the server showed."""
        assert isinstance(self.socket, ssl.SSLSocket)
        return hashlib.sha256(self.socket.getpeercert(binary_form=True) or b"").hexdigest()

    def register(self, nick: str) -> "Caller":
        """Give a name, and read the welcome."""
        self.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}", "PING welcomed")
        self.until("welcomed")
        return self

    def join(self, room: str) -> "Caller":
        """Enter a room, and read who is there."""
        self.send(f"JOIN {room}")
        self.until(" 366 ")
        return self

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self.socket.close()


@contextmanager
def calling(address: tuple[str, int], *nicks: str, room: str = "#trail") -> Iterator[list[Caller]]:
    """Several people in one room."""
    callers = [Caller(address) for _ in nicks]
    try:
        for caller, nick in zip(callers, nicks, strict=True):
            caller.register(nick).join(room)
        for caller in callers:
            caller.send("PING settled")
            caller.until("settled")
        yield callers
    finally:
        for caller in callers:
            caller.close()


Script = Callable[[tuple[str, int]], None]


def serve(
    script: Script,
    store: Store | None = None,
    settings: Settings | None = None,
    *,
    certificate: Certificate | None = None,
    commit_retry_s: float = READ_TIMEOUT_S,
    small_buffers: bool = False,
) -> int:
    """Serve while `script` runs with the address of the server; returns the exit status."""
    store = store or MemoryStore()
    failures: list[BaseException] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.setblocking(False)
        if small_buffers:  # taken over by what is accepted
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BUFFER_BYTES)
        address = listener.getsockname()
        core = Core(settings or UNHURRIED, store, "test", secrets.randbelow, strict=True)
        loop = Loop(core, store, [listener], lambda: 1 << 40, certificate, commit_retry_s)

        def run_script() -> None:
            try:
                script(address)
            except BaseException as failure:  # handed over to the test, below
                failures.append(failure)
            finally:
                loop.stop()

        thread = threading.Thread(target=run_script)
        with _signals_restored():
            thread.start()
            status = loop.run()
            thread.join()
    if failures:
        raise failures[0]
    return status


@contextmanager
def _signals_restored() -> Iterator[None]:
    before = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
