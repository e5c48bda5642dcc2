"""Questions that need an answer before anything else: small, over the frame, Esc always leaves."""

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option


class Question(ModalScreen[str]):
    """Asks to choose; the result is the key of an answer, "" for none of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "answer('')", "Back", priority=True),
    ]

    def __init__(self, question: str, answers: Sequence[tuple[str, str]], chosen: str = "") -> None:
        """`answers` are pairs of key and label; Enter means the one `chosen`, or the first."""
        super().__init__()
        self._chosen = chosen
        self._question = question
        self._answers = answers

    def compose(self) -> ComposeResult:
        """The question above its answers."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-question")
            yield OptionList(*(Option(Content(label), id=key) for key, label in self._answers))
            yield Static("Enter chooses · Esc goes back", classes="dialog-hint")

    def on_mount(self) -> None:
        """A long question gives way to its answers."""
        answers = self.query_one(OptionList)
        if self._chosen:
            answers.highlighted = answers.get_option_index(self._chosen)
        self.call_after_refresh(answers.scroll_visible, animate=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """An answer was chosen."""
        event.stop()
        self.dismiss(event.option_id or "")

    def action_answer(self, key: str) -> None:
        """Leave with an answer."""
        self.dismiss(key)


class NickQuestion(ModalScreen[str]):
    """The nick cannot be had: another one, offered or typed; "" to leave it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
    ]

    def __init__(self, reason: str, suggestion: str) -> None:
        super().__init__()
        self._reason = reason
        self._suggestion = suggestion

    def compose(self) -> ComposeResult:
        """Why, and a field that holds the suggestion."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._reason), classes="dialog-question")
            yield Input(self._suggestion, placeholder="another nick", compact=True)
            yield Static("Enter uses this nick · Esc goes back", classes="dialog-hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A nick was chosen."""
        event.stop()
        if event.value.strip():
            self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        """No other nick."""
        self.dismiss("")


def no_problem(_: str) -> str:
    """Anything can be typed."""
    return ""


class Field(NamedTuple):
    """Something to fill in. `problem` says what is wrong with what was typed, "" for nothing."""

    name: str
    label: str
    value: str = ""
    placeholder: str = ""
    problem: Callable[[str], str] = no_problem


class Form(ModalScreen[dict[str, str] | None]):
    """What was typed, by the names of the `fields`; None to leave it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, question: str, fields: Sequence[Field], deed: str, note: str = "") -> None:
        """`deed` is what Enter does, in a word or two; `note` stands below the question."""
        super().__init__()
        self._question = question
        self._fields = fields
        self._deed = deed
        self._note = note

    def compose(self) -> ComposeResult:
        """The question above its fields, each with room for what is wrong with it."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-question")
            if self._note:
                yield Static(Content(self._note), classes="dialog-note")
            for field in self._fields:
                yield Static(Content(field.label), classes="form-label")
                yield Input(
                    field.value,
                    placeholder=field.placeholder,
                    id=f"{field.name}-answer",
                    select_on_focus=False,
                    compact=True,
                )
                yield Static(id=f"{field.name}-problem", classes="dialog-note -problem -empty")
            more = " · Tab goes on" if len(self._fields) > 1 else ""
            yield Static(f"Enter {self._deed}{more} · Esc goes back", classes="dialog-hint")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong."""
        event.stop()
        self._check()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what makes sense."""
        event.stop()
        wrong = self._check()
        if wrong:
            self.query_one(f"#{wrong}-answer").focus()
        else:
            self.dismiss({field.name: self._typed(field) for field in self._fields})

    def action_leave(self) -> None:
        """Leave it."""
        self.dismiss(None)

    def _typed(self, field: Field) -> str:
        return self.query_one(f"#{field.name}-answer", Input).value.strip()

    def _check(self) -> str:
        """Say beside each field what is wrong with it; the first that is wrong, "" for none."""
        problems = {field.name: field.problem(self._typed(field)) for field in self._fields}
        for name, problem in problems.items():
            line = self.query_one(f"#{name}-problem", Static)
            line.update(Content(problem))
            line.set_class(not problem, "-empty")
        return next((name for name, problem in problems.items() if problem), "")


class PasswordQuestion(ModalScreen[str]):
    """Asks for the password of an account; "" to stay off line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """The question, and a field that shows nothing of what is typed."""
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-question")
            yield Input(placeholder="password", password=True, compact=True)
            yield Static("Enter logs in · Esc stays off line", classes="dialog-hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """It was typed."""
        event.stop()
        if event.value:
            self.dismiss(event.value)

    def action_leave(self) -> None:
        """Not now."""
        self.dismiss("")
