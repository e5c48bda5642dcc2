"""Old events are let go; numbers go on, and nothing of what was let go is left."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from common.msgid import position_of
from server.storage.ports import SHOWN, ChannelRecord, Event, Kind, Query, Store, View
from server.storage.sqlite.check import findings, open_read_only
from server.storage.sqlite.store import open_store
from tests.storage.conftest import Backend

ROOM = 7
END = 1 << 62


def fill(store: Store, messages: int) -> None:
    """A room with so many messages, a second apart."""
    store.channels.save(ChannelRecord(ROOM, "#trail", True, "ann", 0, "nt"))
    store.log.append(Event(ROOM, Kind.CREATE, "ann!u@h", "#trail", 0))
    for number in range(1, messages + 1):
        said = Event(ROOM, Kind.PRIVMSG, "ann!u@h", f"word {number}", number * 1_000)
        store.log.append(replace(said, holder="ann", key=f"key{number}" if number < 10 else ""))
    store.commit()


def texts(store: Store) -> list[str]:
    """Everything that is left."""
    page = store.log.page(ROOM, 0, END, 1_000, View(SHOWN), newest=False)
    return [event.text for event in page]


def test_the_oldest_go_in_slices(store: Store) -> None:
    fill(store, 9)
    assert store.floors.floor(ROOM) == 0
    assert store.floors.let_go(ROOM, position_of(5), 3) is True
    store.commit()
    assert texts(store)[0] == "word 3"
    assert store.floors.let_go(ROOM, position_of(5), 100) is False
    assert store.floors.let_go(ROOM, position_of(5), 100) is False
    store.commit()
    assert texts(store) == [f"word {number}" for number in range(6, 10)]
    assert store.floors.floor(ROOM) == position_of(5)
    assert store.log.get(ROOM, position_of(5)) is None
    assert store.log.find_key("ann", "key5") is None
    assert store.log.find_key("ann", "key6")
    assert store.log.position_at(ROOM, 1_000) <= position_of(6)


def test_numbers_go_on_after_everything_went(backend: Backend) -> None:
    fill(backend.store(), 3)
    backend.store().floors.let_go(ROOM, END, 100)
    backend.store().commit()
    store = backend.crash()
    assert store.log.last_position(ROOM) == store.floors.floor(ROOM) == position_of(3)
    said = Event(ROOM, Kind.PRIVMSG, "ann!u@h", "on we go", 9_000)
    store.log.append(said)
    assert said.position == position_of(4)


def test_a_closed_room_has_no_floor(store: Store) -> None:
    fill(store, 3)
    store.floors.let_go(ROOM, position_of(2), 100)
    store.channels.delete(ROOM)
    store.commit()
    assert store.floors.floor(ROOM) == store.log.last_position(ROOM) == 0


def test_the_file_shrinks_and_check_is_clean(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    query = Query(((ROOM, 0),), "word", "", 0, 1 << 46, False, False, 5_000)
    with closing(open_store(path, durable=False)) as store:
        fill(store, 4_000)
        while work := store.search.upkeep():
            store.search.upkept(work())
        while store.floors.let_go(ROOM, position_of(3_900), 200):
            store.commit()
        store.commit()
        while work := store.search.upkeep():
            store.search.upkept(work())
        found = store.search.find(query)().events
        assert [event.text for event in found] == [f"word {n}" for n in range(3_901, 4_001)]
    with closing(open_read_only(path)) as database:
        assert list(findings(database)) == []
    fresh = tmp_path / "fresh.db"
    with closing(open_store(fresh, durable=False)) as store:
        fill(store, 4_000)
    assert path.stat().st_size < fresh.stat().st_size / 2


def test_what_is_discarded_leaves_its_place_and_its_key(backend: Backend) -> None:
    store = backend.store()
    fill(store, 2)
    store.floors.discard(ROOM, on=True)
    secret = Event(ROOM, Kind.PRIVMSG, "ann!u@h", "secret", 9_000, "+x=y", "ann", "k")
    joined = Event(ROOM, Kind.JOIN, "bob!u@h", "", 9_000)
    store.log.append(secret)
    store.log.append(joined)
    assert (secret.position, joined.position) == (position_of(3), position_of(3, 1))
    store.commit()
    store = backend.crash()
    assert texts(store) == ["word 1", "word 2"]
    place = store.log.find_key("ann", "k")
    assert place is not None
    assert (place.kind, place.text, place.source, place.tags) == (Kind.EMPTY, "", "", "")
    store.log.append(replace(secret, text="kept again", key=""))
    assert texts(store)[-1] == "kept again"
    assert store.log.last_position(ROOM) == position_of(4)


def test_a_long_log_that_was_deleted_goes_in_slices_and_the_file_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "chat.db"
    with closing(open_store(path, durable=False)) as store:
        fill(store, 4_000)
        store.channels.delete(ROOM)
        store.commit()
    full = path.stat().st_size
    with closing(open_read_only(path)) as database:
        assert list(findings(database)) == []
    with closing(open_store(path, durable=False)) as store:  # a crash meanwhile changes nothing
        assert store.channels.load() == []
        slices = 0
        while store.floors.sweep(200):
            assert store.dirty
            store.commit()
            slices += 1
        assert not store.dirty
        assert slices >= 15
        assert store.log.last_position(ROOM) == 0
    with closing(open_read_only(path)) as database:
        assert list(findings(database)) == []
        (left,) = database.execute("SELECT count(*) FROM events").fetchone()
        assert left == 0
    assert path.stat().st_size < full / 2  # the tables themselves have pages too
