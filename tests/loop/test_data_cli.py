"""`chat-server check`, `backup` and `restore`, on a running server and on a stopped one."""

import re
import signal
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from server.data_folder import DATABASE
from tests.loop.data_place import WAIT_S, Place
from tests.loop.serving import Caller


class Talker(threading.Thread):
    """Someone who goes on talking in a room until told to stop, and reads every echo."""

    def __init__(self, address: tuple[str, int], room: str) -> None:
        super().__init__()
        self.echoed = 0
        self.started_talking = threading.Event()
        self._stopping = threading.Event()
        self._caller = Caller(address)
        self._caller.send("CAP REQ :echo-message")
        self._caller.register("talker")
        self._caller.send("CAP END", f"CREATE {room}")
        self._room = room

    def run(self) -> None:
        with closing(self._caller):
            while not self._stopping.is_set():
                self._caller.send(f"PRIVMSG {self._room} :talk {self.echoed + 1}.")
                self._caller.until(f":talk {self.echoed + 1}.")
                self.echoed += 1
                self.started_talking.set()

    def finish(self) -> int:
        """Stop, and tell how many messages were echoed."""
        self._stopping.set()
        self.join()
        return self.echoed


def talk_in(database: Path) -> list[str]:
    """What was said in a database, in the order of the log."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT text FROM events WHERE kind = 1 ORDER BY position")
        return [text for (text,) in rows]


def test_a_drill_backup_under_load_and_back_elsewhere(
    place: Place, elsewhere: Place, tmp_path: Path
) -> None:
    backup = tmp_path / "monday.db"
    talker = Talker(place.start(), "#trail")
    talker.start()
    assert talker.started_talking.wait(WAIT_S)
    for _ in range(3):  # the server is busy all the while
        assert place.run("check")[0] == 0
    before = talker.echoed
    status, text = place.run("backup", str(backup))
    assert status == 0, text
    after = talker.echoed
    assert talker.finish() >= after > 0
    place.end(signal.SIGKILL)

    status, text = elsewhere.run("restore", str(backup))
    assert status == 0, text
    assert elsewhere.run("check")[0] == 0
    kept = talk_in(elsewhere.data / DATABASE)
    assert before <= len(kept) <= after + 1  # one more may have been stored and not yet read
    assert kept == [f"talk {number}." for number in range(1, len(kept) + 1)]

    with closing(Caller(elsewhere.start()).register("bob")) as bob:
        bob.send("JOIN #trail", "PRIVMSG #trail :and on we go", "PING said")
        assert any(f"talk {len(kept)}." in line for line in bob.until("said"))
    assert elsewhere.run("check")[0] == 0
    assert place.run("check")[0] == 0


def test_what_was_redacted_is_in_no_byte_of_a_later_backup(place: Place, tmp_path: Path) -> None:
    with closing(Caller(place.start())) as ann:
        ann.send("CAP REQ :echo-message message-tags", "NICK ann", "USER ann 0 * :ann", "CAP END")
        ann.send("CREATE trail", "PRIVMSG #trail :the keyword is xylophone", "PING said")
        said = next(line for line in ann.until("said") if "xylophone" in line)
        found = re.search(r"msgid=([^; ]+)", said)
        assert found
        assert place.run("backup", str(tmp_path / "before.db"))[0] == 0
        ann.send(f"REDACT #trail {found[1]}", "PING redacted")
        ann.until("redacted")
        assert place.run("backup", str(tmp_path / "after.db"))[0] == 0
    place.end()
    assert b"xylophone" in (tmp_path / "before.db").read_bytes()
    assert b"xylophone" not in (tmp_path / "after.db").read_bytes()
    assert b"xylophone" not in (place.data / DATABASE).read_bytes()


def test_nothing_is_overwritten_by_accident(place: Place, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    with closing(Caller(place.start()).register("ann")) as ann:
        ann.send("CREATE trail", "PING created")
        ann.until("created")
    assert place.run("backup", str(backup))[0] == 0
    assert place.run("backup", str(backup)) == (
        1,
        f"chat-server: {backup} exists already: choose another name for the backup\n",
    )
    status, text = place.run("restore", str(backup), "--force")
    assert status == 1
    assert "Another chat-server is running" in text
    place.end()
    status, text = place.run("restore", str(backup))
    assert status == 1
    assert "--force" in text
    assert place.run("restore", str(backup), "--force")[0] == 0
    assert place.run("check")[0] == 0


def test_what_is_no_backup_is_not_restored(place: Place, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Dear diary " * 500)
    for name in ("notes.txt", "missing.db"):
        status, text = place.run("restore", str(tmp_path / name))
        assert status == 1
        assert text.startswith("chat-server: ")
        assert text.count("\n") == 1
    assert not (place.data / DATABASE).exists()


def test_a_check_of_nothing_and_of_something_broken(place: Place) -> None:
    status, text = place.run("check")
    assert status == 1
    assert "There is no database" in text
    with closing(Caller(place.start()).register("ann")) as ann:
        ann.send("CREATE trail", "PRIVMSG #trail :one", "PRIVMSG #trail :two", "PING said")
        ann.until("said")
    place.end()
    with closing(sqlite3.connect(place.data / DATABASE)) as other:
        other.execute("DELETE FROM events WHERE text = 'one'")
        other.commit()
    status, text = place.run("check")
    assert status == 1
    assert text.startswith("In #trail, number 0+2 is not followed by the next, but by 2\n")
