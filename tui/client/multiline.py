"""Messages of several lines: how a text is cut into messages, written as batches and read again.

Where the server takes `draft/multiline`, a text is one message as long as it keeps to the
server's limits; elsewhere each line is a message, and a long line is several.
Specification: IRCv3 draft/multiline, client-batch.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from common.capabilities import MULTILINE
from common.text import cut_bytes, split_bytes
from common.wire import Message
from tui.client.cleaning import read_number
from tui.client.core import Core
from tui.client.state import ItemKind

BATCH_KIND: Final = "draft/multiline"
CONCAT_TAG: Final = "draft/multiline-concat"

LINES_MAX_DEFAULT: Final = 24
"""For a server that names no limit of its own."""

MESSAGES_MAX: Final = 50
"""Messages sent by one key press; more is almost surely a slip."""


class Limits(NamedTuple):
    """What one message may hold."""

    bytes_max: int
    lines_max: int


class Wire(NamedTuple):
    """One line of a message as it is written; `goes_on` where the one before it ended."""

    goes_on: bool
    text: str


def limits(core: Core) -> Limits | None:
    """What the server takes as one message of several lines; None where it takes none."""
    if not core.has(MULTILINE) or "batch" not in core.state.capabilities:
        return None
    tokens = core.state.offered.get(BATCH_KIND, "").split(",")
    values = {key: read_number(value) for key, _, value in (each.partition("=") for each in tokens)}
    bytes_max = values.get("max-bytes", 0)
    if not bytes_max:
        return None
    return Limits(bytes_max, values.get("max-lines", 0) or LINES_MAX_DEFAULT)


def messages_of(core: Core, kind: ItemKind, lines: Sequence[str], bytes_max: int) -> list[str]:
    """The texts of the messages that `lines` become; one with several lines has LF in it.

    `bytes_max` is what fits into one line on the wire.
    """
    allowed = limits(core) if kind is not ItemKind.ACTION else None
    if allowed is None:
        return [piece for line in lines if line.strip() for piece in split_bytes(line, bytes_max)]
    messages: list[str] = []
    held: list[str] = []
    held_bytes = held_lines = 0
    for line in _bounded(_trimmed(lines), bytes_max, allowed):
        line_bytes, line_count = len(line.encode()), len(cut_bytes(line, bytes_max))
        fits = held_bytes + 1 + line_bytes <= allowed.bytes_max
        if held and not (fits and held_lines + line_count <= allowed.lines_max):
            messages.append("\n".join(_trimmed(held)))
            held, held_bytes, held_lines = [], 0, 0
        held_bytes += line_bytes + (1 if held else 0)
        held_lines += line_count
        held.append(line)
    messages.append("\n".join(_trimmed(held)))
    return [message for message in messages if message]


def _trimmed(lines: Sequence[str]) -> Sequence[str]:
    """`lines` without the blank ones before the first word and behind the last."""
    spoken = [at for at, line in enumerate(lines) if line.strip()]
    return lines[spoken[0] : spoken[-1] + 1] if spoken else []


def _bounded(lines: Iterable[str], bytes_max: int, allowed: Limits) -> Iterable[str]:
    """`lines`, one that is too long for a whole message being several."""
    longest = min(allowed.bytes_max, max(bytes_max // 2, 4) * allowed.lines_max)
    for line in lines:
        yield from split_bytes(line, longest)


def is_one_line(text: str, bytes_max: int) -> bool:
    """Whether a message needs no batch."""
    return "\n" not in text and len(text.encode()) <= bytes_max


def wire_lines(text: str, bytes_max: int) -> list[Wire]:
    """The lines of a message as they are written."""
    return [
        Wire(place > 0, piece)
        for line in text.split("\n")
        for place, piece in enumerate(cut_bytes(line, bytes_max))
    ]


def joined(opening: Message, lines: Sequence[Message]) -> Message | None:
    """The message of a batch that was read to its end; None for one without words."""
    text = ""
    for place, line in enumerate(lines):
        words = line.params[1] if len(line.params) > 1 else ""
        text += words if not place or CONCAT_TAG in line.tags else f"\n{words}"
    if not text.strip() or len(opening.params) < 3:
        return None
    source = opening.source or lines[0].source
    tags = {key: value for key, value in opening.tags.items() if key not in ("batch", "label")}
    return Message(lines[0].command, [opening.params[2], text], source, tags)
