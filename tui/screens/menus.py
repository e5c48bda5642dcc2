"""Small lists over the frame, from which one chooses by letter, arrow keys or mouse."""

from collections.abc import Sequence
from typing import ClassVar, Final, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.commands.emoji import find_emoji
from tui.render.wrap import shorten

TITLE_CELLS_MAX: Final = 56

HINT_LETTERS: Final = "asdfghjklqwertyuiopzxcvbnm"
"""Letters for things without one of their own, the easiest to reach first."""


class Entry(NamedTuple):
    """One line: what it is called by the program, the character that chooses it, its words."""

    name: str
    sign: str
    words: str


CHOOSE_HINT: Final = "Enter or its letter chooses · Esc goes back"


class Lettered(ModalScreen[str]):
    """The name of the entry that was chosen by its letter or in a list, "" for none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
    ]

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        super().__init__()
        self._entries = entries

    def on_key(self, event: events.Key) -> None:
        """A letter chooses its entry."""
        sign = "Del" if event.key == "delete" else event.character
        chosen = next((entry for entry in self._entries if entry.sign == sign), None)
        if chosen is not None:
            event.stop()
            self.dismiss(chosen.name)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """An entry was chosen."""
        event.stop()
        self.dismiss(event.option_id or "")

    def action_leave(self) -> None:
        """None of them."""
        self.dismiss("")


class Menu(Lettered):
    """Entries below a title."""

    def __init__(self, title: str, entries: Sequence[Entry]) -> None:
        super().__init__(entries)
        self._title = title

    def compose(self) -> ComposeResult:
        """The title above the entries."""
        with Vertical(classes="dialog"):
            yield Static(Content(shorten(self._title, TITLE_CELLS_MAX)), classes="dialog-question")
            yield OptionList(*(Option(entry_line(entry), id=entry.name) for entry in self._entries))
            yield Static(CHOOSE_HINT, classes="dialog-hint")


def entry_line(entry: Entry) -> Content:
    """How an entry reads in a list."""
    return Content.assemble((f"{entry.sign:<4}", "$text-accent bold"), entry.words)


USUAL: Final = (
    ("thumbsup", "👍"),
    ("heart", "❤️"),
    ("joy", "😂"),
    ("tada", "🎉"),
    ("eyes", "👀"),
    ("white_check_mark", "✅"),
    ("pray", "🙏"),
    ("open_mouth", "😮"),
    ("cry", "😢"),
    ("thumbsdown", "👎"),
)
"""Offered before anything is typed."""


class EmojiPicker(ModalScreen[str]):
    """The emoji that was chosen by its name, "" for none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
    ]

    def compose(self) -> ComposeResult:
        """A field for the name, and what goes by it."""
        with Vertical(classes="dialog"):
            yield Input(placeholder="the name of an emoji, e.g. tada", compact=True)
            yield OptionList()
            yield Static("Enter chooses · ↑↓ move · Esc goes back", classes="dialog-hint")

    def on_mount(self) -> None:
        """Begin with the usual ones."""
        self._offer(USUAL)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is typed; something that is no name may be the reaction itself."""
        event.stop()
        typed = event.value.strip()
        if not typed:
            self._offer(USUAL)
            return
        found = find_emoji(typed)
        self._offer(found or [(f"“{typed}” itself", typed)])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the marked one."""
        event.stop()
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self.dismiss(options.get_option_at_index(options.highlighted).id or "")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """One was clicked."""
        event.stop()
        self.dismiss(event.option_id or "")

    def action_move(self, step: int) -> None:
        """Mark another one; the field keeps the focus."""
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_leave(self) -> None:
        """No reaction."""
        self.dismiss("")

    def _offer(self, emoji: Sequence[tuple[str, str]]) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        signs = {sign: name for name, sign in emoji}
        options.add_options(
            Option(Content(f"{sign}  {name}"), id=sign) for sign, name in signs.items()
        )
        options.highlighted = 0 if signs else None
