"""Rooms: opening, people, topics, modes, leaving, refusals.

Specification: modern IRC "Channel Operations"; docs/protocol.md "rooms".
"""

import pytest

from tests.client.script import Desk, in_room, numbered
from tui.client.client import IntentRefused
from tui.client.state import BufferKind, ItemKind
from tui.client.updates import (
    BufferClosed,
    BufferOpened,
    LobbyChanged,
    MembersChanged,
    NickRefused,
    Told,
)


def online() -> Desk:
    desk = Desk()
    desk.registers()
    desk.writes()
    return desk


def signs(desk: Desk, room: str = "#trail") -> dict[str, str]:
    return {member.nick: member.signs for member in desk.buffer(room).members.values()}


def test_a_room_joined_opens_and_is_shown() -> None:
    desk = online()
    desk.client.join("trail")
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!a@h JOIN #trail")
    assert desk.told(BufferOpened)[-1] == BufferOpened("#trail", True)
    room = desk.buffer("#trail")
    assert (room.kind, room.joined, room.title) == (BufferKind.ROOM, True, "trail")


def test_create_shows_how_a_friend_joins() -> None:
    desk = online()
    desk.client.create("trail")
    label = desk.label_of("CREATE")
    desk.hears(
        f"@label={label} :s BATCH +c labeled-response",
        "@batch=c :ann!a@h JOIN #trail",
        "@batch=c :s NOTE CREATE ROOM_CREATED #trail :Friends type: join trail",
        ":s BATCH -c",
    )
    assert desk.told(BufferOpened)[-1].focus
    assert desk.told(Told)[-1] == Told("Friends type: join trail", buffer="#trail")
    assert desk.texts("#trail") == ["Friends type: join trail"]


def test_create_alone_asks_for_an_unlisted_room() -> None:
    desk = online()
    desk.client.create()
    assert desk.find("CREATE") == "CREATE"
    desk.hears(":ann!a@h JOIN #fghj3467")
    assert desk.told(BufferOpened)[-1] == BufferOpened("#fghj3467", True)


def test_on_other_servers_create_joins_and_needs_a_name() -> None:
    desk = Desk()
    desk.registers("")
    desk.writes()
    with pytest.raises(IntentRefused, match="name"):
        desk.client.create()
    desk.client.create("trail")
    assert desk.writes() == ["JOIN #trail"]


def test_an_unknown_room_is_refused_with_near_matches_and_the_line_comes_back() -> None:
    desk = online()
    desk.client.join("trial")
    label = desk.label_of("JOIN")
    desk.hears(f"@label={label} FAIL JOIN NO_SUCH_ROOM #trial #trail #trails :There is none")
    (told,) = desk.told(Told)
    assert told.text == "There is no room trial. Did you mean trail or trails?"
    assert (told.failure, told.draft) == (True, "/join trial")


def test_an_unknown_room_without_near_matches_can_be_made() -> None:
    desk = online()
    desk.client.join("quiet")
    desk.hears(f"@label={desk.label_of('JOIN')} FAIL JOIN NO_SUCH_ROOM quiet :There is none")
    assert desk.told(Told)[0].text == "There is no room quiet. create quiet makes it."


def test_servers_without_labels_refuse_by_numeric_and_are_understood() -> None:
    desk = Desk()
    desk.registers("")
    desk.client.join("vip")
    desk.hears(":s 473 ann #vip :Cannot join channel (+i)")
    (told,) = desk.told(Told)
    assert told.text.startswith("vip: Cannot join channel (+i).")
    assert told.draft == "/join vip"


def test_names_tell_who_is_here_with_all_their_signs() -> None:
    desk = in_room()
    desk.hears(
        ":s 353 ann = #trail :~@ann +bob",
        ":s 353 ann = #trail :@%cleo!c@host",
        ":s 366 ann #trail :End",
    )
    assert signs(desk) == {"ann": "~@", "bob": "+", "cleo": "@%"}
    assert desk.told(MembersChanged)


def test_people_come_go_and_change() -> None:
    desk = in_room()
    desk.hears(":cleo!c@h JOIN #trail", ":bob!b@h NICK :bert", ":bert!b@h QUIT :gone fishing")
    assert set(desk.buffer("#trail").members) == {"ann", "cleo"}
    desk.hears(":cleo!c@h PART #trail :bye", ":dan!d@h JOIN #trail", ":dan!d@h JOIN #nowhere")
    assert set(desk.buffer("#trail").members) == {"ann", "dan"}
    kinds = [item.kind for item in desk.buffer("#trail").items[-5:]]
    assert kinds == [ItemKind.JOIN, ItemKind.NICK, ItemKind.QUIT, ItemKind.PART, ItemKind.JOIN]


def test_roles_follow_modes_and_other_modes_take_their_arguments() -> None:
    desk = in_room()
    desk.hears(":ann!a@h MODE #trail +lko-v+v 5 key bob ann bob")
    assert signs(desk)["bob"] == "@+"
    desk.hears(":ann!a@h MODE #trail -o bob")
    assert signs(desk)["bob"] == "+"
    assert desk.items("#trail")[-1].text == "ann took from bob the role of operator"


def test_being_away_is_seen() -> None:
    desk = in_room()
    desk.hears(":bob!b@h AWAY :lunch")
    assert desk.buffer("#trail").members["bob"].away
    desk.hears(":bob!b@h AWAY")
    assert not desk.buffer("#trail").members["bob"].away


def test_the_topic_is_read_and_set() -> None:
    desk = in_room()
    desk.hears(":s 332 ann #trail :Saturday hike")
    assert desk.buffer("#trail").topic == "Saturday hike"
    desk.client.set_topic("#trail", "Sunday hike")
    assert desk.find("TOPIC") == "TOPIC #trail :Sunday hike"
    desk.hears(":ann!a@h TOPIC #trail :Sunday hike")
    assert desk.buffer("#trail").topic == "Sunday hike"
    assert desk.items("#trail")[-1].kind is ItemKind.TOPIC


def test_a_topic_one_may_not_set_is_told_and_given_back() -> None:
    desk = in_room()
    desk.client.set_topic("#trail", "mine now")
    label = desk.label_of("TOPIC")
    desk.hears(f"@label={label} :s 482 ann #trail :Only operators may do this")
    (told,) = desk.told(Told)
    assert (told.buffer, told.draft) == ("#trail", "/topic mine now")


def test_leaving_closes_the_room_once_the_server_agrees() -> None:
    desk = in_room()
    desk.client.leave("#trail", "tea")
    assert desk.find("PART") == "PART #trail tea"
    assert "#trail" in desk.client.state.buffers
    desk.hears(":ann!a@h PART #trail :tea")
    assert desk.told(BufferClosed) == [BufferClosed("#trail")]
    assert desk.client.state.current == ""


def test_being_made_to_leave_keeps_what_was_said() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.hears(":bob!b@h KICK #trail ann :enough")
    room = desk.buffer("#trail")
    assert not room.joined
    assert desk.texts("#trail") == ["hi", "bob removed ann: enough"]
    assert "bob removed you from trail: enough" in desk.told(Told)[0].text
    with pytest.raises(IntentRefused, match="not in trail"):
        desk.client.say("#trail", "but")


def test_the_lobby_is_read_anew() -> None:
    desk = online()
    desk.client.refresh_lobby()
    desk.client.refresh_lobby()
    assert [line for line in desk.writes() if "LIST" in line].__len__() == 1
    desk.hears(":s 322 ann #trail 4 :Saturday", ":s 322 ann #dev 2 :", ":s 323 ann :End")
    lobby = desk.client.state.lobby
    assert [(each.name, each.members, each.topic) for each in lobby] == [
        ("#trail", 4, "Saturday"),
        ("#dev", 2, ""),
    ]
    assert desk.told(LobbyChanged)
    desk.client.refresh_lobby()
    assert desk.find("LIST")


def test_a_new_nick_is_ours_everywhere() -> None:
    desk = in_room()
    desk.client.change_nick("anna")
    label = desk.label_of("NICK")
    desk.hears(f"@label={label} :ann!a@h NICK anna")
    assert desk.client.state.nick == "anna"
    assert "anna" in desk.buffer("#trail").members


def test_a_nick_refused_while_connected_is_told() -> None:
    desk = in_room()
    desk.client.change_nick("bob")
    desk.hears(f"@label={desk.label_of('NICK')} :s 433 ann bob :This nick is in use")
    assert desk.told(NickRefused) == []
    assert desk.told(Told)[0].draft == "/nick bob"
    assert desk.client.state.nick == "ann"


def test_an_invitation_says_what_to_type() -> None:
    desk = online()
    desk.hears(":bob!b@h INVITE ann #trail")
    assert desk.told(Told)[0].text == "bob invites you to trail: join trail"


@pytest.mark.parametrize("name", ["", "two words", "a,b", "bell\a", "\x1b[2J"])
def test_what_cannot_be_a_room_is_refused(name: str) -> None:
    desk = online()
    with pytest.raises(IntentRefused):
        desk.client.join(name)
    assert desk.writes() == []


@pytest.mark.parametrize("seen_from", ["", "#trail"])
def test_a_room_renamed_from_anywhere_takes_the_old_ones_place(seen_from: str) -> None:
    desk = in_room("message-tags batch labeled-response")
    desk.client.show(seen_from)
    desk.client.raw("RENAME #trail #path")
    label = desk.label_of("RENAME")
    desk.hears(
        f"@label={label} :s BATCH +r labeled-response",
        "@batch=r :ann!a@h PART #trail :This room is called #path now",
        "@batch=r :ann!a@h JOIN #path",
        ":s BATCH -r",
    )
    assert "#trail" not in desk.client.state.buffers
    assert desk.buffer("#path").joined
    desk.hears(":s NOTICE ann :still there")  # in the lobby, which is never closed
    assert desk.texts("")[-1] == "still there"
