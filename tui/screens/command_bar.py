"""What a typed line, a key or a palette entry does: parsed, asked once, carried out."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Protocol

from textual.app import App

from common.casemap import fold
from tui.client.client import Client
from tui.client.state import STATUS, ItemKind
from tui.commands.complete import complete
from tui.commands.parse import AskOnce, Parsed, Refused, Run, Say, find_command, parse
from tui.commands.run import run
from tui.commands.table import COMMANDS, Context, Screen, Where
from tui.render.wrap import shorten
from tui.screens.dialogs import Question
from tui.screens.main import MainScreen
from tui.widgets.composer import Candidate, Completion, Line, Target

PASTE_LINES_SHOWN: Final = 6
PASTE_CELLS_SHOWN: Final = 56

_EDITABLE: Final = (ItemKind.MESSAGE, ItemKind.ACTION)


class Host(Screen, Protocol):
    """What the command bar needs of the app."""

    @property
    def client(self) -> Client:
        """The core one is talking through."""

    @property
    def main(self) -> MainScreen:
        """The frame."""

    def intend(self, intent: Callable[[], None]) -> bool:
        """Ask the core for something; False when it refused, which was told."""


class CommandBar:
    """Lines, keys and palette entries of one app."""

    def __init__(self, host: Host, app: App[None]) -> None:
        self._host = host
        self._app = app

    def submit(self, line: Line) -> None:
        """A line was written; it leaves the composer when it was accepted."""
        self._host.main.clear_told()
        main = self._host.main
        self._do(line, parse(line.text, main.where, self._is_room, main.offered))

    def run_row(self, name: str) -> None:
        """Run a row of the table, or begin to type it where it needs arguments."""
        row = COMMANDS[name]
        if any(argument.required for argument in row.arguments):
            self._host.main.composer.write(f"/{row.name} ")
        else:
            self._run(Run(row), self._host.client.state.current)

    def is_secret(self, text: str, buffer: str | None = None) -> bool:
        """Whether a line holds a password, even one that was mistyped or is not sent yet.

        It is written in `buffer`, or where one is.
        """
        word = text.split(maxsplit=1)[0]
        main = self._host.main
        in_lobby = buffer == STATUS if buffer is not None else main.where & Where.LOBBY
        if not word.startswith("/") and not in_lobby:
            return False
        row = find_command(word.removeprefix("/"), Where.ANYWHERE)
        return not isinstance(row, Refused) and row.secret

    def complete(self, text: str, cursor: int) -> Completion:
        """What could stand at `cursor`."""
        state = self._host.client.state
        start, end, candidates, usage = complete(text, cursor, state, state.current)
        return Completion(start, end, [Candidate(*each) for each in candidates], usage)

    def split(self, text: str) -> Sequence[int]:
        """Where in a text that is being written another message begins."""
        client = self._host.client
        is_command = text.startswith("/") and not text.startswith("//")
        return () if is_command else client.cuts(client.state.current, text)

    def edited(self, buffer: str, text: str) -> None:
        """What is written in `buffer` is another text now."""
        self._host.intend(lambda: self._host.client.typing(buffer, text))

    def pasted(self, buffer: str, text: str) -> None:
        """Many lines were pasted: show them, and what sending them would mean."""
        client = self._host.client
        text = text.strip("\n")
        count = len(client.cuts(buffer, text)) + 1
        answers = [("insert", "Insert them, to be read once more")]
        if not self._host.main.where & Where.LOBBY:
            answers.append(
                ("send", f"Send them as {'one message' if count == 1 else f'{count} messages'}")
            )
        answers.append(("", "Leave them"))

        def take(answer: str | None) -> None:
            if answer == "insert":
                self._host.main.composer.type(text)
            elif answer == "send":
                self._say(Line(buffer, text), text)

        self._app.push_screen(Question(paste_words(text), answers), take)

    def edit_last(self) -> None:
        """Begin to edit what one said last here."""
        composer = self._host.main.composer
        buffer = self._host.client.state.buffers.get(composer.buffer)
        items = reversed(buffer.items) if buffer is not None else ()
        item = next(
            (each for each in items if each.own and each.kind in _EDITABLE and not each.redacted),
            None,
        )
        if item is None:
            self._host.main.tell("There is no message of yours to edit here.", failure=False)
            return
        composer.write(item.text)
        composer.target = Target("edit", item.id, "✎ editing your last message")

    def _do(self, line: Line, parsed: Parsed) -> None:
        match parsed:
            case Refused(text=text):
                self._host.main.tell(text, failure=True)
            case AskOnce():
                self._ask(line, parsed)
            case Say(text=text):
                self._say(line, text)
            case Run():
                self._host.main.composer.accept(line.buffer, line.text)
                if not self._run(parsed, line.buffer):
                    self._host.main.composer.give_back(line.buffer, line.text)

    def _ask(self, line: Line, parsed: AskOnce) -> None:
        meanings: dict[str, Parsed] = {"run": parsed.run, "say": Say(parsed.text)}
        answers = [("run", f"Run the command {parsed.text}"), ("say", "Send it as text")]

        def take(answer: str | None) -> None:
            if answer:
                self._do(line, meanings[answer])

        self._app.push_screen(Question(f"“{parsed.text}” is also a command.", answers), take)

    def _say(self, line: Line, text: str) -> None:
        client, target = self._host.client, line.target
        intent = partial(client.say, line.buffer, text)
        if target is not None:
            act = client.edit if target.action == "edit" else client.reply
            intent = partial(act, line.buffer, target.item_id, text)
        if self._host.intend(intent):
            self._host.main.composer.accept(line.buffer, line.text)
            self._host.main.timeline.scroll_to_end()
            self._host.intend(partial(client.mark_read, line.buffer))

    def _run(self, parsed: Run, buffer: str) -> bool:
        context = Context(self._host.client, self._host, buffer)
        return self._host.intend(lambda: run(parsed, context))

    def _is_room(self, name: str) -> bool:
        state = self._host.client.state
        known = [buffer.name for buffer in state.buffers.values()]
        known += [listing.name for listing in state.lobby]
        return _bare(name) in {_bare(each) for each in known}


def paste_words(text: str) -> str:
    """How much was pasted, and how it begins."""
    lines = text.split("\n")
    shown = [shorten(line, PASTE_CELLS_SHOWN) for line in lines[:PASTE_LINES_SHOWN]]
    rest = len(lines) - len(shown)
    more = [f"… and {rest} more line{'s' if rest > 1 else ''}"] if rest else []
    head = f"{len(lines)} lines were pasted, {len(text)} characters:"
    return "\n".join([head, "", *(f"  {line}" for line in shown), *more])


def _bare(name: str) -> str:
    return fold(name.removeprefix("#"))
