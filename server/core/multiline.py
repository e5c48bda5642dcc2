"""How a message of several lines is one event: one number, one msgid, one place in history.

A stored text holds its lines as they were sent: LF begins a new line, CR a line that goes on
where the one before it ended (`draft/multiline-concat`). No parsed line can hold either, so no
text that was sent as a single line is ever taken for several. Clients without the capability get
the lines as messages, without the blank ones; msgid and number stand on the first.

One event for up to 32 lines and 4096 bytes: some 130 bytes of overhead in the log instead of 32
times that, and a reply, a redaction or a reaction means all of it. Sent, each line costs a
source and a room of its own: 16 KiB at the most, where the text is 4.
Specification: IRCv3 draft/multiline.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

NEW_LINE: Final = "\n"
CONCATENATED: Final = "\r"

_LINE: Final = re.compile(r"[\n\r]?[^\n\r]*")


class Line(NamedTuple):
    """One line of a message, and whether it goes on where the one before it ended."""

    concatenated: bool
    text: str


def is_multiline(text: str) -> bool:
    """Whether a stored text has several lines."""
    return NEW_LINE in text or CONCATENATED in text


def split_lines(text: str) -> list[Line]:
    """The lines of a stored text, as they were sent."""
    if not is_multiline(text):
        return [Line(False, text)]
    first, *others = [piece for piece in _LINE.findall(text) if piece] or [""]
    if first[:1] in (NEW_LINE, CONCATENATED) and first:  # the first line is blank
        others.insert(0, first)
        first = ""
    rest = [Line(piece[0] == CONCATENATED, piece[1:]) for piece in others]
    return [Line(False, first), *rest]


def join_lines(lines: Iterable[Line]) -> str:
    """The stored text of lines; the inverse of `split_lines`."""
    text = ""
    for number, line in enumerate(lines):
        separator = CONCATENATED if line.concatenated else NEW_LINE
        text += f"{separator}{line.text}" if number else line.text
    return text
