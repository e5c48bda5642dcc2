"""What every store promises the core (`server.storage.ports`), on each backend.

Memory and SQLite must agree on everything here, so the server's own tests hold on a disk too.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.casemap import fold
from common.msgid import is_numbered, number_at, position_of
from server.storage.memory import MemoryStore
from server.storage.ports import (
    FIRST_UNNUMBERED,
    MESSAGES,
    SHOWN,
    ChannelRecord,
    Event,
    Kind,
    MaskEntry,
    Store,
    StoreFailedError,
    View,
)
from tests.storage.conftest import Backend

END = 1 << 62
ROOM, OTHER_ROOM = 7, 8
ANN = "device:ann"


def said(
    text: str,
    channel_id: int = ROOM,
    wall_ms: int = 1_000,
    tags: str = "",
    holder: str = "",
    key: str = "",
) -> Event:
    """A message."""
    return Event(channel_id, Kind.PRIVMSG, "ann!ann@host", text, wall_ms, tags, holder, key)


def happened(kind: Kind, wall_ms: int = 1_000) -> Event:
    """Anything that is no message."""
    return Event(ROOM, kind, "ann!ann@host", "x", wall_ms)


def appended(store: Store, *events: Event) -> list[Event]:
    """`events`, with their positions."""
    for event in events:
        store.log.append(event)
    return list(events)


def everything(store: Store, channel_id: int = ROOM) -> list[Event]:
    """What is in the log of a room."""
    return store.log.page(channel_id, 0, END, 1_000, View(SHOWN), newest=False)


def room(channel_id: int = ROOM, name: str = "#Trail") -> ChannelRecord:
    """A room as it is stored."""
    return ChannelRecord(
        id=channel_id,
        name=name,
        named=True,
        owner=ANN,
        created_ms=1_000,
        modes="nt",
        key="sesame",
        limit=5,
        topic="hills",
        topic_source="ann!ann@host",
        topic_ms=2_000,
        empty_since_ms=3_000,
    )


# Positions and numbers


@given(st.lists(st.sampled_from([kind for kind in Kind if kind != Kind.CREATE]), max_size=30))
def test_numbers_are_gapless_and_presence_lies_between(kinds: Sequence[Kind]) -> None:
    store = MemoryStore()
    events = appended(store, *map(happened, kinds))
    positions = [event.position for event in events]
    assert positions == sorted(set(positions))
    numbered = [event for event in events if event.kind < FIRST_UNNUMBERED]
    assert [number_at(event.position) for event in numbered] == list(range(1, len(numbered) + 1))
    assert [is_numbered(event.position) for event in events] == [
        event.kind < FIRST_UNNUMBERED for event in events
    ]


def test_positions_are_given_in_order(store: Store) -> None:
    kinds = [Kind.CREATE, Kind.JOIN, Kind.PRIVMSG, Kind.PART, Kind.TOPIC, Kind.TAGMSG, Kind.QUIT]
    events = appended(store, *map(happened, kinds))
    assert [event.position for event in events] == [
        1,
        2,
        position_of(1),
        position_of(1, 1),
        position_of(2),
        position_of(3),
        position_of(3, 1),
    ]
    assert store.log.last_position(ROOM) == position_of(3, 1)


def test_every_room_has_its_own_numbers(store: Store) -> None:
    first, other = appended(store, said("a"), said("b", OTHER_ROOM))
    assert first.position == other.position == position_of(1)
    assert [event.text for event in everything(store)] == ["a"]
    assert store.log.last_position(99) == 0


def test_an_event_is_read_back_as_it_was(store: Store) -> None:
    (event,) = appended(
        store, said("Grüße 👋", tags="+draft/reply=x", holder=ANN, wall_ms=1_767_225_600_123)
    )
    assert everything(store) == [event]


def test_what_is_read_is_a_copy(store: Store) -> None:
    appended(store, said("a"))
    everything(store)[0].text = "changed"
    assert everything(store)[0].text == "a"


# Pages


def test_pages_are_counted_from_either_end(store: Store) -> None:
    events = appended(store, *(said(str(number)) for number in range(1, 7)))
    places = [event.position for event in events]

    def page(after: int, before: int, limit: int, *, newest: bool) -> str:
        found = store.log.page(ROOM, after, before, limit, View(SHOWN), newest=newest)
        return "".join(event.text for event in found)

    assert page(0, END, 2, newest=True) == "56"
    assert page(0, END, 2, newest=False) == "12"
    assert page(places[1], places[4], 9, newest=True) == "34"
    assert page(places[1], places[4], 1, newest=True) == "4"
    assert page(places[1], places[4], 1, newest=False) == "3"
    assert page(places[5], END, 9, newest=True) == ""
    assert page(places[3], places[1], 9, newest=False) == ""


def test_without_events_only_messages_count(store: Store) -> None:
    appended(store, happened(Kind.CREATE), said("a"), happened(Kind.JOIN), happened(Kind.TOPIC))
    messages = store.log.page(ROOM, 0, END, 1, View(MESSAGES), newest=True)
    assert [event.kind for event in messages] == [Kind.PRIVMSG]
    assert Kind.PRIVMSG in MESSAGES
    kinds = [event.kind for event in everything(store)]
    assert kinds == [Kind.PRIVMSG, Kind.JOIN, Kind.TOPIC]


# Times


def check_position_at(store: Store, walls: Sequence[int], wanted: int) -> None:
    """Compare with looking at every event: what lies at or behind the position is the same."""
    found = store.log.position_at(ROOM, wanted)
    expected = next((place for place, wall in enumerate(walls) if wall >= wanted), len(walls))
    behind = store.log.page(ROOM, found - 1, END, 1_000, View(SHOWN), newest=False)
    assert len(behind) == len(walls) - expected


walls_and_kinds = st.lists(
    st.tuples(st.integers(0, 50), st.sampled_from([Kind.PRIVMSG, Kind.JOIN, Kind.TOPIC])),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(log=walls_and_kinds, wanted=st.integers(-1, 60))
def test_a_time_leads_to_the_first_event_at_or_after_it(
    backend: Backend, log: list[tuple[int, Kind]], wanted: int
) -> None:
    store = backend.store()
    store.channels.delete(ROOM)  # what the example before left
    appended(store, *(happened(kind, wall) for wall, kind in log))
    check_position_at(store, [wall for wall, _ in log], wanted)


def test_a_time_behind_the_end_leads_behind_the_end(store: Store) -> None:
    (event,) = appended(store, said("a", wall_ms=10))
    assert store.log.position_at(ROOM, 11) == event.position + 1


# Keys


def test_a_message_is_found_under_its_key(store: Store) -> None:
    (event,) = appended(store, said("a", holder=ANN, key="k1"))
    assert store.log.find_key(ANN, "k1") == replace(event, key="")
    assert store.log.find_key(ANN, "k2") is None
    assert store.log.find_key("device:bob", "k1") is None


def test_old_keys_are_forgotten_and_their_messages_stay(store: Store) -> None:
    appended(
        store,
        said("old", holder=ANN, key="k1", wall_ms=10),
        said("new", holder=ANN, key="k2", wall_ms=20),
    )
    store.log.forget_keys(20)
    assert store.log.find_key(ANN, "k1") is None
    assert store.log.find_key(ANN, "k2") is not None
    assert len(everything(store)) == 2


# Channels


def test_a_room_is_loaded_as_it_was_saved(store: Store) -> None:
    store.channels.save(room())
    store.channels.save(replace(room(), topic="valleys", modes="nst"))
    store.channels.save(room(OTHER_ROOM, "#other"))
    loaded = {record.id: record for record in store.channels.load()}
    assert loaded == {
        ROOM: replace(room(), topic="valleys", modes="nst"),
        OTHER_ROOM: room(OTHER_ROOM, "#other"),
    }
    assert not loaded[ROOM].listed
    assert loaded[OTHER_ROOM].listed


def test_roles_and_masks_are_loaded_with_their_room(store: Store) -> None:
    ban = MaskEntry("b", "Eve!*@*", "ann!ann@host", 5)
    store.channels.save(room())
    for holder, roles in ((ANN, "o"), ("device:bob", "v"), (ANN, "ov"), ("device:bob", "")):
        store.channels.set_role(ROOM, holder, roles)
    store.channels.set_mask(ROOM, ban, present=True)
    store.channels.set_mask(ROOM, MaskEntry("e", "bob!*@*", "ann", 5), present=True)
    store.channels.set_mask(ROOM, MaskEntry("e", "BOB!*@*", "eve", 6), present=False)
    store.channels.save(room())  # which leaves them as they are
    (record,) = store.channels.load()
    assert record.roles == {ANN: "ov"}
    assert record.masks == {("b", fold(ban.mask)): ban}


def test_the_first_entry_counts_until_it_is_forgotten(store: Store) -> None:
    assert store.channels.admitted(ROOM, ANN) is None
    store.channels.admit(ROOM, ANN, 5)
    store.channels.admit(ROOM, ANN, 9)
    assert store.channels.admitted(ROOM, ANN) == 5
    store.channels.dismiss(ROOM, ANN)
    assert store.channels.admitted(ROOM, ANN) is None


def test_a_room_is_deleted_with_everything_that_belongs_to_it(store: Store) -> None:
    for channel_id, name in ((ROOM, "#Trail"), (OTHER_ROOM, "#other")):
        store.channels.save(room(channel_id, name))
        store.channels.set_role(channel_id, ANN, "o")
        store.channels.set_mask(channel_id, MaskEntry("b", "x", "ann", 5), present=True)
        store.channels.admit(channel_id, ANN, 5)
        appended(store, said("a", channel_id, holder=ANN, key=name[1:]))
    store.channels.delete(ROOM)
    assert [record.id for record in store.channels.load()] == [OTHER_ROOM]
    assert everything(store) == []
    assert store.log.find_key(ANN, "Trail") is None
    assert store.channels.admitted(ROOM, ANN) is None
    assert store.log.last_position(ROOM) == 0
    assert len(everything(store, OTHER_ROOM)) == 1
    assert store.log.find_key(ANN, "other") is not None
    assert store.channels.admitted(OTHER_ROOM, ANN) == 5
    store.channels.save(room())
    assert {r.id: bool(r.roles or r.masks) for r in store.channels.load()} == {
        ROOM: False,
        OTHER_ROOM: True,
    }


# Commit and crash


def test_only_writes_make_a_store_dirty(store: Store) -> None:
    assert not store.dirty
    everything(store)
    assert not store.dirty
    appended(store, said("a"))
    assert store.dirty
    everything(store)  # reads see the writes of their tick, and do not store them
    assert store.dirty
    store.commit()
    assert not store.dirty
    store.commit()


def test_a_crash_loses_what_was_not_committed_and_nothing_else(backend: Backend) -> None:
    store = backend.store()
    store.channels.save(room())
    store.channels.admit(ROOM, ANN, 1)
    appended(store, said("kept", holder=ANN, key="k1"))
    store.commit()
    appended(store, said("lost", holder=ANN, key="k2"))
    store.channels.save(replace(room(), topic="lost"))
    store.channels.set_role(ROOM, ANN, "o")
    store.channels.dismiss(ROOM, ANN)
    everything(store)  # even where the writes have reached the database already
    survivor = backend.crash()
    assert [event.text for event in everything(survivor)] == ["kept"]
    assert survivor.channels.load() == [room()]
    assert survivor.channels.admitted(ROOM, ANN) == 1
    assert survivor.log.find_key(ANN, "k1") is not None
    assert survivor.log.find_key(ANN, "k2") is None
    (event,) = appended(survivor, said("next"))
    assert number_at(event.position) == 2


def test_a_failed_commit_loses_nothing_and_the_next_stores_it_once(backend: Backend) -> None:
    store = backend.store()
    appended(store, said("one"))

    def commit_in_vain() -> None:
        with pytest.raises(StoreFailedError):
            store.commit()

    backend.failing_commit(commit_in_vain)
    assert store.dirty
    appended(store, said("two"))
    store.commit()
    assert not store.dirty
    survivor = backend.crash()
    assert [event.text for event in everything(survivor)] == ["one", "two"]


def test_the_clock_of_before_a_crash_still_counts(backend: Backend) -> None:
    store = backend.store()
    appended(store, said("late", wall_ms=100))
    store.commit()
    survivor = backend.crash()
    appended(survivor, said("early", wall_ms=10))
    check_position_at(survivor, [100, 10], 50)
    check_position_at(survivor, [100, 10], 101)


# Erasing


def test_what_somebody_left_is_found_and_erased(backend: Backend) -> None:
    store = backend.store()
    own = said("mine", holder=ANN, tags="+x=y", key="k")
    edit = Event(ROOM, Kind.EDIT, "ann!ann@host", "better", 2_000, holder=ANN)
    by_other = replace(said("hers"), source="an_n!b@host")
    guest = replace(said("guest's"), source="ANN!g@host")
    appended(store, own, by_other, guest, edit)
    store.edits.amend(ROOM, own.position, "better", edit.position, 2_000)
    store.channels.admit(ROOM, ANN, own.position)
    store.commit()
    found = store.erasures.traces(ANN, "")()
    assert [(trace.position, trace.kind) for trace in found] == [
        (own.position, Kind.PRIVMSG),
        (edit.position, Kind.EDIT),
    ]
    for trace in found:
        store.erasures.erase(trace)
    store.erasures.forget(ANN)
    store.commit()
    store = backend.crash()
    assert store.erasures.traces(ANN, "")() == []
    assert [event.text for event in everything(store)] == ["hers", "guest's"]
    assert store.edits.versions(ROOM, own.position) == []
    assert store.log.find_key(ANN, "k") is None
    assert store.channels.admitted(ROOM, ANN) is None
    assert store.log.last_position(ROOM) == edit.position
    (trace,) = store.erasures.traces("", "ann")()
    assert trace.position == guest.position
