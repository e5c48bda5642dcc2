"""`chat-server` as a program: it starts, stops, is killed, or says in one sentence why not."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from server.__main__ import main
from server.data_folder import DATABASE, DataFolder
from tests.loop.serving import Caller

ROOT = Path(__file__).parents[2]


class Program:
    """A running `python -m server` on a port of its own."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server", "--listen", "127.0.0.1:0", "--data", str(data)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        first = self.process.stdout.readline()
        found = re.search(r"127\.0\.0\.1:(\d+)", first)
        assert found, f"the first line does not say where it listens: {first!r}"
        self.address = ("127.0.0.1", int(found[1]))

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal; the exit status and what was printed since the first line."""
        self.process.send_signal(number)
        assert self.process.stdout
        printed = self.process.stdout.read()
        return self.process.wait(), printed


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Program]]:
    """Start a server on the same data, as often as it takes."""
    programs: list[Program] = []

    def started() -> Program:
        programs.append(Program(tmp_path / "data"))
        return programs[-1]

    yield started
    for program in programs:
        if program.process.poll() is None:
            program.process.kill()
        program.process.communicate()


def test_what_was_shown_is_there_after_a_kill_and_after_a_stop(
    start: Callable[[], Program],
) -> None:
    program = start()
    ann = Caller(program.address).register("ann")
    ann.send("CREATE trail", "PRIVMSG #trail :before the kill", "PING shown")
    ann.until("shown")
    status, _ = program.end(signal.SIGKILL)
    assert status == -signal.SIGKILL
    ann.close()

    program = start()
    bob = Caller(program.address).register("bob")
    bob.send("JOIN trail", "PRIVMSG #trail :before the stop", "PING joined")
    assert any("before the kill" in line for line in bob.until("joined"))
    status, printed = program.end(signal.SIGTERM)
    assert status == 0
    assert "Data is kept in" in printed
    assert printed.endswith("Stopped; everything is stored\n")
    assert "The server is stopping" in bob.rest()[-1]
    bob.close()

    program = start()
    eve = Caller(program.address).register("eve")
    eve.send("JOIN trail", "PING joined")
    assert any("before the stop" in line for line in eve.until("joined"))
    eve.close()
    assert program.end(signal.SIGINT)[0] == 0


# What keeps it from starting: one sentence, and no traceback


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """The exit status and the one line of a start that must fail."""
    status = main(words)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("chat-server: ")
    return status, err


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """A command line with which the server would start."""
    return ["--listen", "127.0.0.1:0", "--data", str(tmp_path / "data")]


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        status, text = refusal(capsys, *words, "--listen", f"127.0.0.1:{port}")
    assert status == 1
    assert f"Port {port} is taken" in text
    assert "--listen" in text


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("no-such-host.invalid:0", "There is no address no-such-host.invalid"),
        ("a..b:0", "There is no address a..b"),
        ("192.0.2.1:0", "192.0.2.1 is not an address of this machine"),
    ],
)
def test_an_address_that_is_not_ours(
    capsys: pytest.CaptureFixture[str], words: list[str], address: str, sentence: str
) -> None:
    status, text = refusal(capsys, *words, "--listen", address)
    assert status == 1
    assert sentence in text


@pytest.mark.parametrize("address", ["", ":5555", "localhost:http", "h:99999", "h:" + "9" * 5_000])
def test_an_address_that_is_none(
    capsys: pytest.CaptureFixture[str], words: list[str], address: str
) -> None:
    status, text = refusal(capsys, *words, "--listen", address)
    assert status == 2
    assert "is not an address" in text


def test_data_that_another_server_uses(
    capsys: pytest.CaptureFixture[str], words: list[str], tmp_path: Path
) -> None:
    with closing(DataFolder(tmp_path / "data")):
        status, text = refusal(capsys, *words)
    assert status == 1
    assert "Another chat-server is running" in text


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version=9999")


def make_foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")


def make_no_database(path: Path) -> None:
    path.write_text("no database at all " * 100)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (make_newer, "newer chat-server"),
        (make_foreign, "some other program"),
        (make_no_database, "cannot be used as a database"),
        (Path.mkdir, "cannot be"),
    ],
)
def test_data_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    tmp_path: Path,
    spoil: Callable[[Path], None],
    sentence: str,
) -> None:
    (tmp_path / "data").mkdir()
    spoil(tmp_path / "data" / DATABASE)
    status, text = refusal(capsys, *words)
    assert status == 1
    assert sentence in text


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_data_without_permission(
    capsys: pytest.CaptureFixture[str], words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir(mode=0o500)
    status, text = refusal(capsys, *words)
    assert status == 1
    assert "permissions" in text


def test_a_data_folder_of_nobody(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    status, text = refusal(capsys, *words, "--data", "~nobody-of-this-name/data")
    assert status == 1
    assert "no home folder" in text


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("nmae = 'x'", "there is no setting nmae; did you mean name?"),
        ("[limits]\nlink = 5", "there is no setting limits.link; did you mean limits.links?"),
        ("[limits]\nlinks = 'five'", "limits.links must be a whole number"),
        ("[limits]\nlinks = true", "limits.links must be a whole number"),
        ("[limits]\nlinks = 0", "limits.links is 0; it must lie between 1 and"),
        ("durability = 'some'", 'durability is "some"; it must be one of full, normal'),
        ("[tls]\nmode = 'maybe'", 'tls.mode is "maybe"; it must be one of auto, on, off'),
        ("name = 'two words'", 'name is "two words"; write one word'),
        (f"name = '{'n' * 64}'", "name is too long: 63 bytes at most"),
        ('network = "a\\nb"', "network holds a control character"),
        ('motd = "a\\u0000b"', "motd holds a control character"),
        ("name = ", "is not valid TOML"),
    ],
)
def test_settings_that_are_wrong(
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    tmp_path: Path,
    toml: str,
    sentence: str,
) -> None:
    (tmp_path / "chat.toml").write_text(toml)
    status, text = refusal(capsys, *words, "--config", str(tmp_path / "chat.toml"))
    assert status == 2
    assert sentence in text


def test_a_settings_file_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], words: list[str], tmp_path: Path
) -> None:
    (tmp_path / "latin.toml").write_bytes(b"motd = '\xfc'")
    for name, sentence in (
        ("missing.toml", "No such file"),
        ("latin.toml", "not UTF-8"),
        (".", "cannot be read"),
    ):
        status, text = refusal(capsys, *words, "--config", str(tmp_path / name))
        assert status == 2
        assert sentence in text


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["--no-such-flag"]])
def test_help_version_and_unknown_flags(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    out, err = capsys.readouterr()
    assert left.value.code == (2 if words == ["--no-such-flag"] else 0)
    assert "chat-server" in out + err
    assert "Traceback" not in err
