"""``send``, ``tail`` and ``--plain`` as programs, with a real server: pipes and exit statuses."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.replay.server_process import ServerProcess

PATIENCE_S = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    server = ServerProcess(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.kill(signal.SIGTERM)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def program(home: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run `chat-tui` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tui", *words],
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)},
        check=False,
    )


def plain(home: Path, server: ServerProcess, nick: str, *lines: str) -> str:
    typed = "".join(f"{line}\n" for line in lines)
    ended = program(home, "--plain", "--server", server.address, "--nick", nick, typed=typed)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_what_was_sent_is_stored_when_the_program_ends(home: Path, server: ServerProcess) -> None:
    plain(home, server, "ann", "create trail")
    where = ["--server", server.address]
    sent = program(home, "send", "#trail", "hello", "there", *where, "--nick", "bob")
    assert (sent.returncode, sent.stdout, sent.stderr) == (0, "", "")
    lines = "".join(f"line {number}\n" for number in range(25))
    sent = program(home, "send", "trail", *where, "--nick", "bob", typed=lines)
    assert sent.returncode == 0
    reader = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tui",
            "tail",
            "trail",
            *where,
            "--nick",
            "cat",
            "--lines",
            "26",
            "--json",
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "XDG_CONFIG_HOME": str(home / "cat")},
    )
    assert reader.stdout
    read = [json.loads(reader.stdout.readline()) for _ in range(26)]
    assert [each["text"] for each in read] == ["hello there", *lines.splitlines()]
    assert {each["nick"] for each in read} == {"bob"}
    program(home, "send", "trail", "live", *where, "--nick", "bob")
    assert json.loads(reader.stdout.readline())["text"] == "live"
    reader.terminate()
    reader.wait(PATIENCE_S)


def test_a_number_of_messages_ends_the_reading(home: Path, server: ServerProcess) -> None:
    plain(home, server, "ann", "create counted", "one")
    ended = program(
        home,
        "tail",
        "counted",
        "--server",
        server.address,
        "--nick",
        "cat",
        "--lines",
        "1",
        "--count",
        "0",
    )
    assert ended.returncode == 0


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["send", "nowhere", "hi"], 1, "There is no room nowhere"),
        (["tail", "nowhere"], 1, "There is no room nowhere"),
        (["send", "trail", "hi", "--server", "127.0.0.1:1"], 3, "connection refused"),
        (["send", "trail", "hi", "--server", "a b"], 2, "A server is a name or address"),
        (["tail", "trail", "--lines", "-1"], 2, "a number is wanted"),
    ],
)
def test_why_nothing_was_done_is_said_and_has_a_status(
    home: Path, server: ServerProcess, words: list[str], status: int, sentence: str
) -> None:
    where = [] if "--server" in words else ["--server", server.address]
    ended = program(home, *words, *where, "--nick", "bob")
    assert ended.returncode == status
    assert sentence in ended.stderr
    assert ended.stdout == ""


def test_a_conversation_in_lines(home: Path, server: ServerProcess) -> None:
    said = plain(
        home,
        server,
        "ann",
        "create lines",
        "good evening",
        "/names",
        "help",
        "say",
        "/frob",
        "/theme",
        "/list",
    )
    assert "ann: good evening" in said
    assert said.count("good evening") == 1
    assert "1 here: ~ann" in said
    assert "“help” is also a command" in said
    assert "ann: help" in said
    assert "  lines, 1 there" in said
    assert "! No command /frob" in said


def test_what_the_server_sets_is_told_in_words(home: Path, server: ServerProcess) -> None:
    said = plain(home, server, "cleo", "/raw MODE cleo")
    (line,) = [line for line in said.splitlines() if "modes" in line]
    assert line.endswith(("Your modes are +i.", "You have no modes."))


def test_what_was_not_sent_is_told_at_the_next_start(home: Path, server: ServerProcess) -> None:
    kept = {"rooms": ["#drafts"], "drafts": {"#drafts": "half a thought\nand another"}}
    folder = home / "chat-tui"
    folder.mkdir()
    servers = {server.address: {**kept, "nick": "dan", "is_open": True}}
    remembered = {"server": server.address, "nick": "dan", "servers": servers}
    (folder / "remembered.json").write_text(json.dumps(remembered), encoding="utf-8")
    said = plain(home, server, "dan", "create drafts", "the whole thought")
    assert "- You wrote here, and did not send: half a thought\n" in said
    assert "- You wrote here, and did not send: and another\n" in said
    data = json.loads((folder / "remembered.json").read_text(encoding="utf-8"))
    assert data["servers"][server.address]["drafts"] == {}


def test_without_a_terminal_it_says_what_works(home: Path) -> None:
    ended = program(home)
    assert ended.returncode == 2
    assert "--plain, send and tail work without" in ended.stderr
