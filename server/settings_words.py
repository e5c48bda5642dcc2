"""Settings as people write them: the words of the command line, the text of a TOML file.

Made from the rows of `Settings`, so that nothing is listed twice. Opens no file: it is handed
text and words.
"""

import argparse
import difflib
import tomllib
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from server.settings import DEFAULT_PORT, NAMES, Settings, SettingsError

_WANTED: Final = {
    bool: "true or false",
    int: "a whole number",
    str: "a text in quotes",
    tuple: "a table of texts in quotes",
}


def read_toml(text: str, origin: str) -> dict[str, object]:
    """The settings in a TOML text, by field name. Unknown names are refused with the nearest.

    Raises `SettingsError`; `origin` is the file's name for the sentence.
    """
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise SettingsError(f"{origin} is not valid TOML: brackets within brackets") from None
    except ValueError as error:
        raise SettingsError(f"{origin} is not valid TOML: {error}") from None
    found: dict[str, object] = {}
    for name, value in _flatten(document, ""):
        row = NAMES.get(name)
        if row is None:
            near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.4)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise SettingsError(f"{origin}: there is no setting {name}{hint}")
        if type(value) is not type(row.default) or not _are_texts(value):
            raise SettingsError(f"{origin}: {name} must be {_WANTED[type(row.default)]}")
        found[row.name] = value
    return found


def _are_texts(value: object) -> bool:
    return not isinstance(value, tuple) or all(isinstance(text, str) for _, text in value)


def _flatten(table: dict[str, Any], prefix: str) -> list[tuple[str, object]]:
    """The settings of a table by their full names; a table that is one setting, as pairs."""
    pairs: list[tuple[str, object]] = []
    for key, value in table.items():
        row = NAMES.get(prefix + key)
        if isinstance(value, dict) and row is not None and isinstance(row.default, tuple):
            pairs.append((prefix + key, tuple(value.items())))
        elif isinstance(value, dict):
            pairs += _flatten(value, f"{prefix}{key}.")
        else:
            pairs.append((prefix + key, value))
    return pairs


def add_place(parser: argparse.ArgumentParser) -> None:
    """The options by which every command finds the settings and the database."""
    parser.add_argument("--config", metavar="FILE", help="TOML file with settings")
    parser.add_argument("--data", metavar="DIR", help="folder of the database")


def argument_parser(version: str) -> argparse.ArgumentParser:
    """The command line of `chat-server`, made from the rows that have a flag."""
    parser = argparse.ArgumentParser(
        prog="chat-server",
        description="A chat server that speaks IRC. Without arguments it listens on "
        f"127.0.0.1:{DEFAULT_PORT} and keeps its data in your user data folder.",
        epilog="Commands: chat-server account, status, audit, ban, mute, filter, lockdown, check, "
        "backup, restore, erase, export and import, each with --help. Settings for the TOML file: "
        + _reference(),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"chat-server {version}")
    parser.add_argument("--config", metavar="FILE", help="TOML file with settings")
    for row in fields(Settings):
        if row.metadata["flag"]:
            parser.add_argument(
                row.metadata["flag"],
                dest=row.name,
                metavar=row.metadata["metavar"],
                help=f"{row.metadata['text']} (default: {row.default or 'user data folder'})",
            )
    return parser


def _reference() -> str:
    rows = [f"{name} ({row.metadata['text']}; {row.default!r})" for name, row in NAMES.items()]
    return "; ".join(rows) + "."


def from_words(arguments: argparse.Namespace, from_file: dict[str, object]) -> Settings:
    """Defaults, then the file, then the command line. Raises `SettingsError`."""
    values: dict[str, Any] = dict(from_file)
    for row in fields(Settings):
        given = getattr(arguments, row.name, None)
        if given is not None:
            values[row.name] = given
    return Settings(**values)


def parse_words(words: Sequence[str], version: str) -> argparse.Namespace:
    """The command line, parsed; argparse exits with 2 and a usage line on a mistake."""
    return argument_parser(version).parse_args(words)
