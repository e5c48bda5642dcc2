"""The first screen, the command line, what is remembered, and a server of one's own."""

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.widgets import Input

from tests.screens.language import Server, Session, session
from tui import config, local_server
from tui.address import Address, read_address
from tui.app import ChatApp
from tui.client.client import Client
from tui.screens.connect import ConnectScreen, nick_problem
from tui.widgets import terminal_keys


def test_what_is_remembered_comes_back_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "deep" / config.FILE_NAME
    kept = config.Kept(("#trail",), ("Mallory",), {"": "join den", "#trail": "half a thought"})
    servers = {"chat.example.org:5555": kept}
    remembered = config.Remembered("chat.example.org:5555", "ann", "token", servers)
    assert config.save(path, remembered) == ""
    assert config.load(path) == (remembered, "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_first_start_makes_a_device_token(tmp_path: Path) -> None:
    remembered, complaint = config.load(tmp_path / config.FILE_NAME)
    assert complaint == ""
    assert remembered.server == config.SERVER_DEFAULT
    assert len(remembered.device) >= 16


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"server": 5}',
        '{"servers": []}',
        '{"servers": {"here:5555": {"rooms": "x"}}}',
        '{"servers": {"here:5555": {"drafts": {"#trail": 5}}}}',
        "\x00",
    ],
)
def test_a_broken_file_is_moved_aside_and_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / config.FILE_NAME
    path.write_text(text)
    remembered, complaint = config.load(path)
    assert "moved" in complaint
    assert remembered.server == config.SERVER_DEFAULT
    assert not path.exists()
    assert [aside.read_text() for aside in tmp_path.iterdir()] == [text]


def test_what_is_kept_belongs_to_its_server() -> None:
    kept = config.Kept(("#trail",), ("Mallory",), {"#trail": "half a thought"})
    remembered = config.Remembered("here:5555", "ann", "token", {"here:5555": kept})
    here = remembered.options(Address("here", 5555, tls=True), "ann", rooms=("dev", "#trail"))
    assert here.autojoin == ("dev", "#trail"), "what was asked for is opened"
    assert here.ignored == ("Mallory",)
    assert here.drafts == (("#trail", "half a thought"),)
    there = remembered.options(Address("there", 5555, tls=True), "ann")
    assert (there.autojoin, there.ignored, there.drafts) == ((), (), ())


def test_a_link_opens_its_room() -> None:
    address = read_address("ircs://chat.example.org/trail")
    assert config.Remembered().options(address, "ann").autojoin == ("#trail",)


def test_a_password_means_an_account_and_is_written_nowhere(tmp_path: Path) -> None:
    launch = config.Launch(tmp_path / config.FILE_NAME, config.Remembered())
    options = launch.options(read_address("chat.example.org"), "ann", "hunter2")
    assert (options.account, options.account_password, options.private) == ("ann", "hunter2", True)
    assert launch.save() == ""
    assert "hunter2" not in launch.path.read_text()
    assert launch.options(read_address("localhost"), "ann", "").account == ""


def run_client(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tui", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_without_a_terminal_one_sentence_and_status_2() -> None:
    result = run_client()
    assert result.returncode == 2
    assert result.stderr == (
        "chat-tui: a terminal is needed: standard input and output must both be one. "
        "--plain, send and tail work without.\n"
    )


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version_need_no_terminal(argument: str) -> None:
    result = run_client(argument)
    assert result.returncode == 0
    assert "chat-tui" in result.stdout


@pytest.mark.parametrize("nick", ["", "9lives", "two words", "x" * 33, "å" * 17, "å nn", "ann☂"])
def test_nicks_that_cannot_be_had(nick: str) -> None:
    assert nick_problem(nick).endswith(".")


@pytest.mark.parametrize("nick", ["ann-2", "ånn", "Анна", "安娜", "å" * 16])
def test_a_good_nick_is_no_problem(nick: str) -> None:
    assert nick_problem(nick) == ""


async def test_a_nick_in_use_is_put_right_in_the_form(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        s.server.says(":irc CAP * LS :", ":irc 433 * me :This nick is in use")
        await s.sees("This nick is in use", "looks free")
        suggestion = s.app.screen.query_one("#nick-field", Input).value
        assert suggestion.startswith("me")
        assert suggestion != "me"


async def test_a_nick_whose_letters_are_refused_stays_as_it_was_typed(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        form = s.app.screen
        assert isinstance(form, ConnectScreen)
        form.query_one("#nick-field", Input).value = "ånn"
        form.nick_refused("Erroneous nickname", "ånn_")
        await s.sees("Erroneous nickname")
        assert form.query_one("#nick-field", Input).value == "ånn"
        assert "looks free" not in s.text()


async def test_what_is_typed_while_connecting_is_typed_into_the_command_bar(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        await s.pilot.press(*"join denx", "backspace", "enter", *"half a ")
        s.app.post_message(events.Paste("thought\nand another"))
        await s.pilot.pause()
        s.server.welcomes()
        await s.sees("› half a thought", "and another")
        assert "JOIN #den" in s.server.written


async def test_what_was_typed_ahead_and_is_refused_stays_with_what_followed(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        await s.pilot.press(*"jion den", "enter", *"hello", "enter", *"there")
        s.server.welcomes()
        await s.sees("› jion den", "hello", "there")
        assert s.app.main.composer.text == "jion den\nhello\nthere"
        assert not [line for line in s.server.written if line.startswith("PRIVMSG")]


async def test_a_link_that_fails_leads_back_to_the_form(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        s.server.cuts("no machine by this name is known")
        await s.sees("no machine by this name is known", "Connect")


async def form(tmp_path: Path, server: str) -> ChatApp:
    def make_link(client: Client, *_: object) -> Server:
        raise AssertionError(f"nothing listens there, yet {client} was to be linked")

    remembered = config.Remembered(server, "me", device="device-token-of-a-test")
    return ChatApp(config.Launch(tmp_path / config.FILE_NAME, remembered), make_link)


async def test_where_nothing_listens_here_a_server_is_offered(tmp_path: Path) -> None:
    app = await form(tmp_path, f"127.0.0.1:{free_port()}")
    async with app.run_test(size=(80, 24)) as pilot:
        s = Session(app, pilot, None)  # type: ignore[arg-type]
        await pilot.press("enter")
        await s.sees("Nothing listens on 127.0.0.1", "Start a server here")


async def test_the_form_says_what_is_wrong_while_one_types(tmp_path: Path) -> None:
    app = await form(tmp_path, "localhost:5555")
    async with app.run_test(size=(80, 24)) as pilot:
        s = Session(app, pilot, None)  # type: ignore[arg-type]
        await s.sees("localhost:5555", "me")
        app.screen.query_one("#server-field", Input).value = "localhost:x"
        await s.sees("A port is a number from 1 to 65535, not x")
        await pilot.press("enter")
        await s.sees("A port is a number")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_a_server_of_ones_own_starts_and_stops(tmp_path: Path) -> None:
    port = free_port()
    server = await local_server.start(port, tmp_path / "data")
    try:
        assert server.running
        assert await local_server.listens("127.0.0.1", port)
    finally:
        await server.stop()
    assert not server.running
    assert not await local_server.listens("127.0.0.1", port)


async def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(local_server.StartFailed, match=r"could not be started: .+"):
            await local_server.start(taken.getsockname()[1], tmp_path / "data")


def test_keys_that_textual_mistakes_are_repaired() -> None:
    terminal_keys.repair()
    for sequence, key in terminal_keys.SEQUENCES.items():
        fed = list(XTermParser().feed(sequence))
        assert [event.key for event in fed if isinstance(event, events.Key)] == [key.value]


async def test_a_failure_of_our_own_ends_in_a_sentence_and_keeps_the_draft(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await s.types("half a thought")
        s.server.breaks.set()
        await s.ends()
    assert s.app.return_code == 1
    report = (tmp_path / "failure.txt").read_text()
    assert "a bug of ours" in report
    assert "half a thought" in report
