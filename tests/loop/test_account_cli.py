"""`chat-server account …`, on a folder nobody uses and through the socket of a running server."""

import base64
import json
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.admin import SOCKET_NAME
from tests.loop.places import WAIT_S, Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.stop()


def logs_in(port: int, name: str, password: str) -> bool:
    """Whether an account and a password are good for a login."""
    blob = base64.b64encode(f"\0{name}\0{password}".encode()).decode()
    with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as link:
        link.sendall(f"AUTHENTICATE PLAIN\r\nAUTHENTICATE {blob}\r\nQUIT\r\n".encode())
        heard = b"".join(iter(lambda: link.recv(4_096), b""))
    assert (b" 903 " in heard) != (b" 904 " in heard or b" 902 " in heard)
    return b" 903 " in heard


def test_an_account_made_while_nothing_runs_is_there_later(place: Place) -> None:
    assert place.account("add", "ann", password="first password\n")[0] == 0
    assert "ann" in place.account("list")[1]
    port = place.start()
    assert logs_in(port, "ann", "first password")
    assert not logs_in(port, "ann", "another password")


def test_a_running_server_knows_at_once(place: Place) -> None:
    port = place.start()
    assert stat.S_IMODE((place.data / SOCKET_NAME).stat().st_mode) == 0o600
    assert place.account("add", "ann", password="first password")[0] == 0
    assert logs_in(port, "ann", "first password")
    assert place.account("passwd", "ANN", password="second password")[0] == 0
    assert logs_in(port, "ann", "second password")
    assert not logs_in(port, "ann", "first password")
    assert place.account("suspend", "ann")[0] == 0
    assert "suspended" in place.account("list")[1]
    assert not logs_in(port, "ann", "second password")
    assert place.account("resume", "ann")[0] == 0
    assert logs_in(port, "ann", "second password")
    assert place.account("delete", "ann")[0] == 0
    assert not logs_in(port, "ann", "second password")
    assert place.account("list") == (0, "")


def test_what_cannot_be_done_is_one_sentence(place: Place) -> None:
    assert place.account("add", "ann", password="short")[0] == 1
    assert place.account("add", "a b", password="long enough")[0] == 1
    status, text = place.account("delete", "nobody")
    assert (status, text) == (
        1,
        "chat-server: There is no account nobody; account list shows them\n",
    )
    assert place.account("add", "ann", password="long enough")[0] == 0
    status, text = place.account("add", "ANN", password="long enough")
    assert status == 1
    assert "There is an account with this name" in text
    assert place.account("nonsense")[0] == 2


def test_nonsense_at_the_door_harms_nobody(place: Place) -> None:
    port = place.start()
    path = str(place.data / SOCKET_NAME)
    for line in (b"\n", b"[]\n", b'{"do": 1}\n', b'{"do": "account add"}\n', b"\xff\n"):
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(path)
            link.sendall(line)
            assert json.loads(link.makefile("rb").readline())["ok"] is False
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(path)  # and goes away without a word
    assert not logs_in(port, "ann", "anything")
