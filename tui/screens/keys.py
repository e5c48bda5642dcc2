"""Keys as a person reads them, and the lists of keys that screens show: all from the table."""

from typing import Final

from textual.binding import Binding

from tui.commands.screen import ROOM_NUMBERS_MAX
from tui.commands.table import COMMANDS, Command, Where

_NAMES: Final = {
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "slash": "/",
    "question_mark": "?",
}


def key_label(key: str) -> str:
    """A Textual key name in short: ``"ctrl+k"`` → ``"^K"``, ``"alt+down"`` → ``"Alt+Down"``."""
    *modifiers, last = key.split("+")
    name = _NAMES.get(last, last.upper() if len(last) == 1 or _is_function(last) else last.title())
    if modifiers == ["ctrl"] and len(name) == 1:
        return f"^{name}"
    return "+".join([*(modifier.title() for modifier in modifiers), name])


def key_of(screen_action: str) -> str:
    """The label of the key that does `screen_action`; "" where it has none."""
    for row in COMMANDS.values():
        if row.screen_action == screen_action and row.keys:
            return key_label(row.keys[0])
    return ""


def footer_rows(where: Where) -> list[Command]:
    """The actions the footer names, the palette last."""
    rows = [row for row in COMMANDS.values() if row.footer and row.keys and row.where & where]
    return sorted(rows, key=lambda row: row.screen_action == "palette")


def row_bindings() -> list[Binding]:
    """The keys of the table. They come before those of the focused widget."""
    return [
        Binding(key, f"command('{row.name}')", row.summary, id=f"{row.name}.{key}", priority=True)
        for row in COMMANDS.values()
        for key in row.keys
    ]


def number_bindings() -> list[Binding]:
    """Alt+1 to Alt+9 lead to the rooms by their place in the list."""
    return [
        Binding(f"alt+{number}", f"room({number})", f"Room {number}", priority=True)
        for number in range(1, ROOM_NUMBERS_MAX + 1)
    ]


def _is_function(name: str) -> bool:
    return name.startswith("f") and name[1:].isdigit()
