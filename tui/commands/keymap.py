"""Which keys run which command: the table's own, changed by what a person chose. No Textual here.

A chosen key is taken from whoever had it; of two who chose the same, the first keeps it. Quitting
keeps Ctrl+Q whatever is chosen, so that there is always a way out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from tui.commands.table import COMMANDS

WAY_OUT: Final = "ctrl+q"
WAY_OUT_ROW: Final = "quit"

NEEDED: Final = frozenset(
    {
        *("enter", "tab", "shift+tab", "escape", "backspace", "delete", "space"),
        *("up", "down", "left", "right", "home", "end", "ctrl+c"),
    }
)
"""Keys that writing and leaving need."""

_KEY: Final = re.compile(r"(?:(?:ctrl|alt|shift|super|meta|hyper)\+)*[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The keys of every command by its name, the first being shown; and what was wrong."""

    keys: Mapping[str, tuple[str, ...]]
    complaints: tuple[str, ...] = ()

    def first(self, name: str) -> str:
        """The key that is shown for command `name`; "" where it has none."""
        return next(iter(self.keys.get(name, ())), "")

    def user_of(self, key: str) -> str:
        """The name of the command that `key` runs; "" where it runs none."""
        return next((name for name, keys in self.keys.items() if key in keys), "")


@dataclass(slots=True)
class _Choosing:
    taken: dict[str, str] = field(default_factory=dict)  # command by key
    complaints: list[str] = field(default_factory=list)

    def take(self, name: str, key: str) -> bool:
        if problem := problem_of(name, key):
            self.complaints.append(problem)
        elif self.taken.setdefault(key, name) != name:
            self.complaints.append(f"keys.{name}: {key} is chosen for {self.taken[key]} already.")
        else:
            return True
        return False


def own_keys() -> KeyMap:
    """The keys of the table."""
    return read_keys({})


def read_keys(chosen: Mapping[str, str]) -> KeyMap:
    """The map that `chosen`, keys separated by commas by the name of a command, makes."""
    choosing = _Choosing({WAY_OUT: WAY_OUT_ROW})
    keys: dict[str, tuple[str, ...]] = {}
    for name, words in chosen.items():
        if name not in COMMANDS:
            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"; did you mean {near[0]}?" if near else "."
            choosing.complaints.append(f"keys.{name}: there is no such command{hint}")
            continue
        wanted = filter(None, (word.strip().lower() for word in words.split(",")))
        keys[name] = tuple(key for key in wanted if choosing.take(name, key))
    for name, row in COMMANDS.items():
        if name not in keys:
            keys[name] = tuple(key for key in row.keys if choosing.taken.get(key, name) == name)
    keys[WAY_OUT_ROW] = tuple(dict.fromkeys([*keys[WAY_OUT_ROW], WAY_OUT]))
    return KeyMap({name: keys[name] for name in COMMANDS}, tuple(choosing.complaints))


def problem_of(name: str, key: str) -> str:
    """Why `key` cannot run command `name`, in a sentence; "" where it can."""
    if not _KEY.fullmatch(key):
        return f"keys.{name}: {key} is no key; write one like ctrl+k, alt+down or f5."
    if key in NEEDED or len(key.removeprefix("shift+")) == 1:
        return f"keys.{name}: {key} is needed for writing; choose another."
    if key == WAY_OUT and name != WAY_OUT_ROW:
        return f"keys.{name}: {key} always quits; choose another."
    return ""
