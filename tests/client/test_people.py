"""People: away and back, who they are, and whom one does not read."""

import pytest

from tests.client.script import Desk, in_room, numbered
from tui.client.client import IntentRefused
from tui.client.options import Options
from tui.client.updates import KeptChanged, Told


def test_on_entering_a_small_room_one_learns_who_is_away() -> None:
    desk = Desk()
    desk.registers()
    desk.client.join("trail")
    desk.enters("#trail", "bob", "cleo")
    assert desk.find("WHO") == "WHO #trail"
    desk.hears(
        ":s 352 ann #trail bob host s bob G :0 Bob",
        ":s 352 ann #trail c host2 s cleo H@ :0 Cleo",
        ":s 315 ann #trail :End of WHO list",
    )
    members = desk.buffer("#trail").members
    assert (members["bob"].away, members["cleo"].away) == (True, False)
    assert members["cleo"].host == "c@host2"
    assert desk.texts("#trail") == []


def test_of_a_crowd_one_does_not_ask() -> None:
    desk = Desk()
    desk.registers()
    desk.client.join("trail")
    desk.enters("#trail", *(f"nick{number}" for number in range(200)))
    assert not desk.find("WHO")


def test_without_away_news_one_does_not_ask() -> None:
    desk = in_room("message-tags")
    assert not desk.find("WHO")


def test_what_the_person_asks_for_is_shown_where_they_are() -> None:
    desk = in_room("")
    desk.client.who("b*")
    assert desk.find("WHO") == "WHO b*"
    desk.hears(":s 352 ann * b host s bob G :0 Bob B", ":s 315 ann b* :End of WHO list")
    assert desk.texts("#trail") == ["bob (away): b@host, Bob B", "That is everyone for b*."]


def test_another_host_is_known_without_anybody_leaving() -> None:
    desk = in_room()
    desk.hears(":bob!b@there CHGHOST bob trail.example")
    assert desk.buffer("#trail").members["bob"].host == "bob@trail.example"
    desk.hears(":bob!bob@trail.example PRIVMSG #trail :hello")
    assert desk.texts("#trail") == ["hello"]


def test_ones_own_host_counts_in_the_lines_that_have_to_fit() -> None:
    desk = in_room()
    desk.hears(f":ann!ann@host CHGHOST ann {'h' * 60}")
    desk.client.say("#trail", "x" * 430)
    said = [line[line.index("PRIVMSG") :] for line in desk.writes() if "PRIVMSG" in line]
    assert len(said) == 2
    assert all(len(f":ann!ann@{'h' * 60} {line}\r\n") <= 512 for line in said)


def test_away_is_said_again_on_the_next_link_until_one_is_back() -> None:
    desk = in_room()
    desk.client.away("lunch")
    assert desk.find("AWAY") == "AWAY lunch"
    desk.hears(":s 306 ann :You are marked as away")
    assert desk.client.state.away == "lunch"
    assert desk.texts("#trail") == ["You are shown as away until you type /back."]
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.registers()
    assert desk.find("AWAY") == "AWAY lunch"
    desk.hears(":s 306 ann :You are marked as away")
    assert desk.texts("") == []
    desk.client.back()
    assert desk.find("AWAY") == "AWAY"
    desk.hears(":s 305 ann :You are no longer marked as away")
    assert desk.client.state.away == ""


def test_someone_away_is_told_of_once() -> None:
    desk = in_room()
    desk.client.open_direct("bob")
    desk.hears(":s 301 ann bob :lunch", ":s 301 ann bob :lunch")
    assert desk.texts("bob") == ["bob is away: lunch"]
    assert desk.buffer("#trail").members["bob"].away


def test_logins_of_others_are_no_news() -> None:
    desk = in_room()
    desk.hears(":bob!b@h ACCOUNT bob", ":bob!b@h ACCOUNT *")
    assert desk.texts("") == []


# Ignoring


def test_someone_ignored_is_not_read_anywhere() -> None:
    desk = in_room(page=[numbered(1, "before")])
    desk.client.ignore("BOB")
    desk.hears(
        numbered(2, "ann: psst"),
        ":bob!b@h PRIVMSG ann :psst",
        ":bob!b@h NOTICE ann :psst",
        ":bob!b@h PRIVMSG ann :\x01VERSION\x01",
        ":bob!b@h INVITE ann #spam",
        numbered(3, "hello", "cleo"),
    )
    assert desk.texts("#trail") == ["before", "hello"]
    assert desk.texts("") == []
    assert "bob" not in desk.client.state.buffers
    assert desk.told(Told) == []
    assert desk.buffer("#trail").gap_free
    assert not desk.find("CHATHISTORY")


def test_pages_go_on_behind_what_is_ignored() -> None:
    desk = in_room(page=[numbered(number, "x", "cleo") for number in range(201, 301)])
    desk.client.ignore("bob")
    desk.client.load_older("#trail")
    desk.answers_history("#trail", [numbered(number, "spam") for number in range(101, 201)])
    room = desk.buffer("#trail")
    assert (len(desk.items("#trail")), room.at_start) == (100, False)
    desk.client.load_older("#trail")
    page = [numbered(1, "first", "cleo")]
    assert desk.answers_history("#trail", page).startswith("CHATHISTORY BEFORE #trail number=101")
    assert desk.texts("#trail")[0] == "first"
    assert room.at_start


def test_one_may_change_ones_mind() -> None:
    desk = in_room()
    desk.client.ignore("bob")
    assert desk.told(KeptChanged)
    assert desk.client.state.ignored == {"bob": "bob"}
    desk.client.unignore("Bob")
    desk.hears(numbered(1, "hi"))
    assert desk.texts("#trail") == ["hi"]
    with pytest.raises(IntentRefused, match="bob is not ignored"):
        desk.client.unignore("bob")


@pytest.mark.parametrize("nick", ["", "ann", "#trail", "two words", "b*"])
def test_whom_one_cannot_ignore(nick: str) -> None:
    with pytest.raises(IntentRefused):
        in_room().client.ignore(nick)


# What is kept for the next start


def test_what_was_kept_is_there_again() -> None:
    drafts = (("#trail", "half a sent"),)
    desk = Desk(Options("chat.example:5555", "ann", ignored=("Bob",), drafts=drafts))
    assert desk.client.state.drafts == {"#trail": "half a sent"}
    desk.registers()
    desk.hears(":bob!b@h PRIVMSG ann :psst")
    assert "bob" not in desk.client.state.buffers


def test_drafts_are_kept_and_forgotten_and_bounded() -> None:
    desk = in_room()
    desk.client.keep_draft("#trail", "half")
    assert not desk.told(KeptChanged)
    desk.client.keep_draft("#trail", "  ")
    assert desk.client.state.drafts == {}
    for number in range(1_000):
        desk.client.keep_draft(f"#room{number}", "x" * 100_000)
    assert len(desk.client.state.drafts) == 200
    assert "#room999" in desk.client.state.drafts
    assert max(map(len, desk.client.state.drafts.values())) == 20_000
