"""Questions that need an answer before anything else: small, over the frame, Esc always leaves."""

from collections.abc import Sequence
from typing import ClassVar

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
