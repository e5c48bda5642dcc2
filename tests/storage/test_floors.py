"""Old events are let go; numbers go on, and nothing of what was let go is left."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from common.msgid import position_of
from server.storage.ports import SHOWN, ChannelRecord, Event, Kind, Query, Store, View
from server.storage.sqlite.check import findings, open_read_only
from server.storage.sqlite.store import SqliteStore, open_store
from tests.storage.conftest import Backend, SqliteBackend

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


def say(store: Store, text: str, key: str = "") -> Event:
    """A message, appended."""
    event = Event(ROOM, Kind.PRIVMSG, "ann!u@h", text, 9_000, "+x=y", "ann", key, key_holder="a/1")
    store.log.append(event)
    return event


def test_what_is_discarded_leaves_its_place_and_its_key(backend: Backend) -> None:
    store = backend.store()
    fill(store, 2)
    store.floors.discard(ROOM, on=True)
    secret = say(store, "secret", "k")
    joined = Event(ROOM, Kind.JOIN, "bob!u@h", "", 9_000)
    store.log.append(joined)
    assert (secret.position, joined.position) == (position_of(3), position_of(3, 1))
    store.commit()
    store = backend.crash()
    assert texts(store) == ["word 1", "word 2"]
    place = store.log.find_key("a/1", "k")
    assert place is not None
    assert (place.kind, place.text, place.source, place.tags) == (Kind.EMPTY, "", "", "")
    kept = say(store, "kept again")
    assert texts(store)[-1] == "kept again"
    assert store.log.last_position(ROOM) == kept.position > joined.position


def test_what_is_discarded_costs_no_commit_but_now_and_then(store: Store) -> None:
    fill(store, 2)
    store.floors.discard(ROOM, on=True)
    commits = 0
    for _ in range(3_000):
        say(store, "gone")
        if store.dirty:
            store.commit()
            commits += 1
    assert store.log.last_position(ROOM) == position_of(3_002)
    assert commits <= (3 if isinstance(store, SqliteStore) else 1_000)


@pytest.mark.parametrize("said", [0, 1, 4, 1_024, 1_025, 1_026])
def test_no_number_is_given_again_after_a_crash(
    backend: Backend, tmp_path: Path, said: int
) -> None:
    store = backend.store()
    fill(store, 2)
    last = store.log.last_position(ROOM)
    for _ in range(3):  # crashes, one after the other
        store.floors.discard(ROOM, on=True)
        for _ in range(said):
            last = say(store, "gone").position
            store.commit()
        store = backend.crash()
        assert store.log.last_position(ROOM) >= last
    kept = say(store, "kept")
    assert kept.position > last
    store.commit()
    assert texts(store) == ["word 1", "word 2", "kept"]
    if isinstance(backend, SqliteBackend):
        with closing(open_read_only(tmp_path / "chat.db")) as database:
            assert list(findings(database)) == []


def test_numbers_go_on_without_a_hole_where_keeping_begins_again(
    backend: Backend, tmp_path: Path
) -> None:
    store = backend.store()
    fill(store, 2)
    store.floors.discard(ROOM, on=True)
    say(store, "gone")
    store.floors.discard(ROOM, on=False)
    store.commit()
    store = backend.crash()
    assert store.log.last_position(ROOM) == position_of(3)
    say(store, "kept")
    store.floors.discard(ROOM, on=True)
    say(store, "gone")
    store.commit()
    store = backend.crash()
    say(store, "kept again")
    store.commit()
    assert texts(store) == ["word 1", "word 2", "kept", "kept again"]
    if isinstance(backend, SqliteBackend):
        path = tmp_path / "chat.db"
        with closing(open_read_only(path)) as database:
            assert list(findings(database)) == []
        with closing(sqlite3.connect(path)) as database:  # a hole that nothing explains is found
            database.execute("UPDATE unkept_ends SET position = position - 100")
            database.commit()
        with closing(open_read_only(path)) as database:
            assert "not followed by the next" in next(findings(database))


def test_a_room_that_was_closed_leaves_no_end(backend: Backend) -> None:
    store = backend.store()
    fill(store, 2)
    store.floors.discard(ROOM, on=True)
    say(store, "gone")
    store.channels.delete(ROOM)
    store.commit()
    assert backend.crash().log.last_position(ROOM) == 0


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
