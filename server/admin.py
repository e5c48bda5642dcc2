"""The operator's way in: a Unix socket in the data folder, one JSON line each way.

Owns that socket and its connections, none of which ever blocks the loop. Who may open the folder
may give orders; nobody else can reach it. What orders mean: `server.core.administration`.
"""

import contextlib
import json
import logging
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

SOCKET_NAME: Final = "admin.sock"
ORDER_BYTES_MAX: Final = 64 << 10
ANSWER_WAIT_S: Final = 30.0

Administer = Callable[[Mapping[str, Any]], dict[str, Any]]


logger = logging.getLogger(__name__)


class AdminError(Exception):
    """The order did not reach the server, or its answer did not come back; the text says why."""


class AdminDoor:
    """The server's side: a listener, and the orders that are on their way. Raises `OSError`."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / SOCKET_NAME
        self.path.unlink(missing_ok=True)  # of a process that was killed: the folder is locked
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(self.path))
        self.path.chmod(0o600)
        self.listener.listen()
        self.listener.setblocking(False)
        self._partial: dict[socket.socket, bytes] = {}
        self._answers: list[tuple[socket.socket, bytes]] = []

    def accept(self) -> socket.socket | None:
        """A new connection to watch for reading; None where there is none after all."""
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return None
        connection.setblocking(False)
        self._partial[connection] = b""
        return connection

    def read(self, connection: socket.socket) -> tuple[bytes, bool]:
        """What was sent so far, and whether there is more to come."""
        try:
            data = connection.recv(ORDER_BYTES_MAX)
        except BlockingIOError:
            return b"", True
        except OSError:
            data = b""
        self._partial[connection] += data
        line = self._partial[connection]
        return line, bool(data) and b"\n" not in line and len(line) < ORDER_BYTES_MAX

    def carry_out(self, connection: socket.socket, line: bytes, administer: Administer) -> None:
        """Carry out an order; its answer is sent by `flush`."""
        answer = json.dumps(_carry_out(line, administer)).encode() + b"\n"
        self._answers.append((connection, answer))

    def flush(self) -> None:
        """Send the answers, after the commit, and close."""
        for connection, answer in self._answers:
            with contextlib.suppress(OSError):  # whoever asked is gone
                connection.sendall(answer)
            self._drop(connection)
        self._answers.clear()

    def close(self) -> None:
        """Close everything and take the socket away."""
        for connection in list(self._partial):
            self._drop(connection)
        self.listener.close()
        self.path.unlink(missing_ok=True)

    def _drop(self, connection: socket.socket) -> None:
        connection.close()
        self._partial.pop(connection, None)


def open_door(folder: Path) -> AdminDoor | None:
    """The door in a data folder; None where its system has no such sockets, or none so deep."""
    try:
        return AdminDoor(folder)
    except (OSError, AttributeError) as error:
        logger.warning("the command line cannot reach this server: %s", error)
        return None


def ask(folder: Path, order: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answer of the server that runs on a data folder; None where none runs."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(ANSWER_WAIT_S)
    with connection:
        try:
            connection.connect(str(folder / SOCKET_NAME))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError as error:
            raise AdminError(f"The running server cannot be reached: {error.strerror}") from None
        try:
            connection.sendall(json.dumps(order).encode() + b"\n")
            with connection.makefile("rb") as answer:
                found = json.loads(answer.readline())
        except (OSError, ValueError):
            raise AdminError("The running server did not answer; its log may say why") from None
    if not isinstance(found, dict):
        raise AdminError("The running server gave an answer that cannot be read")
    return found


def _carry_out(line: bytes, administer: Administer) -> dict[str, Any]:
    try:
        order = json.loads(line)
    except (ValueError, RecursionError):
        order = None
    if not isinstance(order, dict):
        return {"ok": False, "text": "An order is one line of JSON"}
    return administer(order)
