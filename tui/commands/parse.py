"""The command bar: what a typed line means, decided from the table and nothing else.

In the lobby words are commands, with or without ``/``. In a conversation ``/`` marks a command
and ``//`` sends a slash; a line that looks like one of the five words is asked about once.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, TypeAlias

from tui.commands.table import COMMANDS, Argument, ArgumentKind, Command, Where, is_offered

FIVE_WORDS: Final = ("create", "join", "exit", "help", "quit")
"""The words of the original program: they come first, and may be typed without ``/``."""

LISTS_ALL: Final = "F1 lists all."


@dataclass(frozen=True, slots=True)
class Say:
    """The line is text to send."""

    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """The line is a command, complete with its arguments."""

    command: Command
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AskOnce:
    """The line could be either: ask whether to `run` it or to send it as `text`."""

    run: Run
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The line can be neither; the text says why and what to do. It stays typed."""

    text: str


Parsed: TypeAlias = Say | Run | AskOnce | Refused

Offered: TypeAlias = Container[str] | None


def parse(
    line: str, where: Where, is_room: Callable[[str], bool], offered: Offered = None
) -> Parsed:
    """What `line`, typed in `where`, means. `is_room` knows the rooms one is in or may see.

    `offered` are the capabilities of the server, None for one that has them all.
    """
    stripped = line.strip()
    if not stripped:
        return Refused("Nothing is written yet.")
    if where & Where.LOBBY:
        return _command(stripped.removeprefix("/"), where, offered)
    if stripped.startswith("//"):
        return Say(stripped[1:])
    if stripped.startswith("/"):
        return _command(stripped[1:], where, offered)
    return _ask_once(stripped, where, is_room) or Say(line)


def _ask_once(line: str, where: Where, is_room: Callable[[str], bool]) -> AskOnce | None:
    words = line.split()
    if words[0].lower() not in FIVE_WORDS or len(words) > 2 or "\n" in line:
        return None
    if len(words) == 2 and not is_room(words[1]):
        return None
    parsed = _command(line, where)
    return AskOnce(parsed, line) if isinstance(parsed, Run) else None


def _command(line: str, where: Where, offered: Offered = None) -> Run | Refused:
    words = line.split(maxsplit=1)
    if not words or line[:1].isspace():
        return Refused(f"Write a command behind the slash. {LISTS_ALL}")
    found = find_command(words[0], where, offered)
    if isinstance(found, Refused):
        return found
    return _with_arguments(found, words[1] if len(words) > 1 else "")


def find_command(word: str, where: Where, offered: Offered = None) -> Command | Refused:
    """The row that `word` names: by name, alias or unique beginning, in any case."""
    sought = word.lower()
    rows = [row for row in COMMANDS.values() if row.slash and is_offered(row, offered)]
    named = [row for row in rows if sought == row.name or sought in row.aliases]
    begun = [row for row in rows if row.name.startswith(sought) and row.where & where]
    matches = named or begun
    if not matches:
        return Refused(_no_command(word, where, offered))
    if len(matches) > 1:
        names = " or ".join(f"/{row.name}" for row in matches[:4])
        return Refused(f"/{word} could be {names}. Write a letter more.")
    row = matches[0]
    return row if row.where & where else Refused(_elsewhere(row))


def _no_command(word: str, where: Where, offered: Offered) -> str:
    rows = [row for row in COMMANDS.values() if row.slash and row.where & where]
    if any(word.lower() in (row.name, *row.aliases) for row in rows):
        return f"This server cannot do /{word.lower()}.  {LISTS_ALL}"
    rows = [row for row in rows if is_offered(row, offered)]
    names = [name for row in rows for name in (row.name, *row.aliases)]
    near = get_close_matches(word.lower(), names, n=1)
    meant = f" Did you mean /{near[0]}?" if near else ""
    text = "" if where & Where.LOBBY else f" //{word} sends it as text."
    return f"No command /{word}.{meant or text}  {LISTS_ALL}"


_PLACES: Final = ((Where.ROOM, "in a room"), (Where.DIRECT, "in a conversation"))


def _elsewhere(row: Command) -> str:
    places = " or ".join(words for place, words in _PLACES if row.where & place)
    return f"/{row.name} works {places or 'in the lobby'}, not here."


def _with_arguments(row: Command, rest: str) -> Run | Refused:
    arguments = _split(row.arguments, rest)
    required = [argument for argument in row.arguments if argument.required]
    if len(arguments) < len(required):
        missing = required[len(arguments)].name
        return Refused(f"/{row.name} needs a {missing}. Usage: /{row.usage}")
    if len(arguments) > len(row.arguments):
        surplus = arguments[len(row.arguments)].split()[0]
        return Refused(f"“{surplus}” is too much for /{row.name}. Usage: /{row.usage}")
    return Run(row, tuple(arguments))


def _split(wanted: Sequence[Argument], rest: str) -> list[str]:
    """One string for each argument; text takes all that is left, what is too much stands last."""
    arguments: list[str] = []
    left = rest.strip()
    for argument in wanted:
        if not left:
            break
        if argument.kind & ArgumentKind.TEXT:
            arguments.append(left)
            return arguments
        word, *following = left.split(maxsplit=1)
        arguments.append(word)
        left = following[0] if following else ""
    return [*arguments, left] if left else arguments
