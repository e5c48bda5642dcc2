"""Reading the logs of irssi: its default format, times with or without seconds.

A line is a time and what happened; days stand in lines of their own, which begin with ``---``.
What irssi itself says in between is left out. Times are those of this machine.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from server.exchange.happenings import Teller, joined, left, mode, renamed, topic
from server.exchange.model import CannotImportError, Entry, Log, People, said, told
from server.storage.ports import Kind

ENDING: Final = ".log"

_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
_OPENED: Final = re.compile(
    r"--- Log (?:opened|closed) \w+ (\w+)\s+(\d+) (\d+):(\d+):(\d+) (\d{4})\s*\Z"
)
_DAY: Final = re.compile(r"--- Day changed \w+ (\w+)\s+(\d+) (\d{4})\s*\Z")
_LINE: Final = re.compile(r"(\d\d):(\d\d)(?::(\d\d))? ?(.*)\Z")

_SAID: Final = re.compile(r"<[ ~&@%+!]?(\S+?)> ?(.*)\Z")
_ACTION: Final = re.compile(r" ?\* (\S+) (.*)\Z")
_NOTICE: Final = re.compile(r"-(\S+?):[#&+!]\S*- (.*)\Z")


def _kicked(found: "re.Match[str]", people: People, moment: datetime) -> Entry:
    return told(Kind.KICK, people.source(found[2]), f"{found[1]} {found[3]}", moment)


_HAPPENED: Final[tuple[tuple["re.Pattern[str]", Teller], ...]] = (
    (re.compile(r"-!- (\S+) \[(\S*)\] has joined \S+\s*\Z"), joined),
    (re.compile(r"-!- (\S+) \[(\S*)\] has left \S+ \[(.*)\]\s*\Z"), left(Kind.PART)),
    (re.compile(r"-!- (\S+) \[(\S*)\] has quit \[(.*)\]\s*\Z"), left(Kind.QUIT)),
    (re.compile(r"-!- (\S+) was kicked from \S+ by (\S+) \[(.*)\]\s*\Z"), _kicked),
    (re.compile(r"-!- (\S+) is now known as (\S+)\s*\Z"), renamed),
    (re.compile(r"-!- (\S+) changed the topic of \S+ to: (.*)\Z"), topic),
    (re.compile(r"-!- mode/\S+ \[(.+)\] by ([^\s,]+).*\Z"), mode),
)


def read_irssi(path: Path) -> Log:
    """The log in a file that is named after its room."""
    return Log(f"#{path.name.removesuffix(ENDING).lstrip('#&')}", _entries(path), str(path))


def _entries(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from read_lines(file, str(path))


def read_lines(lines: Iterable[str], origin: str) -> Iterator[Entry]:
    """The entries of a log's lines. Raises `CannotImportError` with the number of a bad one."""
    day: tuple[int, int, int] | None = None
    people = People()
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n")
        if not line.strip():
            continue
        try:
            if line.startswith("--- "):
                day = _day_of(line) or day
                continue
            entry = _entry(line, day, people)
        except (ValueError, OverflowError) as error:
            raise CannotImportError(f"{origin}, line {number}: {error}") from None
        if entry is not None:
            yield entry


def _day_of(line: str) -> tuple[int, int, int] | None:
    """The day that a line between the others tells; None where it tells something else."""
    opened, changed = _OPENED.match(line), _DAY.match(line)
    if opened:
        return int(opened[6]), _month(opened[1]), int(opened[2])
    if changed:
        return int(changed[3]), _month(changed[1]), int(changed[2])
    if line.startswith(("--- Log", "--- Day")):
        raise ValueError(
            f'"{line[:60]}" tells no day in English, as in --- Day changed Sun Nov 22 2026'
        )
    return None


def _month(name: str) -> int:
    place = _MONTHS.find(name)
    if len(name) != 3 or place % 3:
        raise ValueError(f'"{name}" is no month in English, as in {_MONTHS[:3]}')
    return place // 3 + 1


def _entry(line: str, day: tuple[int, int, int] | None, people: People) -> Entry | None:
    found = _LINE.match(line)
    if found is None:
        raise ValueError(f'"{line[:60]}" does not begin with a time, as in 15:02 <ann> hello')
    if day is None:
        raise ValueError("no day was told yet: a log begins with --- Log opened")
    moment = datetime(*day, int(found[1]), int(found[2]), int(found[3] or 0))
    rest = found[4]
    if spoken := _SAID.match(rest):
        return said(people.source(spoken[1]), spoken[2], moment)
    if acted := _ACTION.match(rest):
        return said(people.source(acted[1]), f"\x01ACTION {acted[2]}\x01", moment)
    if noticed := _NOTICE.match(rest):
        return said(people.source(noticed[1].partition("(")[0]), noticed[2], moment, Kind.NOTICE)
    for pattern, tell in _HAPPENED:
        if happened := pattern.match(rest):
            return tell(happened, people, moment)
    if rest.startswith(("-!-", "!", "-", "[")):
        return None  # what irssi or a server says, or was sent without a nick beside it
    raise ValueError(f'"{line[:60]}" is nothing that irssi writes')
