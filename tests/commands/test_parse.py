"""What a typed line means, in the lobby and in a room."""

import pytest

from tui.commands.parse import AskOnce, Parsed, Refused, Run, Say, parse
from tui.commands.table import COMMANDS, Where


def is_room(name: str) -> bool:
    return name.removeprefix("#") == "trail"


def lobby(line: str) -> Parsed:
    return parse(line, Where.LOBBY, is_room)


def room(line: str) -> Parsed:
    return parse(line, Where.ROOM, is_room)


def run(name: str, *arguments: str) -> Run:
    return Run(COMMANDS[name], arguments)


@pytest.mark.parametrize("line", ["join trail", "/join trail", "JOIN trail", "  j   trail "])
def test_in_the_lobby_words_are_commands_with_or_without_slash(line: str) -> None:
    assert lobby(line) == run("join", "trail")


def test_in_a_room_text_is_said_as_it_was_written() -> None:
    assert room(" two  spaces ") == Say(" two  spaces ")
    assert room("one\n/two") == Say("one\n/two")


def test_a_doubled_slash_sends_one() -> None:
    assert room("//etc/hosts") == Say("/etc/hosts")


def test_a_text_argument_keeps_its_spaces_and_lines() -> None:
    assert room("/me waves  twice\nand bows") == run("me", "waves  twice\nand bows")
    assert room("/msg bob hello there") == run("msg", "bob", "hello there")


def test_a_unique_beginning_is_enough() -> None:
    assert room("/top new") == run("topic", "new")
    assert room("/cr") == run("create")


def test_an_unclear_beginning_says_what_it_could_be() -> None:
    refused = room("/n")
    assert isinstance(refused, Refused)
    assert "/n could be /names or /notice or /nick" in refused.text


@pytest.mark.parametrize("line", ["help", "quit", "EXIT", "create", "join trail", "exit #trail"])
def test_one_of_the_five_words_is_asked_about_in_a_room(line: str) -> None:
    asked = room(line)
    assert isinstance(asked, AskOnce)
    assert asked.text == line
    assert asked.run.command.name == line.split()[0].lower()


@pytest.mark.parametrize(
    "line", ["join", "join us", "help me please", "quit it", "topic", "exit through the shop"]
)
def test_sentences_that_begin_like_one_are_said(line: str) -> None:
    assert room(line) == Say(line)


def test_a_slip_of_the_finger_is_pointed_out() -> None:
    assert room("/tpoic x") == Refused("No command /tpoic. Did you mean /topic?  F1 lists all.")
    assert lobby("jion trail") == Refused("No command /jion. Did you mean /join?  F1 lists all.")


def test_a_path_is_no_command_and_can_be_sent() -> None:
    refused = room("/usr/share/dict")
    assert isinstance(refused, Refused)
    assert "//usr/share/dict sends it as text" in refused.text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("/join", "/join needs a room. Usage: /join room [key]"),
        ("/create one two", "“two” is too much for /create. Usage: /create [name]"),
        ("/msg", "/msg needs a nick. Usage: /msg nick [text]"),
        ("/", "Write a command behind the slash. F1 lists all."),
        ("   ", "Nothing is written yet."),
    ],
)
def test_what_is_missing_or_too_much_is_said_with_the_usage(line: str, text: str) -> None:
    assert room(line) == Refused(text)


def test_what_works_elsewhere_says_where() -> None:
    assert lobby("topic x") == Refused("/topic works in a room, not here.")
    assert parse("/names", Where.DIRECT, is_room) == Refused("/names works in a room, not here.")


def test_what_the_server_cannot_do_is_said() -> None:
    refused = parse("/login ann secret", Where.ROOM, is_room, {"message-tags": ""})
    assert refused == Refused("This server cannot do /login.  F1 lists all.")
    assert parse("/login ann secret", Where.ROOM, is_room, {"sasl": "PLAIN"}) == run(
        "login", "ann", "secret"
    )


def test_a_slip_is_not_led_to_what_the_server_cannot_do() -> None:
    refused = parse("/logn", Where.ROOM, is_room, {})
    assert isinstance(refused, Refused)
    assert "login" not in refused.text
