"""`chat-server erase`, on a running server and on a stopped one."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from server.data_folder import DATABASE
from server.storage.sqlite.search_index import ENDING
from tests.loop.data_place import Place
from tests.loop.serving import Caller


def said_by_ann(place: Place) -> None:
    """Ann has an account and says something to everyone, and to Bob alone."""
    with closing(Caller(place.start())) as ann:
        ann.send("NICK ann", "USER ann 0 * :ann", "REGISTER * * :correct horse", "PING made")
        assert any("REGISTER SUCCESS" in line for line in ann.until("made"))
        ann.send("CREATE trail", "PRIVMSG #trail :xylophone", "PING said")
        ann.until("said")


def bytes_of(path: Path) -> bytes:
    """What is in a database, its log included, once the log has been written into it."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


@pytest.mark.parametrize("running", [True, False])
def test_nothing_is_left_and_check_is_clean(place: Place, running: bool) -> None:
    said_by_ann(place)
    if not running:
        place.end()
    status, text = place.run("erase", "ann")
    assert status == 1
    assert "--yes" in text
    status, text = place.run("erase", "--yes", "ann")
    assert status == 0, text
    assert re.search(r"Removed: 1 messages, .* in 1 rooms", text)
    status, text = place.run("erase", "--yes", "ann")
    assert status == 1
    assert "no account ann" in text
    place.end()
    assert place.run("check")[0] == 0
    assert b"xylophone" not in bytes_of(place.data / DATABASE)
    if not running:  # a running server keeps its index a moment later
        assert b"xylophone" not in bytes_of(place.data / f"{DATABASE}{ENDING}")


def test_guests_by_their_nick(place: Place) -> None:
    with closing(Caller(place.start()).register("guest")) as guest:
        guest.send("CREATE trail", "PRIVMSG #trail :xylophone", "PING said")
        guest.until("said")
    status, text = place.run("erase", "--yes", "--guest", "Guest")
    assert status == 0, text
    assert "Removed: 1 messages" in text
    place.end()
    assert b"xylophone" not in bytes_of(place.data / DATABASE)
