"""`chat-server check`, `backup` and `restore`: the data folder from the command line.

Check and backup read one snapshot of the database over a connection of their own, so a server may
be running and is not kept waiting; restore needs the folder for itself.
"""

import argparse
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from server.data_folder import DATABASE, DataFolder
from server.ending import ended
from server.settings_file import data_path, read_settings
from server.settings_words import add_place
from server.storage.ports import StoreFailedError, StoreUnusableError
from server.storage.sqlite.check import findings, open_read_only
from server.storage.sqlite.copies import back_up, restore


class Command(NamedTuple):
    """One row: what is done with the data folder, and whether it takes the name of a file."""

    run: Callable[[Path, argparse.Namespace], int]
    takes_file: bool
    summary: str


def main(words: Sequence[str]) -> int:
    """Run one of `COMMANDS` with the words behind it; returns the exit status."""
    arguments = _parser(words[0]).parse_args(words[1:])

    def work() -> int:
        folder = data_path(read_settings(arguments.config, arguments))
        return COMMANDS[words[0]].run(folder, arguments)

    return ended(work, (StoreUnusableError, StoreFailedError))


def _parser(name: str) -> argparse.ArgumentParser:
    row = COMMANDS[name]
    parser = argparse.ArgumentParser(
        prog=f"chat-server {name}", description=row.summary, allow_abbrev=False
    )
    add_place(parser)
    if row.takes_file:
        parser.add_argument("file", metavar="FILE", type=Path, help="the backup")
    if name == "restore":
        parser.add_argument(
            "--force", action="store_true", help="replace the database that is there"
        )
    return parser


def _check(folder: Path, _arguments: argparse.Namespace) -> int:
    with closing(open_read_only(folder / DATABASE)) as database:
        found = 0
        for sentence in findings(database):
            found += 1
            print(f"{sentence[0].upper()}{sentence[1:]}")
    if found:
        print("Stop the server, keep a copy of the data folder, and restore a backup")
        return 1
    print("All is well: every log is whole, and everything refers to what is there")
    return 0


def _backup(folder: Path, arguments: argparse.Namespace) -> int:
    size = back_up(folder / DATABASE, arguments.file)
    print(f"{arguments.file} holds everything that was stored, in {size} bytes")
    return 0


def _restore(path: Path, arguments: argparse.Namespace) -> int:
    with closing(DataFolder(path)) as folder:
        restore(arguments.file, folder.database, replace=arguments.force)
    print(f"{arguments.file} was restored to {path}; start chat-server to serve it")
    return 0


COMMANDS: Final = {
    "check": Command(_check, False, "Verify the database; works while the server runs too."),
    "backup": Command(_backup, True, "Copy the database, also of a running server, to a new file."),
    "restore": Command(_restore, True, "Put a backup into a data folder; the server is stopped."),
}
