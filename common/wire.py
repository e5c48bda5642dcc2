"""Lines on the wire: parsing, encoding, and cutting a byte stream into lines.

Owns the grammar of a line and the limits on its parts; knows no command and no state.
Specification: modern IRC "Message Format", IRCv3 message-tags.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

BODY_BYTES_MAX: Final = 512
"""Everything after the tags, CR LF included: the limit every IRC program assumes."""

CLIENT_TAGS_BYTES_MAX: Final = 4096
"""What a client may spend on tags, `@` and the final space included (message-tags)."""

SERVER_TAGS_BYTES_MAX: Final = 8191
"""What a server may send in tags: the client's share and its own, `@` and space included."""

PARAMETERS_MAX: Final = 15
"""More parameters than this are folded into the last one, as RFC 2812 reads them."""

OVERLONG: Final = b"\n"
"""Stands in `LineBuffer` for a line that broke a limit; no real line can hold this byte."""

ENDLESS: Final = b"\n\n"
"""Stands in `LineBuffer` for a line that goes on and on, behind its `OVERLONG`."""

ENDLESS_BYTES: Final = 16 << 10
"""Three times what a line may hold: whoever sends this much without an end speaks no IRC."""

_ESCAPES: Final = {";": r"\:", " ": r"\s", "\\": r"\\", "\r": r"\r", "\n": r"\n"}
_ESCAPE_TABLE: Final = str.maketrans(_ESCAPES)
_UNESCAPES: Final = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}


class BadLineError(ValueError):
    """The peer sent bytes that are no line; `code` is the standard-replies code for it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class Message:
    """One parsed line. `command` is upper case; a tag without a value has the value ``""``."""

    command: str
    params: list[str] = field(default_factory=list)
    source: str = ""
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def nick(self) -> str:
        """The part of the source before ``!``: a nick, or a server's name."""
        return self.source.partition("!")[0]


def escape_tag_value(value: str) -> str:
    """The value as it stands in a line (message-tags, "Escaping Values")."""
    return value.translate(_ESCAPE_TABLE)


def unescape_tag_value(escaped: str) -> str:
    """The inverse of `escape_tag_value`; an unknown escape drops its backslash."""
    if "\\" not in escaped:
        return escaped
    out: list[str] = []
    characters = iter(escaped)
    for character in characters:
        if character == "\\":
            following = next(characters, "")
            out.append(_UNESCAPES.get(following, following))
        else:
            out.append(character)
    return "".join(out)


def parse(line: bytes) -> Message:
    """Parse one line, its line ending already taken off.

    Raises `BadLineError` for invalid UTF-8, for NUL or CR inside the line, and where no
    command is found.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise BadLineError("INVALID_UTF8", "The line is not valid UTF-8") from None
    if "\0" in text or "\r" in text:
        raise BadLineError("INVALID_CHARACTER", "A line cannot hold NUL or CR")
    tags: dict[str, str] = {}
    if text.startswith("@"):
        section, _, text = text[1:].partition(" ")
        text = text.lstrip(" ")
        for tag in section.split(";"):
            key, _, value = tag.partition("=")
            if key:
                tags[key] = unescape_tag_value(value)
    source = ""
    if text.startswith(":"):
        source, _, text = text[1:].partition(" ")
    head, colon, trailing = text.partition(" :")
    params = [param for param in head.split(" ") if param]
    if not params:
        raise BadLineError("NEED_COMMAND", "The line holds no command")
    command = params.pop(0).upper()
    if colon:
        params.append(trailing)
    if len(params) > PARAMETERS_MAX:
        params[PARAMETERS_MAX - 1 :] = [" ".join(params[PARAMETERS_MAX - 1 :])]
    return Message(command, params, source, tags)


def encode_tags(tags: Mapping[str, str]) -> str:
    """`tags` as the start of a line, `@` and the final space included; ``""`` for none."""
    if not tags:
        return ""
    parts = [f"{key}={escape_tag_value(value)}" if value else key for key, value in tags.items()]
    return f"@{';'.join(parts)} "


def encode(
    command: str,
    params: Sequence[str] = (),
    source: str = "",
    tags: Mapping[str, str] | None = None,
    *,
    text: bool = False,
) -> bytes:
    """One line with CR LF. The last parameter gets a colon when it needs one; a `text` always.

    Raises `ValueError` for a line that would be read as something else: it is the last guard
    against smuggled CR, LF or NUL, so it is never left out. It says nothing of what stands in the
    line: such errors end in logs.
    """
    pieces = [f":{source} {command}" if source else command]
    if params:
        for param in params[:-1]:
            if not param or param[0] == ":" or " " in param:
                raise ValueError(f"not a middle parameter in {command}")
            pieces.append(param)
        last = params[-1]
        needs_colon = text or not last or last[0] == ":" or " " in last
        pieces.append(f":{last}" if needs_colon else last)
    line = " ".join(pieces)
    if tags:
        line = encode_tags(tags) + line
    if "\n" in line or "\r" in line or "\0" in line:
        raise ValueError(f"control character in a line: {command}")
    return f"{line}\r\n".encode()


_NONE: Final[list[bytes]] = []
"""The lines of every buffer that has none ready; never changed."""


class LineBuffer:
    """Cuts a byte stream into lines, whatever its chunking, and holds a bounded amount.

    A line over a limit comes out as `OVERLONG`, once, and the stream goes on behind it; with
    more than `endless_bytes`, where that is given, `ENDLESS` follows. CR LF and a bare LF both
    end a line; empty lines are skipped.
    """

    __slots__ = (
        "_body_bytes_max",
        "_endless_bytes",
        "_next",
        "_partial",
        "_ready",
        "_skipped_bytes",
        "_skipping",
        "_tags_bytes_max",
    )

    def __init__(
        self, tags_bytes_max: int, body_bytes_max: int = BODY_BYTES_MAX, endless_bytes: int = 0
    ) -> None:
        self._tags_bytes_max = tags_bytes_max
        self._body_bytes_max = body_bytes_max
        self._endless_bytes = endless_bytes
        self._partial = b""
        self._skipping = False
        self._skipped_bytes = 0
        self._ready: list[bytes] = _NONE  # most links are silent: for those not even a list
        self._next = 0  # the first of `_ready` that was not taken yet

    def __len__(self) -> int:
        """How many lines are ready."""
        return len(self._ready) - self._next

    def feed(self, data: bytes) -> None:
        """Take in the next bytes of the stream."""
        if self._partial:
            data = self._partial + data
        *lines, partial = data.split(b"\r\n")
        is_plain = len(lines) == data.count(b"\n") and not self._skipping
        if is_plain and len(max(lines, key=len, default=b"")) <= self._body_bytes_max - 2:
            self._add(list(filter(None, lines)) if b"" in lines else lines)
        else:  # a bare LF, or what may break a limit
            *pieces, partial = data.split(b"\n")
            self._feed_each(pieces)
        if self._skipping:
            self._skip(partial)
            partial = b""
        elif len(partial) > self._tags_bytes_max + self._body_bytes_max:
            self._begin_skipping(partial)
            partial = b""
        self._partial = partial

    def _feed_each(self, pieces: Sequence[bytes]) -> None:
        for piece in pieces:
            if self._skipping:  # the end of a line already reported
                self._skip(piece)
                self._skipping = False
                continue
            line = piece.removesuffix(b"\r")
            if self._is_overlong(line):
                self._begin_skipping(piece)
                self._skipping = False
            elif line:
                self._add([line])

    def pop(self) -> bytes:
        """The next line without its ending. Raises `IndexError` when none is ready."""
        line = self._ready[self._next]
        self.drop(1)
        return line

    def run(self, prefix: bytes, most: int) -> list[bytes]:
        """The next lines, at most `most`, that begin with `prefix`; they stay until `drop`."""
        found = self._ready[self._next : self._next + most]
        for number, line in enumerate(found):
            if not line.startswith(prefix):
                return found[:number]
        return found

    def peek(self) -> bytes:
        """The next line, which stays. Raises `IndexError` when none is ready."""
        return self._ready[self._next]

    def drop(self, count: int) -> None:
        """Take the next `count` lines, of those that are ready."""
        self._next += count
        if self._next == len(self._ready):
            self._ready = _NONE
            self._next = 0

    def clear(self) -> None:
        """Forget everything held: the stream behind it has ended."""
        self._ready = _NONE
        self._next = 0
        self._partial = b""
        self._skipping = False

    def _add(self, lines: list[bytes]) -> None:
        if self._ready:
            self._ready += lines
        elif lines:
            self._ready = lines

    def _begin_skipping(self, start: bytes) -> None:
        self._add([OVERLONG])
        self._skipping = True
        self._skipped_bytes = 0
        self._skip(start)

    def _skip(self, piece: bytes) -> None:
        before = self._skipped_bytes
        self._skipped_bytes += len(piece)
        if before <= self._endless_bytes < self._skipped_bytes and self._endless_bytes:
            self._add([ENDLESS])

    def _is_overlong(self, line: bytes) -> bool:
        tags_bytes = line.find(b" ") + 1 if line.startswith(b"@") else 0
        body_bytes = len(line) - tags_bytes + 2  # CR LF counts
        return tags_bytes > self._tags_bytes_max or body_bytes > self._body_bytes_max
