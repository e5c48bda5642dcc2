"""Ctrl+K: go to a room or person by a few letters; an unknown name can be created or joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

PLACES_SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere one can go. `action` is ``"show"``, ``"join"`` or ``"create"``."""

    action: str
    target: str
    title: str
    note: str = ""


class GoTo(ModalScreen[Place | None]):
    """Chooses one of `places`; the first is what Enter alone leads to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+k", "leave", "Back", priority=True),
        Binding("down,ctrl+n", "move(1)", "Next", priority=True),
        Binding("up,ctrl+p", "move(-1)", "Previous", priority=True),
    ]

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self._places = places
        self._found: list[Place] = []

    def compose(self) -> ComposeResult:
        """A field above what it finds."""
        with Vertical(classes="dialog"):
            yield Input(placeholder="Go to a room or person", compact=True)
            yield OptionList()
            yield Static("Enter goes there · Esc goes back", classes="dialog-hint")

    def on_mount(self) -> None:
        """Show everything at first."""
        self._find("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find anew with every letter."""
        event.stop()
        self._find(event.value.strip())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to what is marked."""
        event.stop()
        self._choose(self.query_one(OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A place was clicked."""
        event.stop()
        self._choose(event.option_index)

    def action_move(self, step: int) -> None:
        """Mark the next or previous place; the field keeps the focus."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_leave(self) -> None:
        """Stay where one is."""
        self.dismiss(None)

    def _choose(self, index: int | None) -> None:
        if index is not None and index < len(self._found):
            self.dismiss(self._found[index])

    def _find(self, typed: str) -> None:
        self._found = find_places(self._places, typed)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(_label(place)) for place in self._found)
        if self._found:
            options.highlighted = 0


def find_places(places: Sequence[Place], typed: str) -> list[Place]:
    """The places that match, best first; then what can be done with an unknown name."""
    if not typed:
        return list(places[:PLACES_SHOWN_MAX])
    matcher = Matcher(typed)
    scored = [(matcher.match(place.title), place) for place in places]
    found = [place for score, place in sorted(scored, key=lambda pair: -pair[0]) if score > 0]
    name = typed.removeprefix("#")
    known = any(place.title.lower() == name.lower() for place in places)
    if name and " " not in name and not known:
        found.append(Place("join", name, f"Join {name}", "a room, by its name or ID"))
        found.append(Place("create", name, f"Create {name}", "a new room"))
    return found[:PLACES_SHOWN_MAX]


def _label(place: Place) -> Content:
    return Content.assemble(place.title, (f"  {place.note}", "$text-muted"))
