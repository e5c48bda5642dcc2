"""Completion: what could stand at the cursor of the command bar.

Commands come in the table's order, nicks with the most recent speaker first, rooms with the
open ones first. Changes nothing; the screen inserts what is chosen.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from common.casemap import fold
from tui.client.state import STATUS, Buffer, BufferKind, State
from tui.commands.emoji import find_emoji
from tui.commands.parse import Refused, find_command
from tui.commands.table import COMMANDS, Argument, ArgumentKind, Command, Where, is_offered
from tui.preferences import NAMES

CANDIDATES_MAX: Final = 100
SPEAKERS_SEARCHED_MAX: Final = 500
"""How many items back a speaker counts as recent."""


class Candidate(NamedTuple):
    """One way to go on: what is inserted, its space or colon included, and a note on it."""

    text: str
    note: str = ""


class Completion(NamedTuple):
    """What may replace the characters from `start` up to `end` (0-based, of the whole text)."""

    start: int
    end: int
    candidates: tuple[Candidate, ...]
    usage: str = ""  # how the command that is typed goes on, the argument at hand in ‹›


def complete(text: str, cursor: int, state: State, buffer: str) -> Completion:
    """The candidates for the word that ends at `cursor` in `text`, typed in `buffer`."""
    start = max(text.rfind(mark, 0, cursor) for mark in " \n") + 1
    word = text[start:cursor]
    where = where_is(state, buffer)
    line = text[:start]
    usage = ""
    if not line.strip() and _is_command_word(word, where):
        found = _commands(word, where, state)
    elif (at := _argument(line, where, state)) is not None:
        row, index = at
        usage = _usage(row, index)
        argument = row.arguments[index] if index < len(row.arguments) else None
        found = _arguments(argument, word, state, buffer) if argument is not None else []
    elif where & Where.LOBBY:
        found = []
    else:
        found = _in_text(word, state, buffer, at_start=not line.strip())
    return Completion(start, cursor, tuple(found[:CANDIDATES_MAX]), usage)


def where_is(state: State, buffer: str) -> Where:
    """What kind of place the buffer `buffer` is."""
    found = state.buffers.get(buffer)
    places = {BufferKind.ROOM: Where.ROOM, BufferKind.DIRECT: Where.DIRECT}
    return places.get(found.kind, Where.LOBBY) if found is not None else Where.LOBBY


def _is_command_word(word: str, where: Where) -> bool:
    return bool(where & Where.LOBBY) or (word.startswith("/") and not word.startswith("//"))


def _commands(word: str, where: Where, state: State) -> list[Candidate]:
    slash = "/" if word.startswith("/") else ""
    begun = word.removeprefix("/").lower()
    return [
        Candidate(f"{slash}{row.name} " if row.arguments else f"{slash}{row.name}", row.summary)
        for row in COMMANDS.values()
        if row.slash
        and row.where & where
        and is_offered(row, state.offered)
        and any(name.startswith(begun) for name in (row.name, *row.aliases))
    ]


def _argument(line: str, where: Where, state: State) -> tuple[Command, int] | None:
    """The command of `line` and which argument begins behind it; None where no command does."""
    words = line.split()
    if not words or not _is_command_word(words[0], where):
        return None
    row = find_command(words[0].removeprefix("/"), where, state.offered)
    if isinstance(row, Refused):
        return None
    index = len(words) - 1
    texts = [at for at, argument in enumerate(row.arguments) if argument.kind & ArgumentKind.TEXT]
    return row, min([index, *texts])  # a text goes on to the end of the line


def _usage(row: Command, index: int) -> str:
    if not row.arguments:
        return ""
    words = row.usage.split()
    if index < len(row.arguments):
        words[index + 1] = f"‹{words[index + 1]}›"
    return f"/{' '.join(words)} · {row.summary}"


def _arguments(argument: Argument, word: str, state: State, buffer: str) -> list[Candidate]:
    kind = argument.kind
    found = [Candidate(f"{each} ") for each in argument.words if each.startswith(word.lower())]
    if kind & ArgumentKind.COMMAND:
        found += _commands(word, Where.ANYWHERE, state)
    if kind & ArgumentKind.PREFERENCE:
        rows = [(name, row) for name, row in NAMES.items() if name.startswith(word)]
        found += [Candidate(f"{name} ", row.metadata["text"]) for name, row in rows]
    if kind & ArgumentKind.ROOM:
        found += _rooms(word, state)
    if kind & ArgumentKind.PERSON:
        found += _people(word, state, buffer, " ")
    if kind & ArgumentKind.TEXT:
        found += _in_text(word, state, buffer, at_start=False)
    return found


def _in_text(word: str, state: State, buffer: str, at_start: bool) -> list[Candidate]:
    """Rooms behind ``#``, emoji behind ``:``, else nicks, with or without ``@``; nothing before
    the first letter.
    """
    if word.startswith("#"):
        return _rooms(word, state)
    if word.startswith(":"):
        return [Candidate(f"{sign} ", name) for name, sign in find_emoji(word[1:])]
    if not word.removeprefix("@"):
        return []
    return _people(word, state, buffer, ": " if at_start else " ")


def _rooms(word: str, state: State) -> list[Candidate]:
    sign = "#" if word.startswith("#") else ""
    begun = fold(word.removeprefix("#"))
    names = [each.name for each in state.buffers.values() if each.kind is BufferKind.ROOM]
    notes = {fold(listing.name): listing.topic for listing in state.lobby}
    names += [listing.name for listing in state.lobby]
    titles = {fold(name): name.removeprefix("#") for name in names}
    return [
        Candidate(f"{sign}{title} ", notes.get(key, ""))
        for key, title in titles.items()
        if fold(title).startswith(begun)
    ]


def _people(word: str, state: State, buffer: str, ending: str) -> list[Candidate]:
    sign = "@" if word.startswith("@") else ""
    begun = fold(word.removeprefix("@"))
    ours = fold(state.nick)
    return [
        Candidate(f"{sign}{nick}{ending}")
        for key, nick in _nicks(state, buffer).items()
        if key.startswith(begun) and key != ours
    ]


def _nicks(state: State, buffer: str) -> dict[str, str]:
    """Folded and spelled nicks: recent speakers, then members, then open conversations."""
    here = state.buffers.get(buffer)
    nicks: dict[str, str] = {}
    if here is not None and buffer != STATUS:
        present = here.members if here.kind is BufferKind.ROOM else None
        for nick in _speakers(here):
            if present is None or fold(nick) in present:
                nicks.setdefault(fold(nick), nick)
        for key in sorted(here.members):
            nicks.setdefault(key, here.members[key].nick)
    for each in state.buffers.values():
        if each.kind is BufferKind.DIRECT:
            nicks.setdefault(each.key, each.name)
    return nicks


def _speakers(buffer: Buffer) -> Iterable[str]:
    for item in reversed(buffer.items[-SPEAKERS_SEARCHED_MAX:]):
        if item.sender and not item.own:
            yield item.sender
