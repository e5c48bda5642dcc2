"""A list with a field above it: typing narrows it, the arrows mark, Enter chooses, Esc leaves.

What all screens that find something have in common; each says what is listed and how.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Final, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

Row = TypeVar("Row")

PAGE_ROWS: Final = 8


class Chooser(ModalScreen[Row | None]):
    """Lists rows. `find` is told what was typed, and calls `show_rows`, at once or later."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
        Binding("down,ctrl+n", "move(1)", "Next", priority=True),
        Binding("up,ctrl+p", "move(-1)", "Previous", priority=True),
        Binding("pagedown", "page(1)", "Further down", priority=True),
        Binding("pageup", "page(-1)", "Further up", priority=True),
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow")]  # noqa: RUF012 - as Textual has it

    LARGE: ClassVar[bool] = False
    PLACEHOLDER: ClassVar[str] = ""
    HINT: ClassVar[str] = "Enter goes there · Esc goes back"

    def __init__(self, typed: str = "") -> None:
        super().__init__()
        self._typed = typed
        self._rows: Sequence[Row] = ()
        self.ready = False  # once the parts are there

    def compose(self) -> ComposeResult:
        """A field, what is to be said of the list, the list, the keys."""
        with Vertical(classes="dialog -large" if self.LARGE else "dialog"):
            yield Input(self._typed, placeholder=self.PLACEHOLDER, compact=True)
            yield Static(classes="dialog-note -empty")
            yield OptionList()
            yield Static(self.HINT, classes="dialog-hint")

    def on_mount(self) -> None:
        """Show what there is at first; the list itself takes no focus."""
        self.query_one(OptionList).can_focus = False
        self.ready = True
        self.find(self._typed.strip())

    @abstractmethod
    def find(self, typed: str) -> None:
        """Find anew."""

    @abstractmethod
    def label(self, row: Row) -> Content:
        """How a row reads."""

    @property
    def rows(self) -> Sequence[Row]:
        """What is listed."""
        return self._rows

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return self.query_one(Input).value.strip()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """List `rows`. The mark stays where only some are new at the end."""
        options = self.query_one(OptionList)
        held = len(self._rows)
        if not held or list(rows[:held]) != list(self._rows):
            options.clear_options()
            held = 0
        self._rows = rows
        options.add_options(Option(self.label(row)) for row in rows[held:])
        if rows and options.highlighted is None:
            options.highlighted = 0

    def show_anew(self) -> None:
        """Label the same rows again, for another width; the mark stays."""
        options = self.query_one(OptionList)
        rows, highlighted = self._rows, options.highlighted
        self._rows = ()
        self.show_rows(rows)
        options.highlighted = highlighted if rows else None

    def note(self, words: str | Content, problem: bool = False) -> None:
        """Say something of the list; nothing takes no room."""
        line = self.query_one(".dialog-note", Static)
        line.update(words)
        line.set_class(not words, "-empty")
        line.set_class(problem, "-problem")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find anew with every letter."""
        event.stop()
        self.find(event.value.strip())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose what is marked."""
        event.stop()
        self.choose(self.query_one(OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A row was clicked."""
        event.stop()
        self.choose(event.option_index)

    def choose(self, index: int | None) -> None:
        """Leave with a row."""
        if index is not None and index < len(self._rows):
            self.dismiss(self._rows[index])

    def action_move(self, step: int) -> None:
        """Mark the next or previous row; the field keeps the focus."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_page(self, step: int) -> None:
        """Mark a row a page further."""
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            to = options.highlighted + step * PAGE_ROWS
            options.highlighted = max(0, min(to, options.option_count - 1))

    def action_leave(self) -> None:
        """Stay where one is."""
        self.dismiss(None)
