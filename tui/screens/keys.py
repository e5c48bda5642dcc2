"""Keys as a person reads them, and the lists of keys that screens show: all from the table."""

from typing import Final

from textual.binding import Binding

from tui.commands.keymap import KeyMap
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


def key_of(keymap: KeyMap, name: str) -> str:
    """The label of the key that runs command `name`; how it is typed where it has none."""
    key = keymap.first(name)
    return key_label(key) if key else f"/{name}"


def footer_rows(where: Where, keymap: KeyMap) -> list[Command]:
    """The actions the footer names, the palette last."""
    rows = [
        row
        for row in COMMANDS.values()
        if row.footer and keymap.first(row.name) and row.where & where
    ]
    return sorted(rows, key=lambda row: row.screen_action == "palette")


def row_bindings() -> list[Binding]:
    """The keys of the table, by the name of their row, so that they can be mapped anew.

    They come before those of the focused widget.
    """
    return [
        Binding(
            ",".join(row.keys) or unbound(row.name),
            f"command('{row.name}')",
            row.summary,
            id=row.name,
            priority=True,
        )
        for row in COMMANDS.values()
    ]


def textual_keymap(keymap: KeyMap) -> dict[str, str]:
    """What differs from the table, as `App.set_keymap` takes it."""
    return {
        name: ",".join(keys) or unbound(name)
        for name, row in COMMANDS.items()
        if (keys := keymap.keys[name]) != row.keys
    }


def unbound(name: str) -> str:
    """A key that no terminal sends: Textual's bindings cannot be without one."""
    return f"unbound_{name}"


def _is_function(name: str) -> bool:
    return name.startswith("f") and name[1:].isdigit()
