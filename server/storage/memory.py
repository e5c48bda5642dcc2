"""The store in memory, for tests and simulation: the contract without a disk.

What `commit` has not seen is lost by `crash`, as on a machine; commits and reads fail on
demand. Never used by the program itself.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from common.casemap import fold
from common.msgid import BETWEEN_BITS, position_of
from server.storage.ports import (
    FIRST_UNNUMBERED,
    MESSAGES,
    ChannelRecord,
    Event,
    Kind,
    MaskEntry,
    StoreFailedError,
)


@dataclass(slots=True)
class _Data:
    """One consistent state: what is, or what was, stored."""

    events: dict[int, list[Event]] = field(default_factory=dict)
    high_ms: dict[int, list[int]] = field(default_factory=dict)
    keys: dict[tuple[str, str], Event] = field(default_factory=dict)
    channels: dict[int, ChannelRecord] = field(default_factory=dict)
    roles: dict[tuple[int, str], str] = field(default_factory=dict)
    masks: dict[tuple[int, str, str], MaskEntry] = field(default_factory=dict)
    admissions: dict[tuple[int, str], int] = field(default_factory=dict)

    def append(self, event: Event) -> None:
        self.events.setdefault(event.channel_id, []).append(event)
        high = self.high_ms.setdefault(event.channel_id, [])
        high.append(max(event.wall_ms, high[-1] if high else 0))
        if event.key:
            self.keys[event.holder, event.key] = event

    def forget_keys(self, before_ms: int) -> None:
        self.keys = {name: e for name, e in self.keys.items() if e.wall_ms >= before_ms}

    def save(self, record: ChannelRecord) -> None:
        self.channels[record.id] = record

    def delete(self, channel_id: int) -> None:
        self.channels.pop(channel_id, None)
        self.events.pop(channel_id, None)
        self.high_ms.pop(channel_id, None)
        self.keys = {k: e for k, e in self.keys.items() if e.channel_id != channel_id}
        self.roles = {k: r for k, r in self.roles.items() if k[0] != channel_id}
        self.masks = {k: m for k, m in self.masks.items() if k[0] != channel_id}
        self.admissions = {k: p for k, p in self.admissions.items() if k[0] != channel_id}

    def set_role(self, channel_id: int, holder: str, roles: str) -> None:
        if roles:
            self.roles[channel_id, holder] = roles
        else:
            self.roles.pop((channel_id, holder), None)

    def set_mask(self, channel_id: int, entry: MaskEntry, present: bool) -> None:
        name = (channel_id, entry.letter, fold(entry.mask))
        if present:
            self.masks[name] = entry
        else:
            self.masks.pop(name, None)

    def admit(self, channel_id: int, holder: str, position: int) -> None:
        self.admissions.setdefault((channel_id, holder), position)

    def dismiss(self, channel_id: int, holder: str) -> None:
        self.admissions.pop((channel_id, holder), None)

    def copy(self) -> "_Data":
        """The same state in containers of its own."""
        return _Data(
            {id_: list(events) for id_, events in self.events.items()},
            {id_: list(high) for id_, high in self.high_ms.items()},
            dict(self.keys),
            dict(self.channels),
            dict(self.roles),
            dict(self.masks),
            dict(self.admissions),
        )


class MemoryStore:
    """A `Store` whose log, channels and commit are one object.

    `commits_to_fail` and `reads_to_fail` count down as operations fail.
    """

    def __init__(self) -> None:
        self.commits_to_fail = 0
        self.reads_to_fail = 0
        self._data = _Data()
        self._durable = _Data()
        self._pending: list[Callable[[_Data], None]] = []

    @property
    def log(self) -> "MemoryStore":
        return self

    @property
    def channels(self) -> "MemoryStore":
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
        stored = replace(event)
        self._write(lambda data: data.append(stored))

    def page(
        self, channel_id: int, after: int, before: int, limit: int, *, newest: bool, events: bool
    ) -> list[Event]:
        self._read()
        found = [
            event
            for event in self._data.events.get(channel_id, ())
            if after < event.position < before
            and (event.kind != Kind.CREATE if events else event.kind in MESSAGES)
        ]
        chosen = found[max(0, len(found) - limit) :] if newest else found[:limit]
        return [replace(event, key="") for event in chosen]

    def position_at(self, channel_id: int, wall_ms: int) -> int:
        self._read()
        events = self._data.events.get(channel_id, [])
        index = bisect_left(self._data.high_ms.get(channel_id, []), wall_ms)
        return events[index].position if index < len(events) else self._end(channel_id) + 1

    def last_position(self, channel_id: int) -> int:
        self._read()
        return self._end(channel_id)

    def find_key(self, holder: str, key: str) -> Event | None:
        self._read()
        event = self._data.keys.get((holder, key))
        return replace(event, key="") if event else None

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
        self._write(lambda data: data.delete(channel_id))

    def admit(self, channel_id: int, holder: str, position: int) -> None:
        self._write(lambda data: data.admit(channel_id, holder, position))

    def dismiss(self, channel_id: int, holder: str) -> None:
        self._write(lambda data: data.dismiss(channel_id, holder))

    def admitted(self, channel_id: int, holder: str) -> int | None:
        self._read()
        return self._data.admissions.get((channel_id, holder))

    def _whole(self, record: ChannelRecord) -> ChannelRecord:
        data, id_ = self._data, record.id
        return replace(
            record,
            roles={k[1]: roles for k, roles in data.roles.items() if k[0] == id_},
            masks={k[1:]: entry for k, entry in data.masks.items() if k[0] == id_},
        )

    def _write(self, change: Callable[[_Data], None]) -> None:
        change(self._data)
        self._pending.append(change)

    def _end(self, channel_id: int) -> int:
        events = self._data.events.get(channel_id)
        return events[-1].position if events else 0

    def _read(self) -> None:
        if self.reads_to_fail:
            self.reads_to_fail -= 1
            raise StoreFailedError("told to fail")
