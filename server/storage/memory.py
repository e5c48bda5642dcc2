"""The store in memory, for tests and simulation: the contract without a disk.

What `commit` has not seen is lost by `crash`, as on a machine; commits and reads fail on
demand. Never used by the program itself.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from common.msgid import BETWEEN_BITS, number_at, position_of
from server.storage.memory_accounts import MemoryAccounts
from server.storage.memory_erasures import MemoryErasures
from server.storage.memory_moderation import MemoryModeration
from server.storage.memory_search import MemorySearch
from server.storage.memory_state import State
from server.storage.ports import (
    FIRST_UNNUMBERED,
    HIDDEN,
    ChannelRecord,
    Event,
    Invitation,
    MaskEntry,
    StoreFailedError,
    Version,
    View,
    place_of,
)

NUMBERS_RESERVED: Final = 4
"""Of a log that keeps nothing, at a time: few, so that crashes meet every place in a block."""


class MemoryStore:
    """A `Store` whose log, channels and commit are one object.

    `commits_to_fail` and `reads_to_fail` count down as operations fail.
    """

    def __init__(self) -> None:
        self.commits_to_fail = 0
        self.reads_to_fail = 0
        self._data = State()
        self._durable = State()
        self._pending: list[Callable[[State], object]] = []
        self._unkept: dict[int, int] = {}  # logs that keep nothing: where they end
        self.accounts = MemoryAccounts(self._write, self._reading)
        self.moderation = MemoryModeration(self._write, self._reading)
        self.erasures = MemoryErasures(self._write, self._reading)
        self.search = MemorySearch(lambda: self._reading().events)

    @property
    def log(self) -> "MemoryStore":
        return self

    @property
    def channels(self) -> "MemoryStore":
        return self

    @property
    def floors(self) -> "MemoryStore":
        return self

    @property
    def edits(self) -> "MemoryStore":
        return self

    @property
    def conversations(self) -> "MemoryStore":
        return self

    @property
    def markers(self) -> "MemoryStore":
        return self

    @property
    def metadata(self) -> "MemoryStore":
        return self

    @property
    def memberships(self) -> "MemoryStore":
        return self

    @property
    def invitations(self) -> "MemoryStore":
        return self

    @property
    def facts(self) -> "MemoryStore":
        return self

    @property
    def dirty(self) -> bool:
        return bool(self._pending)

    def commit(self) -> None:
        if self.commits_to_fail:
            self.commits_to_fail -= 1
            raise StoreFailedError("told to fail")
        for write in self._pending:
            write(self._durable)
        self._pending.clear()

    def crash(self) -> "MemoryStore":
        """What the next start finds: a store that holds what was committed."""
        survivor = MemoryStore()
        survivor._data = self._durable.copy()
        survivor._durable = self._durable.copy()
        return survivor

    def close(self) -> None:
        self._pending.clear()

    # The log

    def append(self, event: Event) -> None:
        last = self._end(event.channel_id)
        numbered = event.kind < FIRST_UNNUMBERED
        event.position = position_of((last >> BETWEEN_BITS) + 1) if numbered else last + 1
        unkept = event.channel_id in self._unkept
        if unkept:
            self._go_on_unkept(event.channel_id, event.position)
        if event.key or not unkept:
            stored = place_of(event) if unkept else replace(event)
            self._write(lambda data: data.append(stored))

    def page(
        self, channel_id: int, after: int, before: int, limit: int, view: View, *, newest: bool
    ) -> list[Event]:
        self._read()
        found = [
            event
            for event in self._data.events.get(channel_id, ())
            if after < event.position < before and view.shows(event)
        ]
        chosen = found[max(0, len(found) - limit) :] if newest else found[:limit]
        return [replace(event, key="", key_holder="") for event in chosen]

    def get(self, channel_id: int, position: int) -> Event | None:
        self._read()
        event = self._data.event_at(channel_id, position)
        return replace(event, key="", key_holder="") if event and event.kind not in HIDDEN else None

    def redact(self, channel_id: int, position: int) -> None:
        self._write(lambda data: data.redact(channel_id, position))

    def position_at(self, channel_id: int, wall_ms: int) -> int:
        self._read()
        events = self._data.events.get(channel_id, [])
        index = bisect_left(self._data.high_ms.get(channel_id, []), wall_ms)
        return events[index].position if index < len(events) else self._end(channel_id) + 1

    def last_position(self, channel_id: int) -> int:
        self._read()
        return self._end(channel_id)

    def floor(self, channel_id: int) -> int:
        self._read()
        return self._data.floors.get(channel_id, 0)

    def let_go(self, channel_id: int, position: int, limit: int) -> bool:
        self._read()
        events = self._data.events.get(channel_id, [])
        count = min(limit, bisect_right(events, position, key=lambda event: event.position))
        if count:
            self._write(lambda data: data.let_go(channel_id, count))
        return count == limit

    def discard(self, channel_id: int, *, on: bool) -> None:
        if on:
            self._unkept[channel_id] = self._end(channel_id)
        elif end := self._unkept.pop(channel_id, 0):
            self._write(lambda data: data.unkept_ends.__setitem__(channel_id, end))

    def sweep(self, limit: int) -> bool:
        assert limit > 0
        return False

    def find_key(self, key_holder: str, key: str) -> Event | None:
        self._read()
        event = self._data.keys.get((key_holder, key))
        return replace(event, key="", key_holder="") if event else None

    def forget_keys(self, before_ms: int) -> None:
        self._write(lambda data: data.forget_keys(before_ms))

    # The channels

    def load(self) -> list[ChannelRecord]:
        self._read()
        return [self._whole(record) for record in self._data.channels.values()]

    def save(self, record: ChannelRecord) -> None:
        stored = replace(record, roles={}, masks={})
        self._write(lambda data: data.save(stored))

    def set_role(self, channel_id: int, holder: str, roles: str) -> None:
        self._write(lambda data: data.set_role(channel_id, holder, roles))

    def set_mask(self, channel_id: int, entry: MaskEntry, *, present: bool) -> None:
        self._write(lambda data: data.set_mask(channel_id, entry, present))

    def delete(self, channel_id: int) -> None:
        self._unkept.pop(channel_id, None)
        self._write(lambda data: data.delete(channel_id))

    def admit(self, channel_id: int, holder: str, position: int) -> None:
        self._write(lambda data: data.admit(channel_id, holder, position))

    def dismiss(self, channel_id: int, holder: str) -> None:
        self._write(lambda data: data.dismiss(channel_id, holder))

    def admitted(self, channel_id: int, holder: str) -> int | None:
        self._read()
        return self._data.admissions.get((channel_id, holder))

    # Edits, direct conversations, read markers, metadata

    def amend(self, channel_id: int, position: int, text: str, edit: int, wall_ms: int) -> None:
        self._write(lambda data: data.amend(channel_id, position, text, edit, wall_ms))

    def versions(self, channel_id: int, position: int) -> list[Version]:
        self._read()
        return list(self._data.versions.get((channel_id, position), ()))

    def start(self, conversation_id: int, first: str, second: str) -> None:
        self._write(lambda data: data.start(conversation_id, first, second))

    def between(self, first: str, second: str) -> int | None:
        self._read()
        return self._data.conversations.get((first, second))

    def of_holder(self, holder: str) -> dict[int, str]:
        self._read()
        rows = self._data.conversations.items()
        return {id_: other for (own, other), id_ in rows if own == holder}

    def ids(self) -> list[int]:
        self._read()
        return list(dict.fromkeys(self._data.conversations.values()))

    def read_markers(self, holder: str) -> dict[str, int]:
        self._read()
        return {name[1]: ms for name, ms in self._data.markers.items() if name[0] == holder}

    def set_marker(self, holder: str, target: str, wall_ms: int) -> None:
        self._write(lambda data: data.set_marker(holder, target, wall_ms))

    def load_metadata(self) -> dict[str, dict[str, str]]:
        self._read()
        found: dict[str, dict[str, str]] = {}
        for (subject, key), value in self._data.metadata.items():
            found.setdefault(subject, {})[key] = value
        return found

    def set_metadata(self, subject: str, key: str, value: str | None) -> None:
        self._write(lambda data: data.set_metadata(subject, key, value))

    # Memberships, facts

    def join(self, holder: str, channel_id: int) -> None:
        self._write(lambda data: data.memberships.setdefault((holder, channel_id)))

    def leave(self, holder: str, channel_id: int) -> None:
        self._write(lambda data: data.memberships.pop((holder, channel_id), None))

    def rooms(self, holder: str) -> list[int]:
        self._read()
        return [name[1] for name in self._data.memberships if name[0] == holder]

    def fact(self, name: str) -> str:
        self._read()
        return self._data.facts.get(name, "")

    def remember(self, name: str, value: str) -> None:
        self._write(lambda data: data.remember(name, value))

    def facts_from(self, start: str) -> dict[str, str]:
        self._read()
        facts = self._data.facts
        return {name: facts[name] for name in sorted(facts) if name.startswith(start)}

    def load_invitations(self) -> list[Invitation]:
        self._read()
        return [replace(each) for _, each in sorted(self._data.invitations.items())]

    def save_invitation(self, invitation: Invitation) -> None:
        stored = replace(invitation)
        self._write(lambda data: data.invitations.__setitem__(stored.digest, stored))

    def drop_invitation(self, digest: str) -> None:
        self._write(lambda data: data.invitations.pop(digest, None))

    def _whole(self, record: ChannelRecord) -> ChannelRecord:
        data, id_ = self._data, record.id
        return replace(
            record,
            roles={k[1]: roles for k, roles in data.roles.items() if k[0] == id_},
            masks={k[1:]: entry for k, entry in data.masks.items() if k[0] == id_},
        )

    def _write(self, change: Callable[[State], object]) -> None:
        change(self._data)
        self._pending.append(change)

    def _reading(self) -> State:
        self._read()
        return self._data

    def _end(self, channel_id: int) -> int:
        if channel_id in self._unkept:
            return self._unkept[channel_id]
        events = self._data.events.get(channel_id)
        end = events[-1].position if events else self._data.floors.get(channel_id, 0)
        return max(end, self._data.unkept_ends.get(channel_id, 0))

    def _go_on_unkept(self, channel_id: int, position: int) -> None:
        self._unkept[channel_id] = position
        if position > self._data.unkept_ends.get(channel_id, 0):
            reserved = position_of(number_at(position) + NUMBERS_RESERVED)
            self._write(lambda data: data.unkept_ends.__setitem__(channel_id, reserved))

    def _read(self) -> None:
        if self.reads_to_fail:
            self.reads_to_fail -= 1
            raise StoreFailedError("told to fail")
