"""The search index of the SQLite store: a file of its own beside the database, and its upkeep.

It holds which words stand in which message: by room first, so that who may read is part of the
look-up; then by blocks of messages, so that what is new is written in one place, what is let go
is taken out in one piece, and the newest are found without looking at the others; then by word,
with the number behind it, so that no block is sorted. All of it can be made again from the log:
it is in no backup, and a message never waits for it. FTS5 was measured and left: it takes a
redacted word out of its file only when it merges, some time later.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Final

from common.msgid import number_at, position_of
from common.search_text import words_of
from server.storage.ports import SEARCHED, Event, Kept, StoreFailedError
from server.storage.sqlite.rows import EVENT, event_of
from server.storage.words import has_link, nick_in

ENDING: Final = "-search"
"""Behind the name of the database."""

EVENTS_PER_SLICE: Final = 2_000
"""What one slice of upkeep takes in: some 50 ms of work off the loop."""

EVENTS_AT_ONCE: Final = 50
"""Taken in without giving way in between: about a millisecond."""

CHANGES_PER_SLICE: Final = 50
"""Texts that were changed and are taken in anew: each looks through its block once."""

CACHE_KIB: Final = 16 << 10

BLOCK_BITS: Final = 14
"""A block holds 16,384 messages. Looking through one takes some 10 ms, and a word that stands
nowhere in 10 million messages is looked up in 610 of them."""

VERSION: Final = 2
LINK: Final = "://"
END: Final = 1 << 62

_SCHEMA: Final = f"""
    PRAGMA journal_mode=WAL;
    BEGIN;
    CREATE TABLE IF NOT EXISTS logs (
        place INTEGER PRIMARY KEY, log_id INTEGER NOT NULL UNIQUE, position INTEGER NOT NULL,
        floor INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE IF NOT EXISTS words (
        place INTEGER NOT NULL, block INTEGER NOT NULL, word TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (place, block, word, number)
    ) WITHOUT ROWID;
    PRAGMA user_version={VERSION};
    COMMIT;
"""

GiveWay = Callable[[], None]
"""Waits for who is more urgent, where somebody is."""

_INSERT: Final = "INSERT OR IGNORE INTO words VALUES (?, ?, ?, ?)"


def block_of(number: int) -> int:
    """In which block a message stands."""
    return number >> BLOCK_BITS


def by(nick: str) -> str:
    """The entry for who said something; no word holds a ``<``."""
    return f"<{nick}"


def open_log(database: Path) -> sqlite3.Connection:
    """The database, to read."""
    uri = f"{database.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


def open_index(database: Path) -> sqlite3.Connection:
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


def keep(database: Path, log_ids: list[int], give_way: GiveWay, *, first: bool = False) -> Kept:
    """Bring the index of some logs nearer to the log: what is new, and what was changed.

    The `first` time, every log is among those left over that the index knows: one may have been
    deleted.
    """
    try:
        with closing(open_log(database)) as log, closing(open_index(database)) as index:
            index.execute("BEGIN IMMEDIATE")
            changed, unfinished = _take_changed(log, index)
            room_left = EVENTS_PER_SLICE
            for log_id in log_ids:
                taken = _keep_log(log, index, log_id, room_left, give_way) if room_left else 0
                room_left -= taken
                if not room_left:
                    unfinished.append(log_id)
            if first:
                unfinished += [each for (each,) in index.execute("SELECT log_id FROM logs")]
            index.execute("COMMIT")
            return Kept(unfinished, changed)
    except sqlite3.Error as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            _drop_index(database)
        raise StoreFailedError(f"the search index cannot be kept: {error}") from None


def _keep_log(
    log: sqlite3.Connection,
    index: sqlite3.Connection,
    log_id: int,
    events_max: int,
    give_way: GiveWay,
) -> int:
    """Take the next events of a log in; how many it took."""
    place, position = _place(index, log_id)
    _let_go(log, index, log_id, place)
    rows = log.execute(
        "SELECT position, kind, source, text FROM events WHERE channel_id = ? AND position > ?"
        " ORDER BY position LIMIT ?",
        (log_id, position, events_max),
    )
    taken = 0
    while some := rows.fetchmany(EVENTS_AT_ONCE):
        give_way()
        _add(index, place, some)
        taken += len(some)
        position = some[-1][0]
    if taken:
        index.execute("UPDATE logs SET position = ? WHERE place = ?", (position, place))
    elif not last_position(log, log_id):  # the room was closed, or nothing is kept
        index.execute("DELETE FROM words WHERE place = ?", (place,))
        index.execute("DELETE FROM logs WHERE place = ?", (place,))
    return taken


def _add(
    index: sqlite3.Connection, place: int, events: Iterable[tuple[int, int, str, str]]
) -> None:
    """Enter messages: position, kind, source and text of each."""
    rows: list[tuple[int, int, str, int]] = []
    for position, kind, source, text in events:
        if kind in SEARCHED:
            number = number_at(position)
            block = block_of(number)
            rows += [(place, block, entry, number) for entry in _entries(source, text)]
    rows.sort()  # neighbours go into the same page of the file
    index.executemany(_INSERT, rows)


def _entries(source: str, text: str) -> dict[str, None]:
    """Under what a message is found: its words, who said it, whether it holds a link."""
    entries = dict.fromkeys(words_of(text))
    entries[by(nick_in(source))] = None
    if has_link(text):
        entries[LINK] = None
    return entries


def _let_go(log: sqlite3.Connection, index: sqlite3.Connection, log_id: int, place: int) -> None:
    """Take out what lies below the floor, where that has risen: whole blocks, and one in part."""
    row = log.execute("SELECT position FROM floors WHERE channel_id = ?", (log_id,)).fetchone()
    known = index.execute("SELECT floor FROM logs WHERE place = ?", (place,)).fetchone()[0]
    if row and row[0] > known:
        number = number_at(row[0])
        whole = "DELETE FROM words WHERE place = ? AND block < ?"
        index.execute(whole, (place, block_of(number)))
        part = "DELETE FROM words WHERE place = ? AND block = ? AND number <= ?"
        index.execute(part, (place, block_of(number), number))
        index.execute("UPDATE logs SET floor = ? WHERE place = ?", (row[0], place))


def _take_changed(log: sqlite3.Connection, index: sqlite3.Connection) -> tuple[int, list[int]]:
    """Take texts in anew that were edited or emptied: up to which change, and the logs left over.

    What is not yet in the index is taken in as it then is.
    """
    rows = log.execute(
        "SELECT channel_id, position, id FROM changed_texts ORDER BY id LIMIT ?",
        (CHANGES_PER_SLICE,),
    ).fetchall()
    kept = dict(index.execute("SELECT log_id, place FROM logs"))
    for log_id, group in groupby(sorted(rows), key=lambda row: int(row[0])):
        if log_id in kept:
            numbers = dict.fromkeys(number_at(row[1]) for row in group)
            _take_anew(log, index, (log_id, kept[log_id]), numbers)
    left_over = [rows[-1][0]] if len(rows) == CHANGES_PER_SLICE else []
    return (rows[-1][2] if rows else 0), left_over


def _take_anew(
    log: sqlite3.Connection,
    index: sqlite3.Connection,
    names: tuple[int, int],
    numbers: Iterable[int],
) -> None:
    log_id, place = names
    (end,) = index.execute("SELECT position FROM logs WHERE place = ?", (place,)).fetchone()
    for block, group in groupby(sorted(numbers), key=block_of):
        inside = list(group)
        marks = ", ".join("?" * len(inside))
        sql = f"DELETE FROM words WHERE place = ? AND block = ? AND number IN ({marks})"
        index.execute(sql, (place, block, *inside))
        again = (event_at(log, log_id, position_of(number)) for number in inside)
        texts = [
            (event.position, event.kind, event.source, event.text)
            for event in again
            if event and event.position <= end
        ]
        _add(index, place, texts)


def _place(index: sqlite3.Connection, log_id: int) -> tuple[int, int]:
    index.execute("INSERT OR IGNORE INTO logs (log_id, position) VALUES (?, 0)", (log_id,))
    row = index.execute("SELECT place, position FROM logs WHERE log_id = ?", (log_id,)).fetchone()
    return int(row[0]), int(row[1])


def event_at(log: sqlite3.Connection, log_id: int, position: int) -> Event | None:
    """The event at a position, None where there is none."""
    sql = f"SELECT {EVENT} FROM events WHERE channel_id = ? AND position = ?"
    row = log.execute(sql, (log_id, position)).fetchone()
    return event_of(row) if row else None


def last_position(log: sqlite3.Connection, log_id: int) -> int:
    """The position of the newest event, 0 where there is none."""
    sql = "SELECT max(position) FROM events WHERE channel_id = ?"
    return int(log.execute(sql, (log_id,)).fetchone()[0] or 0)
