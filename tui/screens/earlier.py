"""Ctrl+R: what was written before, found by a few letters, the latest first."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

LINES_SHOWN_MAX: Final = 50


class Earlier(ModalScreen[str]):
    """Chooses one of `lines`, given oldest first; "" for none of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
        Binding("down,ctrl+r,ctrl+n", "move(1)", "Earlier", priority=True),
        Binding("up,ctrl+p", "move(-1)", "Later", priority=True),
    ]

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = list(dict.fromkeys(reversed(lines)))
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """A field above what it finds."""
        with Vertical(classes="dialog"):
            yield Input(placeholder="Find what you wrote before", compact=True)
            yield OptionList()
            yield Static("Enter writes it again, unsent · Esc goes back", classes="dialog-hint")

    def on_mount(self) -> None:
        """Show everything at first."""
        self._find("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find anew with every letter."""
        event.stop()
        self._find(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is marked."""
        event.stop()
        self._choose(self.query_one(OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A line was clicked."""
        event.stop()
        self._choose(event.option_index)

    def action_move(self, step: int) -> None:
        """Mark the line before or after; the field keeps the focus."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_leave(self) -> None:
        """None of them."""
        self.dismiss("")

    def _choose(self, index: int | None) -> None:
        if index is not None and index < len(self._found):
            self.dismiss(self._found[index])

    def _find(self, typed: str) -> None:
        self._found = find_lines(self._lines, typed)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(_label(line)) for line in self._found)
        if self._found:
            options.highlighted = 0


def find_lines(lines: Sequence[str], typed: str) -> list[str]:
    """Those of `lines` that hold every word of `typed`, in any case."""
    words = typed.lower().split()
    found = [line for line in lines if all(word in line.lower() for word in words)]
    return found[:LINES_SHOWN_MAX]


def _label(line: str) -> Content:
    first, *others = line.strip().splitlines()
    more = f"  and {len(others)} more line{'s' if len(others) > 1 else ''}" if others else ""
    return Content.assemble(first, (more, "$text-muted"))
