"""How far back the logs of the SQLite store go, letting go of what is older, and keeping nothing.

Of a log that keeps nothing, only the end is stored: numbers are reserved a block at a time, so
that most messages cost no write. After a kill the numbers go on behind the reserved block.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from common.msgid import number_at, position_of
from server.storage.sqlite.rows import Row

Write = Callable[[str, Row], None]
Read = Callable[[str, Row], list[Row]]

_OF_EVENTS: Final = ("events", "versions")
"""Tables that go by position. Re-send keys of events that are gone find nothing, for a day."""

_OF_LOGS: Final = ("floors", "unkept_ends", "sent_keys", "closed_logs")
"""Tables whose rows go with the whole log."""

_END: Final = 1 << 62
"""Behind every position there can be."""

AT_ONCE_MAX: Final = 500
"""Events of a log that is deleted whole; what is longer is deleted in slices."""

NUMBERS_RESERVED: Final = 1_024
"""Of a log that keeps nothing, with one write; a kill leaves at most so many empty places."""

PAGES_PER_COMMIT: Final = 50
"""Given back behind one commit: 200 KiB, about a millisecond."""


@dataclass(slots=True)
class Tail:
    """Where a log ends."""

    position: int
    high_ms: int


def shrink(connection: sqlite3.Connection) -> bool:
    """Give some free pages back to the file system; whether there may be more."""
    try:
        # as a script: `execute` would stop behind the first page, which is a row without columns
        connection.executescript(f"PRAGMA incremental_vacuum({PAGES_PER_COMMIT})")
        return bool(connection.execute("PRAGMA freelist_count").fetchone()[0])
    except sqlite3.Error:  # somebody else holds the database: the next commit tries again
        return True


class SqliteFloors:
    """The `Floors` port. `touch` tells the search index that a log has changed.

    `freed` is set while there may be pages to give back to the file system. `unkept` are the logs
    of which nothing is kept, with the position up to which they may go on without a write.
    """

    def __init__(
        self,
        write: Write,
        read: Read,
        touch: Callable[[int], None],
        tail_of: Callable[[int], Tail],
    ) -> None:
        self._write = write
        self._read = read
        self._touch = touch
        self._tail_of = tail_of
        self.freed = False
        self.unkept: dict[int, int] = {}

    def floor(self, channel_id: int) -> int:
        rows = self._read("SELECT position FROM floors WHERE channel_id = ?", (channel_id,))
        return int(rows[0][0]) if rows else 0

    def let_go(self, channel_id: int, position: int, limit: int) -> bool:
        oldest = self._read(
            "SELECT position, high_ms FROM events WHERE channel_id = ? AND position <= ?"
            " ORDER BY position LIMIT ?",
            (channel_id, position, limit),
        )
        if not oldest:
            return False
        floor, high_ms = oldest[-1]
        row = (channel_id, floor, high_ms)
        self._write("INSERT OR REPLACE INTO floors VALUES (?, ?, ?)", row)
        for table in _OF_EVENTS:
            sql = f"DELETE FROM {table} WHERE channel_id = ? AND position <= ?"
            self._write(sql, (channel_id, floor))
        self._touch(channel_id)
        self.freed = True
        return len(oldest) == limit

    def discard(self, channel_id: int, *, on: bool) -> None:
        if on:
            self.unkept.setdefault(channel_id, 0)
        elif self.unkept.pop(channel_id, 0):
            tail = self._tail_of(channel_id)
            self._note_end(channel_id, tail.position, tail.high_ms)

    def reserve(self, channel_id: int, tail: Tail) -> None:
        """Let a log that keeps nothing go on from its end without another write, for a while."""
        end = position_of(number_at(tail.position) + NUMBERS_RESERVED)
        self.unkept[channel_id] = end
        self._note_end(channel_id, end, tail.high_ms)

    def _note_end(self, channel_id: int, position: int, high_ms: int) -> None:
        row = (channel_id, position, high_ms)
        self._write("INSERT OR REPLACE INTO unkept_ends VALUES (?, ?, ?)", row)

    def delete(self, channel_id: int) -> None:
        """Delete a log: whole where it is short, else by and by (`sweep`)."""
        self.unkept.pop(channel_id, None)
        self._write("INSERT OR REPLACE INTO closed_logs VALUES (?)", (channel_id,))
        self._delete_slice(channel_id, AT_ONCE_MAX)

    def sweep(self, limit: int) -> bool:
        closed = self._read("SELECT channel_id FROM closed_logs LIMIT 1", ())
        if closed:
            self._delete_slice(closed[0][0], limit)
        return self.freed

    def _delete_slice(self, channel_id: int, limit: int) -> None:
        if not self.let_go(channel_id, _END, limit):
            for table in _OF_LOGS:
                self._write(f"DELETE FROM {table} WHERE channel_id = ?", (channel_id,))
            self._touch(channel_id)
