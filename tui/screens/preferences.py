"""F9: every preference of the table, changed in place and written to the file at once."""

from typing import ClassVar, Final, Protocol

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.preferences import (
    NAMES,
    SECTIONS,
    PreferenceError,
    Preferences,
    Value,
    read_word,
    row_of,
    wanted,
    word_of,
)
from tui.screens.dialogs import Question
from tui.screens.key_list import KeyList, KeyTable

NAME_CELLS: Final = 15
CHOICES_STEPPED_MAX: Final = 3
"""With more of them Enter shows all, instead of going to the next."""

_KEYS: Final = "keys"


class Preferring(KeyTable, Protocol):
    """What keeps the preferences, and makes them so."""

    @property
    def preferences(self) -> Preferences:
        """What holds now."""

    @property
    def place(self) -> str:
        """The file they are kept in."""

    def change(self, name: str, value: Value) -> str:
        """Make it so and write it; a sentence when that failed, else ""."""


class PreferencesScreen(ModalScreen[None]):
    """Esc or F9 leave; what was changed holds at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
        Binding("f9", "leave", "Back", priority=True, id="set"),
        Binding("left", "step(-1)", "Less", show=False),
        Binding("right,space", "step(1)", "More", show=False),
    ]

    def __init__(self, chooser: Preferring) -> None:
        super().__init__()
        self._chooser = chooser

    def compose(self) -> ComposeResult:
        """The table, what its row means, and how to leave."""
        with Vertical(classes="dialog -large"):
            yield OptionList(*self._options(), id="preferences")
            yield Static(id="preference-text")
            yield Static("← → Enter change · Esc goes back", classes="dialog-hint")

    def on_mount(self) -> None:
        """Begin at the first preference."""
        self._explain(self._marked)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the row means."""
        self._explain(event.option_id or "")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a click."""
        event.stop()
        name = event.option_id or ""
        if name == _KEYS:
            self.app.push_screen(KeyList(self._chooser))
            return
        row = row_of(name)
        choices = row.metadata["choices"]
        if isinstance(row.default, bool) or 0 < len(choices) <= CHOICES_STEPPED_MAX:
            self.action_step(1)
        elif choices:
            answers = [(choice, choice) for choice in choices]
            chosen = str(self._chooser.preferences.value(name))
            question = Question(f"{name}: {row.metadata['text']}", answers, chosen)
            self.app.push_screen(question, lambda answer: self._take(name, answer or None))
        else:
            value = str(self._chooser.preferences.value(name))
            self.app.push_screen(Asking(name, value), lambda answer: self._take(name, answer))

    def action_step(self, step: int) -> None:
        """The next value or the one before, where values have an order."""
        name = self._marked
        if name not in NAMES:
            return
        row, value = row_of(name), self._chooser.preferences.value(name)
        choices = row.metadata["choices"]
        if isinstance(value, bool):
            self._change(name, not value)
        elif choices:
            at = choices.index(value) + step
            self._change(name, choices[at % len(choices)])
        elif isinstance(value, int):
            limits = row.metadata["minimum"], row.metadata["maximum"]
            self._change(name, min(max(value + step, limits[0]), limits[1]))

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss(None)

    @property
    def _marked(self) -> str:
        options = self.query_one(OptionList)
        option = options.highlighted_option
        return (option.id or "") if option is not None else ""

    def _take(self, name: str, answer: str | None) -> None:
        if answer is not None:
            self._change(name, read_word(name, answer))

    def _change(self, name: str, value: Value) -> None:
        complaint = self._chooser.change(name, value)
        options = self.query_one(OptionList)
        options.replace_option_prompt(name, _label(name, self._chooser.preferences))
        self._explain(name, complaint)

    def _explain(self, name: str, complaint: str = "") -> None:
        text = self.query_one("#preference-text", Static)
        if complaint:
            text.update(Content.assemble((f"! {complaint}", "$text-error")))
        elif name in NAMES:
            row = row_of(name)
            many = len(row.metadata["choices"]) > CHOICES_STEPPED_MAX
            values = "Enter shows all of them" if many else wanted(row)
            text.update(Content(f"{row.metadata['text']} ({values})"))
        else:
            text.update(Content(f"Kept in {self._chooser.place}"))

    def _options(self) -> list[Option]:
        options: list[Option] = []
        for section, about in SECTIONS.items():
            options.append(Option(Content(f"\n{about}" if options else about), disabled=True))
            options += [
                Option(_label(name, self._chooser.preferences), id=name)
                for name in NAMES
                if name.partition(".")[0] == section
            ]
        options.append(Option(Content("\nKeys"), disabled=True))
        options.append(Option(Content("which key does what…"), id=_KEYS))
        return options


class Asking(ModalScreen[str | None]):
    """Asks for the value of a preference that is typed; None to leave it as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
    ]

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        self._preference = name
        self._value = value

    def compose(self) -> ComposeResult:
        """What is asked for, and a field that holds what there is."""
        row = row_of(self._preference)
        with Vertical(classes="dialog"):
            yield Static(
                Content(f"{self._preference}: {row.metadata['text']}"), classes="dialog-question"
            )
            yield Input(self._value, placeholder=wanted(row), compact=True)
            yield Static(Content(wanted(row)), id="asking-note")
            yield Static("Enter takes it · Esc goes back", classes="dialog-hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what makes sense, and say what does not."""
        event.stop()
        try:
            read_word(self._preference, event.value)
        except PreferenceError as error:
            note = Content.assemble((f"! {error}", "$text-error"))
            self.query_one("#asking-note", Static).update(note)
            return
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Leave it as it is."""
        self.dismiss(None)


def _label(name: str, preferences: Preferences) -> Content:
    short = name.partition(".")[2].replace("_", " ")
    value = word_of(preferences.value(name))
    return Content.assemble(f"{short:<{NAME_CELLS}}", (value, "$text-accent"))
