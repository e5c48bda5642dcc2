"""What is committed, read back through the store's own ports right after each commit.

The checkers compare with this and nothing else: an event is in the ledger if and only if a
commit took it. Never looks into the store's insides.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from common.casemap import fold
from common.modes import TAKES, read_changes
from common.msgid import is_numbered, number_at
from server.core.erasing import FACT as ERASING
from server.storage.ports import SHOWN, ChannelRecord, Event, Kind, Store, View

END: Final = 1 << 62
ALL: Final = 1 << 30
NOTHING: Final = "nothing"

_CHANGING: Final = (Kind.EDIT, Kind.REDACT, Kind.STATUS_REDACT)
"""What changes events that are committed already: they are read anew. So does erasing somebody,
of which no event tells."""


@dataclass(slots=True)
class Room:
    """A channel as the ledger knows it. `was_listed`: at any moment of the tick last read.

    Once `unkept`, a room that kept nothing for a while has places of which nothing is known.
    Events up to the `floor` were let go; what was shown of them stays here.
    """

    id: int
    name: str
    listed: bool
    was_listed: bool
    was_ever_unlisted: bool = False
    unkept: bool = False
    floor: int = 0
    events: dict[int, Event] = field(default_factory=dict)  # by position, in order
    before: dict[int, Event] = field(default_factory=dict)  # those that this tick has changed
    last_position: int = 0
    last_number: int = 0
    entered: dict[str, int] = field(default_factory=dict)  # first JOIN by holder, until a KICK
    dismissed: dict[str, int] = field(default_factory=dict)  # of those, by KICKs in the last tick
    renamed_at: int = 0  # the position of the last renaming
    names: dict[str, None] = field(default_factory=dict)  # it ever had, folded
    holders: dict[str, str] = field(default_factory=dict)  # of people in it, by folded nick

    def numbers(self, after: int = 0) -> list[int]:
        """The numbers in use behind the position `after`."""
        return [number_at(at) for at in self.events if is_numbered(at) and at > after]

    def last_join(self, source: str) -> Event | None:
        """The newest entry by someone."""
        entries = (each for each in reversed(self.events.values()) if each.kind is Kind.JOIN)
        return next((each for each in entries if each.source == source), None)


class Ledger:
    """Every committed event of every room there is or was."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.by_name: dict[str, Room] = {}  # rooms there are, by folded name
        self.texts: dict[str, list[Event]] = {}  # of messages
        self._erasing = False

    def find(self, channel_id: int, position: int) -> Event | None:
        """The committed event at a position."""
        room = self.rooms.get(channel_id)
        return room.events.get(position) if room is not None else None

    def find_before(self, channel_id: int, position: int) -> Event | None:
        """The event as it was read in this tick, where the same tick has changed it then."""
        room = self.rooms.get(channel_id)
        return room.before.get(position) if room is not None else None

    def tick_ended(self) -> None:
        """Whatever is shown from here on is read after the changes."""
        for room in self.rooms.values():
            room.before.clear()

    def named(self, name: str) -> Room | None:
        """The room of a folded name, or the newest that had it, maybe for less than a tick."""
        had = (room for room in reversed(self.rooms.values()) if name in room.names)
        return self.by_name.get(name) or next(had, None)

    def read(self, store: Store) -> list[Event]:
        """Take in what the last commit added; returns it."""
        fresh: list[Event] = []
        records = store.channels.load()
        self.by_name = {}
        was_erasing, self._erasing = self._erasing, bool(store.facts.fact(ERASING))
        for record in records:
            room = self.rooms.get(record.id) or self._open(record)
            self.by_name[fold(record.name)] = room
            room.name = record.name
            room.names[fold(record.name)] = None
            room.was_listed = room.listed
            room.dismissed.clear()
            events = store.log.page(
                room.id, room.last_position, END, ALL, View(SHOWN), newest=False
            )
            for event in events:
                self._take(room, event)
            room.floor = store.floors.floor(room.id)
            if was_erasing or any(event.kind in _CHANGING for event in events):
                _read_anew(room, store)
            room.unkept = room.unkept or record.retention == NOTHING
            if room.unkept:
                _pass_over(room, record, store.log.last_position(room.id))
            assert room.listed == record.listed, f"{room.name}: modes and record disagree"
            fresh += events
        return fresh

    def _open(self, record: ChannelRecord) -> Room:
        room = self.rooms[record.id] = Room(
            record.id, record.name, record.named, record.named, not record.named
        )
        return room

    def _take(self, room: Room, event: Event) -> None:
        assert event.position > room.last_position, f"{event} stored behind {room.last_position}"
        room.events[event.position] = event
        room.last_position = event.position
        if is_numbered(event.position):
            number = number_at(event.position)
            follows = number == room.last_number + 1 or room.unkept
            assert follows, f"{room.name}: {number} has no predecessor"
            room.last_number = number
        noted = _NOTED.get(event.kind)
        if noted is not None:
            noted(room, event)
        if event.kind in (Kind.PRIVMSG, Kind.NOTICE):
            self.texts.setdefault(event.text, []).append(event)

    def survives_in(self, store: Store) -> None:
        """Assert that a store found after a crash holds what is committed, and nothing else."""
        names = {fold(record.name) for record in store.channels.load()}
        assert names == set(self.by_name), f"rooms before {set(self.by_name)} and after {names}"
        for room in self.by_name.values():
            events = store.log.page(room.id, 0, END, ALL, View(SHOWN), newest=False)
            kept = [event for at, event in room.events.items() if at > room.floor]
            assert events == kept, f"{room.name} changed in a crash"
            assert store.floors.floor(room.id) == room.floor
            assert store.log.last_position(room.id) >= room.last_position


def _read_anew(room: Room, store: Store) -> None:
    """Take in what became of events that are committed already."""
    everything = store.log.page(room.id, 0, END, ALL, View(SHOWN), newest=False)
    gone = {at: each for at, each in room.events.items() if at <= room.floor}
    now = gone | {event.position: event for event in everything}
    room.before = {at: each for at, each in room.events.items() if now.get(at) != each}
    room.events = now


def _pass_over(room: Room, record: ChannelRecord, last_position: int) -> None:
    """Take over what a log that keeps nothing does not tell: how the room is, and its end."""
    room.was_listed = room.was_listed or record.listed
    room.listed = record.listed
    room.was_ever_unlisted = room.was_ever_unlisted or not record.listed
    room.last_position, room.last_number = last_position, number_at(last_position)


def _note_join(room: Room, event: Event) -> None:
    room.holders[_nick(event)] = event.holder
    if event.holder:
        room.entered.setdefault(event.holder, event.position)


def _note_nick(room: Room, event: Event) -> None:
    room.holders[fold(event.text)] = room.holders.pop(_nick(event), "")


def _note_kick(room: Room, event: Event) -> None:
    holder = room.holders.pop(fold(event.text.partition(" ")[0]), "")
    if holder in room.entered:
        room.dismissed[holder] = room.entered.pop(holder)


def _nick(event: Event) -> str:
    return fold(event.source.partition("!")[0])


def _note_rename(room: Room, event: Event) -> None:
    room.renamed_at = event.position
    for name in event.text.split(" ")[:2]:
        room.names[fold(name)] = None


def _note_mode(room: Room, event: Event) -> None:
    letters, *parameters = event.text.split(" ")
    for change in read_changes(letters, parameters, TAKES):
        if change.letter == "s":
            room.listed = not change.adds
            room.was_ever_unlisted = room.was_ever_unlisted or change.adds
            room.was_listed = room.was_listed or room.listed


_NOTED: Final[dict[Kind, Callable[[Room, Event], None]]] = {
    Kind.JOIN: _note_join,
    Kind.NICK: _note_nick,
    Kind.KICK: _note_kick,
    Kind.MODE: _note_mode,
    Kind.RENAME: _note_rename,
}
