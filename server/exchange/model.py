"""What is exchanged: logs of rooms and direct conversations, entry by entry.

Readers give logs whose entries are read as they are taken, so that a file of any length fits; a
writer takes them in one transaction. The positions of entries are those of the file they come
from: they say what refers to what, and are given anew on the way in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from common.text import cut_bytes
from server.core.delivery import COMMANDS_OF_KINDS, event_line
from server.core.multiline import Line, is_multiline, join_lines, split_lines
from server.storage.ports import Event, Kind

TEXT_BYTES_MAX: Final = 350
"""Of one line: with a source and a room it fits into 512 bytes."""

LONGEST_ROOM: Final = "#" + "x" * 63

SOMEWHERE: Final = "imported.invalid"
"""The host of people of whom a log tells the nick only."""


class CannotImportError(Exception):
    """Nothing was imported; the text says where and what was wrong."""


class Entry(NamedTuple):
    """An event, and of an edit the text that it replaced and when."""

    event: Event
    replaced: str | None = None
    replaced_ms: int = 0


@dataclass(slots=True)
class Log:
    """A room, or with `between` a direct conversation of two accounts.

    `owner` and `between` are names of accounts; `origin` is what the log was read from.
    """

    name: str
    entries: Iterator[Entry]
    origin: str
    created_ms: int = 0
    modes: str = "nt"
    owner: str = ""
    topic: str = ""
    topic_source: str = ""
    topic_ms: int = 0
    retention: str = ""
    between: tuple[str, str] | None = None


@dataclass(slots=True)
class People:
    """Who somebody was in a log that names hosts in some lines and nicks in the others."""

    sources: dict[str, str] = field(default_factory=dict)

    def source(self, nick: str, host: str = "") -> str:
        """nick!user@host, as it was told last; made up where it never was."""
        if host:
            self.sources[nick] = f"{nick}!{host if '@' in host else f'{nick}@{host}'}"
        return self.sources.get(nick) or f"{nick}!{nick[:16]}@{SOMEWHERE}"


def check_line(event: Event) -> None:
    """Raise `ValueError` where no line could tell of the event, and history would break on it."""
    if event.kind not in COMMANDS_OF_KINDS:
        return
    if is_multiline(event.text) and not any(line.text for line in split_lines(event.text)):
        raise ValueError("the text is nothing but empty lines")
    try:
        event_line(event, LONGEST_ROOM)
    except ValueError as error:
        raise ValueError(f"no line could say this: {error}") from None


def told(kind: Kind, source: str, text: str, moment: datetime) -> Entry:
    """An entry of a log that tells of one event a line."""
    wall_ms = round(moment.timestamp() * 1000)
    event = Event(0, kind, _clean(source), _fitting(kind, text), wall_ms)
    check_line(event)
    return Entry(event)


def said(source: str, text: str, moment: datetime, kind: Kind = Kind.PRIVMSG) -> Entry:
    """A message of a log."""
    return told(kind, source, text, moment)


def _clean(text: str) -> str:
    """The text without what no line can hold."""
    return "".join(each for each in text if each not in "\0\r\n")


def _fitting(kind: Kind, text: str) -> str:
    """The text, which a line can hold: a message in several that go on, all else cut."""
    pieces = cut_bytes(_clean(text), TEXT_BYTES_MAX)
    if kind not in (Kind.PRIVMSG, Kind.NOTICE):
        return pieces[0]
    return join_lines(Line(number > 0, piece) for number, piece in enumerate(pieces))
