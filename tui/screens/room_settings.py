"""The settings of a room: a form of what one may change; the rest of it is said as text.

Every change is a request of its own. What the server refuses is said below its row, and what was
typed is there again when one tries once more. Changes by others show at once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.client.client import Client, IntentRefused
from tui.client.state import State
from tui.client.updates import (
    BufferChanged,
    BufferClosed,
    ConnectionChanged,
    MembersChanged,
    SettingRefused,
    Update,
)
from tui.render.room_settings import (
    INVITATION,
    PEOPLE,
    Kind,
    Section,
    Setting,
    sections_of,
)
from tui.screens.dialogs import Field, Form, Question, no_problem

_QUIET: Final = "$foreground 60%"

LABEL_CELLS: Final = 29
"""So that values stand below one another, where there is room for it."""

_SHOWN: Final = (BufferChanged, MembersChanged, ConnectionChanged)


class RoomSettings(ModalScreen[None]):
    """Of the room `key`. `want` asks the core for something, `people` shows who is there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
        Binding("alt+s", "leave", "Back", priority=True, id="room-settings"),
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow")]  # noqa: RUF012 - as Textual has it

    def __init__(
        self,
        state: State,
        key: str,
        want: Callable[[Callable[[Client], None]], None],
        people: Callable[[], None],
        zone: tzinfo | None,
    ) -> None:
        super().__init__()
        self._state = state
        self._key = key
        self._want = want
        self._people = people
        self._zone = zone
        self._sections: list[Section] = []
        self._rows: list[tuple[str | None, bool]] = []  # their names, and whether one only reads
        self._typed: dict[str, str] = {}  # what was asked for, by setting
        self._refused: dict[str, str] = {}  # and why it was not done
        self._ready = False  # once the parts are there

    def compose(self) -> ComposeResult:
        """Which room it is, its settings, and how to go on."""
        with Vertical(classes="dialog -large"):
            yield Static(id="settings-title")
            yield OptionList(id="settings-list")
            yield Static("Enter changes · Esc goes back", classes="dialog-hint")

    def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self._ready = True
        self._refresh()
        self._want(lambda client: client.look_at_room(self._key))

    def on_resize(self) -> None:
        """Lay the rows out for the width there is."""
        self.call_after_refresh(self._refresh)

    def take(self, updates: Sequence[Update]) -> None:
        """Something happened, maybe here."""
        if not self._ready:
            return
        for update in updates:
            if isinstance(update, BufferClosed) and update.buffer == self._key:
                self.dismiss(None)
                return
            if isinstance(update, SettingRefused) and update.buffer == self._key:
                self._refuse(update.setting, update.text)
        if any(isinstance(update, _SHOWN) for update in updates):
            self._refresh()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A row was chosen."""
        event.stop()
        setting = self._setting(event.option_id or "")
        if setting is None:
            return
        match setting.kind:
            case Kind.FLAG:
                self._change(setting, "" if setting.value else "yes")
            case Kind.WORD | Kind.TEXT:
                self._ask(setting)
            case Kind.BAN:
                self._lift(setting)
            case Kind.LINK if setting.name == PEOPLE:
                self._people()
            case Kind.LINK if setting.name == INVITATION:
                self._want(lambda client: client.make_invitation(self._key))

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss(None)

    # -- changing ----------------------------------------------------------------------------------

    def _ask(self, setting: Setting) -> None:
        typed = self._typed.get(setting.name, setting.value)
        needed = setting.kind is Kind.TEXT
        field = Field(
            "value", setting.label, typed, setting.hint, _something if needed else no_problem
        )

        def take(given: Mapping[str, str] | None) -> None:
            if given is not None:
                self._change(setting, given["value"])

        note = self._refused.get(setting.name, "")
        title = f"{setting.label}: {setting.hint}."
        self.app.push_screen(Form(title, [field], "sets it", note), take)

    def _lift(self, setting: Setting) -> None:
        def take(answer: str | None) -> None:
            if answer == "lift":
                self._change(setting, "")

        question = f"Let {setting.label} in, or speak, again?"
        answers = [("lift", "Lift the ban"), ("", "Leave it")]
        self.app.push_screen(Question(question, answers), take)

    def _change(self, setting: Setting, value: str) -> None:
        name = setting.name
        self._refused.pop(name, None)
        self._typed[name] = value

        def intent(client: Client) -> None:
            try:
                client.change_setting(self._key, name, value)
            except IntentRefused as refusal:
                self._refuse(name, str(refusal))

        if value != setting.value:
            self._want(intent)
        self._refresh()

    def _refuse(self, name: str, text: str) -> None:
        self._refused[name] = text
        self._refresh()

    # -- drawing -----------------------------------------------------------------------------------

    def _setting(self, name: str) -> Setting | None:
        rows = [row for section in self._sections for row in section.settings]
        return next((row for row in rows if row.name == name), None)

    def _refresh(self) -> None:
        buffer = self._state.buffers.get(self._key)
        if buffer is None:
            self.dismiss(None)
            return
        self._sections = sections_of(self._state, buffer, self._zone)
        rows = [row for section in self._sections for row in section.settings]
        for row in rows:
            if self._typed.get(row.name) == row.value:
                del self._typed[row.name]
                self._refused.pop(row.name, None)
        title = Content.assemble((buffer.title, "bold"), ("  how this room is set", _QUIET))
        self.query_one("#settings-title", Static).update(title)
        self._fill(self._options())

    def _fill(self, options: Sequence[Option]) -> None:
        """Show the rows; those that are there already only read otherwise, so nothing moves."""
        rows = [(option.id, option.disabled) for option in options]
        settings = self.query_one(OptionList)
        if rows == self._rows:
            for at, option in enumerate(options):
                settings.replace_option_prompt_at_index(at, option.prompt)
            return
        marked = settings.highlighted_option
        name = marked.id if marked is not None else None
        self._rows = rows
        settings.clear_options()
        settings.add_options(options)
        places = [at for at, option in enumerate(options) if not option.disabled]
        held = [at for at in places if options[at].id == name]
        settings.highlighted = next(iter(held or places), None)

    def _options(self) -> list[Option]:
        options: list[Option] = []
        for section in self._sections:
            if section.heading:
                gap = "\n" if options else ""
                options.append(Option(Content(f"{gap}{section.heading}"), disabled=True))
            if not section.settings and section.sentence:
                options.append(Option(_said(section.sentence), disabled=True))
            for row in section.settings:
                options.append(Option(self._label(row), id=row.name, disabled=not row.editable))
        return options

    def _label(self, row: Setting) -> Content:
        if not row.editable:
            return _said(row.label if row.kind is Kind.FLAG else f"{row.label}: {row.shown}")
        refused = self._refused.get(row.name, "")
        below = f"\n    ! {refused}" if refused else ""
        if row.kind is Kind.FLAG:
            mark = "[x]" if row.value else "[ ]"
            return Content.assemble((f"{mark} ", "$text-accent"), row.label, (below, "$text-error"))
        style = _QUIET if row.kind in (Kind.BAN, Kind.LINK) else "$text-accent"
        label = f"{row.label}  "
        if row.kind is not Kind.BAN and not self.has_class("-tiny"):
            label = label.ljust(LABEL_CELLS)
        return Content.assemble(label, (row.shown, style), (below, "$text-error"))


def _said(text: str) -> Content:
    return Content.assemble((text, "not bold $foreground 80%"))


def _something(typed: str) -> str:
    return "" if typed else "Write something, or leave it with Esc."
