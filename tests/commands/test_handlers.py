"""Commands carried out against the real client core."""

import pytest

from tests.client.script import Desk, in_room, numbered
from tui.client.options import Options
from tui.client.state import Attention
from tui.commands.complete import where_is
from tui.commands.parse import Run, parse
from tui.commands.run import run
from tui.commands.table import CommandRefused, Context
from tui.preferences import Value


class Recorder:
    """A screen that only writes down what it is asked."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.shown: list[str] = []
        self.performed: list[str] = []
        self.connected: list[str] = []

    def tell(self, text: str, failure: bool = False) -> None:
        self.told.append(text)

    def show(self, buffer: str) -> None:
        self.shown.append(buffer)

    def connect(self, server: str) -> None:
        self.connected.append(server)

    def prefer(self, name: str, value: Value) -> None:
        self.preferred = (name, value)

    def keep_quiet(self, how_long: str = "") -> None:
        self.quiet = how_long

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
        ("/join camp secret", "JOIN #camp secret"),
        ("/kick bob go away", "KICK #trail bob :go away"),
        ("/ban bob", "BAN #trail bob"),
        ("/unban *!*@far", "UNBAN #trail *!*@far"),
        ("/ban bob 2h", "BAN #trail bob 2h"),
        ("/ban bob 2h spam", "BAN #trail bob 2h"),
        ("/ban bob 2nd time", "BAN #trail bob"),
        ("/bans", "MODE #trail b"),
        ("/rename camp we moved", "RENAME #trail camp :we moved"),
        ("/invitation", "INVITATION #trail"),
        ("/invitation 5 2d", "INVITATION #trail 5 2d"),
        ("/invitation -", "INVITATION #trail -"),
        ("/transfer bob", "TRANSFER #trail bob"),
        ("/close-room", "CLOSE #trail"),
        ("/close-room abc123", "CLOSE #trail abc123"),
        ("/retention 30d", "RETENTION #trail 30d"),
        ("/writers rooms", "WRITERS rooms"),
        ("/accept bob", "ACCEPT bob"),
        ("/devices", "ACCOUNT DEVICES"),
        ("/logout 2", "ACCOUNT LOGOUT 2"),
        ("/always-on on", "ACCOUNT ALWAYS-ON on"),
        ("/delete-account", "ACCOUNT DELETE"),
        ("/delete-account abc123", "ACCOUNT DELETE abc123"),
        ("/invite bob", "INVITE bob #trail"),
        ("/invite bob dev", "INVITE bob #dev"),
        ("/op bob", "MODE #trail +o bob"),
        ("/deop bob", "MODE #trail -o bob"),
        ("/voice bob", "MODE #trail +v bob"),
        ("/devoice bob", "MODE #trail -v bob"),
        ("/mode", "MODE #trail"),
        ("/mode +k secret", "MODE #trail +k secret"),
        ("/away", "AWAY away"),
        ("/away at lunch", "AWAY :at lunch"),
        ("/back", "AWAY"),
        ("/who b*", "WHO b*"),
        ("/motd", "MOTD"),
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


def test_someone_is_ignored_and_read_again() -> None:
    desk = in_room()
    assert types(desk, "/ignore").told == ["You ignore nobody."]
    assert types(desk, "/ignore bob").told == [
        "You read nothing of bob any more. /unignore undoes it."
    ]
    assert types(desk, "/ignore").told == ["You ignore bob."]
    assert types(desk, "/unignore bob").told == ["You read bob again."]


def test_a_view_is_emptied_and_stays_so_until_it_is_reopened() -> None:
    desk = in_room(page=[numbered(1, "old")])
    desk.client.say("#trail", "on its way")
    types(desk, "/clear")
    assert desk.texts("#trail") == ["on its way"]
    desk.writes()
    desk.client.load_older("#trail")
    assert desk.writes() == []


def test_an_invitation_from_the_lobby_names_the_room() -> None:
    desk = in_room()
    with pytest.raises(CommandRefused, match="/invite nick room"):
        types(desk, "/invite bob", "")
    types(desk, "/invite bob trail", "")
    assert desk.find("INVITE") == "INVITE bob #trail"


def test_accounts_are_made_and_used_on_private_links() -> None:
    desk = Desk(Options("chat.example:5555", "ann", private=True))
    desk.registers("draft/account-registration sasl=PLAIN")
    types(desk, "/register hunter2", "")
    assert desk.find("REGISTER") == "REGISTER * * hunter2"
    types(desk, "/verify 99", "")
    assert desk.find("VERIFY") == "VERIFY ann 99"
    types(desk, "/login ann hunter2", "")
    assert desk.find("AUTHENTICATE") == "AUTHENTICATE PLAIN"


@pytest.mark.parametrize(
    ("line", "attention"),
    [
        ("/mute", Attention.NOTHING),
        ("/mute trail", Attention.NOTHING),
        ("/notify all", Attention.ALL),
        ("/notify Mentions #trail", Attention.MENTIONS),
        ("/notify nothing", Attention.NOTHING),
    ],
)
def test_a_room_is_told_of_as_one_says(line: str, attention: Attention) -> None:
    desk = in_room()
    assert "trail" in types(desk, line).told[0]
    assert desk.client.state.attention == {"#trail": attention}
    types(desk, "/notify default")
    assert desk.client.state.attention == {}


def test_muted_rooms_and_people_are_named_in_the_lobby() -> None:
    desk = in_room()
    assert types(desk, "mute", "").told == ["Nothing is muted. /mute name mutes it."]
    types(desk, "/mute Bob")
    types(desk, "/mute")
    assert types(desk, "mute", "").told == ["Muted: bob, trail."]
    types(desk, "/unmute bob")
    assert types(desk, "mute", "").told == ["Muted: trail."]
    for line, buffer in (("/unmute bob", "#trail"), ("unmute", ""), ("notify all", "")):
        with pytest.raises(CommandRefused):
            types(desk, line, buffer)
    with pytest.raises(CommandRefused, match="all, mentions, nothing or default"):
        types(desk, "/notify loudly")
    assert "muted" in types(desk, "/notify").told[0]


def test_how_long_one_is_not_to_be_disturbed_is_for_the_screen() -> None:
    desk = in_room()
    assert types(desk, "/dnd 30m").quiet == "30m"
    assert types(desk, "/dnd").quiet == ""
