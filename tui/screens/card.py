"""A person's card: what is known of them, and what one may do, each deed with its letter.

Nothing is done here: the result is the name of a deed, "" for none. What becomes known while the
card is open shows on it.
"""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from common.casemap import fold
from common.text import plain
from tui.client.state import Connection, Person, State
from tui.client.updates import BufferChanged, MembersChanged, PersonChanged, Update
from tui.render.card import card_lines, role_of
from tui.render.nick_color import nick_style
from tui.screens.menus import CHOOSE_HINT, Entry, Lettered, entry_line
from tui.widgets.facts import Facts


class Card(Lettered):
    """Of `nick`, as seen from the room `room` ("" for none); `deeds` are asked for anew."""

    AUTO_FOCUS = "#card-deeds"
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow")]  # noqa: RUF012 - as Textual has it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-low"), (34, "-high")]  # noqa: RUF012 - as Textual has it

    def __init__(
        self,
        state: State,
        room: str,
        nick: str,
        deeds: Callable[[], Sequence[Entry]],
        zone: tzinfo | None,
    ) -> None:
        super().__init__()
        self._state = state
        self._room = room
        self._nick = nick
        self._deeds = deeds
        self._zone = zone
        self._ready = False  # once the parts are there

    def compose(self) -> ComposeResult:
        """Who it is, what is known, what can be done."""
        with Vertical(classes="dialog"):
            yield Static(id="card-name")
            with VerticalScroll(id="card-page"):
                yield Facts(id="card-facts")
            yield OptionList(id="card-deeds")
            yield Static(CHOOSE_HINT, classes="dialog-hint")

    def on_mount(self) -> None:
        """Show what is known already."""
        self._ready = True
        self._refresh()

    def take(self, updates: Sequence[Update]) -> None:
        """Something happened: it may be about this person, or this room."""
        about = [
            each
            for each in updates
            if isinstance(each, MembersChanged | BufferChanged)
            or (isinstance(each, PersonChanged) and each.person == fold(self._nick))
        ]
        if about and self._ready:
            self._refresh()

    def _refresh(self) -> None:
        self.query_one("#card-name", Static).update(self._heading())
        lines = card_lines(self._state, self._nick, self._zone)
        self.query_one(Facts).show(lines)
        entries = self._deeds()
        if entries == self._entries:
            return
        deeds = self.query_one(OptionList)
        option = deeds.highlighted_option
        marked = (option.id or "") if option is not None else ""
        self._entries = entries
        deeds.clear_options()
        deeds.add_options(Option(entry_line(each), id=each.name) for each in entries)
        names = [each.name for each in entries]
        deeds.highlighted = names.index(marked) if marked in names else 0
        deeds.display = bool(entries)

    def _heading(self) -> Content:
        state = self._state
        person = state.people.get(fold(self._nick)) or Person(self._nick)
        nick = plain(person.nick)
        color = nick_style(nick, self.app.current_theme.dark).color
        buffer = state.buffers.get(self._room)
        member = buffer.members.get(fold(self._nick)) if buffer is not None else None
        role = role_of(member.signs, state.prefixes) if member is not None else ""
        of_room = f"  {role} in {buffer.title}" if role and buffer is not None else ""
        if state.connection is not Connection.ONLINE:
            of_room += "  not connected: this is what was known"
        elif not (person.answered or person.gone):
            of_room += "  asking…"
        style = f"bold {color.name}" if color is not None else "bold"
        return Content.assemble((nick, style), (of_room, "$foreground 60%"))
