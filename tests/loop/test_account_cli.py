"""`chat-server account …`, on a folder nobody uses and through the socket of a running server."""

import base64
import json
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.admin import SOCKET_NAME

SETTINGS = """
listen = "127.0.0.1:0"
durability = "normal"
[accounts]
hash_kib = 64
hash_rounds = 1
"""
WAIT_S = 20.0


class Place:
    """A data folder with its settings, and the programs that work on it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.config = folder / "server.toml"
        self.config.write_text(SETTINGS, encoding="utf-8")
        self.words = ["--config", str(self.config), "--data", str(self.data)]
        self.process: subprocess.Popen[str] | None = None

    def account(self, action: str, *words: str, password: str = "") -> tuple[int, str]:
        """Run a command; its exit status, and all that it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "server", "account", action, *self.words, *words],
            input=password,
            capture_output=True,
            text=True,
            timeout=WAIT_S,
        )
        return done.returncode, done.stdout + done.stderr

    def start(self) -> int:
        """Start a server; the port it listens on."""
        command = [sys.executable, "-m", "server", *self.words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("Listening on"):
                return int(line.split()[2].rpartition(":")[2])
        raise AssertionError("the server did not start")

    def stop(self) -> None:
        """Stop the server, if there is one."""
        if self.process is not None:
            self.process.terminate()
            self.process.communicate(timeout=WAIT_S)
            self.process = None


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
