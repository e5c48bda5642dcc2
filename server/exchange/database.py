"""Logs out of a database, and into one.

Out: on a connection that only reads, in one snapshot, so a server may be running. In: in one
transaction on a database that nobody else has open, so that nothing is ever half-imported.
"""

import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from common.casemap import fold, is_channel
from common.msgid import BETWEEN_BITS, encode_msgid, position_of
from server.core.world import LOG_IDS
from server.exchange.model import CannotImportError, Entry, Log
from server.storage.ports import FIRST_UNNUMBERED, Event, Kind, account_holder
from server.storage.sqlite.rows import EVENT, event_of

ROWS_AT_ONCE: Final = 1_000

_MSGID: Final = re.compile(r"[0-9a-f]{10}-[0-9a-f]{15}")
_MADE_BY: Final = "import!import@import.invalid"


# Out


def room_log(database: sqlite3.Connection, name: str) -> Log | None:
    """The log of a room, None where there is none of this name."""
    row = database.execute(
        "SELECT id, name, created_ms, modes, owner, topic, topic_source, topic_ms, retention"
        " FROM channels WHERE folded = ?",
        (fold(name),),
    ).fetchone()
    return _room(database, row, "") if row else None


def person_logs(database: sqlite3.Connection, name: str) -> tuple[dict[str, Any], list[Log]] | None:
    """What is kept of an account, and all it said and did: in rooms, and its direct conversations.

    Of rooms it is what they did themselves; of direct conversations both sides.
    """
    row = database.execute(
        "SELECT id, name, created_ms, email FROM accounts WHERE folded = ?", (fold(name),)
    ).fetchone()
    if row is None:
        return None
    holder = account_holder(row[0])
    logs = []
    rooms = database.execute(
        "SELECT id, name, created_ms, modes, '', '', '', 0, '' FROM channels WHERE EXISTS"
        " (SELECT 1 FROM events WHERE channel_id = channels.id AND holder = ?) ORDER BY folded",
        (holder,),
    ).fetchall()
    logs += [_room(database, room, holder) for room in rooms]
    ends = "SELECT channel_id, other FROM conversations WHERE holder = ? ORDER BY channel_id"
    for log_id, other in database.execute(ends, (holder,)).fetchall():
        between = (str(row[1]), _account_name(database, other) or str(other))
        entries = _entries(database, log_id, "")
        logs.append(Log(" ".join(between), entries, "", between=between))
    subject = database.execute(
        "SELECT key, value FROM metadata WHERE subject = ? ORDER BY key", (holder,)
    )
    about = {"account_name": row[1], "created_ms": row[2], "email": row[3]}
    return about | {"metadata": dict(subject.fetchall())}, logs


def _room(database: sqlite3.Connection, row: tuple[Any, ...], holder: str) -> Log:
    log_id, name, created_ms, modes, owner, topic, topic_source, topic_ms, retention = row
    return Log(
        name,
        _entries(database, log_id, holder),
        "",
        created_ms,
        modes,
        _account_name(database, owner),
        topic,
        topic_source,
        topic_ms,
        retention,
    )


def _entries(database: sqlite3.Connection, log_id: int, holder: str) -> Iterator[Entry]:
    old = "SELECT edit, text, replaced_ms FROM versions WHERE channel_id = ?"
    replaced = {edit: texts for edit, *texts in database.execute(old, (log_id,))}
    names: dict[str, str] = {}
    rows = database.execute(
        f"SELECT {EVENT} FROM events WHERE channel_id = ?1 AND ?2 IN ('', holder)"
        " ORDER BY position",
        (log_id, holder),
    )
    for row in rows:
        event = event_of(row)
        if event.holder not in names:
            names[event.holder] = _account_name(database, event.holder)
        event.account = names[event.holder]
        yield Entry(event, *replaced.get(event.position, ()))


def _account_name(database: sqlite3.Connection, holder: str) -> str:
    kind, _, account_id = holder.partition(":")
    if kind != "account":
        return ""
    row = database.execute("SELECT name FROM accounts WHERE id = ?", (account_id,)).fetchone()
    return str(row[0]) if row else ""


# In


@dataclass(slots=True)
class _Taken:
    """How far the log that is being taken in has come, and where its old positions went."""

    log_id: int
    last: int = 0
    high_ms: int = 0
    places: dict[int, int] = field(default_factory=dict)
    numbered: int = 0

    def place(self, event: Event) -> int:
        """The next position, for an event that begins or not with a number of its own."""
        old = event.position
        has_number = event.kind < FIRST_UNNUMBERED
        if event.kind is Kind.EMPTY:
            has_number = not old & ((1 << BETWEEN_BITS) - 1)
        self.last = position_of((self.last >> BETWEEN_BITS) + 1) if has_number else self.last + 1
        self.high_ms = max(self.high_ms, event.wall_ms)
        self.numbered += has_number
        if old:
            self.places[old] = self.last
        return self.last


def take_in(
    database: sqlite3.Connection, logs: Iterable[Log], owner: str, wall_ms: int
) -> list[tuple[str, int]]:
    """Make a room, or a conversation, of each log; their names, and how many numbers each has.

    Raises `CannotImportError` or what reading the logs raises, and nothing has changed then.
    """
    done: list[tuple[str, int]] = []
    database.execute("BEGIN IMMEDIATE")
    try:
        for log in logs:
            taken = _Taken(_new_id(database))
            if log.between:
                _begin_conversation(database, log, taken)
            else:
                _begin_room(database, log, taken, owner, wall_ms)
            _take_entries(database, log, taken)
            done.append((log.name, taken.numbered))
        if not done:
            raise CannotImportError("There is nothing to import")
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise
    return done


def _new_id(database: sqlite3.Connection) -> int:
    while True:
        found = secrets.randbelow(LOG_IDS)
        used = "SELECT 1 FROM events WHERE channel_id = ? UNION SELECT 1 FROM channels WHERE id = ?"
        if not database.execute(used, (found, found)).fetchone():
            return found


def _begin_room(
    database: sqlite3.Connection, log: Log, taken: _Taken, owner: str, wall_ms: int
) -> None:
    if not is_channel(log.name):
        raise CannotImportError(f"{log.origin}: {log.name} cannot be the name of a room")
    if database.execute("SELECT 1 FROM channels WHERE folded = ?", (fold(log.name),)).fetchone():
        raise CannotImportError(
            f"{log.origin}: there is a room {log.name} already; import it with --prefix old-"
        )
    holder = _holder(database, owner or log.owner)
    if owner and not holder:
        raise CannotImportError(f"There is no account {owner} to own what is imported")
    database.execute(
        "INSERT INTO channels (id, name, folded, named, owner, created_ms, modes, key,"
        " member_limit, forward, topic, topic_source, topic_ms, empty_since_ms, retention)"
        " VALUES (?, ?, ?, 1, ?, ?, ?, '', 0, 0, ?, ?, ?, ?, ?)",
        (
            *(taken.log_id, log.name, fold(log.name), holder, log.created_ms or wall_ms),
            *(log.modes, log.topic, log.topic_source, log.topic_ms, wall_ms, log.retention),
        ),
    )
    made = Event(taken.log_id, Kind.CREATE, _MADE_BY, log.name, log.created_ms)
    _insert(database, [_row(database, made, taken, {})])


def _begin_conversation(database: sqlite3.Connection, log: Log, taken: _Taken) -> None:
    assert log.between
    ends = [_holder(database, name) for name in log.between]
    for name, holder in zip(log.between, ends, strict=True):
        if not holder:
            raise CannotImportError(f"{log.origin}: there is no account {name} here")
    known = "SELECT 1 FROM conversations WHERE holder = ? AND other = ?"
    if database.execute(known, ends).fetchone():
        both = " and ".join(log.between)
        raise CannotImportError(f"{log.origin}: {both} have a direct conversation here already")
    for pair in dict.fromkeys([(ends[0], ends[1]), (ends[1], ends[0])]):
        database.execute("INSERT INTO conversations VALUES (?, ?, ?)", (*pair, taken.log_id))


def _holder(database: sqlite3.Connection, name: str) -> str:
    sql = "SELECT id FROM accounts WHERE folded = ?"
    row = database.execute(sql, (fold(name),)).fetchone() if name else None
    return account_holder(row[0]) if row else ""


def _take_entries(database: sqlite3.Connection, log: Log, taken: _Taken) -> None:
    holders: dict[str, str] = {}
    topic: Event | None = None
    while entries := list(islice(log.entries, ROWS_AT_ONCE)):
        rows, versions = [], []
        for entry in entries:
            event = entry.event
            if event.kind is Kind.CREATE:
                continue
            topic = event if event.kind is Kind.TOPIC else topic
            refers = taken.places.get(event.refers, 0)
            if event.refers and not refers and event.kind in (Kind.EDIT, Kind.REDACT):
                event = Event(0, Kind.EMPTY, "", "", event.wall_ms, position=event.position)
            row = _row(database, event, taken, holders)
            rows.append(row)
            if entry.replaced is not None and refers:
                versions.append((taken.log_id, refers, row[1], entry.replaced, entry.replaced_ms))
        _insert(database, rows)
        database.executemany("INSERT INTO versions VALUES (?, ?, ?, ?, ?)", versions)
    if topic is not None and not log.topic_ms and not log.between:
        database.execute(
            "UPDATE channels SET topic = ?, topic_source = ?, topic_ms = ? WHERE id = ?",
            (topic.text, topic.source, topic.wall_ms, taken.log_id),
        )


def _row(
    database: sqlite3.Connection, event: Event, taken: _Taken, holders: dict[str, str]
) -> tuple[Any, ...]:
    refers = taken.places.get(event.refers, 0)
    position = taken.place(event)
    if event.account not in holders:
        holders[event.account] = _holder(database, event.account)

    def renamed(found: "re.Match[str]") -> str:
        log_id, _, place = found[0].partition("-")
        new = taken.places.get(int(place, 16)) if int(log_id, 16) == event.channel_id else None
        return encode_msgid(taken.log_id, new) if new else found[0]

    return (
        *(taken.log_id, position, int(event.kind), event.wall_ms, taken.high_ms, event.source),
        *(event.text, _MSGID.sub(renamed, event.tags), holders[event.account]),
        *(event.target, refers),
    )


def _insert(database: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    database.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
