"""A link: one socket, and the layers between it and the lines of IRC.

One port speaks TLS, WebSocket and plain IRC: the first bytes tell them apart. Owns the socket
and the bytes the kernel has not taken yet; the layers are sans-IO. Knows nothing of lines.
"""

import contextlib
import socket
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from server.transport.errors import LinkEndedError, LinkLostError
from server.transport.proxy import may_begin_header, read_header
from server.transport.tls import Layer
from server.transport.websocket import WebSocketLayer

READ_BYTES: Final = 64 << 10
"""Read from one link in one tick, so that none starves the others."""

WRITE_BYTES_MAX: Final = 256 << 10
"""Offered to the kernel at once from a queue: it rarely takes more."""

TLS_HANDSHAKE: Final = 0x16
"""The first byte of a TLS connection; no line of IRC begins with it."""

HTTP_START: Final = b"GET "


class Gateway(Enum):
    """Whether the link comes from a gateway, which says by a PROXY header for whom."""

    NONE = auto()
    ALLOWED = auto()
    REQUIRED = auto()


class Link:
    """A non-blocking connection. `tls` is None where the server has no certificate."""

    __slots__ = (
        "_beginning",
        "_fresh",
        "_gateway",
        "_head",
        "_new_layer",
        "_tls",
        "_unsent",
        "_websocket",
        "is_plain",
        "read_bytes_max",
        "socket",
        "source",
    )

    def __init__(
        self,
        connection: socket.socket,
        new_layer: Callable[[], Layer] | None,
        gateway: Gateway = Gateway.NONE,
        read_bytes_max: int = READ_BYTES,
    ) -> None:
        self.socket = connection
        self.read_bytes_max = read_bytes_max
        self.source = ""  # the address a gateway named, once it did
        self._gateway = gateway
        self._head = b""  # of a gateway's header that is not whole yet
        self._unsent: bytearray | None = None  # what the kernel has not taken
        self._new_layer = new_layer
        self._tls: Layer | None = None
        self._websocket: WebSocketLayer | None = None
        self._fresh = True  # nothing has arrived yet
        self._beginning: bytes | None = b""  # None once it is known whether this is HTTP
        self.is_plain = False  # True once it is known that nothing lies between socket and lines
        connection.setblocking(False)
        with contextlib.suppress(OSError):  # of a Unix socket, which waits for nothing
            # Without this a small answer waits for the acknowledgement of the one before.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def greeting(self) -> bool:
        """Whether a greeting of TLS, WebSocket or PROXY has begun and is not complete."""
        if self._head or self._beginning:
            return True
        if self._tls is not None and not self._tls.established:
            return True
        return self._websocket is not None and not self._websocket.open

    @property
    def secure(self) -> bool:
        """Whether a TLS handshake was completed."""
        return self._tls is not None and self._tls.established

    @property
    def certificate(self) -> str:
        """SHA-256 of the certificate of the peer, in hexadecimal; ``""`` for none."""
        return self._tls.peer_fingerprint() if self._tls and self.secure else ""

    def read(self) -> bytes:
        """What has arrived for the lines, of at most `read_bytes_max` off the socket.

        ``b""`` where there is nothing yet. Raises `LinkEndedError` when the peer has finished
        sending, `LinkLostError` when the link is broken or speaks what nobody understands.
        """
        try:
            data = self.socket.recv(self.read_bytes_max)
        except (BlockingIOError, InterruptedError):
            return b""
        except OSError as error:
            raise LinkLostError(error.strerror or "Connection lost") from None
        if not data:
            raise LinkEndedError("Connection closed")
        return data if self.is_plain else self._through_layers(data)

    def _through_layers(self, data: bytes) -> bytes:
        """What of the data is for the lines; before it is known what the link speaks, too."""
        if self._gateway is not Gateway.NONE:
            data = self._take_proxy_header(self._head + data)
            if not data:
                return b""
        if self._fresh:
            self._fresh = False
            if data[0] == TLS_HANDSHAKE:
                self._begin_tls()
        if self._tls:
            data = self._answer_within(self._tls.receive(data))
        if self._beginning is not None and data:
            data = self._tell_http_apart(self._beginning + data)
        if self._websocket and data:
            data = self._answer_within(self._websocket.receive(data), self._tls)
        layered = self._tls or self._websocket or self.source
        self.is_plain = not layered and self._beginning is None
        return data

    def write(self, data: bytes) -> int:
        """Send `data`, behind what still waits; returns how many bytes wait for the kernel."""
        if not self.is_plain:
            if self._websocket and data:
                data = self._websocket.send(data)
            if self._tls and data:
                data = self._tls.send(data)
        return self._push(data)

    @property
    def unsent_bytes(self) -> int:
        """How many bytes wait for the kernel."""
        return len(self._unsent or b"")

    def drop_unsent(self) -> None:
        """Forget what waits for the kernel: the link is given up."""
        self._unsent = None

    def close(self) -> None:
        """Close the connection; what waits is dropped."""
        with contextlib.suppress(OSError):  # the peer may have been faster
            self.socket.shutdown(socket.SHUT_WR)
        self.socket.close()

    def _take_proxy_header(self, data: bytes) -> bytes:
        """What follows the header of a gateway; keeps the bytes back while it is not whole."""
        if not may_begin_header(data):
            if self._gateway is Gateway.REQUIRED:
                raise LinkLostError("PROXY: a header is required here")
            self._gateway = Gateway.NONE
            return data
        header = read_header(data)
        if header is None:
            self._head = data
            return b""
        self._gateway, self._head = Gateway.NONE, b""
        self.source = header.source
        return data[header.length_bytes :]

    def _begin_tls(self) -> None:
        if self._new_layer is None:
            raise LinkLostError("TLS was asked of a server that has no certificate")
        self._tls = self._new_layer()

    def _tell_http_apart(self, data: bytes) -> bytes:
        """The first bytes within any TLS: keep them back while they are too few to tell."""
        if len(data) < len(HTTP_START) and HTTP_START.startswith(data):
            self._beginning = data
            return b""
        self._beginning = None
        if data.startswith(HTTP_START):
            self._websocket = WebSocketLayer()
        return data

    def _answer_within(self, result: tuple[bytes, bytes], outer: Layer | None = None) -> bytes:
        """What a layer passed on; what it answers by itself goes out through `outer`."""
        data, answer = result
        if answer:
            self._push(outer.send(answer) if outer else answer)
        return data

    def _push(self, data: bytes) -> int:
        unsent = self._unsent
        if unsent is not None:
            unsent += data
            data = bytes(memoryview(unsent)[:WRITE_BYTES_MAX])
        if not data:
            return 0
        try:
            sent = self.socket.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            raise LinkLostError(error.strerror or "Connection lost") from None
        if unsent is None:
            if sent == len(data):
                return 0
            unsent = self._unsent = bytearray(memoryview(data)[sent:])
        else:
            del unsent[:sent]
        if not unsent:
            self._unsent = None
        return len(unsent)
