"""From the first byte to being in one's rooms.

Specification: IRCv3 capability-negotiation; modern IRC "Connection Registration".
"""

import pytest

from tests.client.script import DEVICE, OURS, Desk, in_room
from tui.client.client import Client
from tui.client.options import Options
from tui.client.state import Connection
from tui.client.updates import BufferOpened, ConnectionChanged, NickRefused, Told


def test_the_first_lines_introduce_us() -> None:
    desk = Desk()
    assert desk.client.wants_link
    desk.client.connected()
    assert desk.writes() == ["CAP LS 302", "NICK ann", "USER ann 0 * ann"]
    assert desk.client.state.connection is Connection.REGISTERING


def test_a_password_goes_before_the_nick() -> None:
    client = Client(Options("host:1", "ann", password="open sesame"), lambda: "t" * 16)
    client.start()
    client.connected()
    assert b"PASS :open sesame\r\nNICK ann\r\n" in client.take_outgoing()


def test_what_is_offered_over_two_lines_is_asked_for_in_one_and_then_ended() -> None:
    desk = Desk()
    desk.client.connected()
    desk.writes()
    desk.hears(":s CAP * LS * :message-tags batch=x setname")
    assert desk.writes() == []
    desk.hears(":s CAP * LS :server-time unheard-of")
    assert desk.writes() == ["CAP REQ :message-tags batch server-time"]
    desk.hears(":s CAP * ACK :message-tags batch server-time")
    assert desk.writes() == ["CAP END"]
    assert desk.client.state.capabilities == {"message-tags", "batch", "server-time"}


def test_a_refused_group_is_asked_for_one_by_one() -> None:
    desk = Desk()
    desk.client.connected()
    desk.writes()
    desk.hears(":s CAP * LS :batch server-time", ":s CAP * NAK :batch server-time")
    assert desk.writes() == ["CAP REQ :batch server-time", "CAP REQ batch", "CAP REQ server-time"]
    desk.hears(":s CAP * ACK batch", ":s CAP * NAK server-time")
    assert desk.writes() == ["CAP END"]
    assert desk.client.state.capabilities == {"batch"}


def test_the_device_is_named_before_registration_ends() -> None:
    desk = Desk()
    desk.registers()
    written = desk.writes()
    assert written.index(f"DEVICE {DEVICE}") < written.index("CAP END")


def test_a_server_that_knows_no_capabilities_is_fine() -> None:
    desk = Desk()
    desk.client.connected()
    desk.hears(":s 421 ann CAP :Unknown command", ":s 001 ann :Welcome")
    assert desk.client.state.connection is Connection.ONLINE
    assert not desk.client.state.capabilities


def test_capabilities_come_and_go_later() -> None:
    desk = Desk()
    desk.registers("cap-notify message-tags")
    desk.writes()
    desk.hears(":s CAP ann NEW :batch other")
    assert desk.writes() == ["CAP REQ batch"]
    desk.hears(":s CAP ann ACK batch", ":s CAP ann DEL :message-tags")
    assert desk.client.state.capabilities == {"cap-notify", "batch"}
    assert desk.writes() == []


def test_once_greeted_the_rooms_wished_for_are_entered_and_the_first_one_shown() -> None:
    desk = Desk(autojoin=("trail", "#dev"))
    desk.registers("")
    assert [line for line in desk.written if "JOIN" in line] == []
    assert [line for line in desk.writes() if "JOIN" in line] == ["JOIN #trail", "JOIN #dev"]
    desk.hears(":ann!a@h JOIN #trail", ":ann!a@h JOIN #dev")
    opened = desk.told(BufferOpened)
    assert [(each.buffer, each.focus) for each in opened] == [("#trail", True), ("#dev", False)]


def test_a_greeting_without_motd_ends_with_the_pong_behind_it() -> None:
    desk = Desk(autojoin=("trail",))
    desk.client.connected()
    desk.hears(":s 001 ann :Welcome")
    assert "PING greeting" in desk.writes()
    desk.hears(":s PONG s greeting")
    assert desk.writes() == ["JOIN #trail"]


def test_a_nick_in_use_is_asked_about_with_the_link_kept_open() -> None:
    desk = Desk()
    desk.client.connected()
    desk.hears(":s 433 * ann :This nick is in use")
    (refused,) = desk.told(NickRefused)
    assert (refused.nick, refused.suggestion) == ("ann", "ann_")
    assert refused.reason == "ann: This nick is in use"
    desk.wait(300)
    assert desk.client.state.connection is Connection.REGISTERING
    desk.client.change_nick("ann_")
    assert desk.writes()[-1].endswith("NICK ann_")
    desk.hears(":s 433 * ann_ :This nick is in use")
    assert desk.told(NickRefused)[0].suggestion == "ann__"
    desk.client.change_nick("anna")
    desk.hears(":s 001 anna :Welcome")
    assert desk.client.state.nick == "anna"
    assert desk.told(Told) == []


def test_after_a_reconnect_a_taken_nick_heals_by_itself() -> None:
    desk = Desk()
    desk.registers("")
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.client.connected()
    desk.writes()
    desk.hears(":s 433 * ann :This nick is in use")
    assert desk.writes() == ["NICK ann_"]
    desk.hears(":s 001 ann_ :Welcome", ":s 422 ann_ :no MOTD")
    assert "ann is taken for now" in desk.told(Told)[0].text
    desk.writes()
    desk.wait(8)
    assert desk.writes() == ["NICK ann"]
    desk.hears(":s 433 ann_ ann :This nick is in use")
    assert desk.told(Told) == []
    desk.hears(":s PONG s greeting")
    desk.wait(31)
    assert "NICK ann" in desk.writes()
    desk.hears(":ann_!a@h NICK ann")
    assert desk.client.state.nick == "ann"
    desk.wait(31)
    assert "NICK ann" not in desk.writes()


@pytest.mark.parametrize("line", [":ann!a@h QUIT :gone", ":ann!a@h NICK other"])
def test_the_nick_is_taken_back_as_soon_as_its_holder_goes(line: str) -> None:
    desk = Desk()
    desk.registers("")
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.client.connected()
    desk.hears(":s 433 * ann :This nick is in use", ":s 001 ann_ :Welcome", ":s 422 ann_ :no MOTD")
    desk.writes()
    desk.hears(":bob!b@h QUIT :gone", ":cyd!c@h NICK bob")
    desk.wait(1)
    assert desk.writes() == []
    desk.hears(line)
    desk.wait(0)
    assert desk.writes() == ["NICK ann"]


def test_a_server_that_never_welcomes_is_given_up_and_tried_again() -> None:
    desk = Desk()
    desk.client.connected()
    desk.wait(30)
    assert not desk.client.wants_link
    assert desk.client.state.connection is Connection.WAITING
    assert "greeting" in desk.client.state.reason


def test_a_wrong_password_is_not_tried_again_by_itself() -> None:
    desk = Desk()
    desk.client.connected()
    desk.hears(":s 464 * :Password incorrect", "ERROR :Closing link")
    desk.client.disconnected("the server closed the connection")
    assert desk.client.state.connection is Connection.OFFLINE
    assert "Password incorrect" in desk.client.state.reason
    assert desk.told(Told)[0].failure


def test_the_network_has_a_name() -> None:
    desk = Desk()
    desk.registers(OURS)
    assert desk.client.state.network == "Example"
    assert desk.told(ConnectionChanged)


def test_a_nick_that_cannot_be_said_is_refused_in_words_before_connecting() -> None:
    desk = Desk(nick="ann of trail")
    assert not desk.client.wants_link
    (refused,) = desk.told(NickRefused)
    assert refused == NickRefused(
        "ann of trail", "A nick is one word without spaces.", "ann_of_trail"
    )
    assert desk.client.state.reason == refused.reason
    desk.client.change_nick(refused.suggestion)
    desk.client.retry_now()
    desk.client.connected()
    assert "NICK ann_of_trail" in desk.writes()


def test_a_nick_refused_on_line_is_not_asked_for_on_the_next_link() -> None:
    desk = Desk()
    desk.registers()
    desk.client.change_nick("bob")
    desk.hears(f"@label={desk.label_of('NICK')} :s 433 ann bob :In use.")
    assert desk.told(Told)[-1].text == "You cannot be called bob: In use. Try another nick."
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.client.connected()
    assert "NICK ann" in desk.writes()


def test_inspircd_names_us_by_the_new_nick_in_the_answer_to_our_own_change() -> None:
    desk = in_room("message-tags batch labeled-response")
    desk.client.change_nick("anna")
    desk.hears(f"@label={desk.label_of('NICK')} :anna!a@h NICK :anna")
    assert desk.client.state.nick == "anna"
    assert "anna" in desk.buffer("#trail").members
    item = desk.buffer("#trail").items[-1]
    assert (item.sender, item.text, item.own) == ("ann", "anna", True)


def test_what_a_server_says_of_itself_is_news_and_no_failure() -> None:
    desk = Desk()
    desk.registers()
    desk.hears(":s 251 ann :There are 2 people", ":s 265 ann 2 2 :2 people are here")
    assert desk.texts("") == ["There are 2 people", "2 people are here"]


def test_modes_that_inspircd_puts_before_a_topic_are_left_out() -> None:
    desk = Desk()
    desk.registers("")
    desk.hears(":s 322 ann #trail 2 :[+nt] Saturday", ":s 322 ann #b 1 :[see] x", ":s 323 ann :")
    assert [listing.topic for listing in desk.client.state.lobby] == ["Saturday", "[see] x"]


@pytest.mark.parametrize(
    ("numeric", "words"),
    [
        ("433 * å/nn :Nickname is already in use", "å/nn: Nickname is already in use"),
        ("437 * å/nn :Unavailable", "å/nn is taken: Unavailable"),
        ("432 * å/nn :Erroneous", "å/nn is not allowed here because of å, /: Erroneous"),
        (
            "432 * 9nn :Erroneous",
            "9nn is not allowed here because of its beginning with 9: Erroneous",
        ),
        ("432 * admin :Reserved", "admin is not allowed here: Reserved"),
    ],
)
def test_what_is_wrong_with_a_nick_is_said(numeric: str, words: str) -> None:
    desk = Desk(nick=numeric.split()[2])
    desk.client.connected()
    desk.hears(":s CAP * LS :", f":s {numeric}")
    (refused,) = desk.told(NickRefused)
    assert refused.reason == words
