"""One server's archive on disk: an SQLite file that the user alone may read.

Holds the rows of `tui.client.shelf`, the newest of each conversation, and no password. What is
taken out of it is overwritten, in its journal too. One program at a time writes; a second one
that is started beside it reads, and takes over when the first has ended.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from tui.client.shelf import Batch, Kept, KeptItem, KeptRoom, KeptServer

FORMAT: Final = 1
"""Of the tables, in the file as its ``user_version``."""

BUSY_S: Final = 1.0
"""How long another program may hold things up: it writes for some milliseconds."""

WAL_BYTES_MAX: Final = 1 << 20

_ASIDE: Final = ".unread"
_LOCK: Final = ".lock"
_BESIDE: Final = ("-wal", "-shm")

_TABLES: Final = f"""
CREATE TABLE IF NOT EXISTS server (network TEXT NOT NULL, lost_ms INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS room (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    topic TEXT NOT NULL,
    unread INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    first_unread INTEGER NOT NULL,
    read_to_ms INTEGER NOT NULL,
    at_start INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    known_to INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    begins_at INTEGER NOT NULL,
    fetched INTEGER NOT NULL,
    dropped_ms INTEGER NOT NULL,
    dropped_msgid TEXT NOT NULL,
    dropped_number INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS item (
    room INTEGER NOT NULL REFERENCES room,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    sender TEXT NOT NULL,
    text TEXT NOT NULL,
    msgid TEXT NOT NULL,
    number INTEGER NOT NULL,
    own INTEGER NOT NULL,
    mention INTEGER NOT NULL,
    source TEXT NOT NULL,
    reply_to TEXT NOT NULL,
    edited INTEGER NOT NULL,
    redacted TEXT NOT NULL,
    reactions TEXT NOT NULL,
    hole INTEGER NOT NULL,
    unstored INTEGER NOT NULL,
    PRIMARY KEY (room, place)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = {FORMAT};
"""

_ROOM_COLUMNS: Final = ", ".join(KeptRoom._fields)
_ITEM_COLUMNS: Final = ", ".join(KeptItem._fields)
_PUT_ROOM: Final = (
    f"INSERT INTO room ({_ROOM_COLUMNS}) VALUES ({', '.join('?' * len(KeptRoom._fields))})"
    f" ON CONFLICT (key) DO UPDATE SET"
    f" {', '.join(f'{name} = excluded.{name}' for name in KeptRoom._fields[1:])} RETURNING id"
)
_PUT_ITEM: Final = (
    f"REPLACE INTO item (room, {_ITEM_COLUMNS})"
    f" VALUES ({', '.join('?' * (len(KeptItem._fields) + 1))})"
)
_READ_ITEMS: Final = f"SELECT {_ITEM_COLUMNS} FROM item WHERE room = ? ORDER BY place"


class ArchiveFailed(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The archive cannot be read or written; the text says why, in a sentence."""


class Archive:
    """The archive at `path`; there is no file before something is written.

    Belongs to one thread at a time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database: sqlite3.Connection | None = None
        self._lock: int | None = None

    def read(self) -> Kept:
        """What is kept. Raises `ArchiveFailed`; what makes no sense is moved aside then."""
        if not self.path.exists():
            return Kept()
        with self._told("What was said before cannot be shown"):
            try:
                self._claim()
                return _read(self._open())
            except (OSError, sqlite3.OperationalError):  # a full disk, or one that is not writable
                self.close()
            with closing(
                sqlite3.connect(f"{self.path.as_uri()}?immutable=1", uri=True)
            ) as database:
                return _read(database)

    @property
    def is_ours(self) -> bool:
        """Whether this program is the one that writes here."""
        return self._lock is not None

    def write(self, batch: Batch) -> bool:
        """Write a batch, whole or not at all; False while another program writes here.

        Raises `ArchiveFailed`.
        """
        with self._told("What is said is not kept in the archive"):
            self._claim()
            if not self.is_ours:
                return False
            database = self._open()
            with database:
                _write(database, batch)
            if batch.forgets:  # the journal still has what was there before
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return True

    def close(self) -> None:
        """Done with it, for now at least."""
        if self._database is not None:
            with suppress(sqlite3.Error):  # all that counts is written
                self._database.close()
            self._database = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def erase(self) -> None:
        """Remove the file. Raises `ArchiveFailed`."""
        self.close()
        for path in (*_beside(self.path), self.path.with_suffix(_LOCK)):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise ArchiveFailed(f"{path} cannot be removed: {error.strerror}.") from None

    def move_aside(self) -> str:
        """Put away what makes no sense; where it is now. Raises `ArchiveFailed`."""
        self.close()
        aside = self.path.with_suffix(_ASIDE)
        try:
            for path in filter(Path.exists, _beside(self.path)):
                path.replace(f"{aside}{path.name.removeprefix(self.path.name)}")
        except OSError as error:
            raise ArchiveFailed(
                f"{self.path} makes no sense and cannot be moved aside: {error.strerror}."
            ) from None
        return str(aside)

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            database = sqlite3.connect(self.path, timeout=BUSY_S, check_same_thread=False)
            self._database = database
            _prepare(database)
        return self._database

    def _claim(self) -> None:
        """Be the program that writes here, unless another is."""
        if self.is_ours:
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.path.with_suffix(_LOCK), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            self._lock = lock

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Turn what goes wrong into `ArchiveFailed`, and put away a file that is none of ours."""
        try:
            yield
        except OSError as error:
            self.close()
            raise ArchiveFailed(f"{what}: {error.strerror}.") from None
        except sqlite3.OperationalError as error:
            self.close()
            raise ArchiveFailed(f"{what}: {error}.") from None
        except _Newer:
            aside = self.move_aside()
            raise ArchiveFailed(
                f"What was said before was kept by a newer chat-tui; it was moved to {aside}."
            ) from None
        except sqlite3.Error:
            aside = self.move_aside()
            raise ArchiveFailed(
                f"What was kept of earlier makes no sense; it was moved to {aside}."
            ) from None


class _Newer(Exception):  # noqa: N818 - never leaves this module
    """The file is of a format that is not known yet."""


def _beside(path: Path) -> list[Path]:
    """The file, and what SQLite has beside it."""
    return [path, *(path.with_name(f"{path.name}{ending}") for ending in _BESIDE)]


def _read(database: sqlite3.Connection) -> Kept:
    if not _format(database):
        return Kept()
    servers = database.execute("SELECT network, lost_ms FROM server").fetchall()
    server = KeptServer._make(servers[0]) if servers else KeptServer()
    rooms = database.execute(f"SELECT id, {_ROOM_COLUMNS} FROM room ORDER BY id").fetchall()
    return Kept(
        server, tuple((KeptRoom._make(row), _read_items(database, room)) for room, *row in rooms)
    )


def _read_items(database: sqlite3.Connection, room: int) -> list[KeptItem]:
    rows = database.execute(_READ_ITEMS, [room])
    return [*map(KeptItem._make, rows)]


def _format(database: sqlite3.Connection) -> int:
    """The format of the file, 0 for an empty one. Raises `_Newer`."""
    (found,) = database.execute("PRAGMA user_version").fetchone()
    if found > FORMAT:
        raise _Newer
    return int(found)


def _prepare(database: sqlite3.Connection) -> None:
    found = _format(database)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("PRAGMA secure_delete = ON")
    database.execute(f"PRAGMA journal_size_limit = {WAL_BYTES_MAX}")
    if not found:
        database.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")


def _write(database: sqlite3.Connection, batch: Batch) -> None:
    if batch.anew:
        database.execute("DELETE FROM item")
        database.execute("DELETE FROM room")
    for key in batch.closed:
        database.execute("DELETE FROM item WHERE room = (SELECT id FROM room WHERE key = ?)", [key])
        database.execute("DELETE FROM room WHERE key = ?", [key])
    for room, gone, items in batch.rooms:
        ((number,),) = database.execute(_PUT_ROOM, room).fetchall()
        places = [(number, place) for place in gone]
        database.executemany("DELETE FROM item WHERE room = ? AND place = ?", places)
        database.executemany(_PUT_ITEM, [(number, *item) for item in items])
    database.execute("DELETE FROM server")
    database.execute("INSERT INTO server VALUES (?, ?)", batch.server)
