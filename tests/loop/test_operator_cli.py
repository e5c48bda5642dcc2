"""`chat-server status` and `audit`, on a running server and on a folder nobody uses."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.loop.places import Place
from tests.loop.serving import Caller


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.stop()


def test_status_shows_numbers_and_nothing_else(place: Place) -> None:
    port = place.start()
    with closing(Caller(("127.0.0.1", port)).register("ann").join("#trail")):
        status, text = place.run("status", *place.words)
        assert status == 0
        values = {line.split("  ")[-1]: line.split()[0] for line in text.splitlines()}
        assert values["people here"] == "1"
        assert values["rooms"] == "1"
        status, text = place.run("status", "--prometheus", *place.words)
        assert "# TYPE chat_server_users gauge\nchat_server_users 1\n" in text
        assert "ann" not in text
        assert "trail" not in text


def test_without_a_server_there_is_no_status(place: Place) -> None:
    status, text = place.run("status", *place.words)
    assert status == 1
    assert "No server runs on" in text


def test_the_audit_log_is_read_while_a_server_runs_and_after(place: Place) -> None:
    port = place.start()
    with closing(Caller(("127.0.0.1", port)).register("ann").join("#trail")) as ann:
        ann.send("TOPIC #trail :walks \x1b]0;pwned\x07", "PING done")
        ann.until("done")
        while_running = place.run("audit", *place.words)
    place.stop()
    status, text = place.run("audit", "--room", "trail", *place.words)
    assert (status, text) == while_running
    assert "ann!ann@127.0.0.1  TOPIC  #trail  walks" in text
    assert "\x1b" not in text
    assert place.run("audit", "--lines", "0", *place.words) == (0, "")
    status, text = place.run("audit", "--room", "nowhere", *place.words)
    assert (status, text) == (1, "chat-server: There is no room nowhere\n")
