"""How far back the logs of the SQLite store go, and letting go of what is older."""

import sqlite3
from collections.abc import Callable
from typing import Final

from server.storage.sqlite.rows import Row

Write = Callable[[str, Row], None]
Read = Callable[[str, Row], list[Row]]

_OF_EVENTS: Final = ("events", "versions")
"""Tables that go by position. Re-send keys of events that are gone find nothing, for a day."""

_OF_LOGS: Final = ("floors", "sent_keys", "closed_logs")
"""Tables whose rows go with the whole log."""

_END: Final = 1 << 62
"""Behind every position there can be."""

AT_ONCE_MAX: Final = 500
"""Events of a log that is deleted whole; what is longer is deleted in slices."""

PAGES_PER_COMMIT: Final = 50
"""Given back behind one commit: 200 KiB, about a millisecond."""


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
    of which nothing is kept.
    """

    def __init__(self, write: Write, read: Read, touch: Callable[[int], None]) -> None:
        self._write = write
        self._read = read
        self._touch = touch
        self.freed = False
        self.unkept: dict[int, None] = {}

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
            self.unkept[channel_id] = None
        else:
            self.unkept.pop(channel_id, None)

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
