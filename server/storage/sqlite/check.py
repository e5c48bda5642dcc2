"""Whether a database is whole: the file, the order of every log, and what refers to what.

Reads only, in one snapshot, so that it may look at the database of a running server. A place that
is empty, or that lies below the floor of its log, or where a log kept nothing, is not missing.
Never mends anything.
"""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from common.msgid import BETWEEN_BITS, BETWEEN_MASK, number_at
from server.storage.ports import FIRST_UNNUMBERED, Kind, StoreUnusableError
from server.storage.sqlite.schema import APPLICATION_ID, MIGRATIONS

FINDINGS_PER_RULE_MAX: Final = 20
"""A broken file may break a rule in every row: some of them are enough to see what happened."""


class Rule(NamedTuple):
    """One row: a query for what breaks the rule, and the sentence for each row that it gives."""

    query: str
    sentence: str


_EXISTS_EVENT: Final = (
    "EXISTS (SELECT 1 FROM events AS e WHERE e.channel_id = t.channel_id AND e.position = {})"
    " OR {} <= (SELECT position FROM floors AS f WHERE f.channel_id = t.channel_id)"
    " OR {} <= (SELECT position FROM unkept_ends AS u WHERE u.channel_id = t.channel_id)"
)


def _without_event(table: str, column: str, where: str = "1") -> str:
    """Rows of `table` that name an event which is neither there nor below the floor."""
    exists = _EXISTS_EVENT.format(*[f"t.{column}"] * 3)
    return (
        f"SELECT t.channel_id, t.{column} FROM {table} AS t"
        f" WHERE ({where}) AND NOT ifnull({exists}, 0)"
    )


def _without_channel(table: str) -> str:
    return (
        f"SELECT t.channel_id, t.holder FROM {table} AS t"
        " WHERE NOT EXISTS (SELECT 1 FROM channels WHERE id = t.channel_id)"
    )


def _without_subject(table: str, column: str, prefix: str, owners: str) -> str:
    """Rows of `table` whose subject is that of a room or an account which is gone."""
    begin = len(prefix) + 1
    return (
        f"SELECT {column} FROM {table} WHERE {column} GLOB '{prefix}*'"
        f" AND NOT EXISTS (SELECT 1 FROM {owners}"
        f" WHERE id = CAST(substr({column}, {begin}) AS INTEGER))"
    )


_FLOOR: Final = "(SELECT position FROM floors AS f WHERE f.channel_id = e.channel_id)"
_FLOOR_MS: Final = "(SELECT high_ms FROM floors AS f WHERE f.channel_id = e.channel_id)"
_BEFORE: Final = "OVER (PARTITION BY channel_id ORDER BY position)"


def _follows(before: str) -> str:
    """The positions that may come right behind `before`."""
    return f"({before} + 1, (({before} >> {BETWEEN_BITS}) + 1) << {BETWEEN_BITS})"


_UNKEPT_END: Final = (
    "ifnull((SELECT position FROM unkept_ends AS u WHERE u.channel_id = rows.channel_id), 0)"
)
_ORDER: Final = Rule(
    "SELECT channel_id, before, position FROM ("
    f"SELECT channel_id, position, ifnull(lag(position) {_BEFORE}, ifnull({_FLOOR}, 0)) AS before"
    " FROM events AS e) AS rows"
    f" WHERE position NOT IN {_follows('before')} AND position > {_UNKEPT_END}"
    f" AND position NOT IN {_follows(f'max(before, {_UNKEPT_END})')}",
    "in {log}, number {1} is not followed by the next, but by {2}",
)

_RULES: Final = (
    _ORDER,
    Rule(
        "SELECT channel_id, before, position FROM ("
        "SELECT channel_id, position, wall_ms, high_ms,"
        f" ifnull(lag(high_ms) {_BEFORE}, ifnull({_FLOOR_MS}, 0)) AS before FROM events AS e)"
        " WHERE high_ms < before OR high_ms < wall_ms",
        "in {log}, the time by which history is sought does not rise at number {2}",
    ),
    Rule(
        "SELECT channel_id, kind, position FROM events"
        f" WHERE (kind < {int(Kind.EMPTY)} AND position & {BETWEEN_MASK} <> 0)"
        f" OR (kind >= {FIRST_UNNUMBERED} AND position & {BETWEEN_MASK} = 0)",
        "in {log}, an event of kind {raw1} stands where none of its kind may, at number {2}",
    ),
    Rule(
        "SELECT e.channel_id, e.position FROM floors AS f JOIN events AS e"
        " ON e.channel_id = f.channel_id AND e.position <= f.position",
        "in {log}, something is left below the floor, at number {1}",
    ),
    Rule(
        "SELECT DISTINCT channel_id FROM events AS e"
        " WHERE NOT EXISTS (SELECT 1 FROM channels WHERE id = e.channel_id)"
        " AND NOT EXISTS (SELECT 1 FROM conversations WHERE channel_id = e.channel_id)"
        " AND NOT EXISTS (SELECT 1 FROM closed_logs WHERE channel_id = e.channel_id)",
        "there is a log that belongs to no room and to no two people: {raw0}",
    ),
    Rule(
        _without_event("events", "refers", "refers > 0"),
        "in {log}, an edit or a redaction is about number {1}, which is not there",
    ),
    Rule(
        _without_event("versions", "position"),
        "in {log}, an earlier text is kept of number {1}, which is not there",
    ),
    Rule(
        _without_event("versions", "edit"),
        "in {log}, an earlier text is kept because of an edit that is not there, number {1}",
    ),
    Rule(
        _without_event("sent_keys", "position"),
        "in {log}, a key for sending again belongs to number {1}, which is not there",
    ),
    Rule(
        "SELECT t.channel_id, t.position FROM admissions AS t WHERE t.position >"
        " max(ifnull((SELECT max(position) FROM events WHERE channel_id = t.channel_id), 0),"
        " ifnull((SELECT position FROM floors WHERE channel_id = t.channel_id), 0),"
        " ifnull((SELECT position FROM unkept_ends WHERE channel_id = t.channel_id), 0))",
        "in {log}, someone was first let in at number {1}, behind the end",
    ),
    *(
        Rule(_without_channel(table), f"{what} of a room that is not there: {{raw0}}")
        for table, what in (
            ("channel_roles", "someone has a role"),
            ("admissions", "there is a first entry"),
            ("memberships", "someone is a member"),
        )
    ),
    Rule(
        "SELECT DISTINCT channel_id FROM channel_masks AS t"
        " WHERE NOT EXISTS (SELECT 1 FROM channels WHERE id = t.channel_id)",
        "there is a ban or an invitation of a room that is not there: {raw0}",
    ),
    Rule(
        "SELECT a.channel_id FROM conversations AS a WHERE NOT EXISTS (SELECT 1 FROM"
        " conversations AS b WHERE b.holder = a.other AND b.other = a.holder"
        " AND b.channel_id = a.channel_id)",
        "a direct conversation is known to one of its two ends only: {raw0}",
    ),
    Rule(
        _without_subject("markers", "target", "channel:", "channels"),
        "there is a read marker of a room that is not there: {raw0}",
    ),
    Rule(
        _without_subject("markers", "holder", "account:", "accounts"),
        "there is a read marker of an account that is not there: {raw0}",
    ),
    Rule(
        _without_subject("metadata", "subject", "channel:", "channels"),
        "there is metadata of a room that is not there: {raw0}",
    ),
    Rule(
        _without_subject("metadata", "subject", "account:", "accounts"),
        "there is metadata of an account that is not there: {raw0}",
    ),
    Rule(
        _without_subject("memberships", "holder", "account:", "accounts"),
        "an account that is not there is member of a room: {raw0}",
    ),
    Rule(
        "SELECT account_id FROM certificates AS c"
        " WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE id = c.account_id)",
        "a certificate logs in to an account that is not there: {raw0}",
    ),
)


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, to a database that a server may be using.

    Raises `StoreUnusableError` where there is none, or one that is not ours or not of this schema.
    """
    if not path.is_file():
        raise StoreUnusableError(f"There is no database {path}: name its folder with --data")
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro{_how(path)}"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise StoreUnusableError(f"{path} cannot be opened: {error}") from None
    try:
        _expect_ours(connection, path)
    except (sqlite3.Error, StoreUnusableError) as error:
        connection.close()
        if isinstance(error, StoreUnusableError):
            raise
        raise StoreUnusableError(f"{path} cannot be used as a database: {error}") from None
    return connection


def _how(path: Path) -> str:
    """On a disk that is read-only nobody changes the file, and nobody can lock it either."""
    at_rest = not path.with_name(f"{path.name}-wal").exists()
    return "&immutable=1" if at_rest and not os.access(path.parent, os.W_OK) else ""


def _expect_ours(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreUnusableError(f"{path} is not a database of chat-server")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != len(MIGRATIONS):
        raise StoreUnusableError(
            f"{path} has schema {version}, this chat-server knows {len(MIGRATIONS)}: "
            "use the version of chat-server that wrote it"
        )


def findings(connection: sqlite3.Connection) -> Iterator[str]:
    """A sentence for everything that is wrong; none where all is well."""
    connection.execute("BEGIN")
    try:
        for (text,) in connection.execute("PRAGMA integrity_check"):
            if text != "ok":
                yield f"the file is damaged: {text}"
        for rule in _RULES:
            limited = f"{rule.query} LIMIT {FINDINGS_PER_RULE_MAX}"
            for row in connection.execute(limited).fetchall():
                yield _sentence(connection, rule, row)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        yield f"the file is damaged: {error}"
    finally:
        connection.execute("ROLLBACK")


def _sentence(connection: sqlite3.Connection, rule: Rule, row: tuple[object, ...]) -> str:
    raw = {f"raw{index}": value for index, value in enumerate(row)}
    numbers = [_number(value) for value in row]
    return rule.sentence.format(*numbers, log=_log_name(connection, row[0]), **raw)


def _number(value: object) -> str:
    """A position as people know it: its number, and how far behind it where it has none."""
    if not isinstance(value, int):
        return str(value)
    between = value & BETWEEN_MASK
    return f"{number_at(value)}+{between}" if between else str(number_at(value))


def _log_name(connection: sqlite3.Connection, log_id: object) -> str:
    found = connection.execute("SELECT name FROM channels WHERE id = ?", (log_id,)).fetchone()
    return str(found[0]) if found else f"the log {log_id}"
