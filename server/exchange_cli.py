"""`chat-server export` and `import`: rooms and people as JSON Lines, and the logs of old clients.

An export reads one snapshot over a connection of its own, so a server may be running. An import
needs the data folder for itself, and is one transaction: all of it, or nothing.
"""

import argparse
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from common.casemap import channel_name
from server.data_folder import DATABASE, DataFolder
from server.ending import ended
from server.exchange import irssi, json_lines, weechat
from server.exchange.database import person_logs, room_log, take_in
from server.exchange.model import CannotImportError, Log
from server.orders import CannotDoError
from server.settings_file import data_path, read_settings
from server.settings_words import add_place
from server.storage.ports import StoreFailedError, StoreUnusableError
from server.storage.sqlite.check import open_read_only
from server.storage.sqlite.store import open_store

COMMANDS: Final = ("export", "import")
STDOUT: Final = "-"


class Format(NamedTuple):
    """One row: how the files of a kind of logs end, and how one is read."""

    ending: str
    read: Callable[[Path], Log]


FORMATS: Final = {
    "weechat": Format(weechat.ENDING, weechat.read_weechat),
    "irssi": Format(irssi.ENDING, irssi.read_irssi),
}
"""What a folder may be full of. Anything that is no folder is an export."""


def main(words: Sequence[str]) -> int:
    """Run one of `COMMANDS` with the words behind it; returns the exit status."""
    parser = _export_parser() if words[0] == "export" else _import_parser()
    arguments = parser.parse_args(words[1:])

    def work() -> int:
        folder = data_path(read_settings(arguments.config, arguments))
        if words[0] == "export":
            return _export(folder, arguments)
        return _import(folder, arguments)

    expected = (CannotDoError, CannotImportError, StoreUnusableError, StoreFailedError)
    return ended(work, expected)


def _export_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chat-server export",
        description="Write a room, or what a person said, as JSON Lines; while a server runs too.",
        allow_abbrev=False,
    )
    add_place(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--room", metavar="NAME", help="everything in the log of a room")
    what.add_argument(
        "--person", metavar="ACCOUNT", help="what somebody said, and their direct conversations"
    )
    parser.add_argument("file", metavar="FILE", help="the new file; - for standard output")
    return parser


def _import_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chat-server import",
        description="Make rooms of an export, or of a folder with logs of irssi or WeeChat. The "
        "server is stopped meanwhile. Whoever may enter such a room may read all of it.",
        allow_abbrev=False,
    )
    add_place(parser)
    parser.add_argument("--format", choices=FORMATS, help="of the logs in a folder; else by name")
    parser.add_argument("--owner", metavar="ACCOUNT", default="", help="to whom the rooms belong")
    parser.add_argument("--prefix", metavar="TEXT", default="", help="before the names of rooms")
    parser.add_argument("path", metavar="PATH", type=Path, help="a file, or a folder with logs")
    return parser


def _export(folder: Path, arguments: argparse.Namespace) -> int:
    with closing(open_read_only(folder / DATABASE)) as database:
        database.execute("BEGIN")
        of, logs = _wanted(database, arguments)
        if arguments.file == STDOUT:
            json_lines.write_logs(sys.stdout, of, logs)
            return 0
        path = Path(arguments.file)
        try:
            with path.open("x", encoding="utf-8") as file:
                path.chmod(0o600)
                count = json_lines.write_logs(file, of, logs)
        except FileExistsError:
            raise CannotDoError(f"{path} exists already: choose another name") from None
        except OSError as error:
            raise CannotDoError(f"{path} cannot be written: {error.strerror}") from None
    print(f"{path} holds {count} entries")
    return 0


def _wanted(
    database: sqlite3.Connection, arguments: argparse.Namespace
) -> tuple[dict[str, Any], list[Log]]:
    if arguments.room:
        log = room_log(database, channel_name(arguments.room))
        if log is None:
            raise CannotDoError(f"There is no room {arguments.room}")
        return {"room": log.name}, [log]
    found = person_logs(database, arguments.person)
    if found is None:
        raise CannotDoError(f"There is no account {arguments.person}")
    about, logs = found
    return {"person": about}, logs


def _import(folder: Path, arguments: argparse.Namespace) -> int:
    logs = _prefixed(_logs(arguments), arguments.prefix)
    with closing(DataFolder(folder)) as held:
        open_store(held.database).close()  # made, and of the newest schema
        with closing(sqlite3.connect(held.database, isolation_level=None)) as database:
            try:
                done = take_in(database, logs, arguments.owner, time.time_ns() // 1_000_000)
            except sqlite3.Error as error:
                raise StoreFailedError(f"nothing was imported: {error}") from None
            except UnicodeDecodeError as error:
                raise CannotImportError(f"{arguments.path} is not UTF-8: {error.reason}") from None
            except OSError as error:
                raise CannotImportError(f"{error.filename}: {error.strerror}") from None
    for name, numbers in done:
        print(f"{name}: {numbers} messages and other numbered events")
    return 0


def _logs(arguments: argparse.Namespace) -> Iterable[Log]:
    path: Path = arguments.path
    if not path.exists():
        raise CannotImportError(f"There is no {path}")
    if not path.is_dir():
        return json_lines.read_logs(path)
    for name, row in FORMATS.items():
        files = sorted(path.rglob(f"*{row.ending}"))
        if files and arguments.format in (None, name):
            return [row.read(file) for file in files if _is_of_room(file)]
    endings = " or ".join(row.ending for row in FORMATS.values())
    raise CannotImportError(f"There is no file in {path} whose name ends in {endings}")


def _is_of_room(file: Path) -> bool:
    """Whether a log is that of a room; of the others it is said that they are left out."""
    if "#" not in file.name:
        print(f"{file} is left out: its name holds no room", file=sys.stderr)
    return "#" in file.name


def _prefixed(logs: Iterable[Log], prefix: str) -> Iterator[Log]:
    for log in logs:
        if prefix and not log.between:
            log.name = f"#{prefix}{log.name.removeprefix('#')}"
        yield log
