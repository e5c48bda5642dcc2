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


SIEVE_BITS: Final = 20
"""128 KiB tell of 100,000 accounts five names in six apart that are none of theirs."""


class Sieve:
    """Which words were put in: surely not, or perhaps.

    Every guest's name is looked for among the accounts: a sixth of what coming in cost.
    """

    def __init__(self) -> None:
        self._bits = bytearray(1 << (SIEVE_BITS - 3))

    def add(self, word: str) -> None:
        """Put a word in; none is ever taken out."""
        at = hash(word) & ((1 << SIEVE_BITS) - 1)
        self._bits[at >> 3] |= 1 << (at & 7)

    def may_hold(self, word: str) -> bool:
        """False where the word was not put in."""
        at = hash(word) & ((1 << SIEVE_BITS) - 1)
        return bool(self._bits[at >> 3] & 1 << (at & 7))


class SqliteAccounts:
    """The `Accounts` port."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read
        self._names = Sieve()  # and skeletons
        for row in read("SELECT folded, skeleton FROM accounts", ()):
            self._note_names(*row)

    def get(self, account_id: int) -> AccountRecord | None:
        return self._first("id = ?", account_id)

    def named(self, name: str) -> AccountRecord | None:
        folded = fold(name)
        return self._first("folded = ?", folded) if self._names.may_hold(folded) else None

    def alike(self, name: str, skeleton: str) -> AccountRecord | None:
        folded, names = fold(name), self._names
        if not names.may_hold(folded) and not names.may_hold(skeleton):
            return None
        return self._first("folded = ?1 OR skeleton = ?2 ORDER BY folded <> ?1", folded, skeleton)

    def with_certificate(self, fingerprint: str) -> AccountRecord | None:
        owner = "SELECT account_id FROM certificates WHERE fingerprint = ?"
        return self._first(f"id = ({owner})", fingerprint)

    def page(self, after: str, limit: int, *, always_on: bool = False) -> list[AccountRecord]:
        only = " AND always_on" if always_on else ""
        return self._records(f"folded > ?{only} ORDER BY folded LIMIT ?", fold(after), limit)

    def save(self, record: AccountRecord) -> None:
        self._note_names(fold(record.name), record.skeleton)
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

    def _first(self, condition: str, *values: object) -> AccountRecord | None:
        return next(iter(self._records(f"{condition} LIMIT 1", *values)), None)

    def _note_names(self, folded: str, skeleton: str) -> None:
        self._names.add(folded)
        self._names.add(skeleton)

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
