"""Reading the logs of WeeChat: a time, a prefix and a text, with tabs between.

A prefix is a nick or one of WeeChat's signs. What WeeChat itself says is left out. Times are
those of this machine.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from server.exchange.happenings import Teller, joined, left, mode, renamed, topic
from server.exchange.model import CannotImportError, Entry, Log, People, said, told
from server.storage.ports import Kind

ENDING: Final = ".weechatlog"

_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_ROLES: Final = "~&@%+!"


def _kicked(found: "re.Match[str]", people: People, moment: datetime) -> Entry:
    return told(Kind.KICK, people.source(found[1]), f"{found[2]} {found[3] or ''}", moment)


def _noticed(found: "re.Match[str]", people: People, moment: datetime) -> Entry:
    return said(people.source(found[1]), found[2], moment, Kind.NOTICE)


_HAPPENED: Final[dict[str, tuple[tuple["re.Pattern[str]", Teller], ...]]] = {
    "-->": ((re.compile(r"(\S+)(?: \[.*?\])?(?: \(.*\))? \((\S+)\) has joined \S+"), joined),),
    "<--": (
        (re.compile(r"(\S+) \((\S+)\) has left \S+(?: \((.*)\))?\s*\Z"), left(Kind.PART)),
        (re.compile(r"(\S+) \((\S+)\) has quit(?: \((.*)\))?\s*\Z"), left(Kind.QUIT)),
        (re.compile(r"(\S+) has kicked (\S+)(?: \((.*)\))?\s*\Z"), _kicked),
    ),
    "--": (
        (re.compile(r"(\S+) is now known as (\S+)\s*\Z"), renamed),
        (re.compile(r'(\S+) has changed topic for \S+(?: from ".*")? to "(.*)"\s*\Z'), topic),
        (re.compile(r"Mode \S+ \[(.+)\] by (\S+)\s*\Z"), mode),
        (re.compile(r"Notice\((\S+?)\)(?: -> \S+)?: (.*)\Z"), _noticed),
    ),
}
"""By prefix: what can have happened. Anything else behind it is left out."""

_OWN: Final = ("", "=!=", *_HAPPENED)
"""Prefixes that are no nick."""


def read_weechat(path: Path) -> Log:
    """The log in a file that is named like ``irc.server.#room.weechatlog``."""
    room = path.name.removesuffix(ENDING).rpartition("#")[2]
    return Log(f"#{room}", _entries(path), str(path))


def _entries(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from read_lines(file, str(path))


def read_lines(lines: Iterable[str], origin: str) -> Iterator[Entry]:
    """The entries of a log's lines. Raises `CannotImportError` with the number of a bad one."""
    people = People()
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n")
        if not line.strip():
            continue
        try:
            entry = _entry(line, people)
        except (ValueError, OverflowError) as error:
            raise CannotImportError(f"{origin}, line {number}: {error}") from None
        if entry is not None:
            yield entry


def _entry(line: str, people: People) -> Entry | None:
    time, tab, rest = line.partition("\t")
    prefix, second_tab, text = rest.partition("\t")
    if not tab or not second_tab or not _TIME.match(time):
        raise ValueError(f'"{line[:60]}" is not a time, a tab, a prefix, a tab and a text')
    moment = datetime.strptime(time[:19], "%Y-%m-%d %H:%M:%S")
    prefix = prefix.strip()
    if prefix == "*":
        nick, _, acted = text.partition(" ")
        return said(people.source(nick), f"\x01ACTION {acted}\x01", moment)
    if prefix not in _OWN:
        nick = prefix.lstrip(_ROLES)
        if not nick or " " in nick:
            raise ValueError(f'"{prefix[:40]}" is no nick')
        return said(people.source(nick), text, moment)
    for pattern, tell in _HAPPENED.get(prefix, ()):
        if happened := pattern.match(text):
            return tell(happened, people, moment)
    return None
