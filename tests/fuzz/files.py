"""Targets that read files: logs to import, a damaged database, what the client keeps.

Every one may end with the error that its caller turns into a sentence, and with no other.
"""

import contextlib
import functools
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from common.msgid import BETWEEN_BITS
from server.core.delivery import event_line
from server.exchange import irssi, weechat
from server.exchange.database import room_log, take_in
from server.exchange.json_lines import read_logs
from server.exchange.model import CannotImportError, Log
from server.settings import SettingsError
from server.settings_file import read_settings
from server.settings_words import parse_words
from server.storage.ports import HIDDEN, StoreFailedError, StoreUnusableError
from server.storage.sqlite.check import findings, open_read_only
from server.storage.sqlite.store import open_store
from tests.exchange.test_exchange import fill
from tui import config, preferences_file
from tui.sts import Policies
from tui.trust import Pins, PinsUnusable

PLACE: Final = "example.org:5555"
NOW_S: Final = 1_772_800_000.0


@contextlib.contextmanager
def _file(data: bytes) -> Iterator[Path]:
    """A file with these bytes, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "irc.server.#room.weechatlog")
        path.write_bytes(data)
        yield path


def logs(data: bytes) -> None:
    """irssi's and WeeChat's: whatever is read of them, lines on the wire can hold."""
    for read in (irssi.read_irssi, weechat.read_weechat):
        with _file(data) as path, contextlib.suppress(CannotImportError):
            for entry in read(path).entries:
                entry.event.position = 1 << BETWEEN_BITS
                assert event_line(entry.event, "#trail").body


@functools.cache
def _database() -> bytes:
    """The file of a database with something of everything, as it is between two runs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "chat.db")
        with closing(open_store(path, durable=False)) as store:
            fill(store)
        return path.read_bytes()


@functools.cache
def _database_in_memory() -> sqlite3.Connection:
    """The same, to be copied at once."""
    made = sqlite3.connect(":memory:")
    with _file(_database()) as path, closing(sqlite3.connect(path)) as stored:
        stored.backup(made)
    return made


def export(data: bytes) -> None:
    """JSON Lines: all of it is taken in, or nothing, and the database is whole in both cases."""
    with (
        _file(data) as path,
        closing(sqlite3.connect(":memory:", isolation_level=None)) as database,
    ):
        _database_in_memory().backup(database)
        before = _rows(database)
        try:
            done = take_in(database, read_logs(path), "ann", int(NOW_S * 1000))
        except CannotImportError:
            assert _rows(database) == before
        else:
            for name, _ in done:
                _check_told(room_log(database, name))
        assert not list(findings(database))


def _check_told(log: Log | None) -> None:
    """Whatever was taken in can be told in lines."""
    for entry in log.entries if log is not None else ():
        if entry.event.kind not in HIDDEN:
            assert event_line(entry.event, "#trail").body


def _rows(database: sqlite3.Connection) -> tuple[int, ...]:
    tables = ("channels", "events", "versions", "conversations")
    counts = (database.execute(f"SELECT count(*) FROM {table}") for table in tables)
    return tuple(count.fetchone()[0] for count in counts)


def database(data: bytes) -> None:
    """A data folder whose database is damaged somewhere: the check finds it or it does not."""
    damaged = bytearray(_database())
    at = int.from_bytes(data[:3], "big") % len(damaged)
    damaged[at : at + len(data[3:])] = data[3:]
    with _file(bytes(damaged)) as path, contextlib.suppress(StoreUnusableError, StoreFailedError):
        with closing(open_read_only(path)) as opened:
            list(findings(opened))
        open_store(path, durable=False).close()


def settings_file(data: bytes) -> None:
    """The server's settings, as a file that is whatever it is."""
    words = parse_words([], "fuzz")
    with _file(data) as path, contextlib.suppress(SettingsError):
        read_settings(str(path), words)


def kept(data: bytes) -> None:
    """What the client keeps between runs: a sentence where it is none of ours, and one goes on."""
    with _file(data) as path:
        preferences_file.load(path)
        preferences_file.change(path, "look.density", "comfortable")
    with _file(data) as path, contextlib.suppress(PinsUnusable):
        Pins(path).find(PLACE)
    with _file(data) as path:
        policies = Policies(path)
        policies.port("example.org", NOW_S)
        policies.renew("example.org", NOW_S)
    with _file(data) as path:
        remembered, _ = config.load(path)
        assert config.save(path, remembered) == ""
        assert config.load(path) == (remembered, "")
