"""/keys: which key does what, what the terminal sends for a key, and other keys for a command."""

from collections.abc import Mapping
from typing import ClassVar, Final, Protocol

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.commands.keymap import KeyMap, problem_of, summary_of
from tui.commands.message_keys import MESSAGE_KEYS, PREFIX
from tui.commands.table import COMMANDS
from tui.screens.keys import key_label
from tui.widgets.deeds import sign_of

NAME_CELLS: Final = 16

MOVING: Final = frozenset({"up", "down", "pageup", "pagedown", "home", "end", "enter"})
"""Keys that the list itself needs."""


class KeyTable(Protocol):
    """What keeps the keys."""

    @property
    def keymap(self) -> KeyMap:
        """What holds now."""

    @property
    def own_keys(self) -> Mapping[str, str]:
        """What the person chose, by command."""

    def change_keys(self, command: str, keys: str) -> str:
        """Give a command other keys, "" for its own; a sentence when that failed, else ""."""


class KeyList(ModalScreen[None]):
    """Esc leaves; any key that the list does not need is explained."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
    ]

    def __init__(self, table: KeyTable) -> None:
        super().__init__()
        self._table = table
        self._moved = False  # before, one reads what keys do here

    def compose(self) -> ComposeResult:
        """The map, the key that was pressed last, and how to go on."""
        with Vertical(classes="dialog -large"):
            yield OptionList(*self._options(), id="keys-list")
            yield Static("Press a key to see what the terminal sends.", id="key-sent")
            yield Static("Enter gives a command another key · Esc goes back", classes="dialog-hint")

    def on_key(self, event: events.Key) -> None:
        """Say what a key is called and does."""
        if event.key not in MOVING:
            event.stop()
            event.prevent_default()
            sent = self.query_one("#key-sent", Static)
            sent.update(Content(key_words(event.key, event.character, self._table.keymap)))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the command does."""
        sent = self.query_one("#key-sent", Static)
        if self._moved:
            sent.update(Content(f"{summary_of(event.option_id or '')}."))
        self._moved = True

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A command was chosen: ask for its key."""
        event.stop()
        name = event.option_id or ""
        self.app.push_screen(KeyQuestion(name, self._table), lambda key: self._take(name, key))

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss(None)

    def _take(self, name: str, keys: str | None) -> None:
        if keys is None:
            return
        complaint = self._table.change_keys(name, keys)
        options = self.query_one(OptionList)
        for each in self._table.keymap.keys:
            options.replace_option_prompt(each, self._label(each))
        if complaint:
            text = Content.assemble((f"! {complaint}", "$text-error"))
            self.query_one("#key-sent", Static).update(text)

    def _options(self) -> list[Option]:
        """Commands that have a key first, and at last what acts on a message."""
        names = sorted(COMMANDS, key=lambda name: not self._table.keymap.first(name))
        return [
            *(Option(self._label(name), id=name) for name in names),
            Option(Content("\nWith a message chosen"), disabled=True),
            *(Option(self._label(name), id=name) for name in map(PREFIX.__add__, MESSAGE_KEYS)),
        ]

    def _label(self, name: str) -> Content:
        label = sign_of if name.startswith(PREFIX) else key_label
        keys = "  ".join(map(label, self._table.keymap.keys[name]))
        own = "$text-accent bold" if name in self._table.own_keys else "$text-accent"
        return Content.assemble(f"{name.removeprefix(PREFIX):<{NAME_CELLS}}", (keys, own))


class KeyQuestion(ModalScreen[str | None]):
    """Waits for a key for a command; "" means its own keys again, None leaves it as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
    ]

    def __init__(self, name: str, table: KeyTable) -> None:
        super().__init__()
        self._command = name
        self._table = table
        self._pressed = ""

    def compose(self) -> ComposeResult:
        """Which command it is, and what was pressed."""
        title = f"{self._command.removeprefix(PREFIX)}: {summary_of(self._command)}"
        with Vertical(classes="dialog"):
            yield Static(Content(title), classes="dialog-question")
            yield Static("Press the key for it.", id="key-sent")
            yield Static(
                "Enter takes the key · Backspace: its own keys again · Esc goes back",
                classes="dialog-hint",
            )

    def on_key(self, event: events.Key) -> None:
        """A key was pressed; Enter takes the one before it."""
        event.stop()
        event.prevent_default()
        if event.key == "backspace":
            self.dismiss("")
        elif event.key == "enter" and self._pressed:
            self.dismiss(self._pressed)
        elif event.key != "enter":
            self._show(event)

    def _show(self, event: events.Key) -> None:
        problem = problem_of(self._command, event.key).partition(": ")[2]
        self._pressed = "" if problem else event.key
        words = (
            problem
            or f"{key_words(event.key, event.character, self._table.keymap)} Enter takes it."
        )
        self.query_one("#key-sent", Static).update(Content(words))

    def action_leave(self) -> None:
        """Leave it as it is."""
        self.dismiss(None)


def key_words(key: str, character: str | None, keymap: KeyMap) -> str:
    """What a key is called, what it types, and what it does."""
    name = keymap.user_of(key)
    typed = f", which types {character}" if character and character.isprintable() else ""
    does = f"It runs {name}: {COMMANDS[name].summary}." if name else "It runs no command."
    deed = keymap.message_keys.get(key)
    if deed is not None:
        does = f"With a message chosen: {MESSAGE_KEYS[deed].words}."
    return f"The terminal sent {key}{typed}. {does}"
