"""The embedded store: one SQLite file in WAL mode, one writer connection, one commit per tick.

Writes are kept until COMMIT has succeeded, so that a commit that failed can be tried again
whole. Reads see the writes of their own tick. Never waits: a locked database is a failed call,
and the loop decides when to try again.
"""

import contextlib
import itertools
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from common.casemap import fold
from common.msgid import BETWEEN_BITS, position_of
from server.storage.ports import (
    FIRST_UNNUMBERED,
    HIDDEN,
    ChannelRecord,
    Event,
    Kind,
    MaskEntry,
    StoreFailedError,
    StoreUnusableError,
    View,
    channel_subject,
    place_of,
)
from server.storage.sqlite.accounts import SqliteAccounts, SqliteFacts, SqliteMemberships
from server.storage.sqlite.conversations import (
    SqliteConversations,
    SqliteEdits,
    SqliteMarkers,
    SqliteMetadata,
)
from server.storage.sqlite.erasures import SqliteErasures
from server.storage.sqlite.floors import SqliteFloors, Tail, shrink
from server.storage.sqlite.invitations import SqliteInvitations
from server.storage.sqlite.moderation import SqliteModeration
from server.storage.sqlite.rows import EVENT, Row, event_of, in_list, page_of
from server.storage.sqlite.schema import APPLICATION_ID, MIGRATIONS
from server.storage.sqlite.search import SqliteSearch
from server.storage.sqlite.search_index import GiveWay

WRITE_AHEAD_BYTES: Final = 1_000 * (4_096 + 24) + 32
"""The 1,000 pages after which SQLite copies them into the database, each with its header."""

_TABLES_OF_CHANNELS: Final = (
    "channel_roles",
    "channel_masks",
    "admissions",
    "memberships",
    "invitations",
)

_INSERT_EVENT: Final = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_KEY: Final = "INSERT OR REPLACE INTO sent_keys VALUES (?, ?, ?, ?, ?)"
_LOGS: Final = "SELECT id FROM channels UNION SELECT channel_id FROM conversations"
_CHANNEL: Final = (
    "id, name, named, owner, created_ms, modes, key, member_limit, forward, topic, topic_source,"
    " topic_ms, empty_since_ms, slow_s, retention"
)
_SAVE_CHANNEL: Final = (
    f"INSERT OR REPLACE INTO channels ({_CHANNEL}, folded)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def open_store(
    path: Path, *, durable: bool = True, give_way: GiveWay = lambda: None
) -> "SqliteStore":
    """Open or make the database at `path` and bring it to the newest schema.

    `durable` makes a commit survive a power cut (synchronous=FULL), else only a crash of the
    process. `give_way` is called between pieces of long work off the loop.
    Raises `StoreUnusableError` where the file is not ours, not readable, or newer.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=0)
    except sqlite3.Error as error:
        raise StoreUnusableError(f"{path} cannot be opened: {error}") from None
    try:
        _prepare(connection, path, durable)
        logs = [log_id for (log_id,) in connection.execute(_LOGS)]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        connection.close()
        raise StoreUnusableError(f"{path} cannot be used as a database: {error}") from None
    except StoreUnusableError:
        connection.close()
        raise
    store = SqliteStore(connection, path, logs, give_way)
    if durable:
        _make_room(path.with_name(f"{path.name}-wal"))
    return store


def _make_room(write_ahead_log: Path) -> None:
    """Fill the write-ahead log with zeros up to the size at which SQLite begins it anew.

    A commit that makes the file longer has the file system write its own books as well: measured,
    0.27 ms in place of 0.17, and 3 to 7 in place of 0.3 for one in a hundred. SQLite reads no
    further than the frames it knows, and after a crash no further than their checksums hold; its
    locks are on other files.
    """
    with contextlib.suppress(OSError), write_ahead_log.open("r+b", buffering=0) as file:
        end = file.seek(0, os.SEEK_END)
        missing = WRITE_AHEAD_BYTES - end
        if missing > 0 and file.write(bytes(missing)) < missing:
            file.truncate(end)  # there is no room: it grows, then
        os.fsync(file.fileno())


def _prepare(connection: sqlite3.Connection, path: Path, durable: bool) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreUnusableError(f"{path} is a database of some other program")
    if version > len(MIGRATIONS):
        raise StoreUnusableError(
            f"{path} was written by a newer chat-server (schema {version}, this one knows "
            f"{len(MIGRATIONS)}): upgrade chat-server, or choose another --data"
        )
    if not tables:
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # only possible before any table
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA secure_delete=ON")  # what is emptied is overwritten with zeros
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN;{script};PRAGMA user_version={number};COMMIT")


class SqliteStore:
    """A `Store` whose log, channels and commit are one object on one connection."""

    def __init__(
        self, connection: sqlite3.Connection, path: Path, logs: Iterable[int], give_way: GiveWay
    ) -> None:
        self.search = search = SqliteSearch(path, logs, self._write, give_way)
        self._connection = connection
        self._writes: list[tuple[str, list[Row]]] = []  # rows for the same statement go together
        self._executed = 0  # of `_writes`, in the transaction that is open
        self._tails: dict[int, Tail] = {}
        self.floors = SqliteFloors(self._write, self._read, search.touch, self._tail)
        self.edits = SqliteEdits(self._write, self._read)
        self.erasures = SqliteErasures(path, self._write, search.touch)
        self.conversations = SqliteConversations(self._write, self._read)
        self.accounts = SqliteAccounts(self._write, self._read)
        self.memberships = SqliteMemberships(self._write, self._read)
        self.facts = SqliteFacts(self._write, self._read)
        self.invitations = SqliteInvitations(self._write, self._read)
        self.moderation = SqliteModeration(self._write, self._read)
        self.markers = SqliteMarkers(self._write, self._read)
        self.metadata = SqliteMetadata(self._write, self._read)

    @property
    def log(self) -> "SqliteStore":
        return self

    @property
    def channels(self) -> "SqliteStore":
        return self

    @property
    def dirty(self) -> bool:
        return bool(self._writes) or self.floors.freed

    def commit(self) -> None:
        try:
            if self._writes:
                self._execute_writes()
                self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._failed(error) from None
        self._writes.clear()
        self._executed = 0
        if self.floors.freed:
            self.floors.freed = shrink(self._connection)

    def close(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._connection.close()

    # The log

    def append(self, event: Event) -> None:
        tail = self._tail(event.channel_id)
        if event.kind < FIRST_UNNUMBERED:
            event.position = position_of((tail.position >> BETWEEN_BITS) + 1)
        else:
            event.position = tail.position + 1
        tail.position = event.position
        tail.high_ms = max(tail.high_ms, event.wall_ms)
        reserved = self.floors.unkept.get(event.channel_id)
        if reserved is None:
            self._store(event, tail.high_ms)
            return
        if event.position > reserved:
            self.floors.reserve(event.channel_id, tail)
        if event.key:
            self._store(place_of(event), tail.high_ms)

    def _store(self, stored: Event, high_ms: int) -> None:
        self.search.touch(stored.channel_id)
        row = (
            stored.channel_id,
            stored.position,
            int(stored.kind),
            stored.wall_ms,
            high_ms,
            stored.source,
            stored.text,
            stored.tags,
            stored.holder,
            stored.target,
            stored.refers,
        )
        self._write(_INSERT_EVENT, row)
        if stored.key:
            holder = stored.key_holder or stored.holder
            key = (holder, stored.key, stored.channel_id, stored.position, stored.wall_ms)
            self._write(_INSERT_KEY, key)

    def page(
        self, channel_id: int, after: int, before: int, limit: int, view: View, *, newest: bool
    ) -> list[Event]:
        sql, values = page_of(view, newest=newest)
        rows = self._read(sql, (channel_id, after, before, *values, limit))
        if newest:
            rows.reverse()
        return [event_of(row) for row in rows]

    def get(self, channel_id: int, position: int) -> Event | None:
        rows = self._read(
            f"SELECT {EVENT} FROM events WHERE channel_id = ? AND position = ?"
            f" AND kind NOT IN {in_list(HIDDEN)}",
            (channel_id, position),
        )
        return event_of(rows[0]) if rows else None

    def redact(self, channel_id: int, position: int) -> None:
        empty = "UPDATE events SET kind = ?, text = '', tags = '' WHERE channel_id = ?"
        row = (int(Kind.EMPTY), channel_id, position)
        self._write(f"{empty} AND position = ?", row)
        self._write(f"{empty} AND refers = ? AND kind = {int(Kind.EDIT)}", row)
        sql = "DELETE FROM versions WHERE channel_id = ? AND position = ?"
        self._write(sql, (channel_id, position))
        self.search.touch(channel_id)

    def position_at(self, channel_id: int, wall_ms: int) -> int:
        low, high = 0, self._tail(channel_id).position + 1
        while low < high:  # some 40 index seeks: `high_ms` rises with the position
            middle = (low + high) // 2
            row = self._read(
                "SELECT position, high_ms FROM events WHERE channel_id = ? AND position >= ?"
                " ORDER BY position LIMIT 1",
                (channel_id, middle),
            )
            if not row or row[0][1] >= wall_ms:
                high = middle
            else:
                low = row[0][0] + 1
        return low

    def last_position(self, channel_id: int) -> int:
        return self._tail(channel_id).position

    def find_key(self, key_holder: str, key: str) -> Event | None:
        rows = self._read(
            f"SELECT {EVENT} FROM events WHERE (channel_id, position) ="
            " (SELECT channel_id, position FROM sent_keys WHERE holder = ? AND key = ?)",
            (key_holder, key),
        )
        return event_of(rows[0]) if rows else None

    def forget_keys(self, before_ms: int) -> None:
        self._write("DELETE FROM sent_keys WHERE wall_ms < ?", (before_ms,))

    # The channels

    def load(self) -> list[ChannelRecord]:
        rows = self._read(f"SELECT {_CHANNEL} FROM channels ORDER BY created_ms, id", ())
        records = {row[0]: ChannelRecord(row[0], row[1], bool(row[2]), *row[3:]) for row in rows}
        for channel_id, holder, roles in self._read("SELECT * FROM channel_roles", ()):
            records[channel_id].roles[holder] = roles
        masks = "SELECT channel_id, folded, letter, mask, setter, set_ms, until_ms"
        masks += " FROM channel_masks"
        for channel_id, folded, *entry in self._read(masks, ()):
            records[channel_id].masks[entry[0], folded] = MaskEntry(*entry)
        return list(records.values())

    def save(self, record: ChannelRecord) -> None:
        row = (
            record.id,
            record.name,
            record.named,
            record.owner,
            record.created_ms,
            record.modes,
            record.key,
            record.limit,
            record.forward,
            record.topic,
            record.topic_source,
            record.topic_ms,
            record.empty_since_ms,
            record.slow_s,
            record.retention,
            fold(record.name),
        )
        self._write(_SAVE_CHANNEL, row)

    def set_role(self, channel_id: int, holder: str, roles: str) -> None:
        if roles:
            row = (channel_id, holder, roles)
            self._write("INSERT OR REPLACE INTO channel_roles VALUES (?, ?, ?)", row)
        else:
            sql = "DELETE FROM channel_roles WHERE channel_id = ? AND holder = ?"
            self._write(sql, (channel_id, holder))

    def set_mask(self, channel_id: int, entry: MaskEntry, *, present: bool) -> None:
        name = (channel_id, entry.letter, fold(entry.mask))
        if present:
            sql = "INSERT OR REPLACE INTO channel_masks VALUES (?, ?, ?, ?, ?, ?, ?)"
            row = (*name, entry.mask, entry.setter, entry.set_ms, entry.until_ms)
            self._write(sql, row)
        else:
            sql = "DELETE FROM channel_masks WHERE channel_id = ? AND letter = ? AND folded = ?"
            self._write(sql, name)

    def delete(self, channel_id: int) -> None:
        for table in _TABLES_OF_CHANNELS:
            self._write(f"DELETE FROM {table} WHERE channel_id = ?", (channel_id,))
        self._write("DELETE FROM channels WHERE id = ?", (channel_id,))
        self._write("DELETE FROM markers WHERE target = ?", (channel_subject(channel_id),))
        self._write("DELETE FROM metadata WHERE subject = ?", (channel_subject(channel_id),))
        self._tails.pop(channel_id, None)
        self.floors.delete(channel_id)
        self.search.touch(channel_id)

    def admit(self, channel_id: int, holder: str, position: int) -> None:
        row = (channel_id, holder, position)
        self._write("INSERT OR IGNORE INTO admissions VALUES (?, ?, ?)", row)

    def dismiss(self, channel_id: int, holder: str) -> None:
        sql = "DELETE FROM admissions WHERE channel_id = ? AND holder = ?"
        self._write(sql, (channel_id, holder))

    def admitted(self, channel_id: int, holder: str) -> int | None:
        rows = self._read(
            "SELECT position FROM admissions WHERE channel_id = ? AND holder = ?",
            (channel_id, holder),
        )
        return int(rows[0][0]) if rows else None

    def _tail(self, channel_id: int) -> Tail:
        tail = self._tails.get(channel_id)
        if tail is None:
            rows = self._read(
                "SELECT position, high_ms FROM events WHERE channel_id = ?1 AND position ="
                " (SELECT max(position) FROM events WHERE channel_id = ?1)"
                " UNION ALL SELECT position, high_ms FROM floors WHERE channel_id = ?1"
                " UNION ALL SELECT position, high_ms FROM unkept_ends WHERE channel_id = ?1"
                " ORDER BY position DESC LIMIT 1",
                (channel_id,),
            )
            tail = self._tails[channel_id] = Tail(*rows[0]) if rows else Tail(0, 0)
        return tail

    def _write(self, sql: str, parameters: Row) -> None:
        writes = self._writes
        if len(writes) > self._executed and writes[-1][0] == sql:
            writes[-1][1].append(parameters)
        else:
            writes.append((sql, [parameters]))

    def _read(self, sql: str, parameters: Row) -> list[Row]:
        try:
            if self._executed < len(self._writes):
                self._execute_writes()
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def _execute_writes(self) -> None:
        """Run the writes not yet run."""
        if not self._connection.in_transaction:
            self._executed = 0
            self._connection.execute("BEGIN IMMEDIATE")
        for sql, rows in itertools.islice(self._writes, self._executed, None):
            self._connection.executemany(sql, rows)
        self._executed = len(self._writes)

    def _failed(self, error: sqlite3.Error) -> StoreFailedError:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._executed = 0
        return StoreFailedError(str(error))
