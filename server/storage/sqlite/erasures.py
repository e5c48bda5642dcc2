"""Erasing in the SQLite store. Finding somebody's events reads the whole table, off the loop."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from server.storage.ports import ACCOUNT_HOLDER, Kind, StoreFailedError, Trace
from server.storage.sqlite.rows import Row
from server.storage.sqlite.search_index import open_log

Write = Callable[[str, Row], None]

_ERASE: Final = (
    f"UPDATE events SET kind = {int(Kind.EMPTY)}, source = '', text = '', tags = '', holder = '',"
    " target = '' WHERE channel_id = ? AND position = ?"
)


class SqliteErasures:
    """The `Erasures` port. `touch` tells the search index that a log has changed."""

    def __init__(self, database: Path, write: Write, touch: Callable[[int], None]) -> None:
        self._database = database
        self._write = write
        self._touch = touch

    def traces(self, holder: str, nick: str) -> Callable[[], list[Trace]]:
        if holder:
            return partial(_find, self._database, "holder = ?", holder)
        guest = f"source LIKE ? ESCAPE '\\' AND holder NOT LIKE '{ACCOUNT_HOLDER}%'"
        escaped = nick.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")
        return partial(_find, self._database, guest, f"{escaped}!%")

    def erase(self, trace: Trace) -> None:
        place = (trace.log_id, trace.position)
        self._write(_ERASE, place)
        self._write("DELETE FROM versions WHERE channel_id = ? AND position = ?", place)
        self._touch(trace.log_id)

    def forget(self, holder: str) -> None:
        for table, column in (
            ("sent_keys", "holder"),
            ("admissions", "holder"),
            ("markers", "holder"),
            ("markers", "target"),
        ):
            self._write(f"DELETE FROM {table} WHERE {column} = ?", (holder,))


def _find(database: Path, condition: str, value: str) -> list[Trace]:
    sql = f"SELECT channel_id, position, kind FROM events WHERE {condition}"
    try:
        with closing(open_log(database)) as log:
            return [Trace(row[0], row[1], Kind(row[2])) for row in log.execute(sql, (value,))]
    except sqlite3.Error as error:
        raise StoreFailedError(f"what somebody left cannot be looked for: {error}") from None
