"""Accounts in the SQLite store: their rows, their rooms, and what the server knows of itself.

Each class is one port on the store's single writer; it is handed how to write and how to read.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from common.casemap import fold
from common.sasl import ScramKeys
from server.storage.ports import AccountRecord, account_holder

Row = Sequence[Any]
Write = Callable[[str, Row], None]
Read = Callable[[str, Row], list[Row]]

_ACCOUNT: Final = (
    "id, name, skeleton, created_ms, password_hash, scram_salt, scram_iterations, scram_stored_key,"
    " scram_server_key, email, suspended, always_on, multiclient, source, realname"
)
_SAVE: Final = (
    f"INSERT OR REPLACE INTO accounts ({_ACCOUNT}, folded)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


MISSED_MAX: Final = 500
"""Names remembered that no account has: enough for those who are just coming in."""


class SqliteAccounts:
    """The `Accounts` port."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read
        self._missed: dict[tuple[str, object], None] = {}  # looked for in vain, until one is saved

    def get(self, account_id: int) -> AccountRecord | None:
        return self._first("id = ?", account_id)

    def named(self, name: str) -> AccountRecord | None:
        return self._first("folded = ?", fold(name))

    def alike(self, skeleton: str) -> AccountRecord | None:
        return self._first("skeleton = ?", skeleton)

    def with_certificate(self, fingerprint: str) -> AccountRecord | None:
        owner = "SELECT account_id FROM certificates WHERE fingerprint = ?"
        return self._first(f"id = ({owner})", fingerprint)

    def page(self, after: str, limit: int, *, always_on: bool = False) -> list[AccountRecord]:
        only = " AND always_on" if always_on else ""
        return self._records(f"folded > ?{only} ORDER BY folded LIMIT ?", fold(after), limit)

    def save(self, record: AccountRecord) -> None:
        self._missed.clear()
        scram = record.scram
        row = (
            record.id,
            record.name,
            record.skeleton,
            record.created_ms,
            record.password_hash,
            scram.salt,
            scram.iterations,
            scram.stored_key,
            scram.server_key,
            record.email,
            record.suspended,
            record.always_on,
            record.multiclient,
            record.source,
            record.realname,
            fold(record.name),
        )
        self._write(_SAVE, row)
        self._write("DELETE FROM certificates WHERE account_id = ?", (record.id,))
        for fingerprint in record.certificates:
            self._write("INSERT INTO certificates VALUES (?, ?)", (fingerprint, record.id))

    def delete(self, account_id: int) -> None:
        self._write("DELETE FROM accounts WHERE id = ?", (account_id,))
        self._write("DELETE FROM certificates WHERE account_id = ?", (account_id,))
        holder = account_holder(account_id)
        self._write("DELETE FROM memberships WHERE holder = ?", (holder,))
        self._write("DELETE FROM markers WHERE holder = ?", (holder,))
        self._write("DELETE FROM metadata WHERE subject = ?", (holder,))

    def _first(self, condition: str, value: object) -> AccountRecord | None:
        """The first that is found. Names of guests are asked for again and again, in vain."""
        if (condition, value) in self._missed:
            return None
        found = self._records(f"{condition} LIMIT 1", value)
        if found:
            return found[0]
        if len(self._missed) >= MISSED_MAX:
            self._missed.clear()
        self._missed[condition, value] = None
        return None

    def _records(self, condition: str, *values: object) -> list[AccountRecord]:
        rows = self._read(f"SELECT {_ACCOUNT} FROM accounts WHERE {condition}", values)
        return [self._record(row) for row in rows]

    def _record(self, row: Row) -> AccountRecord:
        account_id, name, skeleton, created_ms, password_hash, *scram_and_rest = row
        email, suspended, always_on, multiclient, source, realname = scram_and_rest[4:]
        certificates = self._read(
            "SELECT fingerprint FROM certificates WHERE account_id = ?", (account_id,)
        )
        return AccountRecord(
            id=account_id,
            name=name,
            skeleton=skeleton,
            created_ms=created_ms,
            password_hash=password_hash,
            scram=ScramKeys(*scram_and_rest[:4]),
            email=email,
            suspended=bool(suspended),
            always_on=bool(always_on),
            multiclient=bool(multiclient),
            source=source,
            realname=realname,
            certificates=tuple(fingerprint for (fingerprint,) in certificates),
        )


class SqliteMemberships:
    """The `Memberships` port."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read

    def join(self, holder: str, channel_id: int) -> None:
        sql = "INSERT OR IGNORE INTO memberships (holder, channel_id) VALUES (?, ?)"
        self._write(sql, (holder, channel_id))

    def leave(self, holder: str, channel_id: int) -> None:
        sql = "DELETE FROM memberships WHERE holder = ? AND channel_id = ?"
        self._write(sql, (holder, channel_id))

    def rooms(self, holder: str) -> list[int]:
        sql = "SELECT channel_id FROM memberships WHERE holder = ? ORDER BY place"
        return [channel_id for (channel_id,) in self._read(sql, (holder,))]


class SqliteFacts:
    """The `Facts` port."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read

    def fact(self, name: str) -> str:
        rows = self._read("SELECT value FROM facts WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def remember(self, name: str, value: str) -> None:
        if value:
            self._write("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
        else:
            self._write("DELETE FROM facts WHERE name = ?", (name,))

    def facts_from(self, start: str) -> dict[str, str]:
        sql = "SELECT name, value FROM facts WHERE name >= ? AND name < ? ORDER BY name"
        rows = self._read(sql, (start, start + chr(0x10FFFF)))
        return {str(name): str(value) for name, value in rows}
