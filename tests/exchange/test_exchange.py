"""Out of a database and into another: everything that was said is there again, in its order."""

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from common.msgid import position_of
from common.sasl import derive_keys
from server.exchange.database import person_logs, room_log, take_in
from server.exchange.irssi import read_irssi
from server.exchange.json_lines import read_logs, write_logs
from server.exchange.model import CannotImportError
from server.storage.ports import (
    SHOWN,
    AccountRecord,
    ChannelRecord,
    Event,
    Kind,
    StoreUnusableError,
    View,
)
from server.storage.sqlite.check import findings, open_read_only
from server.storage.sqlite.store import SqliteStore, open_store

ROOM, DIRECT = 7, 8
END = 1 << 62
HOLDER = "account:1"


def account(number: int, name: str) -> AccountRecord:
    """An account as it is stored."""
    keys = derive_keys("secret", b"salt" * 4, 4_096)
    return AccountRecord(number, name, name, 1_000, "hash", keys, email=f"{name}@example.org")


def fill(store: SqliteStore) -> None:
    """A room with something of everything, a direct conversation, and an older log let go."""
    for number, name in ((1, "ann"), (2, "bob")):
        store.accounts.save(account(number, name))
    row = ChannelRecord(ROOM, "#trail", True, HOLDER, 1_000, "nt", topic="hills")
    row.topic_source, row.topic_ms, row.retention = "ann!ann@host", 4_000, "9000d"
    store.save(row)

    def said(kind: Kind, text: str, wall_ms: int, **fields: Any) -> Event:
        event = Event(ROOM, kind, "ann!ann@host", text, wall_ms, holder=HOLDER, **fields)
        store.append(event)
        return event

    said(Kind.CREATE, "#trail", 1_000)
    said(Kind.JOIN, "", 1_000)
    for number in range(3):
        said(Kind.PRIVMSG, f"old {number}", 1_500)
    first = said(Kind.PRIVMSG, "frist", 9_000)
    said(Kind.NOTICE, "several\nlines", 2_000, tags=f"+draft/reply={first.msgid}")
    edit = said(Kind.EDIT, "first", 3_000, refers=first.position)
    store.edits.amend(ROOM, first.position, "first", edit.position, 3_000)
    said(Kind.TAGMSG, "", 3_000, tags="+draft/react=👋")
    gone = said(Kind.PRIVMSG, "secret", 3_500)
    said(Kind.REDACT, "", 3_600, refers=gone.position)
    store.redact(ROOM, gone.position)
    said(Kind.QUIT, "bye", 4_000)
    said(Kind.TOPIC, "hills", 4_000)
    store.floors.let_go(ROOM, position_of(3), 100)
    store.conversations.start(DIRECT, HOLDER, "account:2")
    for holder, target in ((HOLDER, "bob"), ("account:2", "ann")):
        source = f"{'bob' if target == 'ann' else 'ann'}!u@h"
        text = f"psst {target}"
        store.append(Event(DIRECT, Kind.PRIVMSG, source, text, 5_000, "", holder, target=target))
    store.commit()


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A database with all this."""
    with closing(open_store(tmp_path / "chat.db", durable=False)) as store:
        fill(store)
    yield tmp_path / "chat.db"
    with closing(open_read_only(tmp_path / "chat.db")) as database:
        assert list(findings(database)) == []


def exported(path: Path, *, person: str = "") -> list[dict[str, Any]]:
    """The lines of an export of the room, or of a person."""
    file = io.StringIO()
    with closing(open_read_only(path)) as database:
        if person:
            found = person_logs(database, person)
            assert found
            write_logs(file, {"person": found[0]}, found[1])
        else:
            log = room_log(database, "#TRAIL")
            assert log
            write_logs(file, {"room": log.name}, [log])
    return [json.loads(line) for line in file.getvalue().splitlines()]


def written(tmp_path: Path, lines: list[Any]) -> Path:
    """The lines as a file."""
    file = tmp_path / "export.jsonl"
    text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
    file.write_text(text, encoding="utf-8")
    return file


def imported(tmp_path: Path, lines: list[Any], name: str = "new.db") -> list[tuple[str, int]]:
    """Import the lines into a database with Ann and Bob; what was made of them."""
    path = tmp_path / name
    if not path.exists():
        with closing(open_store(path, durable=False)) as store:
            for number, person in ((1, "Ann"), (3, "bob")):
                store.accounts.save(account(number, person))
            store.commit()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        done = take_in(database, read_logs(written(tmp_path, lines)), "", 99_000)
    with closing(open_read_only(path)) as database:
        assert list(findings(database)) == []
    return done


def test_a_room_comes_back_as_it_was(path: Path, tmp_path: Path) -> None:
    lines = exported(path)
    assert imported(tmp_path, lines) == [("#trail", 7)]
    with closing(open_store(path)) as old, closing(open_store(tmp_path / "new.db")) as new:
        (was,), (now,) = old.load(), new.load()
        assert (now.name, now.modes, now.topic, now.owner) == ("#trail", "nt", "hills", HOLDER)
        assert (now.topic_source, now.topic_ms) == (was.topic_source, was.topic_ms)
        assert (now.created_ms, now.retention) == (was.created_ms, "9000d")
        before = old.page(ROOM, 0, END, 100, View(SHOWN), newest=False)
        after = new.page(now.id, 0, END, 100, View(SHOWN), newest=False)
        assert [(e.kind, e.text, e.source, e.wall_ms, e.holder) for e in after] == [
            (e.kind, e.text, e.source, e.wall_ms, e.holder) for e in before
        ]
        shift = position_of(3)  # what was let go has no place in the new log
        assert [e.position for e in after] == [e.position - shift for e in before]
        assert after[1].tags == f"+draft/reply={after[0].msgid}"
        (version,) = new.edits.versions(now.id, after[0].position)
        assert (version.text, version.replaced_ms) == ("frist", 3_000)
        assert after[2].refers == after[0].position


def test_an_export_holds_nothing_that_was_redacted(path: Path) -> None:
    assert "secret" not in json.dumps(exported(path))


def test_a_person_is_exported_with_what_they_said_and_was_said_to_them(
    path: Path, tmp_path: Path
) -> None:
    lines = exported(path, person="ANN")
    assert lines[0]["person"]["email"] == "ann@example.org"
    texts = [line["text"] for line in lines if line.get("kind") in ("PRIVMSG", "NOTICE")]
    assert texts == ["first", "several\nlines", "psst bob", "psst ann"]
    done = imported(tmp_path, lines)
    assert [name for name, _ in done] == ["#trail", "ann bob"]
    with closing(open_store(tmp_path / "new.db")) as store:
        found = store.conversations.between("account:1", "account:3")
        assert found
        page = store.page(found, 0, END, 9, View(SHOWN), newest=False)
        assert [event.text for event in page] == ["psst bob", "psst ann"]
        assert [event.holder for event in page] == ["account:1", "account:3"]


def test_what_is_there_already_is_not_touched(path: Path, tmp_path: Path) -> None:
    lines = exported(path)
    imported(tmp_path, lines)
    with pytest.raises(CannotImportError, match="there is a room #trail already"):
        imported(tmp_path, lines)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "this is no JSON"),
        ("[1]", "this is no JSON object"),
        ({"kind": "SING"}, '"SING" is no kind of event'),
        ({"time": "yesterday"}, "yesterday"),
        ({"msgid": "17"}, '"17" is no msgid'),
        ({"source": "a b"}, "source and target cannot hold spaces"),
        ({"source": ""}, "source is missing"),
        ({"text": 5}, "text is missing, or no text"),
        ({"text": "x" * 600}, "the text is too long for a line"),
        ({"tags": "a=b c"}, "tags cannot hold spaces"),
    ],
)
def test_of_a_bad_line_its_number_is_told_and_nothing_is_imported(
    path: Path, tmp_path: Path, line: Any, reason: str
) -> None:
    lines: list[Any] = exported(path)
    whole = next(each for each in lines if each.get("kind") == "PRIVMSG")
    lines.append(line if isinstance(line, str) else whole | line)
    with pytest.raises(CannotImportError, match=f"line {len(lines)}: .*{reason}"):
        imported(tmp_path, lines)
    with closing(open_store(tmp_path / "new.db")) as store:
        assert store.load() == []


@pytest.mark.parametrize("lines", [[], [{}], [{"format": "chat-server export", "version": 2}]])
def test_what_is_no_export_is_refused(tmp_path: Path, lines: list[Any]) -> None:
    with pytest.raises(CannotImportError, match="is no chat-server export"):
        imported(tmp_path, lines)


def test_a_log_of_a_client_becomes_a_room(tmp_path: Path) -> None:
    log = tmp_path / "#hills.log"
    log.write_text(
        "--- Log opened Sat Nov 21 23:58:00 2026\n23:59 <ann> hello\n"
        "23:59 -!- ann changed the topic of #hills to: green\n",
        encoding="utf-8",
    )
    path = tmp_path / "new.db"
    open_store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        assert take_in(database, [read_irssi(log)], "", 99_000) == [("#hills", 2)]
        with pytest.raises(CannotImportError, match="no account nobody"):
            take_in(database, [read_irssi(log.rename(tmp_path / "other.log"))], "nobody", 99_000)
    with closing(open_store(path)) as store:
        (room,) = store.load()
        assert (room.name, room.topic) == ("#hills", "green")
        page = store.page(room.id, 0, END, 9, View(SHOWN), newest=False)
        assert [event.text for event in page] == ["hello", "green"]
    with closing(open_read_only(path)) as database:
        assert list(findings(database)) == []


def test_without_a_database_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusableError):
        open_read_only(tmp_path / "none.db")
