"""The archive file: what is written is read again, whatever happens to the file or beside it."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tui.archive import FORMAT, Archive, ArchiveFailed
from tui.archives import file_name
from tui.client.shelf import Batch, KeptItem, KeptRoom, KeptServer, RoomChange

SERVER = KeptServer("Example", 1_000)
ROOM = KeptRoom(
    *("#trail", "#Trail", "ROOM", "maps", 2, 1, 7, 900, True),
    *(12, 40, 41, 3, True, 500, "some-id", 2),
)


def item(place: int, text: str) -> KeptItem:
    """A message as it is kept."""
    rest = ("id-1", 40, False, True, "bob!b@host", "", False, "", '[["+1", ["ann"], true]]')
    return KeptItem(place, "MESSAGE", 950, "bob", text, *rest, True, False)


def batch(*items: KeptItem, gone: tuple[int, ...] = (), anew: bool = False) -> Batch:
    """A batch for one room."""
    return Batch(anew, SERVER, [], [RoomChange(ROOM, list(gone), list(items))], bool(gone))


def texts(archive: Archive) -> list[str]:
    """What is kept, room after room."""
    return [row.text for _, rows in archive.read().rooms for row in rows]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive" / file_name("chat.example:5555", "")


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    archive = Archive(path)
    yield archive
    archive.close()


def bytes_of(path: Path) -> bytes:
    """Everything on disk, what SQLite has beside the file included."""
    return b"".join(each.read_bytes() for each in path.parent.iterdir())


def test_every_field_is_read_as_it_was_written(path: Path, archive: Archive) -> None:
    assert archive.write(batch(item(3, "one"), item(7, "two")))
    archive.close()
    kept = Archive(path).read()
    assert kept.server == SERVER
    assert kept.rooms == ((ROOM, [item(3, "one"), item(7, "two")]),)


def test_there_is_no_file_before_something_is_kept(path: Path, archive: Archive) -> None:
    assert archive.read().rooms == ()
    assert not path.parent.exists()


def test_only_the_user_may_read_it(path: Path, archive: Archive) -> None:
    archive.write(batch(item(0, "one")))
    assert path.parent.stat().st_mode & 0o077 == 0
    assert all(each.stat().st_mode & 0o077 == 0 for each in path.parent.iterdir())


def test_what_goes_is_gone_from_the_disk(path: Path, archive: Archive) -> None:
    archive.write(batch(item(0, "a secret word"), item(1, "stays")))
    assert b"a secret word" in bytes_of(path)
    archive.write(batch(gone=(0,)))
    assert b"a secret word" not in bytes_of(path)
    assert texts(archive) == ["stays"]


def test_a_text_that_was_replaced_is_gone_from_the_disk(path: Path, archive: Archive) -> None:
    archive.write(batch(item(0, "a secret word")))
    archive.write(batch(item(0, ""))._replace(forgets=True))
    assert b"a secret word" not in bytes_of(path)


def test_rooms_are_closed_and_everything_can_be_written_anew(archive: Archive) -> None:
    archive.write(batch(item(0, "one")))
    archive.write(Batch(False, SERVER, ["#trail"], [], True))
    assert archive.read().rooms == ()
    archive.write(batch(item(0, "two")))
    archive.write(batch(item(5, "three"), anew=True))
    assert texts(archive) == ["three"]


def test_a_second_program_reads_and_takes_over_later(path: Path, archive: Archive) -> None:
    archive.write(batch(item(0, "one")))
    second = Archive(path)
    assert texts(second) == ["one"]
    assert not second.is_ours
    assert second.write(batch(item(1, "two"))) is False
    archive.write(batch(item(1, "of the first")))
    archive.close()
    assert second.write(batch(item(2, "of the second")))
    assert texts(second) == ["one", "of the first", "of the second"]
    second.close()


def test_a_program_that_was_killed_leaves_what_it_had_written(path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from tests.archive.test_archive import batch, item\n"
        "from tui.archive import Archive\n"
        "archive = Archive(Path(sys.argv[1])); archive.write(batch(item(0, 'one')))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    archive = Archive(path)
    assert texts(archive) == ["one"]
    assert archive.is_ours  # nobody else is there any more
    archive.close()


@pytest.mark.parametrize("damage", [b"", b"no database at all, and longer than a header is" * 9])
def test_a_damaged_file_is_moved_aside(path: Path, archive: Archive, damage: bytes) -> None:
    archive.write(batch(item(0, "one")))
    archive.close()
    data = path.read_bytes()
    path.write_bytes(damage or data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(ArchiveFailed, match=r"makes no sense; it was moved to .*\.unread\."):
        archive.read()
    assert path.with_suffix(".unread").exists()
    assert archive.read().rooms == ()
    assert archive.write(batch(item(0, "two")))
    assert texts(archive) == ["two"]


def test_the_file_of_a_newer_program_is_moved_aside(path: Path, archive: Archive) -> None:
    archive.write(batch(item(0, "one")))
    archive.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {FORMAT + 1}")
    with pytest.raises(ArchiveFailed, match="kept by a newer chat-tui; it was moved to"):
        archive.read()
    with closing(sqlite3.connect(path.with_suffix(".unread"))) as database:
        assert database.execute("SELECT text FROM item").fetchall() == [("one",)]


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """As on a full disk: no file can grow beyond `size`."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_and_harms_nothing(path: Path, archive: Archive) -> None:
    archive.write(batch(item(0, "one")))
    archive.close()
    with files_no_larger_than(path.stat().st_size):
        assert texts(archive) == ["one"]
        many = [item(place, "x" * 1_000) for place in range(1, 200)]
        with pytest.raises(ArchiveFailed, match="What is said is not kept in the archive: "):
            archive.write(batch(*many))
    assert texts(archive) == ["one"]
    assert archive.write(batch(*many))
    assert len(texts(archive)) == 200


def test_a_folder_that_cannot_be_made_is_told(path: Path, archive: Archive) -> None:
    path.parent.touch()
    with pytest.raises(ArchiveFailed, match="What is said is not kept in the archive: File exists"):
        archive.write(batch(item(0, "one")))


def test_it_is_removed_whole(path: Path, archive: Archive) -> None:
    archive.write(batch(item(0, "one")))
    archive.erase()
    assert list(path.parent.iterdir()) == []


def test_each_server_and_account_has_a_file_with_a_name_that_can_be_read() -> None:
    names = [
        file_name(*which)
        for which in [
            ("chat.example:5555", ""),
            ("chat.example:5555", "ann"),
            ("chat.example:5555", "Ann/../x"),
            ("[::1]:5555", ""),
            ("irc://chat.example:5555", ""),
        ]
    ]
    assert len(set(names)) == len(names)
    assert all("/" not in name and name.endswith(".sqlite") for name in names)
    assert names[0].startswith("chat.example_5555-")
