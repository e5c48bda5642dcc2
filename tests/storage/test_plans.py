"""Any page of any log is one seek in the index, however long the log is."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from common.msgid import position_of
from server.storage.ports import MESSAGES, SHOWN, Event, Kind, View
from server.storage.sqlite.rows import page_of
from server.storage.sqlite.store import open_store

LOGS = {1: 300, 2: 20_000}
PART = View(SHOWN, (Kind.STATUS_PRIVMSG,), ("@", "+"), "account:1")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A short log and a long one."""
    path: Path = tmp_path_factory.mktemp("plans") / "chat.db"
    with closing(open_store(path, durable=False)) as store:
        for log_id, length in LOGS.items():
            for number in range(length):
                store.append(Event(log_id, Kind.PRIVMSG, "ann!a@h", f"text {number}", number))
            store.commit()
    with closing(sqlite3.connect(path)) as connection:
        yield connection


@pytest.mark.parametrize("view", [View(SHOWN), View(MESSAGES), PART])
@pytest.mark.parametrize("newest", [True, False])
def test_a_page_is_sought_by_the_key_and_not_sorted(
    database: sqlite3.Connection, view: View, newest: bool
) -> None:
    sql, values = page_of(view, newest=newest)
    rows = database.execute(f"EXPLAIN QUERY PLAN {sql}", (2, 0, 1 << 62, *values, 50)).fetchall()
    (plan,) = (str(row[3]) for row in rows)
    assert plan == "SEARCH events USING PRIMARY KEY (channel_id=? AND position>? AND position<?)"


@pytest.mark.parametrize("newest", [True, False])
def test_a_page_takes_as_many_steps_in_a_long_log_as_in_a_short_one(
    database: sqlite3.Connection, newest: bool
) -> None:
    sql, values = page_of(View(SHOWN), newest=newest)
    steps: list[int] = []
    for log_id, length in LOGS.items():
        middle = position_of(length // 2)
        bounds = (0, middle) if newest else (middle, 1 << 62)
        taken = 0

        def count() -> int:
            nonlocal taken
            taken += 1
            return 0

        database.set_progress_handler(count, 1)
        assert len(database.execute(sql, (log_id, *bounds, *values, 50)).fetchall()) == 50
        database.set_progress_handler(None, 0)
        steps.append(taken)
    assert steps[0] == steps[1]
