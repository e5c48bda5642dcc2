"""Commands carried out against the real client core."""

import pytest

from tests.client.script import Desk, in_room
from tui.commands.complete import where_is
from tui.commands.parse import Run, parse
from tui.commands.run import run
from tui.commands.table import CommandRefused, Context


class Recorder:
    """A screen that only writes down what it is asked."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.shown: list[str] = []
        self.performed: list[str] = []

    def tell(self, text: str, failure: bool = False) -> None:
        self.told.append(text)

    def show(self, buffer: str) -> None:
        self.shown.append(buffer)

    def perform(self, action: str) -> None:
        self.performed.append(action)


def types(desk: Desk, line: str, buffer: str = "#trail") -> Recorder:
    screen = Recorder()
    parsed = parse(line, where_is(desk.client.state, buffer), lambda _: False)
    assert isinstance(parsed, Run), parsed
    run(parsed, Context(desk.client, screen, buffer))
    return screen


@pytest.mark.parametrize(
    ("line", "wire"),
    [
        ("/create camp", "CREATE #camp"),
        ("/create", "CREATE"),
        ("/join camp", "JOIN #camp"),
        ("/exit", "PART #trail"),
        ("/exit trail", "PART #trail"),
        ("/exit so long", "PART #trail :so long"),
        ("/topic Sunday", "TOPIC #trail Sunday"),
        ("/me waves", "PRIVMSG #trail :\x01ACTION waves\x01"),
        ("/msg bob hi", "PRIVMSG bob hi"),
        ("/msg #trail hi", "PRIVMSG #trail hi"),
        ("/notice bob hi", "NOTICE bob hi"),
        ("/nick anna", "NICK anna"),
        ("/whois bob", "WHOIS bob"),
        ("/raw LUSERS", "LUSERS"),
        ("/list", "LIST"),
    ],
)
def test_a_command_becomes_its_line(line: str, wire: str) -> None:
    desk = in_room()
    types(desk, line)
    assert desk.find(wire.split()[0]) == wire


def test_joining_a_room_one_is_in_shows_it() -> None:
    desk = in_room()
    assert types(desk, "join trail", "").shown == ["#trail"]
    assert not desk.find("JOIN")


def test_a_message_without_text_opens_the_conversation() -> None:
    desk = in_room()
    assert types(desk, "/msg bob").shown == ["bob"]
    assert not desk.find("PRIVMSG")


def test_the_topic_alone_is_shown() -> None:
    desk = in_room()
    assert types(desk, "/topic").told == ["trail has no topic. /topic text sets one."]
    desk.hears(":bob!b@h TOPIC #trail :Saturday")
    assert types(desk, "/topic").told == ["Saturday"]


def test_names_are_told() -> None:
    desk = in_room()
    desk.hears(":s 353 ann = #trail :@bob ann", ":s 366 ann #trail :End")
    assert types(desk, "/names").told == ["2 here: @bob, ann"]


def test_help_on_a_word_and_help_itself() -> None:
    desk = in_room()
    assert types(desk, "/help join").told == [
        "/join room [key]: Go into a room by its name or ID, with its key if it has one."
    ]
    assert types(desk, "/help").performed == ["help"]
    with pytest.raises(CommandRefused, match="Did you mean /join"):
        types(desk, "/help jion")


def test_what_the_screen_does_is_left_to_it() -> None:
    desk = in_room()
    assert types(desk, "/quit").performed == ["quit"]
    assert types(desk, "/lobby").performed == ["lobby"]


def test_unsent_messages_are_sent_again_in_order() -> None:
    desk = in_room()
    desk.client.say("#trail", "one")
    desk.client.say("#trail", "two")
    desk.hears(":s FAIL PRIVMSG STORE_FULL #trail :full", ":s FAIL PRIVMSG STORE_FULL #trail :full")
    desk.writes()
    types(desk, "/retry")
    assert [line.split()[-1] for line in desk.writes()] == ["one", "two"]
    with pytest.raises(CommandRefused, match="nothing to send again"):
        types(desk, "/retry")


def test_a_refused_intent_refuses_the_command() -> None:
    desk = in_room()
    with pytest.raises(CommandRefused, match="nothing to leave"):
        types(desk, "exit", "")
    desk.client.disconnected("cut")
    with pytest.raises(CommandRefused, match="Not connected"):
        types(desk, "/me waves")
