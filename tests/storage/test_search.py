"""Search finds the same whatever state its index is in, in every backend."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.msgid import position_of
from server.storage.ports import (
    RANKED_MAX,
    ChannelRecord,
    Event,
    Kind,
    Query,
    Store,
    StoreFailedError,
)
from server.storage.sqlite.search_index import BLOCK_BITS, ENDING
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


def test_the_best_of_the_newest_come_first_where_that_is_asked_for(
    store: Store, upkeep: Callable[[Store], None]
) -> None:
    say(store, "word word word", 1_000)
    for number in range(RANKED_MAX - 1):
        say(store, f"a word among many others that were said {number}", 2_000 + number)
    upkeep(store)
    assert found(store, "word", ranked=True, limit=1) == ["word word word"]
    say(store, "word once more, and nothing more to say", 9_000)
    upkeep(store)
    best = found(store, "word", ranked=True, limit=2)
    assert best[0] == "word once more, and nothing more to say"
    assert "word word word" not in best, "it is no longer among the newest"


# Against a model that knows nothing of words, blocks or files


VOCABULARY = {
    "fox": ["fox"],
    "Fox,": ["fox"],
    "foxes": ["foxes"],
    "über": ["uber"],
    "u\u0308ber": ["uber"],
    "星期六": ["星", "期", "六"],
    "期": ["期"],
    "مرحبا": ["مرحبا"],
    "привет": ["привет"],
    "👍🏽": ["👍", "🏽"],
    "한국": ["한", "국"],
    "—": [],
}
"""What is said, and the words one hears in it."""

SOUGHT = {
    "fox": ["fox"],
    "FOX": ["fox"],
    "fox*": ["fox*"],
    "uber": ["uber"],
    "星期": ["星", "期"],
    "期六": ["期", "六"],
    "مرحبا": ["مرحبا"],
    "Привет": ["привет"],
    "👍": ["👍"],
    '"fox über"': ["fox", "uber"],
    '"期 fo*"': ["期", "fo*"],
}
"""What is sought, and the words that must follow one another."""

texts = st.lists(st.sampled_from(list(VOCABULARY)), max_size=5)
steps = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(["ann", "bob"]), texts),
    st.tuples(st.just("edit"), st.integers(0, 20), texts),
    st.tuples(st.just("redact"), st.integers(0, 20)),
    st.tuples(st.just("keep")),
)


def stands_in(sought: list[str], heard: list[str]) -> bool:
    """Whether some words follow one another in others; a ``*`` stands for any ending."""
    for start in range(len(heard) - len(sought) + 1):
        pairs = zip(sought, heard[start:], strict=False)
        if all(
            word.startswith(want[:-1]) if want.endswith("*") else word == want
            for want, word in pairs
        ):
            return True
    return False


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(steps, max_size=25),
    sought=st.lists(st.sampled_from(list(SOUGHT)), min_size=1, max_size=2),
    nick=st.sampled_from(["", "ann"]),
)
def test_whatever_happens_the_index_finds_what_a_reader_would(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[Any, ...]],
    sought: list[str],
    nick: str,
) -> None:
    said: list[tuple[str, list[str]]] = []  # nick and what is heard; by number
    events: list[Event] = []
    with closing(open_store(tmp_path_factory.mktemp("search") / "chat.db")) as store:
        for step, *values in steps:
            at = values[0] % len(events) if step in ("edit", "redact") and events else 0
            match step:
                case "say":
                    events.append(say(store, " ".join(values[1]), nick=values[0]))
                    said.append((values[0], values[1]))
                case "edit" if events and said[at][0]:
                    text = " ".join(values[1])
                    change = say(store, text, kind=Kind.EDIT, refers=events[at].position)
                    store.edits.amend(ROOM, events[at].position, text, change.position, 2_000)
                    said[at] = (said[at][0], values[1])
                case "redact" if events:
                    say(store, "", kind=Kind.REDACT, refers=events[at].position)
                    store.log.redact(ROOM, events[at].position)
                    said[at] = ("", [])
                case "keep":
                    store.commit()
                    keep(store)
                case _:
                    pass
        store.commit()
        expected = [
            event.position
            for event, (who, spoken) in zip(events, said, strict=True)
            if who and nick in ("", who)
            for heard in [[word for each in spoken for word in VOCABULARY[each]]]
            if all(stands_in(SOUGHT[each], heard) for each in sought)
        ]
        query = replace(EVERYTHING, logs=((ROOM, 0),), text=" ".join(sought), nick=nick)
        for _ in range(2):
            answer = store.search.find(query)()
            assert [event.position for event in answer.events] == expected
            keep(store)
            store.commit()


@pytest.mark.parametrize("oldest", [True, False])
def test_an_edit_is_found_before_the_index_knows_of_it(tmp_path: Path, oldest: bool) -> None:
    with closing(open_store(tmp_path / "chat.db")) as store:
        for text in ("a fox", "a hare", "a fox too"):
            say(store, text)
        store.commit()
        keep(store)
        change = say(store, "one fox", kind=Kind.EDIT, refers=position_of(2))
        store.edits.amend(ROOM, position_of(2), "one fox", change.position, 2_000)
        change = say(store, "my fox", kind=Kind.EDIT, refers=position_of(1))
        store.edits.amend(ROOM, position_of(1), "my fox", change.position, 2_000)
        store.commit()
        query = replace(EVERYTHING, logs=((ROOM, 0),), text="fox", oldest=oldest)
        answer = [event.text for event in store.search.find(query)().events]
        assert answer == ["my fox", "one fox", "a fox too"]


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


def test_what_was_emptied_by_any_statement_leaves_the_index(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE events SET text = '', kind = 31 WHERE text LIKE '%xylo%'")
        connection.commit()
    with closing(open_store(path)) as store:
        keep(store)
        store.commit()
    assert b"xylophone" not in index_bytes(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM changed_texts").fetchone() == (0,)


def test_what_an_edited_text_said_before_leaves_the_index(path: Path) -> None:
    with closing(open_store(path)) as store:
        edit = say(store, "a guitar", kind=Kind.EDIT, refers=position_of(2))
        store.edits.amend(ROOM, position_of(2), "a guitar", edit.position, 2_000)
        store.commit()
        keep(store)
        assert found(store, "guitar") == ["a guitar"]
    assert b"xylophone" not in index_bytes(path)
    assert b"guitar" in index_bytes(path)


def test_a_long_log_is_searched_block_by_block(tmp_path: Path) -> None:
    path, count = tmp_path / "chat.db", 2 * (1 << BLOCK_BITS) + 100
    with closing(open_store(path, durable=False)) as store:
        store.channels.save(ChannelRecord(ROOM, "#trail", True, "ann", 1_000, "nt"))
        for number in range(1, count + 1):
            text = f"n{number} rare" if number in (5, 20_000, count) else f"n{number}"
            store.log.append(Event(ROOM, Kind.PRIVMSG, "ann!u@host", text, number))
        store.commit()
        keep(store)
        rare = ["n5 rare", "n20000 rare", f"n{count} rare"]
        assert found(store, "rare") == found(store, "ra*") == found(store, "rare", nick="ann")
        assert found(store, "rare") == rare
        assert found(store, "rare", limit=2) == rare[1:]
        assert found(store, "rare", limit=2, oldest=True) == rare[:2]
        assert found(store, "rare", after_ms=6, before_ms=count - 1) == rare[1:2]
        assert found(store, "n*", limit=2) == [f"n{count - 1}", rare[2]]
        while store.floors.let_go(ROOM, position_of(20_000), 5_000):
            store.commit()
        store.commit()
        keep(store)
        assert found(store, "ra*") == rare[2:]
    assert b"n19999" not in index_bytes(path)
    assert b"n20001" in index_bytes(path)


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
