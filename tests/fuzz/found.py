"""Inputs that once broke something, by target: each is tried with the tests for ever."""

from typing import Final

FOUND: Final[dict[str, tuple[bytes, ...]]] = {
    # An address with a bracket in it ended the client that was to draw it.
    "text": (b"[label](https://exam]ple.org/a)", b"[label](https://[x/a)"),
    # A response that is not ASCII ended the session as if by a bug of ours.
    "sasl": (b"\0ann\0correct \xff",),
    # One header that is not ASCII ended the whole server.
    "websocket": (
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Protocol: te\x95t\r\n\r\n",
    ),
}
