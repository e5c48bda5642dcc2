"""Copies of a database: a backup while a server runs, and its way back.

A backup is written by SQLite's ``VACUUM INTO`` in one snapshot: only what is stored now is in it,
no free page and no rest of a page, so that a text redacted before is in none of its bytes. The
server goes on meanwhile; its write-ahead log grows until the backup is done. A copy appears
under its name only when it is whole and on the disk.
"""

import contextlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from server.storage.ports import StoreFailedError, StoreUnusableError
from server.storage.sqlite.check import open_read_only
from server.storage.sqlite.search_index import ENDING

PARTIAL: Final = ".partial"
"""Behind the name of a copy that is not finished; what is left of one may be deleted."""

_BESIDE: Final = ("-wal", "-shm", ENDING, f"{ENDING}-wal", f"{ENDING}-shm")


def back_up(database: Path, target: Path) -> int:
    """Copy `database` to a new file; returns its bytes.

    Raises `StoreUnusableError` where there is nothing to copy, or something under the new name,
    and `StoreFailedError` where the copy cannot be written.
    """
    if target.exists():
        raise StoreUnusableError(f"{target} exists already: choose another name for the backup")
    with closing(open_read_only(database)) as source:
        _copy(source, target)
    return target.stat().st_size


def restore(backup: Path, database: Path, *, replace: bool) -> None:
    """Put a backup in the place of `database`, which nobody may be using.

    Raises `StoreUnusableError` where the backup is none, or a database is there and `replace` is
    False, and `StoreFailedError` where the copy cannot be written.
    """
    if database.exists() and not replace:
        raise StoreUnusableError(
            f"There is a database {database} already: restore into another folder with --data, "
            "or add --force to lose what is in it"
        )
    with closing(open_read_only(backup)) as source:
        _copy(source, database, beside=_BESIDE)


def _copy(source: sqlite3.Connection, target: Path, beside: tuple[str, ...] = ()) -> None:
    """Write the copy; what belonged to a file that stood there, `beside` it, goes first.

    A write-ahead log that met another database would break it: should this end half-way, there
    is no database, and the same can be done again.
    """
    partial = target.with_name(target.name + PARTIAL)
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        source.execute("VACUUM INTO ?", (str(partial),))
        _write_through(partial)
        for ending in ("", *beside):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        partial.replace(target)
        _write_through(target.parent)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise StoreFailedError(f"{target} cannot be written: {error}") from None


def _write_through(path: Path) -> None:
    """Have the disk hold what was written, of a file or of a folder's names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
