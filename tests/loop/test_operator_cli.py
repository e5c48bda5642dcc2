"""`chat-server status`, `audit`, `ban` and the like: on a running server, and where none runs."""

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


def test_who_is_banned_from_the_command_line_is_gone_at_once(place: Place) -> None:
    port = place.start()
    with closing(Caller(("127.0.0.1", port)).register("ann").join("#trail")) as ann:
        ban = ("ban", "add", *place.words, "ann!*@*", "--for", "1d", "--reason", "spam \x1b[2J")
        status, text = place.run(*ban)
        assert status == 0
        assert text.startswith("ban of ann!*@* until ")
        assert "connections closed: 1" in text
        ann.until("Banned from this server")
    status, text = place.run("ban", "list", *place.words)
    assert status == 0
    assert "(by the command line, " in text
    assert "\x1b" not in text
    assert "the command line  ban add  ann!*@*  spam" in place.run("audit", *place.words)[1]


def test_what_is_decided_without_a_server_is_in_force_when_it_starts(place: Place) -> None:
    assert place.run("filter", "add", *place.words, "cheap*pills")[0] == 0
    assert place.run("lockdown", "on", *place.words, "--reason", "a flood")[0] == 0
    port = place.start()
    with closing(Caller(("127.0.0.1", port))) as ann:
        ann.send("NICK ann", "USER ann 0 * :ann")
        ann.until("a flood")
    assert place.run("lockdown", "off", *place.words) == (0, "The server is open again\n")
    with closing(Caller(("127.0.0.1", port)).register("ann").join("#trail")) as ann:
        ann.send("PRIVMSG #trail :cheap blue pills")
        ann.until("does not take such messages")
        assert place.run("filter", "del", *place.words, "cheap*pills")[0] == 0
        ann.send("PRIVMSG #trail :cheap blue pills", "PING done")
        ann.until("done")


def test_a_mask_that_is_none_is_refused_with_what_to_write(place: Place) -> None:
    for words in (("ban", "add", "*"), ("mute", "add", ""), ("filter", "add", "x")):
        status, text = place.run(*words[:2], *place.words, words[2])
        assert status == 1
        assert "Write a nick, an address" in text or "3 to 200 letters" in text
    status, text = place.run("ban", "add", *place.words, "ann", "--for", "long")
    assert status == 1
    assert "30m, 2h, 7d" in text
    assert "There is no such mute" in place.run("mute", "del", *place.words, "nobody")[1]


def test_bytes_that_are_no_text_are_refused_and_end_nothing(place: Place) -> None:
    place.start()
    status, text = place.run("ban", "add", *place.words, "ann!*@*", "--reason", "\udcff")
    assert (status, text) == (1, "chat-server: The order holds bytes that are no UTF-8 text\n")
    assert place.run("ban", "list", *place.words) == (0, "")


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
