"""The search index of the SQLite store: a file of its own beside the database.

It holds which words stand in which message, by room first, so that who may read is part of the
look-up, and by number behind the word, so that the newest come first without sorting. All of it
can be made again from the log: it is in no backup, and a message never waits for it. What it
names is looked up in the log and compared again before it is found; what is not yet in it is
read from the log. So an answer is right whatever state the index is in. FTS5 was measured and
left: it takes a redacted word out of its file only when it merges, some time later.
"""

import heapq
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from common.casemap import fold
from common.msgid import BETWEEN_BITS, number_at, position_of
from server.storage.ports import SEARCHED, Event, Found, Kind, Query, StoreFailedError
from server.storage.sqlite.rows import EVENT, event_of, in_list
from server.storage.words import Part, has_link, nick_of, parts_of, wants, words_of

ENDING: Final = "-search"
"""Behind the name of the database."""

EVENTS_PER_SLICE: Final = 400
"""What one slice of upkeep takes in: some 50 ms of work off the loop. Sorting the words of so many
takes about 2 ms, in which the interpreter's lock is held."""

CACHE_KIB: Final = 16 << 10

LOGS_PER_SLICE: Final = 50
TIME_LIMIT_S: Final = 2.0
OPERATIONS_PER_LOOK: Final = 10_000
"""SQLite's own steps between two looks at the clock: a few tenths of a millisecond."""

RARE_MAX: Final = 1_000
"""Up to here it is counted how often a word stands in a log, to begin with the rarest."""

VERSION: Final = 1
LINK: Final = "://"
END: Final = 1 << 62
LAST: Final = "\U0010ffff"

_SCHEMA: Final = f"""
    PRAGMA journal_mode=WAL;
    BEGIN;
    CREATE TABLE IF NOT EXISTS logs (
        place INTEGER PRIMARY KEY, log_id INTEGER NOT NULL UNIQUE, position INTEGER NOT NULL,
        floor INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE IF NOT EXISTS words (
        place INTEGER NOT NULL, word TEXT NOT NULL, number INTEGER NOT NULL,
        PRIMARY KEY (place, word, number)
    ) WITHOUT ROWID;
    PRAGMA user_version={VERSION};
    COMMIT;
"""


class SqliteSearch:
    """The `Search` port. Its work opens connections of its own and touches nothing else here."""

    def __init__(self, database: Path, logs: Iterable[int]) -> None:
        self._database = database
        self._behind = dict.fromkeys(logs)
        self._taken: list[int] = []
        self._first = True

    def touch(self, log_id: int) -> None:
        """Something was appended to a log, or it was deleted."""
        self._behind[log_id] = None

    def find(self, query: Query) -> Callable[[], Found]:
        return partial(_find, self._database, query)

    def upkeep(self) -> Callable[[], list[int]] | None:
        self._behind.update(dict.fromkeys(self._taken))  # of a slice that failed
        self._taken = taken = list(islice(self._behind, LOGS_PER_SLICE))
        if not taken and not self._first:
            return None
        for log_id in taken:
            del self._behind[log_id]
        first, self._first = self._first, False
        return partial(keep, self._database, taken, first=first)

    def upkept(self, behind: list[int]) -> None:
        self._taken = []
        self._behind.update(dict.fromkeys(behind))


# Keeping


def keep(database: Path, log_ids: list[int], *, first: bool = False) -> list[int]:
    """Bring the index of some logs nearer to the log; the ids of those not finished.

    The `first` time, every log is among them that the index knows: one may have been deleted.
    """
    try:
        with closing(_open_log(database)) as log, closing(_open_index(database)) as index:
            index.execute("BEGIN IMMEDIATE")
            unfinished: list[int] = []
            room_left = EVENTS_PER_SLICE
            for log_id in log_ids:
                taken = _keep_log(log, index, log_id, room_left) if room_left else 0
                room_left -= taken
                if not room_left:
                    unfinished.append(log_id)
            if first:
                unfinished += [each for (each,) in index.execute("SELECT log_id FROM logs")]
            index.execute("COMMIT")
            return unfinished
    except sqlite3.Error as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            _drop_index(database)
        raise StoreFailedError(f"the search index cannot be kept: {error}") from None


def _open_log(database: Path) -> sqlite3.Connection:
    uri = f"{database.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def _open_index(database: Path) -> sqlite3.Connection:
    """The index, made when missing, and made anew where it was made by another version."""
    path = database.with_name(database.name + ENDING)
    index = sqlite3.connect(path, isolation_level=None)
    version = index.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, VERSION):
        index.close()
        _drop_index(database)
        index = sqlite3.connect(path, isolation_level=None)
    index.execute("PRAGMA secure_delete=ON")
    index.execute("PRAGMA synchronous=NORMAL")
    index.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    if version != VERSION:
        path.chmod(0o600)
        index.executescript(_SCHEMA)
    return index


def _drop_index(database: Path) -> None:
    """Take away an index that is of no use; the log is unharmed, and it is made again."""
    for ending in ("", "-wal", "-shm"):
        database.with_name(f"{database.name}{ENDING}{ending}").unlink(missing_ok=True)


def _keep_log(
    log: sqlite3.Connection, index: sqlite3.Connection, log_id: int, events_max: int
) -> int:
    """Take the next events of a log in; how many it took."""
    place, position = _place(index, log_id)
    _let_go(log, index, log_id, place)
    events = _events(log, log_id, position, END, limit=events_max)
    if not events:
        if not _last_position(log, log_id):  # the room was closed, or nothing is kept
            index.execute("DELETE FROM words WHERE place = ?", (place,))
            index.execute("DELETE FROM logs WHERE place = ?", (place,))
        return 0
    emptied = [event.refers for event in events if event.kind is Kind.REDACT]
    if emptied:
        _forget(index, place, emptied)
    edited = [event.refers for event in events if event.kind is Kind.EDIT]
    changed = filter(None, (_event(log, log_id, each) for each in edited))
    rows = [
        (place, word, number_at(event.position))
        for event in (*events, *changed)
        if event.kind in SEARCHED
        for word in _entries(event)
    ]
    rows.sort()  # neighbours go into the same page of the file
    index.executemany("INSERT OR IGNORE INTO words VALUES (?, ?, ?)", rows)
    end = events[-1].position
    index.execute("UPDATE logs SET position = ? WHERE place = ?", (end, place))
    return len(events)


def _let_go(log: sqlite3.Connection, index: sqlite3.Connection, log_id: int, place: int) -> None:
    """Take out what lies below the floor, where that has risen: looks through all of the log."""
    row = log.execute("SELECT position FROM floors WHERE channel_id = ?", (log_id,)).fetchone()
    known = index.execute("SELECT floor FROM logs WHERE place = ?", (place,)).fetchone()[0]
    if row and row[0] > known:
        sql = "DELETE FROM words WHERE place = ? AND number <= ?"
        index.execute(sql, (place, number_at(row[0])))
        index.execute("UPDATE logs SET floor = ? WHERE place = ?", (row[0], place))


def _forget(index: sqlite3.Connection, place: int, positions: list[int]) -> None:
    """Take every word of some messages out: looks through all that is kept of the log."""
    marks = ", ".join("?" * len(positions))
    index.execute(
        f"DELETE FROM words WHERE place = ? AND number IN ({marks})",
        (place, *map(number_at, positions)),
    )


def _entries(event: Event) -> dict[str, None]:
    """Under what a message is found: its words, who said it, whether it holds a link."""
    entries = dict.fromkeys(words_of(event.text))
    entries[_by(nick_of(event))] = None
    if has_link(event.text):
        entries[LINK] = None
    return entries


def _by(nick: str) -> str:
    """The entry for who said something; no word holds a ``<``."""
    return f"<{nick}"


def _place(index: sqlite3.Connection, log_id: int) -> tuple[int, int]:
    index.execute("INSERT OR IGNORE INTO logs (log_id, position) VALUES (?, 0)", (log_id,))
    row = index.execute("SELECT place, position FROM logs WHERE log_id = ?", (log_id,)).fetchone()
    return int(row[0]), int(row[1])


# Finding


class _TimeUpError(Exception):
    """The search took as long as it may."""


def _find(database: Path, query: Query) -> Found:
    deadline = time.monotonic() + TIME_LIMIT_S
    found: list[Event] = []
    try:
        with closing(_open_log(database)) as log, closing(_open_index(database)) as index:
            for connection in (log, index):
                connection.set_progress_handler(
                    lambda: time.monotonic() > deadline, OPERATIONS_PER_LOOK
                )
            each = [
                _in_log(log, index, log_id, after, query, deadline) for log_id, after in query.logs
            ]
            sign = 1 if query.oldest else -1
            merged = heapq.merge(*each, key=lambda event: sign * event.wall_ms)
            found.extend(islice(merged, query.limit))
    except _TimeUpError:
        return Found(_in_order(query, found), False)
    except sqlite3.Error as error:
        if "interrupt" not in str(error):
            raise StoreFailedError(f"the search cannot be done: {error}") from None
        return Found(_in_order(query, found), False)
    return Found(_in_order(query, found), True)


def _in_order(query: Query, found: list[Event]) -> list[Event]:
    return found if query.oldest else found[::-1]


def _in_log(
    log: sqlite3.Connection,
    index: sqlite3.Connection,
    log_id: int,
    after: int,
    query: Query,
    deadline: float,
) -> Iterator[Event]:
    """What is found in one log, in the order that the query asks for."""
    first = max(after, _position_at(log, log_id, query.after_ms) - 1)
    end = _position_at(log, log_id, query.before_ms + 1)
    wanted = wants(query)
    row = index.execute("SELECT place, position FROM logs WHERE log_id = ?", (log_id,)).fetchone()
    place, kept = row or (0, 0)
    entries, prefixes = _looked_up(query)
    if not entries and not prefixes:
        kept = 0  # nothing to look up: everything is read
    parts = [
        partial(_named, log, index, place, (log_id, first, min(end, kept + 1)), entries, prefixes),
        partial(_events_of, log, log_id, max(first, kept), end),
    ]
    for part in parts if query.oldest else reversed(parts):
        for event in part(oldest=query.oldest):
            if time.monotonic() > deadline:
                raise _TimeUpError
            if wanted(event):
                yield event


def _looked_up(query: Query) -> tuple[list[str], list[str]]:
    """The entries that must all be there, and the beginnings of which one must be."""
    parts = parts_of(query.text)
    words = [word for part in parts for word in _whole_words(part)]
    if query.nick:
        words.append(_by(fold(query.nick)))
    if query.has_link:
        words.append(LINK)
    return list(dict.fromkeys(words)), [part.words[-1] for part in parts if part.prefix]


def _whole_words(part: Part) -> tuple[str, ...]:
    return part.words[:-1] if part.prefix else part.words


def _named(
    log: sqlite3.Connection,
    index: sqlite3.Connection,
    place: int,
    span: tuple[int, int, int],
    entries: list[str],
    prefixes: list[str],
    *,
    oldest: bool,
) -> Iterator[Event]:
    """The events that the index names between two positions."""
    log_id, after, before = span
    if before <= after + 1 or not (entries or prefixes):
        return
    sql, values = _lookup(index, place, entries, prefixes)
    order = "ASC" if oldest else "DESC"
    limits = (number_at(after), before >> BETWEEN_BITS)
    rows = index.execute(f"{sql} ORDER BY number {order}", (*values, *limits))
    for (number,) in rows:
        event = _event(log, log_id, position_of(number))
        if event is not None and after < event.position < before:
            yield event


def _lookup(
    index: sqlite3.Connection, place: int, entries: list[str], prefixes: list[str]
) -> tuple[str, list[object]]:
    """The query for the numbers: the rarest entry in its order, the others looked up for each."""
    span = "number >= ? AND number <= ?"
    if not entries:
        begins = "word >= ? AND word < ?"
        sql = f"SELECT DISTINCT number FROM words WHERE place = ? AND {begins} AND {span}"
        return sql, [place, prefixes[0], prefixes[0] + LAST]
    rarest, *others = sorted(entries, key=lambda word: _count(index, place, word))
    also = (
        " AND EXISTS (SELECT 1 FROM words AS o"
        " WHERE o.place = w.place AND o.word = ? AND o.number = w.number)"
    )
    stands = f"place = ? AND word = ?{also * len(others)} AND {span}"
    sql = f"SELECT number FROM words AS w WHERE {stands}"
    return sql, [place, rarest, *others]


def _count(index: sqlite3.Connection, place: int, word: str) -> int:
    sql = "SELECT count(*) FROM (SELECT 1 FROM words WHERE place = ? AND word = ? LIMIT ?)"
    return int(index.execute(sql, (place, word, RARE_MAX)).fetchone()[0])


# Reading the log


def _events_of(
    log: sqlite3.Connection, log_id: int, after: int, before: int, *, oldest: bool
) -> Iterator[Event]:
    rows = log.execute(
        f"SELECT {EVENT} FROM events WHERE channel_id = ? AND position > ? AND position < ?"
        f" AND kind IN {in_list(SEARCHED)} ORDER BY position {'ASC' if oldest else 'DESC'}",
        (log_id, after, before),
    )
    return map(event_of, rows)


def _events(
    log: sqlite3.Connection, log_id: int, after: int, before: int, limit: int
) -> list[Event]:
    rows = log.execute(
        f"SELECT {EVENT} FROM events WHERE channel_id = ? AND position > ? AND position < ?"
        " ORDER BY position LIMIT ?",
        (log_id, after, before, limit),
    )
    return [event_of(row) for row in rows]


def _event(log: sqlite3.Connection, log_id: int, position: int) -> Event | None:
    found = _events(log, log_id, position - 1, position + 1, limit=1)
    return found[0] if found else None


def _last_position(log: sqlite3.Connection, log_id: int) -> int:
    sql = "SELECT max(position) FROM events WHERE channel_id = ?"
    return int(log.execute(sql, (log_id,)).fetchone()[0] or 0)


def _position_at(log: sqlite3.Connection, log_id: int, wall_ms: int) -> int:
    """The first position whose time is at or after `wall_ms`; past the end if there is none."""
    low, high = 0, _last_position(log, log_id) + 1
    while low < high:
        middle = (low + high) // 2
        row = log.execute(
            "SELECT position, high_ms FROM events WHERE channel_id = ? AND position >= ?"
            " ORDER BY position LIMIT 1",
            (log_id, middle),
        ).fetchone()
        if row is None or row[1] >= wall_ms:
            high = middle
        else:
            low = row[0] + 1
    return low
