"""Search in the SQLite store: read off the loop, on connections of its own that only read.

What the index names is looked up in the log and compared again before it is found; what is not
yet in the index is read from the log. So an answer is right whatever state the index is in.
"""

import heapq
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from common.casemap import fold
from common.msgid import BETWEEN_BITS, number_at, position_of
from common.search_text import Part, parts_of
from server.storage.ports import RANKED_MAX, SEARCHED, Event, Found, Kept, Query, StoreFailedError
from server.storage.sqlite.rows import EVENT, Row, event_of, in_list
from server.storage.sqlite.search_index import (
    LINK,
    GiveWay,
    block_of,
    by,
    event_at,
    keep,
    last_position,
    open_index,
    open_log,
)
from server.storage.words import ranked, wants

LOGS_PER_SLICE: Final = 50
TIME_LIMIT_S: Final = 2.0
OPERATIONS_PER_LOOK: Final = 10_000
"""SQLite's own steps between two looks at the clock: a few tenths of a millisecond."""

RARE_MAX: Final = 200
"""Up to here it is counted how often a word stands in a block, to begin with the rarest."""

WORDS_LOOKED_UP_MAX: Final = 8
"""Of what is sought; the rest of a long phrase is compared in the few messages that are left."""

LAST: Final = "\U0010ffff"


class SqliteSearch:
    """The `Search` port. Its work opens connections of its own and touches nothing else here.

    `write` is a statement for the next commit of the database.
    """

    def __init__(
        self,
        database: Path,
        logs: Iterable[int],
        write: Callable[[str, Row], None],
        give_way: GiveWay,
    ) -> None:
        self._database = database
        self._write = write
        self._give_way = give_way
        self._behind = dict.fromkeys(logs)
        self._taken: list[int] = []
        self._first = True

    def touch(self, log_id: int) -> None:
        """Something was appended to a log or changed in it, or it was deleted."""
        self._behind[log_id] = None

    def find(self, query: Query) -> Callable[[], Found]:
        return partial(_find, self._database, query)

    def upkeep(self) -> Callable[[], Kept] | None:
        self._behind.update(dict.fromkeys(self._taken))  # of a slice that failed
        self._taken = taken = list(islice(self._behind, LOGS_PER_SLICE))
        if not taken and not self._first:
            return None
        for log_id in taken:
            del self._behind[log_id]
        first, self._first = self._first, False
        return partial(keep, self._database, taken, self._give_way, first=first)

    def upkept(self, kept: Kept) -> None:
        self._taken = []
        self._behind.update(dict.fromkeys(kept.behind))
        if kept.changed:
            self._write("DELETE FROM changed_texts WHERE id <= ?", (kept.changed,))


class _TimeUpError(Exception):
    """The search took as long as it may."""


def _find(database: Path, query: Query) -> Found:
    deadline = time.monotonic() + TIME_LIMIT_S
    found: list[Event] = []
    complete = True
    try:
        with closing(open_log(database)) as log, closing(open_index(database)) as index:
            for connection in (log, index):
                connection.set_progress_handler(
                    lambda: time.monotonic() > deadline, OPERATIONS_PER_LOOK
                )
            each = [
                _in_log(log, index, log_id, after, query, deadline) for log_id, after in query.logs
            ]
            sign = 1 if query.oldest else -1
            merged = heapq.merge(*each, key=lambda event: sign * event.wall_ms)
            found.extend(islice(merged, RANKED_MAX if query.ranked else query.limit))
    except _TimeUpError:
        complete = False
    except sqlite3.Error as error:
        if "interrupt" not in str(error):
            raise StoreFailedError(f"the search cannot be done: {error}") from None
        complete = False
    if query.ranked:
        return Found(ranked(query, found), complete)
    return Found(found if query.oldest else found[::-1], complete)


class _Sought(NamedTuple):
    """What the index is asked for: messages of `place` with all `entries` and one of `prefixes`.

    `span` is the log and the positions between which they are.
    """

    place: int
    span: tuple[int, int, int]
    entries: list[str]
    prefixes: list[str]
    deadline: float
    oldest: bool

    @property
    def order(self) -> str:
        """As SQL says it."""
        return "ASC" if self.oldest else "DESC"


def _in_log(
    log: sqlite3.Connection,
    index: sqlite3.Connection,
    log_id: int,
    after: int,
    query: Query,
    deadline: float,
) -> Iterator[Event]:
    """What is found in one log, in the order that the query asks for."""
    first = max(after, _position_at(log, log_id, query.after_ms) - 1 if query.after_ms else 0)
    end = _position_at(log, log_id, query.before_ms + 1)
    wanted = wants(query)
    row = index.execute("SELECT place, position FROM logs WHERE log_id = ?", (log_id,)).fetchone()
    place, kept = row or (0, 0)
    entries, prefixes = _looked_up(query)
    if not entries and not prefixes:
        kept = 0  # nothing to look up: everything is read
    span = (log_id, first, min(end, kept + 1))
    sought = _Sought(place, span, entries, prefixes, deadline, query.oldest)
    parts = [
        partial(_indexed, log, index, sought),
        partial(_events_of, log, log_id, max(first, kept), end, oldest=query.oldest),
    ]
    for part in parts if query.oldest else reversed(parts):
        for event in part():
            if time.monotonic() > deadline:
                raise _TimeUpError
            if wanted(event):
                yield event


def _looked_up(query: Query) -> tuple[list[str], list[str]]:
    """Entries that must all be there, and the beginnings of which one must be."""
    parts = parts_of(query.text)
    words = [by(fold(query.nick))] if query.nick else []
    words += [LINK] if query.has_link else []
    words += [word for part in parts for word in _whole_words(part)]
    entries = list(dict.fromkeys(words))[:WORDS_LOOKED_UP_MAX]
    return entries, [part.words[-1] for part in parts if part.prefix]


def _whole_words(part: Part) -> tuple[str, ...]:
    return part.words[:-1] if part.prefix else part.words


def _indexed(
    log: sqlite3.Connection, index: sqlite3.Connection, sought: _Sought
) -> Iterator[Event]:
    """What the index names between two positions, and what was changed there behind its back."""
    sign = 1 if sought.oldest else -1
    both = (_named(log, index, sought), _changed(log, sought))
    last = 0
    for event in heapq.merge(*both, key=lambda event: sign * event.position):
        if event.position != last:
            last = event.position
            yield event


def _changed(log: sqlite3.Connection, sought: _Sought) -> Iterator[Event]:
    """The events whose texts were changed and not yet taken in anew."""
    rows = log.execute(
        "SELECT DISTINCT position FROM changed_texts WHERE channel_id = ? AND position > ?"
        f" AND position < ? ORDER BY position {sought.order}",
        sought.span,
    )
    for (position,) in rows:
        event = event_at(log, sought.span[0], position)
        if event is not None:
            yield event


def _named(log: sqlite3.Connection, index: sqlite3.Connection, sought: _Sought) -> Iterator[Event]:
    """The events that the index names between two positions, block by block."""
    log_id, after, before = sought.span
    if before <= after + 1 or not (sought.entries or sought.prefixes):
        return
    limits = (number_at(after), before >> BETWEEN_BITS)
    blocks = range(block_of(limits[0]), block_of(limits[1]) + 1)
    for block in blocks if sought.oldest else reversed(blocks):
        if time.monotonic() > sought.deadline:
            raise _TimeUpError
        sql, values = _lookup(index, (sought.place, block), sought.entries, sought.prefixes)
        rows = index.execute(f"{sql} ORDER BY number {sought.order}", (*values, *limits))
        for (number,) in rows:
            event = event_at(log, log_id, position_of(number))
            if event is not None and after < event.position < before:
                yield event


def _lookup(
    index: sqlite3.Connection, block: tuple[int, int], entries: list[str], prefixes: list[str]
) -> tuple[str, list[object]]:
    """The query for the numbers: the rarest entry in its order, the others looked up for each."""
    span = "number >= ? AND number <= ?"
    if not entries:
        begins = "word >= ? AND word < ?"
        sql = "SELECT DISTINCT number FROM words WHERE place = ? AND block = ?"
        return f"{sql} AND {begins} AND {span}", [*block, prefixes[0], prefixes[0] + LAST]
    rarest, *others = entries
    if others:
        rarest, *others = sorted(entries, key=lambda word: _count(index, block, word))
    also = (
        " AND EXISTS (SELECT 1 FROM words AS o WHERE o.place = w.place AND o.block = w.block"
        " AND o.word = ? AND o.number = w.number)"
    )
    stands = f"place = ? AND block = ? AND word = ?{also * len(others)} AND {span}"
    return f"SELECT number FROM words AS w WHERE {stands}", [*block, rarest, *others]


def _count(index: sqlite3.Connection, block: tuple[int, int], word: str) -> int:
    sql = "SELECT 1 FROM words WHERE place = ? AND block = ? AND word = ? LIMIT ?"
    found = index.execute(f"SELECT count(*) FROM ({sql})", (*block, word, RARE_MAX)).fetchone()
    return int(found[0])


def _events_of(
    log: sqlite3.Connection, log_id: int, after: int, before: int, *, oldest: bool
) -> Iterator[Event]:
    rows = log.execute(
        f"SELECT {EVENT} FROM events WHERE channel_id = ? AND position > ? AND position < ?"
        f" AND kind IN {in_list(SEARCHED)} ORDER BY position {'ASC' if oldest else 'DESC'}",
        (log_id, after, before),
    )
    return map(event_of, rows)


def _position_at(log: sqlite3.Connection, log_id: int, wall_ms: int) -> int:
    """The first position whose time is at or after `wall_ms`; past the end if there is none."""
    low, high = 0, last_position(log, log_id) + 1
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
