"""Inputs that once broke something, by target: each is tried with the tests for ever."""

from typing import Final

FOUND: Final[dict[str, tuple[bytes, ...]]] = {
    # An address with a bracket in it ended the client that was to draw it.
    "text": (b"[label](https://exam]ple.org/a)", b"[label](https://[x/a)"),
    # A response that is not ASCII ended the session as if by a bug of ours.
    "sasl": (b"\0ann\0correct \xff",),
    # The mark of CTCP in a topic reached the line above the conversation.
    "client": (b":s 332 ann #trail :\x01topic",),
    # Bytes that are no text, in an argument of the command line, ended the running server.
    "order": (
        b'{"do": "lockdown on", "reason": "\\udcff"}',
        b'{"do": "filter list", "after": 99999999999999999999}',
        b'{"do": "audit", "before": 99999999999999999999}',
    ),
    # What no line can hold came in with a log, and every page of its history broke on it.
    "logs": (
        b"--- Log opened Sat Nov 21 23:58:00 2026\n23:58 -!- bob [bob\0host] has joined #t\n",
        b"--- Log opened Sat Nov 21 23:58:00 2026\n00:02 -!- mode/#t [  +o bob] by ann\n",
        b"--- Log opened Sat Nov 212147483648 23:58:00 2026\n23:58 <ann> x\n",
    ),
    # A text that is no text ended the check of a damaged database, and the start on one.
    "database": (b"@\x02\x14@\xff\xff\xff", b"\0\x10\0\x0d\0\0\0\1\x0f"),
    # One header that is not ASCII ended the whole server.
    "websocket": (
        b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Protocol: te\x95t\r\n\r\n",
    ),
}
