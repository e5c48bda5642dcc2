"""F1: everything one can do, from the one table, with how it is typed and its key."""

from collections.abc import Callable, Container, Iterable
from itertools import groupby
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.commands.keymap import KeyMap
from tui.commands.parse import FIVE_WORDS
from tui.commands.table import COMMANDS, Command, is_offered
from tui.render.wrap import break_offsets
from tui.screens.keys import key_label
from tui.widgets.deeds import DEEDS, key_sign
from tui.widgets.line_list import LineList, ListLine

_USAGE_CELLS: Final = 24
_WIDE_ENOUGH: Final = 64
_FIRST: Final = (
    "In the lobby words are commands. In a room, what you write is sent,",
    "and a command begins with /. Tab completes, Esc leads back.",
)


class HelpPage(LineList, can_focus=True):
    """The lines of the help; scrolls by keys."""

    def __init__(self, offered: Container[str], keymap: KeyMap) -> None:
        super().__init__(id="help")
        self._offered = offered
        self._keymap = keymap

    def on_resize(self) -> None:
        """Lay out for the width there is."""
        self.set_lines(help_lines(self.size.width, self._offered, self._keymap))


class HelpScreen(ModalScreen[None]):
    """Esc, F1 or q leave."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Back", priority=True),
        Binding("f1", "leave", "Back", priority=True, id="help"),
    ]

    def __init__(self, offered: Container[str], keymap: KeyMap) -> None:
        """`offered`: the capabilities of the server; what it cannot do is left out."""
        super().__init__()
        self._offered = offered
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """The page and how to leave it."""
        with Vertical(classes="dialog -large"):
            yield HelpPage(self._offered, self._keymap)
            yield Static("↑ ↓ PgUp PgDn scroll · Esc goes back", classes="dialog-hint")

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss(None)


def help_lines(width: int, offered: Container[str], keymap: KeyMap) -> list[ListLine]:
    """The help for a page `width` cells wide: the five words, then the rest by group."""
    lines = _group_lines("The five words", [COMMANDS[word] for word in FIVE_WORDS], width, keymap)
    lines.append(ListLine(""))
    lines += [
        ListLine(sentence[start:end], look="muted")
        for sentence in (_FIRST if width >= _WIDE_ENOUGH + 8 else (" ".join(_FIRST),))
        for start, end in _spans(sentence, max(2, width - 3))
    ]
    known = [row for row in COMMANDS.values() if is_offered(row, offered) and row.help]
    rows = sorted((row for row in known if row.name not in FIVE_WORDS), key=_group_order())
    for group, members in groupby(rows, key=lambda row: row.group):
        lines += [ListLine(""), *_group_lines(group, members, width, keymap)]
    return [*lines, ListLine(""), *_deed_lines(width, keymap)]


def _deed_lines(width: int, keymap: KeyMap) -> list[ListLine]:
    """The letters that act on a message that was chosen."""
    column = 6 if width < _WIDE_ENOUGH else _USAGE_CELLS
    signed = [(key_sign(deed, keymap.message_keys), deed.words) for deed in DEEDS]
    return [
        ListLine("WITH A MESSAGE CHOSEN", look="heading"),
        *(ListLine(f" {sign}", detail=words, detail_at=column) for sign, words in signed),
        ListLine(" Enter", detail="Choose from all that can be done", detail_at=column),
    ]


def _group_lines(
    heading: str, rows: Iterable[Command], width: int, keymap: KeyMap
) -> list[ListLine]:
    lines = [ListLine(heading.upper(), look="heading")]
    for row in rows:
        lines += _row_lines(row, width, keymap)
    return lines


def _row_lines(row: Command, width: int, keymap: KeyMap) -> list[ListLine]:
    typed = row.usage if row.slash else row.name.replace("_", " ").replace("-", " ")
    keys = "  ".join(key_label(key) for key in keymap.keys[row.name][:2])
    narrow = width < _WIDE_ENOUGH
    column = 3 if narrow else _USAGE_CELLS
    room = max(2, width - column - 4 - (0 if narrow else cell_len(keys)))
    parts = [row.summary[start:end] for start, end in _spans(row.summary, room)]
    if narrow or len(typed) > _USAGE_CELLS - 3:
        return [
            ListLine(f" {typed}", keys),
            *(ListLine("", detail=part, detail_at=column) for part in parts),
        ]
    first = ListLine(f" {typed}", keys, detail=parts[0], detail_at=column)
    return [first, *(ListLine("", detail=part, detail_at=column) for part in parts[1:])]


def _group_order() -> Callable[[Command], int]:
    groups = list(dict.fromkeys(row.group for row in COMMANDS.values()))
    return lambda row: groups.index(row.group)


def _spans(text: str, width: int) -> list[tuple[int, int]]:
    offsets = break_offsets(text, width)
    return list(zip(offsets, [*offsets[1:], len(text)], strict=True))
