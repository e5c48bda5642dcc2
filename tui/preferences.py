"""TABLE of preferences: each declared once, with its default, limits and text.

The preferences screen and the commented TOML file come from the fields of `Preferences`. Opens no
file: it is handed text (see `tui.preferences_file`).
"""

import difflib
import tomllib
from collections.abc import Sequence
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, Final, TypeAlias

Value: TypeAlias = "bool | int | str"

NONE: Final = "none"
"""How no text at all is written."""

HIGH_CONTRAST: Final = "high-contrast"

THEMES: Final = (
    *("textual-dark", "textual-light", HIGH_CONTRAST, "ansi-dark", "ansi-light"),
    *("atom-one-dark", "atom-one-light", "catppuccin-frappe", "catppuccin-latte"),
    *("catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai"),
    *("nord", "rose-pine", "rose-pine-dawn", "rose-pine-moon", "solarized-dark"),
    *("solarized-light", "tokyo-night"),
)
"""Textual's own and ours; the two called ansi use the terminal's colours."""

KEYS_TABLE: Final = "keys"

SECTIONS: Final = {
    "look": "Look",
    "reading": "Reading",
    "writing": "Writing",
    "notify": "Being told of what one is not looking at",
    "archive": "What was said, kept on this machine",
}


class PreferenceError(Exception):
    """The person's fault; the text names the preference, what was wrong, and what to do."""


def _row(
    default: Any,
    text: str,
    *,
    choices: Sequence[str] = (),
    minimum: int = 0,
    maximum: int = 0,
    wanted: str = "",
) -> Any:
    metadata = {
        "text": text,
        "choices": tuple(choices),
        "minimum": minimum,
        "maximum": maximum,
        "wanted": wanted,
    }
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Every preference, by the name it has in TOML; a ``__`` is the dot of a TOML table."""

    look__theme: str = _row(
        "textual-dark", "colours; ansi-dark and ansi-light are the terminal's own", choices=THEMES
    )
    look__density: str = _row(
        "compact",
        "comfortable leaves a line free between speakers",
        choices=("compact", "comfortable"),
    )
    look__time: str = _row(
        "24h", "how the time beside a message is written", choices=("24h", "12h", "none")
    )
    look__rooms_width: int = _row(
        22, "columns of the list of rooms; 22: as the window has room", minimum=14, maximum=40
    )
    look__members_width: int = _row(
        17, "columns of the list of people; 17: as the window has room", minimum=12, maximum=40
    )
    look__nick_width: int = _row(12, "columns for the nick beside a message", minimum=6, maximum=24)
    reading__typing: bool = _row(True, "show who is typing")
    writing__typing: bool = _row(True, "let others see that you are typing")
    writing__up: str = _row(
        "history",
        "what Up does in an empty line: earlier lines, or edit your last message",
        choices=("history", "edit-last"),
    )
    writing__paste_lines: int = _row(
        4, "a paste of so many lines is shown before it is inserted; 0: never", maximum=1000
    )

    notify__about: str = _row(
        "mentions",
        "what to tell of: what is meant for you, everything, or nothing",
        choices=("mentions", "everything", "nothing"),
    )
    notify__keywords: str = _row(
        "", "words that count as naming you", wanted="words with commas between them, or none"
    )
    notify__toast: bool = _row(True, "show a note in the corner")
    notify__bell: bool = _row(False, "ring the terminal's bell")
    notify__desktop: str = _row(
        "auto",
        "ask the terminal for a desktop notification, by one of three protocols",
        choices=("auto", "off", "osc9", "osc777", "osc99"),
    )
    notify__title: bool = _row(True, "count what is unread in the terminal's title")

    archive__keep: bool = _row(
        True, "keep what was said, to show it without a connection; off removes what was kept"
    )
    archive__messages: int = _row(
        500, "so many of the newest messages of a room are kept", minimum=50, maximum=5000
    )

    def __post_init__(self) -> None:
        """Raises `PreferenceError` for a value that is not allowed."""
        for row in ROWS:
            _check(row, getattr(self, row.name))

    def change(self, name: str, value: Value) -> "Preferences":
        """The same with another value. Raises `PreferenceError`."""
        changed: dict[str, Any] = {row_of(name).name: value}
        return replace(self, **changed)

    def value(self, name: str) -> Value:
        """The value called `name` in TOML."""
        found: Value = getattr(self, row_of(name).name)
        return found


ROWS: Final[tuple[Field[Any], ...]] = fields(Preferences)


def chosen_width(preferences: Preferences, name: str) -> int | None:
    """The columns of a panel; None, the default, leaves them to the style sheet."""
    width: int = getattr(preferences, name)
    return None if width == row_of(name.replace("__", ".")).default else width


def title(row: "Field[Any]") -> str:
    """The name of a row in TOML, e.g. ``look.theme``."""
    return row.name.replace("__", ".")


NAMES: Final = {title(row): row for row in ROWS}


def row_of(name: str) -> "Field[Any]":
    """The row called `name` in TOML. Raises `PreferenceError`, naming the nearest."""
    row = NAMES.get(name)
    if row is None:
        near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]}?" if near else "."
        raise PreferenceError(f"There is no preference {name}{hint}")
    return row


def _check(row: "Field[Any]", value: Value) -> None:
    choices, minimum, maximum = (row.metadata[key] for key in ("choices", "minimum", "maximum"))
    if type(value) is not type(row.default):
        raise PreferenceError(f"{title(row)} must be {wanted(row)}, not {value!r}.")
    if choices and value not in choices:
        raise PreferenceError(f"{title(row)} must be {wanted(row)}, not {value}.")
    if maximum and isinstance(value, int) and not minimum <= value <= maximum:
        raise PreferenceError(f"{title(row)} must be {wanted(row)}, not {value}.")


def wanted(row: "Field[Any]") -> str:
    """What a value of `row` is, in words."""
    if row.metadata["choices"]:
        *others, last = row.metadata["choices"]
        return f"{', '.join(others)} or {last}"
    if isinstance(row.default, bool):
        return "true or false"
    if row.metadata["wanted"]:
        return str(row.metadata["wanted"])
    return f"a number from {row.metadata['minimum']} to {row.metadata['maximum']}"


def read_word(name: str, word: str) -> Value:
    """The value of preference `name` as a person types it. Raises `PreferenceError`."""
    row = row_of(name)
    value: Value = "" if row.metadata["wanted"] and word.strip() == NONE else word.strip()
    if isinstance(row.default, bool):
        value = {
            "true": True,
            "on": True,
            "yes": True,
            "false": False,
            "off": False,
            "no": False,
        }.get(word.strip().lower(), word)
    elif isinstance(row.default, int):
        value = int(word) if word.strip().isascii() and word.strip().isdecimal() else word
    _check(row, value)
    return value


def word_of(value: Value) -> str:
    """The inverse of `read_word`."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) or NONE


def keywords_of(preferences: Preferences) -> list[str]:
    """The words that count as naming one."""
    return preferences.notify__keywords.split(",")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a file says: preferences, keys by the name of a command, and what was wrong in it."""

    preferences: Preferences = Preferences()
    keys: dict[str, str] = field(default_factory=dict)
    complaints: tuple[str, ...] = ()


def read_toml(text: str) -> Chosen:
    """Everything in `text` that makes sense; the rest is complained about, one sentence each.

    Raises `PreferenceError` where it is no TOML at all.
    """
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise PreferenceError("It is not valid TOML: brackets within brackets.") from None
    except ValueError as error:
        raise PreferenceError(f"It is not valid TOML: {error}.") from None
    preferences, complaints = Preferences(), []
    keys: dict[str, str] = {}
    for section, table in document.items():
        if not isinstance(table, dict):
            complaints.append(f"{section} stands outside of a [section].")
            continue
        for name, value in table.items():
            try:
                if section == KEYS_TABLE and isinstance(value, dict):
                    more = {f"{name}.{each}": keyed for each, keyed in value.items()}
                    keys |= {each: _key(each, keyed) for each, keyed in more.items()}
                elif section == KEYS_TABLE:
                    keys[name] = _key(name, value)
                else:
                    row = row_of(f"{section}.{name}")
                    preferences = preferences.change(title(row), _joined(row, value))
            except PreferenceError as error:
                complaints.append(str(error))
    return Chosen(preferences, keys, tuple(complaints))


def _joined(row: "Field[Any]", value: Any) -> Any:
    """A list of words is as good as one text with commas."""
    words = (
        row.metadata["wanted"]
        and isinstance(value, list)
        and all(isinstance(word, str) for word in value)
    )
    return ", ".join(value) if words else value


def _key(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise PreferenceError(f'{KEYS_TABLE}.{name} must be keys in quotes, such as "ctrl+k, f5".')
    return value
