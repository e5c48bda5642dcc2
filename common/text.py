"""Message text: control characters, CTCP, and splitting by byte length.

Specification: modern IRC "Formatting", "CTCP"; the byte limits come from `common.wire`.
"""

import re
from typing import Final

CTCP: Final = "\x01"
ACTION_START: Final = "\x01ACTION "

_FORMATTING: Final = re.compile(
    r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6})?|[\x02\x0f\x11\x16\x1d\x1e\x1f]"
)
# C0, DEL and C1: what could steer a terminal. Then the marks that reorder a line of text,
# and the separators that some terminals take for a new line.
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def plain(text: str) -> str:
    """`text` without formatting codes and without anything that could steer a terminal."""
    return _UNSAFE.sub("", _FORMATTING.sub("", text))


def plain_lines(text: str) -> str:
    """The same of a message of several lines, which stay apart."""
    return "\n".join(map(plain, text.split("\n"))) if "\n" in text else plain(text)


def holds_half_characters(text: str) -> bool:
    """Whether there is what no line can hold: so Python, and JSON, keep bytes that are no text."""
    return not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text)


def action(text: str) -> str | None:
    """The text of a CTCP ACTION, or None where `text` is no action."""
    if not text.startswith(ACTION_START):
        return None
    return text[len(ACTION_START) :].removesuffix(CTCP)


def is_ctcp(text: str) -> bool:
    """Whether `text` is a CTCP request or answer of any kind."""
    return text.startswith(CTCP)


def split_bytes(text: str, bytes_max: int) -> list[str]:
    """`text` in pieces of at most `bytes_max` UTF-8 bytes, cut at spaces where there are any.

    Never cuts inside a character. The space at a cut is dropped; text without a cut comes back
    as it was. Raises `ValueError` for a limit below 4 bytes, the longest character.
    """
    if bytes_max < 4:
        raise ValueError("no character may fit into fewer than 4 bytes")
    pieces: list[str] = []
    rest = text.encode()
    while len(rest) > bytes_max:
        head = rest[:bytes_max].decode(errors="ignore").encode()
        space = rest.rfind(b" ", 1, len(head) + 1)
        if space > 0:
            pieces.append(rest[:space].decode())
            rest = rest[space + 1 :]
        else:
            pieces.append(head.decode())
            rest = rest[len(head) :]
    if rest or not pieces:
        pieces.append(rest.decode())
    return pieces


def cut_bytes(text: str, bytes_max: int) -> list[str]:
    """`text` in pieces of at most `bytes_max` UTF-8 bytes that joined are `text` again.

    Cut behind spaces where there are any, never inside a character. `bytes_max` is at least 4.
    """
    pieces: list[str] = []
    rest = text.encode()
    while len(rest) > bytes_max:
        head = rest[:bytes_max].decode(errors="ignore").encode()
        space = head.rfind(b" ")
        end = space + 1 if space > 0 else len(head)
        pieces.append(rest[:end].decode())
        rest = rest[end:]
    if rest or not pieces:
        pieces.append(rest.decode())
    return pieces
