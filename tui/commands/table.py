"""TABLE of everything a person can do: slash commands, their keys, help and palette entries.

One row per action. Parser, completion, help screen, footer, key map and palette read it; none
of them lists an action of its own. No Textual here.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import Flag, auto
from typing import Final, Protocol

from tui.client.client import Client
from tui.preferences import Value


class Where(Flag):
    """Where an action makes sense; elsewhere it is hidden and refused with a sentence."""

    LOBBY = auto()
    ROOM = auto()
    DIRECT = auto()
    ANYWHERE = LOBBY | ROOM | DIRECT


class ArgumentKind(Flag):
    """What an argument is, and so what completion offers for it."""

    ROOM = auto()  # a room one is in or may see
    PERSON = auto()
    COMMAND = auto()
    PREFERENCE = auto()
    WORD = auto()
    TEXT = auto()  # the rest of the line


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument, by the name the usage line shows; `words` are what may stand there."""

    name: str
    kind: ArgumentKind
    required: bool = True
    words: tuple[str, ...] = ()


class Screen(Protocol):
    """What a handler may ask of whatever shows it: the Textual app, or a test's recorder."""

    def tell(self, text: str, failure: bool = False) -> None:
        """Show one line of answer or refusal beside the command bar."""

    def show(self, buffer: str) -> None:
        """Bring a buffer (by key; "" is the lobby) to the front."""

    def connect(self, server: str) -> None:
        """Connect to another server, or with "" ask which. Raises `CommandRefused`."""

    def prefer(self, name: str, value: Value) -> None:
        """Change a preference. Raises `CommandRefused` where it could not be kept."""

    def keep_quiet(self, how_long: str = "") -> None:
        """Do not disturb from now on, or no longer. Raises `CommandRefused`."""

    def perform(self, action: str) -> None:
        """Run an action that only exists on the screen, by the name in `Command.screen_action`."""


@dataclass(slots=True)
class Context:
    """What a handler is given."""

    client: Client
    screen: Screen
    buffer: str  # key of the buffer it was typed in; "" is the lobby


Handler = Callable[[Context, list[str]], None]


class CommandRefused(Exception):  # noqa: N818 - the person's fault, told in words
    """Nothing was done; the text says what was wrong and what to do. The line stays typed."""


@dataclass(frozen=True, slots=True)
class Command:
    """One row. `keys` are Textual key names, the first being shown in the footer and help.

    An action has a `handler`, or the name of a `screen_action` that the screen performs.
    `footer` is the short label there; rows without one are not in the footer.
    """

    name: str
    summary: str
    group: str
    arguments: tuple[Argument, ...] = ()
    aliases: tuple[str, ...] = ()
    where: Where = Where.ANYWHERE
    handler: Handler | None = None
    screen_action: str = ""
    keys: tuple[str, ...] = ()
    footer: str = ""
    palette: bool = True
    slash: bool = True  # False: a key or palette action without a typed form
    help: bool = True  # False: another row speaks of it
    needs: str = ""  # the capability a server must offer; elsewhere the row is hidden
    secret: bool = False  # its line holds a password: kept in no history

    @property
    def usage(self) -> str:
        """How it is typed, e.g. ``create [name]``."""
        words = [arg.name if arg.required else f"[{arg.name}]" for arg in self.arguments]
        return " ".join([self.name, *words])


def is_offered(command: Command, offered: Container[str] | None) -> bool:
    """Whether a server that offers these capabilities can do it; None for any server."""
    return not command.needs or offered is None or command.needs in offered


COMMANDS: Final[dict[str, Command]] = {}
"""Every row by name; filled by the area modules at import, through `add`."""


def add(command: Command) -> None:
    """Put a row into the table. A name, alias or key given twice fails at import."""
    taken = {name for row in COMMANDS.values() for name in (row.name, *row.aliases)}
    names = {command.name, *command.aliases}
    assert not taken & names, f"taken twice: {taken & names}"
    keys = {key for row in COMMANDS.values() for key in row.keys}
    assert not keys & set(command.keys), f"key taken twice: {keys & set(command.keys)}"
    assert command.summary
    assert (command.handler is None) == bool(command.screen_action)
    COMMANDS[command.name] = command
