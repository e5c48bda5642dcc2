"""Who is typing: never told more often than every three seconds, and never for commands.

Specification: IRCv3 typing.
"""

from tests.client.script import OURS, Desk, in_room
from tui.client.updates import BufferChanged
from tui.render.words import typing_words


def told(desk: Desk) -> list[str]:
    """What the others were told of our typing since the last look."""
    lines = [line for line in desk.writes() if "TAGMSG" in line]
    tags = [line.split()[0].removeprefix("@").split(";") for line in lines]
    return [tag.removeprefix("+typing=") for each in tags for tag in each if "typing" in tag]


def test_typing_on_is_told_every_three_seconds() -> None:
    desk = in_room()
    for _ in range(8):
        desk.client.typing("#trail", "hello")
        desk.wait(1)
    assert told(desk) == ["active"] * 3


def test_a_pause_and_a_cleared_line_are_told_once() -> None:
    desk = in_room()
    desk.client.typing("#trail", "hello")
    desk.wait(20)
    assert told(desk) == ["active", "paused"]
    desk.client.typing("#trail", "hello!")
    assert told(desk) == ["active"]
    desk.client.typing("#trail", "")
    assert told(desk) == []
    desk.wait(20)
    assert told(desk) == ["done"]


def test_a_sent_message_needs_no_done() -> None:
    desk = in_room()
    desk.client.typing("#trail", "hello")
    desk.client.say("#trail", "hello")
    desk.client.typing("#trail", "")
    desk.wait(4)
    assert told(desk) == ["active"]
    desk.client.typing("#trail", "more")
    assert told(desk) == ["active"]


def test_commands_the_lobby_and_servers_that_forbid_it_are_told_nothing() -> None:
    desk = in_room()
    desk.client.typing("#trail", "/kick bob")
    desk.client.typing("", "hello")
    desk.client.typing("#gone", "hello")
    desk.hears(":server 005 ann CLIENTTAGDENY=*,-draft/react :are supported")
    desk.client.typing("#trail", "hello")
    plain = in_room("")
    plain.client.typing("#trail", "hello")
    assert told(desk) == told(plain) == []


def test_a_refusal_is_no_news() -> None:
    desk = in_room()
    desk.client.typing("#trail", "hello")
    label = desk.label_of("TAGMSG")
    items = len(desk.buffer("").items)
    desk.hears(f"@label={label} :server 404 ann #trail :Cannot send to channel")
    assert len(desk.buffer("").items) == items


def says(nick: str, state: str, target: str = "#trail") -> str:
    return f"@+typing={state} :{nick}!{nick}@host TAGMSG {target}"


def test_someone_types_until_they_speak_stop_or_are_silent() -> None:
    desk = in_room()
    buffer = desk.buffer("#trail")
    for ending in (":bob!bob@host PRIVMSG #trail :hi", says("bob", "done"), ""):
        desk.hears(says("bob", "active"))
        assert buffer.typing == {"bob": "bob"}
        desk.told(BufferChanged)
        if ending:
            desk.hears(ending)
        desk.wait(0 if ending else 6)
        assert buffer.typing == {}
        assert BufferChanged("#trail") in desk.told(BufferChanged)


def test_one_who_paused_is_believed_for_longer() -> None:
    desk = in_room()
    desk.hears(says("bob", "paused"))
    desk.wait(29)
    assert desk.buffer("#trail").typing
    desk.wait(1)
    assert not desk.buffer("#trail").typing


def test_a_lost_link_knows_of_nobody() -> None:
    desk = in_room()
    desk.hears(says("bob", "active"))
    desk.client.disconnected("cut")
    assert not desk.buffer("#trail").typing


def test_a_person_writing_to_us_types_in_the_conversation_that_is_open() -> None:
    desk = in_room()
    desk.hears(says("bob", "active", "ann"))
    assert "bob" not in desk.client.state.buffers
    desk.client.open_direct("bob")
    desk.hears(says("bob", "active", "ann"))
    assert typing_words(desk.buffer("bob")).text == "bob is typing…"


def test_the_words_name_two_and_count_the_rest() -> None:
    desk = in_room()
    desk.hears(":s 353 ann = #trail :ann bob cat dan eve", ":s 366 ann #trail :End")
    words = []
    for nick in ("bob", "cat", "dan", "eve", "gone"):
        desk.hears(says(nick, "active"))
        words.append(typing_words(desk.buffer("#trail")).text)
    assert words == [
        "bob is typing…",
        "bob and cat are typing…",
        "bob, cat and dan are typing…",
        "bob, cat and 2 others are typing…",
        "bob, cat and 2 others are typing…",
    ]


def test_we_ourselves_and_those_ignored_do_not_count() -> None:
    desk = in_room(OURS)
    desk.client.ignore("bob")
    desk.hears(says("bob", "active"), says("ann", "active"))
    assert desk.buffer("#trail").typing == {}
