"""What only the SQLite store has: a file, its settings, and files that are not ours."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from server.data_folder import DataFolder
from server.storage.ports import SHOWN, Event, Kind, StoreFailedError, StoreUnusableError, View
from server.storage.sqlite.check import findings, open_read_only
from server.storage.sqlite.schema import APPLICATION_ID, MIGRATIONS
from server.storage.sqlite.store import open_store
from tests.storage.conftest import held


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database may be."""
    return tmp_path / "chat.db"


def pragma(path: Path, name: str) -> object:
    """A setting of a database, as another program sees it."""
    with closing(sqlite3.connect(path)) as other:
        return other.execute(f"PRAGMA {name}").fetchone()[0]


def said(text: str) -> Event:
    """A message."""
    return Event(7, Kind.PRIVMSG, "ann!ann@host", text, 1_000)


def test_a_new_file_is_set_up_for_good(path: Path) -> None:
    open_store(path).close()
    assert pragma(path, "journal_mode") == "wal"
    assert pragma(path, "auto_vacuum") == 2
    assert pragma(path, "application_id") == APPLICATION_ID
    assert pragma(path, "user_version") == len(MIGRATIONS)


def test_a_file_is_opened_again_unchanged(path: Path) -> None:
    store = open_store(path)
    store.append(said("kept"))
    store.commit()
    store.close()
    again = open_store(path, durable=False)
    assert again.last_position(7) > 0
    assert not again.dirty
    again.close()


def newer(path: Path) -> None:
    open_store(path).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")


def no_database(path: Path) -> None:
    path.write_text("Dear diary, today the server would not start. " * 50)


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (newer, "newer chat-server.*upgrade"),
        (of_another_program, "some other program"),
        (no_database, "cannot be used as a database"),
        (a_folder, "cannot be opened|cannot be used"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreUnusableError, match=words):
        open_store(path)
    assert not path.is_file() or path.read_bytes() == before


def test_while_another_writer_holds_the_file_reads_fail_or_wait_for_nothing(path: Path) -> None:
    store = open_store(path)
    store.append(said("one"))
    store.commit()
    with held(path):
        assert store.last_position(7) > 0
        assert len(store.page(7, 0, 1 << 62, 9, View(SHOWN), newest=True)) == 1
        store.append(said("two"))
        with pytest.raises(StoreFailedError):
            store.page(7, 0, 1 << 62, 9, View(SHOWN), newest=True)
    texts = [event.text for event in store.page(7, 0, 1 << 62, 9, View(SHOWN), newest=True)]
    assert texts == ["one", "two"]
    store.commit()
    store.close()


def test_a_closed_store_has_dropped_what_was_not_committed(path: Path) -> None:
    store = open_store(path)
    store.append(said("lost"))
    assert len(store.page(7, 0, 1 << 62, 9, View(SHOWN), newest=True)) == 1
    store.close()
    again = open_store(path)
    assert again.last_position(7) == 0
    again.close()


# The folder


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[DataFolder]:
    """A data folder that is in use."""
    made = DataFolder(tmp_path / "deep" / "data")
    yield made
    made.close()


def test_a_folder_belongs_to_one_server_at_a_time(folder: DataFolder) -> None:
    with pytest.raises(StoreUnusableError, match="Another chat-server"):
        DataFolder(folder.path)
    folder.close()
    DataFolder(folder.path).close()


def test_nobody_else_looks_into_the_folder(folder: DataFolder) -> None:
    assert folder.path.stat().st_mode & 0o077 == 0
    assert folder.database.parent == folder.path


def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnusableError, match="choose another with --data"):
        DataFolder(tmp_path / "file" / "data")


def test_a_lock_that_is_no_lock_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "lock.db").write_text("in the way " * 500)
    with pytest.raises(StoreUnusableError, match="cannot be written"):
        DataFolder(tmp_path)


# Older databases


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_database_of_every_earlier_schema_is_brought_forward(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as older:
        older.execute("PRAGMA auto_vacuum=INCREMENTAL")
        older.execute(f"PRAGMA application_id={APPLICATION_ID}")
        for script in MIGRATIONS[:version]:
            older.executescript(script)
        older.execute(f"PRAGMA user_version={version}")
        older.execute(
            "INSERT INTO channels (id, name, folded, named, owner, created_ms, modes, key,"
            " member_limit, forward, topic, topic_source, topic_ms, empty_since_ms)"
            " VALUES (7, '#trail', '#trail', 1, '', 1, 'nt', '', 0, 0, '', '', 0, 1)"
        )
    with closing(open_store(path)) as store:
        (room,) = store.load()
        assert (room.name, room.retention) == ("#trail", "")
        store.append(said("on we go"))
        store.commit()
    with closing(open_read_only(path)) as database:
        assert list(findings(database)) == []


def test_a_durable_store_has_made_room_for_its_commits(path: Path, tmp_path: Path) -> None:
    ahead = path.with_name("chat.db-wal")
    with closing(open_store(path)) as store:
        room = ahead.stat().st_size
        store.log.append(said("into the room"))
        store.commit()
        assert ahead.stat().st_size == room > 4_000_000
        crashed = tmp_path / "crashed.db"  # as the disk has it, with zeros behind the frames
        crashed.write_bytes(path.read_bytes())
        crashed.with_name("crashed.db-wal").write_bytes(ahead.read_bytes())
    with closing(open_store(crashed)) as store:
        assert store.log.last_position(7) > 0
