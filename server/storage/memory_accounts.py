"""The accounts of the store in memory."""

from collections.abc import Callable
from dataclasses import replace

from common.casemap import fold
from server.storage.memory_state import State
from server.storage.ports import (
    AccountRecord,
)


class MemoryAccounts:
    """The `Accounts` port."""

    def __init__(
        self, write: Callable[[Callable[[State], object]], None], read: Callable[[], State]
    ) -> None:
        self._write = write
        self._read = read

    def get(self, account_id: int) -> AccountRecord | None:
        return self._first(lambda record: record.id == account_id)

    def named(self, name: str) -> AccountRecord | None:
        return self._first(lambda record: fold(record.name) == fold(name))

    def alike(self, name: str, skeleton: str) -> AccountRecord | None:
        return self.named(name) or self._first(lambda record: record.skeleton == skeleton)

    def with_certificate(self, fingerprint: str) -> AccountRecord | None:
        return self._first(lambda record: fingerprint in record.certificates)

    def page(self, after: str, limit: int, *, always_on: bool = False) -> list[AccountRecord]:
        found = [
            replace(record)
            for record in self._read().accounts.values()
            if fold(record.name) > fold(after) and (record.always_on or not always_on)
        ]
        return sorted(found, key=lambda record: fold(record.name))[:limit]

    def save(self, record: AccountRecord) -> None:
        stored = replace(record)
        self._write(lambda data: data.accounts.__setitem__(stored.id, stored))

    def delete(self, account_id: int) -> None:
        self._write(lambda data: data.delete_account(account_id))

    def _first(self, fits: Callable[[AccountRecord], bool]) -> AccountRecord | None:
        return next((replace(each) for each in self._read().accounts.values() if fits(each)), None)
