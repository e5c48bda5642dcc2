"""One consistent state of the store in memory: what is, or what was, stored.

The store writes every change twice: to what is read, and with the commit to what a crash leaves.
"""

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import Any

from common.casemap import fold
from server.storage.ports import (
    AccountRecord,
    ChannelRecord,
    Deed,
    Event,
    Invitation,
    Kind,
    MaskEntry,
    Sanction,
    Version,
    account_holder,
    channel_subject,
)


@dataclass(slots=True)
class State:
    """Everything that is stored, by table."""

    events: dict[int, list[Event]] = field(default_factory=dict)
    high_ms: dict[int, list[int]] = field(default_factory=dict)
    keys: dict[tuple[str, str], Event] = field(default_factory=dict)
    channels: dict[int, ChannelRecord] = field(default_factory=dict)
    roles: dict[tuple[int, str], str] = field(default_factory=dict)
    masks: dict[tuple[int, str, str], MaskEntry] = field(default_factory=dict)
    admissions: dict[tuple[int, str], int] = field(default_factory=dict)
    versions: dict[tuple[int, int], list[Version]] = field(default_factory=dict)
    conversations: dict[tuple[str, str], int] = field(default_factory=dict)
    markers: dict[tuple[str, str], int] = field(default_factory=dict)
    metadata: dict[tuple[str, str], str] = field(default_factory=dict)
    accounts: dict[int, AccountRecord] = field(default_factory=dict)
    memberships: dict[tuple[str, int], None] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    floors: dict[int, int] = field(default_factory=dict)
    unkept_ends: dict[int, int] = field(default_factory=dict)
    sanctions: dict[tuple[str, str], Sanction] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)
    deeds_noted: int = 0

    def append(self, event: Event) -> None:
        self.events.setdefault(event.channel_id, []).append(event)
        high = self.high_ms.setdefault(event.channel_id, [])
        high.append(max(event.wall_ms, high[-1] if high else 0))
        if event.key:
            self.keys[event.key_holder or event.holder, event.key] = event

    def forget_keys(self, before_ms: int) -> None:
        self.keys = {name: e for name, e in self.keys.items() if e.wall_ms >= before_ms}

    def save(self, record: ChannelRecord) -> None:
        self.channels[record.id] = record

    def delete(self, channel_id: int) -> None:
        self.channels.pop(channel_id, None)
        self.events.pop(channel_id, None)
        self.high_ms.pop(channel_id, None)
        self.floors.pop(channel_id, None)
        self.unkept_ends.pop(channel_id, None)
        self.keys = {k: e for k, e in self.keys.items() if e.channel_id != channel_id}
        self.roles = {k: r for k, r in self.roles.items() if k[0] != channel_id}
        self.masks = {k: m for k, m in self.masks.items() if k[0] != channel_id}
        self.admissions = {k: p for k, p in self.admissions.items() if k[0] != channel_id}
        self.versions = {k: v for k, v in self.versions.items() if k[0] != channel_id}
        subject = channel_subject(channel_id)
        self.markers = {k: ms for k, ms in self.markers.items() if k[1] != subject}
        self.metadata = {k: v for k, v in self.metadata.items() if k[0] != subject}
        self.memberships = {k: None for k in self.memberships if k[1] != channel_id}
        open_ = self.invitations.items()
        self.invitations = {k: i for k, i in open_ if i.channel_id != channel_id}

    def delete_account(self, account_id: int) -> None:
        self.accounts.pop(account_id, None)
        holder = account_holder(account_id)
        self.memberships = {k: None for k in self.memberships if k[0] != holder}
        self.markers = {k: ms for k, ms in self.markers.items() if k[0] != holder}
        self.metadata = {k: v for k, v in self.metadata.items() if k[0] != holder}

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

    def event_at(self, channel_id: int, position: int) -> Event | None:
        events = self.events.get(channel_id, [])
        index = bisect_left(events, position, key=lambda event: event.position)
        found = index < len(events) and events[index].position == position
        return events[index] if found else None

    def change(self, event: Event | None, **fields: Any) -> None:
        """Put a changed copy in the place of an event, which others may hold."""
        if event is None:
            return
        events = self.events[event.channel_id]
        index = bisect_left(events, event.position, key=lambda each: each.position)
        events[index] = replace(event, **fields)
        for name, held in self.keys.items():
            if held is event:
                self.keys[name] = events[index]

    def empty_edits(self, channel_id: int, position: int, before: int | None) -> None:
        for event in list(self.events.get(channel_id, ())):
            older = before is None or event.position < before
            if event.kind is Kind.EDIT and event.refers == position and older:
                self.change(event, kind=Kind.EMPTY, text="", tags="")

    def redact(self, channel_id: int, position: int) -> None:
        self.change(self.event_at(channel_id, position), kind=Kind.EMPTY, text="", tags="")
        self.empty_edits(channel_id, position, None)
        self.versions.pop((channel_id, position), None)

    def erase(self, channel_id: int, position: int) -> None:
        event = self.event_at(channel_id, position)
        nothing = dict.fromkeys(("source", "text", "tags", "holder", "target", "key"), "")
        self.change(event, kind=Kind.EMPTY, **nothing)
        self.versions.pop((channel_id, position), None)

    def forget_holder(self, holder: str) -> None:
        self.keys = {k: e for k, e in self.keys.items() if k[0] != holder}
        self.admissions = {k: p for k, p in self.admissions.items() if k[1] != holder}
        self.markers = {k: ms for k, ms in self.markers.items() if holder not in k}

    def amend(self, channel_id: int, position: int, text: str, edit: int, wall_ms: int) -> None:
        event = self.event_at(channel_id, position)
        if event is not None:
            older = self.versions.get((channel_id, position), [])
            self.versions[channel_id, position] = [*older, Version(event.text, wall_ms)]
            self.change(event, text=text)
        self.empty_edits(channel_id, position, edit)

    def let_go(self, channel_id: int, count: int) -> None:
        gone = self.events[channel_id][:count]
        floor = self.floors[channel_id] = gone[-1].position
        del self.events[channel_id][:count], self.high_ms[channel_id][:count]
        self.keys = {k: e for k, e in self.keys.items() if e not in gone}
        for event in gone:
            self.versions.pop((channel_id, event.position), None)
        assert all(event.position > floor for event in self.events[channel_id])

    def set_marker(self, holder: str, target: str, wall_ms: int) -> None:
        self.markers[holder, target] = wall_ms
        if not wall_ms:
            del self.markers[holder, target]

    def remember(self, name: str, value: str) -> None:
        """Keep a fact, or with ``""`` forget it."""
        self.facts.pop(name, None)
        if value:
            self.facts[name] = value

    def set_metadata(self, subject: str, key: str, value: str | None) -> None:
        self.metadata.pop((subject, key), None)
        if value is not None:
            self.metadata[subject, key] = value

    def start(self, conversation_id: int, first: str, second: str) -> None:
        self.conversations[first, second] = self.conversations[second, first] = conversation_id

    def note_deed(self, deed: Deed) -> None:
        self.deeds_noted += 1
        self.deeds.append(replace(deed, number=self.deeds_noted))

    def forget_deeds(self, before_ms: int) -> None:
        self.deeds = [deed for deed in self.deeds if deed.wall_ms >= before_ms]

    def copy(self) -> "State":
        """The same state in containers of its own."""
        return State(
            {id_: list(events) for id_, events in self.events.items()},
            {id_: list(high) for id_, high in self.high_ms.items()},
            dict(self.keys),
            dict(self.channels),
            dict(self.roles),
            dict(self.masks),
            dict(self.admissions),
            dict(self.versions),
            dict(self.conversations),
            dict(self.markers),
            dict(self.metadata),
            dict(self.accounts),
            dict(self.memberships),
            dict(self.facts),
            dict(self.invitations),
            dict(self.floors),
            dict(self.unkept_ends),
            dict(self.sanctions),
            list(self.deeds),
            self.deeds_noted,
        )
