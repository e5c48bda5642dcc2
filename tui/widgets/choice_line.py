"""One of a few words in a line: the chosen one is marked, the arrow keys and the mouse choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

_BETWEEN = "  "


class ChoiceLine(Static, can_focus=True):
    """Posts `Changed`. `choices` are pairs of name and words."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Before", show=False),
        Binding("right,space", "step(1)", "Next", show=False),
    ]

    @dataclass
    class Changed(Message):
        """Another one was chosen."""

        name: str

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        chosen: str,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._choices = choices
        self._chosen = chosen

    @property
    def chosen(self) -> str:
        """The name of the one that is chosen."""
        return self._chosen

    def on_mount(self) -> None:
        """Draw the first time."""
        self._draw()

    def choose(self, name: str) -> None:
        """Choose by name."""
        if name != self._chosen:
            self._chosen = name
            self._draw()
            self.post_message(self.Changed(name))

    def action_step(self, step: int) -> None:
        """The next one, or the one before."""
        names = [name for name, _ in self._choices]
        self.choose(names[(names.index(self._chosen) + step) % len(names)])

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        at = 0
        for name, words in self._choices:
            at += cell_len(f"( ) {words}{_BETWEEN}")
            if event.x < at:
                self.choose(name)
                return

    def _draw(self) -> None:
        parts: list[str | tuple[str, str]] = []
        for name, words in self._choices:
            mark = "(•)" if name == self._chosen else "( )"
            style = "$text-accent bold" if name == self._chosen else ""
            parts += [_BETWEEN if parts else "", (f"{mark} {words}", style)]
        self.update(Content.assemble(*parts))
