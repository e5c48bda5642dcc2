"""Plain TCP: what a link looks like to the loop, without encryption.

Owns the socket and the bytes the kernel has not taken yet; knows nothing of lines.
"""

import contextlib
import socket
from typing import Final

READ_BYTES_MAX: Final = 64 << 10
"""Read from one link in one tick, so that none starves the others."""


class LinkLostError(Exception):
    """The link is gone; the text says how, for the QUIT that others see."""


class LinkEndedError(LinkLostError):
    """The peer has finished sending, in order."""


class PlainLink:
    """A non-blocking TCP connection."""

    __slots__ = ("socket", "unsent")

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.unsent = bytearray()
        connection.setblocking(False)
        if connection.family in (socket.AF_INET, socket.AF_INET6):
            # Without this a small answer waits for the acknowledgement of the one before.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self) -> bytes:
        """What has arrived, at most `READ_BYTES_MAX`; ``b""`` where there is nothing yet."""
        try:
            data = self.socket.recv(READ_BYTES_MAX)
        except (BlockingIOError, InterruptedError):
            return b""
        except OSError as error:
            raise LinkLostError(error.strerror or "Connection lost") from None
        if not data:
            raise LinkEndedError("Connection closed")
        return data

    def write(self, data: bytes) -> int:
        """Hand `data` to the kernel, behind what still waits; returns how many bytes wait."""
        unsent = self.unsent
        if unsent:
            unsent += data
            data = bytes(memoryview(unsent)[: READ_BYTES_MAX * 4])
        if not data:
            return 0
        try:
            sent = self.socket.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            raise LinkLostError(error.strerror or "Connection lost") from None
        if unsent:
            del unsent[:sent]
        elif sent < len(data):
            unsent += memoryview(data)[sent:]
        return len(unsent)

    def close(self) -> None:
        """Close the connection; what waits is dropped."""
        with contextlib.suppress(OSError):  # the peer may have been faster
            self.socket.shutdown(socket.SHUT_WR)
        self.socket.close()
