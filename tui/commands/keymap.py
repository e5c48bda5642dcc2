"""Which keys do what: the tables' own, changed by what a person chose. No Textual here.

Keys of commands work everywhere, those of `message_keys` while a message is chosen. A chosen key
is taken from whoever had it; of two who chose the same, the first keeps it. Quitting keeps Ctrl+Q
and leaving a message Esc, whatever is chosen, so that there is always a way out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from tui.commands.message_keys import KEPT, MESSAGE_KEYS, PREFIX
from tui.commands.table import COMMANDS

WAY_OUT: Final = "ctrl+q"
WAY_OUT_ROW: Final = "quit"

NEEDED: Final = frozenset({"shift+tab", "ctrl+c"})
"""Keys that writing and leaving need, beside all that are pressed without another."""

_KEY: Final = re.compile(r"(?:(?:ctrl|alt|shift|super|meta|hyper)\+)*[a-z0-9_]+")
_ALONE: Final = re.compile(r"f\d{1,2}|pageup|pagedown|insert")
"""What may be pressed alone: no character is typed by it, and no text is moved about in."""


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The keys of every command by its name, the first being shown; and what was wrong.

    The names of what acts on a message begin with `PREFIX`.
    """

    keys: Mapping[str, tuple[str, ...]]
    complaints: tuple[str, ...] = ()

    def first(self, name: str) -> str:
        """The key that is shown for `name`; "" where it has none."""
        return next(iter(self.keys.get(name, ())), "")

    def user_of(self, key: str) -> str:
        """The name of the command that `key` runs; "" where it runs none."""
        return next((name for name in COMMANDS if key in self.keys[name]), "")

    @property
    def message_keys(self) -> dict[str, str]:
        """What each key does while a message is chosen, by the names of `MESSAGE_KEYS`."""
        return {key: name for name in MESSAGE_KEYS for key in self.keys[f"{PREFIX}{name}"]}


@dataclass(slots=True)
class _Choosing:
    """Gives out keys, each once; `own` are those of the table, by name."""

    own: Mapping[str, tuple[str, ...]]
    taken: dict[str, str] = field(default_factory=dict)  # names by key
    complaints: list[str] = field(default_factory=list)

    def choose(self, chosen: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """The keys of each name: as chosen, or those of its own that nobody chose."""
        keys: dict[str, tuple[str, ...]] = {}
        for name, words in chosen.items():
            if name in self.own:
                wanted = filter(None, map(_spelled, words.split(",")))
                keys[name] = tuple(key for key in wanted if self._take(name, key))
        for name, own in self.own.items():
            if name not in keys:
                keys[name] = tuple(key for key in own if self.taken.get(key, name) == name)
        return keys

    def _take(self, name: str, key: str) -> bool:
        if problem := problem_of(name, key):
            self.complaints.append(problem)
        elif self.taken.setdefault(key, name) != name:
            self.complaints.append(f"keys.{name}: {key} is taken by {self.taken[key]} already.")
        else:
            return True
        return False


def _spelled(word: str) -> str:
    """A key as Textual calls it: only a letter alone may be a capital."""
    word = word.strip()
    return word if len(word) == 1 else word.lower()


def own_keys() -> KeyMap:
    """The keys of the tables."""
    return read_keys({})


def read_keys(chosen: Mapping[str, str]) -> KeyMap:
    """The map that `chosen`, keys separated by commas by the name of a command, makes."""
    everywhere = _Choosing({name: row.keys for name, row in COMMANDS.items()})
    everywhere.taken[WAY_OUT] = WAY_OUT_ROW
    keys = everywhere.choose(chosen)
    keys[WAY_OUT_ROW] = tuple(dict.fromkeys([*keys[WAY_OUT_ROW], WAY_OUT]))
    used = {key: name for name, each in keys.items() for key in each}
    messages = _Choosing({f"{PREFIX}{name}": row.keys for name, row in MESSAGE_KEYS.items()}, used)
    keys = {name: keys[name] for name in COMMANDS} | messages.choose(chosen)
    unknown = [_unknown(name, keys) for name in chosen if name not in keys]
    return KeyMap(keys, (*unknown, *everywhere.complaints, *messages.complaints))


def _unknown(name: str, keys: Mapping[str, tuple[str, ...]]) -> str:
    near = get_close_matches(name, keys, n=1)
    hint = f"; did you mean {near[0]}?" if near else "."
    return f"keys.{name}: there is no such command{hint}"


def summary_of(name: str) -> str:
    """What `name` does, in a few words."""
    if name in COMMANDS:
        return COMMANDS[name].summary
    return MESSAGE_KEYS[name.removeprefix(PREFIX)].words


def problem_of(name: str, key: str) -> str:
    """Why `key` cannot be one for `name`, in a sentence; "" where it can."""
    for_messages = name.startswith(PREFIX)
    if not _KEY.fullmatch(key) and not (for_messages and len(key) == 1 and key.isalpha()):
        return f"keys.{name}: {key} is no key; write one like ctrl+k, alt+down or f5."
    if key == WAY_OUT and name != WAY_OUT_ROW:
        return f"keys.{name}: {key} always quits; choose another."
    if for_messages:
        kept = key in KEPT
        return f"keys.{name}: {key} is needed for choosing; take another." if kept else ""
    writes = "+" not in key and not _ALONE.fullmatch(key)
    if writes or key in NEEDED or len(key.removeprefix("shift+")) == 1:
        return f"keys.{name}: {key} is needed for writing; choose another."
    return ""
