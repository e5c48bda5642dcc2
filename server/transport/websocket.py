"""WebSocket without a socket: lines of IRC in messages of WebSocket, and back.

One message is one line without its ending, text or binary as the subprotocol says.
Specification: IRCv3 websocket, RFC 6455 (by wsproto).
"""

from typing import Final

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from server.transport.errors import LinkLostError

SUBPROTOCOLS: Final = ("text.ircv3.net", "binary.ircv3.net")
MESSAGE_BYTES_MAX: Final = 16 << 10
"""A message that goes on longer holds no line that we would take."""

HANDSHAKE_BYTES_MAX: Final = 16 << 10


class WebSocketLayer:
    """The server side of one WebSocket connection."""

    __slots__ = ("_binary", "_connection", "_handshake_bytes", "_partial", "_waiting", "open")

    def __init__(self) -> None:
        self._connection = WSConnection(ConnectionType.SERVER)
        self.open = False
        self._binary = False
        self._handshake_bytes = 0
        self._partial = b""  # of a message that comes in several frames
        self._waiting = b""  # lines for the peer, cut off inside a line or before the handshake

    def receive(self, data: bytes) -> tuple[bytes, bytes]:
        """Bytes off the wire: lines with their endings, and what is to be sent in answer.

        Raises `LinkLostError` where the peer breaks the protocol or closes.
        """
        if not self.open:
            self._handshake_bytes += len(data)
            if self._handshake_bytes > HANDSHAKE_BYTES_MAX:
                raise LinkLostError("WebSocket: the request is too long")
        lines: list[bytes] = []
        answer: list[bytes] = []
        try:
            self._connection.receive_data(data)
            for event in self._connection.events():
                if isinstance(event, Request):
                    answer.append(self._accept(event))
                elif isinstance(event, TextMessage | BytesMessage):
                    self._take(event, lines)
                elif isinstance(event, Ping):
                    answer.append(self._connection.send(event.response()))
                elif isinstance(event, CloseConnection):
                    raise LinkLostError("WebSocket closed")
        except (RemoteProtocolError, LocalProtocolError, ValueError) as error:
            # The last for headers that are not ASCII, which wsproto takes as they come.
            raise LinkLostError(f"WebSocket: {error}"[:100]) from None
        return b"".join(lines), b"".join(answer)

    def send(self, data: bytes) -> bytes:
        """Whole lines as messages for the wire; kept back until the handshake is complete."""
        data = self._waiting + data
        if not self.open:
            self._waiting = data
            return b""
        *lines, self._waiting = data.split(b"\r\n")
        return b"".join(self._connection.send(self._message(line)) for line in lines)

    def _accept(self, request: Request) -> bytes:
        offered = request.subprotocols
        chosen = next((name for name in offered if name in SUBPROTOCOLS), None)
        if offered and chosen is None:
            return self._connection.send(RejectConnection(status_code=400))
        self.open = True
        self._binary = chosen == "binary.ircv3.net"
        return self._connection.send(AcceptConnection(subprotocol=chosen))

    def _take(self, event: TextMessage | BytesMessage, lines: list[bytes]) -> None:
        data = event.data.encode() if isinstance(event.data, str) else bytes(event.data)
        self._partial += data
        if len(self._partial) > MESSAGE_BYTES_MAX:
            raise LinkLostError("WebSocket: the message is too long")
        if event.message_finished:
            # A message is one line: an ending inside it would smuggle in a second one.
            line = self._partial.rstrip(b"\r\n")
            self._partial = b""
            if b"\n" in line or b"\r" in line:
                line = line.replace(b"\r", b" ").replace(b"\n", b" ")
            lines.append(line + b"\r\n")

    def _message(self, line: bytes) -> TextMessage | BytesMessage:
        return BytesMessage(data=line) if self._binary else TextMessage(data=line.decode())
