"""Check finds what is wrong with a database, and nothing where all is well."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from common.msgid import position_of
from server.storage.ports import (
    ChannelRecord,
    Event,
    Kind,
    MaskEntry,
    StoreUnusableError,
    channel_subject,
)
from server.storage.sqlite.check import findings, open_read_only
from server.storage.sqlite.store import SqliteStore, open_store

ROOM = 7
DIRECT = 8


def said(text: str, wall_ms: int, kind: Kind = Kind.PRIVMSG, refers: int = 0) -> Event:
    """An event of the room."""
    return Event(ROOM, kind, "ann!ann@host", text, wall_ms, holder="ann", refers=refers)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with something of everything, at rest."""
    path = tmp_path / "chat.db"
    with closing(open_store(path, durable=False)) as store:
        fill(store)
    return path


def fill(store: SqliteStore) -> None:
    """The clock jumped, a text was edited, one redacted."""
    store.save(ChannelRecord(ROOM, "#trail", True, "ann", 1_000, "nt"))
    store.set_role(ROOM, "ann", "o")
    store.set_mask(ROOM, MaskEntry("b", "eve!*@*", "ann!ann@host", 1_000), present=True)
    for event in (
        said("#trail", 1_000, Kind.CREATE),
        said("", 1_000, Kind.JOIN),
        said("frist", 9_000),
        said("the clock jumped back", 2_000),
        said("first", 3_000, Kind.EDIT, refers=position_of(1)),
        said("", 3_000, Kind.AWAY),
        said("", 3_000, Kind.REDACT, refers=position_of(2)),
    ):
        store.append(event)
    store.append(Event(ROOM, Kind.NOTICE, "ann!ann@host", "kept", 4_000, holder="ann", key="k" * 8))
    store.edits.amend(ROOM, position_of(1), "first", position_of(3), 3_000)
    store.redact(ROOM, position_of(2))
    store.admit(ROOM, "ann", 2)
    store.memberships.join("ann", ROOM)
    store.markers.set_marker("ann", channel_subject(ROOM), 4_000)
    store.metadata.set_metadata(channel_subject(ROOM), "url", "https://example.org")
    store.conversations.start(DIRECT, "ann", "bob")
    store.append(Event(DIRECT, Kind.PRIVMSG, "ann!ann@host", "hello", 1_000, target="bob"))
    store.commit()


def found(path: Path) -> list[str]:
    """What a check says."""
    with closing(open_read_only(path)) as database:
        return list(findings(database))


def test_a_database_in_use_is_well_and_stays_usable(path: Path) -> None:
    with (
        closing(open_store(path, durable=False)) as store,
        closing(open_read_only(path)) as database,
    ):
        sentences = findings(database)
        store.append(said("while it is looked at", 5_000))
        store.commit()
        assert list(sentences) == []


def test_a_database_at_rest_is_well(path: Path) -> None:
    assert found(path) == []


FIRST = position_of(1)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (f"DELETE FROM events WHERE position = {position_of(4)}", "number 3+1 is not followed"),
        ("DELETE FROM events WHERE position = 1", "number 0 is not followed by the next"),
        (
            f"UPDATE events SET position = {position_of(9)} WHERE position = {position_of(5)}",
            "in #trail, number 4 is not followed by the next, but by 9",
        ),
        (f"UPDATE events SET high_ms = 1 WHERE position = {position_of(4)}", "does not rise"),
        (f"UPDATE events SET high_ms = 1 WHERE channel_id = {DIRECT}", "does not rise"),
        ("UPDATE events SET kind = 1 WHERE position = 2", "kind 1 stands where none"),
        (f"UPDATE events SET kind = 33 WHERE position = {position_of(5)}", "kind 33 stands"),
        (
            f"UPDATE events SET refers = 99 WHERE position = {position_of(3)}",
            "is about number 0+99",
        ),
        ("UPDATE versions SET position = 99", "an earlier text is kept of number 0+99"),
        ("UPDATE versions SET edit = 99", "because of an edit that is not there"),
        ("UPDATE sent_keys SET position = 99", "a key for sending again belongs to number 0+99"),
        (f"UPDATE admissions SET position = {position_of(99)}", "first let in at number 99"),
        ("DELETE FROM conversations WHERE holder = 'bob'", "one of its two ends only"),
        ("DELETE FROM conversations", "belongs to no room and to no two people: 8"),
        ("UPDATE channel_roles SET channel_id = 9", "someone has a role of a room"),
        ("UPDATE channel_masks SET channel_id = 9", "a ban or an invitation of a room"),
        ("UPDATE memberships SET channel_id = 9", "someone is a member of a room"),
        ("UPDATE memberships SET holder = 'account:5'", "an account that is not there is member"),
        ("UPDATE markers SET target = 'channel:9'", "a read marker of a room"),
        ("UPDATE markers SET holder = 'account:5'", "a read marker of an account"),
        ("UPDATE metadata SET subject = 'channel:9'", "metadata of a room"),
        ("UPDATE metadata SET subject = 'account:5'", "metadata of an account"),
        ("INSERT INTO certificates VALUES ('ab', 5)", "a certificate logs in"),
        (f"INSERT INTO floors VALUES ({ROOM}, {FIRST}, 0)", "left below the floor"),
    ],
)
def test_what_is_wrong_is_said(path: Path, damage: str, sentence: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute(damage)
        other.commit()
    assert any(sentence in text for text in found(path)), found(path)


def test_what_lies_below_the_floor_is_not_missing(path: Path) -> None:
    floor = position_of(2)
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"DELETE FROM events WHERE channel_id = {ROOM} AND position <= {floor}")
        other.execute(f"INSERT INTO floors VALUES ({ROOM}, {floor}, 9000)")
        other.commit()
    assert found(path) == []


def test_damaged_pages_are_said(path: Path) -> None:
    with closing(open_store(path, durable=False)) as store:
        for number in range(200):
            store.append(said(f"line {number} " * 20, 5_000))
        store.commit()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xa5" * 8_192)
    assert any("damaged" in text for text in found(path))


def test_a_file_that_is_no_database_of_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database " * 100)
    with closing(sqlite3.connect(tmp_path / "recipes")) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    for name in ("missing", "text", "recipes"):
        with pytest.raises(StoreUnusableError):
            open_read_only(tmp_path / name)
