"""Ctrl+K: go to a room or person by a few letters; an unknown name can be created or joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.fuzzy import Matcher

from tui.screens.choosing import Chooser

PLACES_SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere one can go. `action` is ``"show"``, ``"join"`` or ``"create"``.

    `where` names the server, if there are several; its letters are found, too.
    """

    action: str
    target: str
    title: str
    note: str = ""
    where: str = ""


class GoTo(Chooser[Place]):
    """Chooses one of `places`; the first is what Enter alone leads to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+k", "leave", "Back", priority=True, id="go"),
    ]

    PLACEHOLDER = "Go to a room or person"

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self._places = places

    def find(self, typed: str) -> None:
        """List the places that match."""
        self.show_rows(find_places(self._places, typed))

    def label(self, row: Place) -> Content:
        """Its name, and what there is to know of it."""
        notes = "  ".join(filter(None, [row.note, row.where]))
        return Content.assemble(row.title, (f"  {notes}", "$foreground 60%"))


class UnreadRooms(GoTo):
    """The same for the rooms with something unread: nothing else can be gone to."""

    PLACEHOLDER = "Unread rooms and people"

    def find(self, typed: str) -> None:
        """List the unread places that match."""
        found = find_places(self._places, typed)
        self.show_rows([place for place in found if place.action == "show"])


def find_places(places: Sequence[Place], typed: str) -> list[Place]:
    """The places that match, best first; then what can be done with an unknown name."""
    if not typed:
        return list(places[:PLACES_SHOWN_MAX])
    matcher = Matcher(typed)
    scored = [(_score(matcher, place), place) for place in places]
    found = [place for score, place in sorted(scored, key=lambda pair: -pair[0]) if score > 0]
    name = typed.removeprefix("#")
    known = any(place.title.lower() == name.lower() for place in places)
    if name and " " not in name and not known:
        found.append(Place("join", name, f"Join {name}", "a room, by its name or ID"))
        found.append(Place("create", name, f"Create {name}", "a new room"))
    return found[:PLACES_SHOWN_MAX]


def _score(matcher: Matcher, place: Place) -> float:
    by_title = matcher.match(place.title)
    return by_title or (matcher.match(f"{place.title} {place.where}") if place.where else 0.0)
