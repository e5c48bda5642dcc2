"""The preferences file: commented TOML that a person may edit, and that F9 changes in place.

What a person wrote there stays: comments, order, what this version does not know. A file that is
no TOML is never written over. The library that keeps comments is imported when it is needed.
"""

import os
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from tui.preferences import (
    KEYS_TABLE,
    NAMES,
    ROWS,
    SECTIONS,
    Chosen,
    PreferenceError,
    Value,
    read_toml,
    title,
    wanted,
)

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

COMMENT_COLUMNS: Final = 96

_HEAD: Final = "Preferences of chat-tui. F9 changes them from within; your own comments stay."
_KEYS_HEAD: Final = "Keys by the name of a command; /keys shows them all."
_KEYS_EXAMPLES: Final = ('unread = "f4, alt+a"', 'message.reply = "a"  # with a message chosen')


def load(path: Path) -> Chosen:
    """What the file says; the defaults where there is none or it cannot be used."""
    try:
        return read_toml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Chosen()
    except OSError as error:
        return Chosen(complaints=(f"{path.name} cannot be read: {error.strerror}.",))
    except (UnicodeDecodeError, PreferenceError) as error:
        return Chosen(complaints=(f"{path.name} is not used. {error}",))


def change(path: Path, name: str, value: Value) -> str:
    """Write one preference into the file; a sentence when that failed, else ""."""
    section, _, key = name.partition(".")
    return _edit(path, section, key, value)


def change_keys(path: Path, command: str, keys: str) -> str:
    """Write the keys of one command, "" for its own; a sentence when that failed, else ""."""
    return _edit(path, KEYS_TABLE, command, keys or None)


def _edit(path: Path, section: str, key: str, value: object) -> str:
    import tomlkit  # only when something is changed
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        document = fresh()
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}. Nothing was changed there."
    except (ValueError, RecursionError, TOMLKitError) as error:
        return f"{path} makes no sense ({error}); mend or remove it. Nothing was changed there."
    table = document.get(section)
    if not isinstance(table, dict):
        table = document[section] = tomlkit.table()
    inner, _, last = key.rpartition(".")
    if inner:
        key = last
        table = table.setdefault(inner, tomlkit.table())
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value
    return _write(path, tomlkit.dumps(document))


def fresh() -> "TOMLDocument":
    """A file with every preference at its default, each explained."""
    import tomlkit

    document = tomlkit.document()
    document.add(tomlkit.comment(_HEAD))
    for section, about in SECTIONS.items():
        document.add(tomlkit.nl())
        document.add(tomlkit.comment(f"{about}."))
        document.add(section, _section(section))
    keys = tomlkit.table()
    for example in _KEYS_EXAMPLES:
        keys.add(tomlkit.comment(example))
    document.add(tomlkit.nl())
    document.add(tomlkit.comment(_KEYS_HEAD))
    document.add(KEYS_TABLE, keys)
    return document


def _section(section: str) -> "Table":
    import tomlkit

    table = tomlkit.table()
    for row in ROWS:
        place, _, key = title(row).partition(".")
        if place == section:
            for line in wrap(f"{row.metadata['text']} ({wanted(row)})", COMMENT_COLUMNS):
                table.add(tomlkit.comment(line))
            table.add(key, row.default)
    return table


def _write(path: Path, text: str) -> str:
    """Whole or not at all."""
    new = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(path)
    except OSError as error:
        return f"{path} cannot be written: {error.strerror}. The change holds until the end only."
    return ""


assert {name.partition(".")[0] for name in NAMES} == set(SECTIONS)
