"""Search finds the same whatever state its index is in, in every backend."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from common.msgid import position_of
from server.storage.ports import ChannelRecord, Event, Kind, Query, Store, StoreFailedError
from server.storage.sqlite.search import ENDING
from server.storage.sqlite.store import open_store

ROOM, OTHER = 7, 8
EVERYTHING = Query(
    logs=((ROOM, 0), (OTHER, 0)),
    text="",
    nick="",
    after_ms=0,
    before_ms=1 << 46,
    has_link=False,
    oldest=False,
    limit=100,
)


def say(
    store: Store,
    text: str,
    wall_ms: int = 1_000,
    *,
    room: int = ROOM,
    nick: str = "ann",
    kind: Kind = Kind.PRIVMSG,
    refers: int = 0,
) -> Event:
    """Store something."""
    event = Event(room, kind, f"{nick}!u@host", text, wall_ms, refers=refers)
    store.log.append(event)
    store.commit()
    return event


def found(store: Store, text: str = "", **others: object) -> list[str]:
    """The texts that are found."""
    query = replace(EVERYTHING, text=text, **others)  # type: ignore[arg-type]
    answer = store.search.find(query)()
    assert answer.complete
    return [event.text for event in answer.events]


def keep(store: Store) -> None:
    """Do all the upkeep there is."""
    while work := store.search.upkeep():
        store.search.upkept(work())


def leave(_store: Store) -> None:
    """Do none of it."""


@pytest.fixture(params=[keep, leave])
def upkeep(request: pytest.FixtureRequest) -> Callable[[Store], None]:
    """With an index that is complete, and without one."""
    kept: Callable[[Store], None] = request.param
    return kept


def test_the_newest_come_or_the_first_and_always_in_order(
    store: Store, upkeep: Callable[[Store], None]
) -> None:
    for number in range(9):
        say(store, f"word {number}", number * 1_000, room=(ROOM, OTHER)[number % 2])
    upkeep(store)
    assert found(store, "word", limit=3) == ["word 6", "word 7", "word 8"]
    assert found(store, "word", limit=3, oldest=True) == ["word 0", "word 1", "word 2"]
    assert found(store, limit=3) == ["word 6", "word 7", "word 8"]
    times = {"after_ms": 2_000, "before_ms": 4_000}
    assert found(store, "word", **times) == ["word 2", "word 3", "word 4"]
    assert found(store, "word", logs=((ROOM, 0),), limit=2) == ["word 6", "word 8"]
    assert found(store, "word", logs=()) == []


def test_only_what_lies_behind_the_first_entry_is_found(
    store: Store, upkeep: Callable[[Store], None]
) -> None:
    before = say(store, "word before")
    say(store, "word after")
    upkeep(store)
    for text in ("word", "wor*", ""):
        assert found(store, text, logs=((ROOM, before.position),)) == ["word after"]


def test_every_part_must_be_there(store: Store, upkeep: Callable[[Store], None]) -> None:
    say(store, "red green blue")
    say(store, "blue green", nick="Bob")
    say(store, "今天是星期六 👍 https://example.org")
    upkeep(store)
    assert found(store, "green blue") == ["red green blue", "blue green"]
    assert found(store, '"green blue"') == ["red green blue"]
    assert found(store, "gr* blue", nick="bob") == ["blue green"]
    assert found(store, "gre*") == ["red green blue", "blue green"]
    assert found(store, "星期") == found(store, "👍") == found(store, has_link=True)
    assert len(found(store, "星期")) == 1
    assert found(store, "期星") == []


def test_redactions_and_edits_count_at_once(store: Store, upkeep: Callable[[Store], None]) -> None:
    first, second = say(store, "frist word"), say(store, "second word")
    upkeep(store)
    edit = say(store, "first word", kind=Kind.EDIT, refers=first.position)
    store.edits.amend(ROOM, first.position, "first word", edit.position, 2_000)
    say(store, "", kind=Kind.REDACT, refers=second.position)
    store.log.redact(ROOM, second.position)
    store.commit()
    for _ in range(2):
        assert found(store, "word") == ["first word"]
        assert found(store, "frist") == found(store, "second") == []
        upkeep(store)


def test_what_is_found_is_what_reading_everything_finds(
    store: Store, upkeep: Callable[[Store], None]
) -> None:
    chance = random.Random(7)
    vocabulary = ["alpha", "alphabet", "beta", "gamma", "星", "期", "😀"]
    said = [" ".join(chance.choices(vocabulary, k=chance.randint(1, 5))) for _ in range(1_000)]
    for number, text in enumerate(said):
        say(store, f"{text} n{number}", number, room=(ROOM, OTHER)[number % 2])
        if number == 500:
            upkeep(store)
    for first, second in [("alpha", "beta"), ("gamma", "星"), ("😀", "期")]:
        expected = [
            f"{text} n{number}"
            for number, text in enumerate(said)
            if {first, second} <= set(text.split())
        ]
        assert found(store, f"{first} {second}", limit=1_000) == expected


# The index file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with a complete index."""
    path = tmp_path / "chat.db"
    with closing(open_store(path)) as store:
        store.channels.save(ChannelRecord(ROOM, "#trail", True, "ann", 1_000, "nt"))
        say(store, "plain words")
        say(store, "the xylophone")
        keep(store)
    return path


def index_bytes(path: Path) -> bytes:
    """The index, with everything written into its one file."""
    index = path.with_name(path.name + ENDING)
    with closing(sqlite3.connect(index)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return index.read_bytes()


def test_a_redacted_word_leaves_the_index(path: Path) -> None:
    assert b"xylophone" in index_bytes(path)
    with closing(open_store(path)) as store:
        say(store, "", kind=Kind.REDACT, refers=position_of(2))
        store.log.redact(ROOM, position_of(2))
        store.commit()
        keep(store)
    assert b"xylophone" not in index_bytes(path)
    assert b"plain" in index_bytes(path)


def test_a_closed_room_leaves_the_index_also_if_the_server_ended_meanwhile(path: Path) -> None:
    with closing(open_store(path)) as store:
        store.channels.delete(ROOM)
        store.commit()
    with closing(open_store(path)) as store:
        keep(store)
    assert b"plain" not in index_bytes(path)


def test_an_index_that_is_missing_is_made_again(path: Path) -> None:
    path.with_name(path.name + ENDING).unlink()
    with closing(open_store(path)) as store:
        assert found(store, "plain") == ["plain words"]
        keep(store)
    assert b"plain" in index_bytes(path)


def test_an_index_that_is_damaged_is_made_again(path: Path) -> None:
    path.with_name(path.name + ENDING).write_bytes(b"no database " * 1_000)
    with closing(open_store(path)) as store:
        work = store.search.upkeep()
        assert work
        with pytest.raises(StoreFailedError):
            work()
        keep(store)
        assert found(store, "plain") == ["plain words"]
    assert b"plain" in index_bytes(path)
