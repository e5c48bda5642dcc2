"""What is unread: counted after a lost link, and shared with one's other devices.

Specification: IRCv3 read-marker.
"""

from tests.client.script import OURS, START_MS, Desk, in_room, numbered, tags_of
from tui.client.cleaning import time_tag
from tui.client.updates import BufferChanged

SAID_MS = START_MS - 86_400_000
"""When `numbered(0)` would have been said; each number is a second later."""


def moment(number: int) -> str:
    return f"timestamp={time_tag(SAID_MS + number * 1000)}"


def cut_and_back(desk: Desk, *missed: str, marker: str = "") -> None:
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.written.clear()
    desk.registers()
    if marker:
        desk.hears(f":s MARKREAD #trail {marker}")
    desk.enters("#trail", "bob", page=missed)


def marks(desk: Desk) -> list[str]:
    return [line for line in desk.writes() if "MARKREAD" in line]


def test_what_was_missed_while_the_link_was_lost_counts() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.client.show("")
    cut_and_back(desk, numbered(2, "one"), numbered(3, "ann: two"), numbered(4, "x", "ann"))
    room = desk.buffer("#trail")
    assert (room.unread, room.mentions) == (2, 1)
    assert room.first_unread_id == desk.items("#trail")[1].id


def test_the_rule_stands_above_what_was_missed_even_when_live_talk_came_first() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.client.show("")
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.written.clear()
    desk.registers()
    desk.hears(":ann!a@h JOIN #trail", numbered(3, "live"))
    desk.answers_history("#trail", [numbered(2, "missed"), numbered(3, "live")])
    room = desk.buffer("#trail")
    assert desk.texts("#trail")[-2:] == ["missed", "live"]
    assert room.unread == 2
    assert room.first_unread_id == desk.items("#trail")[-2].id


def test_in_the_room_on_the_screen_the_rule_is_drawn_and_nothing_counted() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    cut_and_back(desk, numbered(2, "missed"))
    room = desk.buffer("#trail")
    assert room.unread == 0
    assert room.first_unread_id == desk.items("#trail")[-1].id


def test_history_read_for_the_first_time_is_not_news() -> None:
    desk = in_room(page=[numbered(1, "old")])
    assert desk.buffer("#trail").unread == 0
    assert desk.buffer("#trail").first_unread_id == 0


def test_what_was_read_on_another_device_is_not_counted() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.client.show("")
    cut_and_back(desk, numbered(2, "read there"), numbered(3, "not read"), marker=moment(2))
    assert desk.buffer("#trail").unread == 1


def test_after_a_start_the_marker_says_where_to_go_on_reading() -> None:
    desk = Desk()
    desk.registers()
    desk.client.join("trail")
    desk.hears(f":s MARKREAD #trail {moment(1)}")
    desk.enters("#trail", page=[])
    desk.hears(":ann!a@h JOIN #other")
    desk.hears(f":s MARKREAD #other {moment(1)}")
    page = [numbered(1, "read", room="#other"), numbered(2, "new", room="#other")]
    desk.answers_history("#other", page)
    assert desk.buffer("#other").unread == 1
    assert desk.items("#other")[-1].id == desk.buffer("#other").first_unread_id


def test_reading_elsewhere_clears_the_counts_here() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.client.show("")
    desk.hears(numbered(2, "ann: one"), numbered(3, "two"), numbered(4, "three"))
    desk.told(BufferChanged)
    desk.hears(f":s MARKREAD #trail {moment(3)}")
    room = desk.buffer("#trail")
    assert (room.unread, room.mentions) == (1, 0)
    assert room.first_unread_id == desk.items("#trail")[-1].id
    assert desk.told(BufferChanged)
    desk.hears(f":s MARKREAD #trail {moment(2)}", ":s MARKREAD #trail *")
    assert (room.unread, room.read_to_ms) == (1, SAID_MS + 3000)
    desk.hears(f":s MARKREAD #trail {moment(4)}")
    assert (room.unread, room.first_unread_id) == (0, 0)


def test_what_is_said_where_nobody_looks_counts_below_the_rule() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.client.look(looking=False)
    desk.hears(numbered(2, "one"), numbered(3, "ann: two"))
    room = desk.buffer("#trail")
    assert (room.unread, room.mentions) == (2, 1)
    assert room.first_unread_id == desk.items("#trail")[1].id
    desk.client.look(looking=True)
    assert (room.unread, room.mentions) == (0, 0)
    desk.wait(2)
    assert marks(desk)[-1].endswith(moment(3))


def test_the_rule_moves_on_when_one_looks_away_again() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    for number in (2, 3):
        desk.client.look(looking=False)
        desk.hears(numbered(number, "new"))
        desk.client.look(looking=True)
        assert desk.buffer("#trail").first_unread_id == desk.items("#trail")[-1].id


def test_what_was_missed_counts_in_the_room_on_the_screen_if_nobody_looks() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.client.look(looking=False)
    cut_and_back(desk, numbered(2, "missed"))
    room = desk.buffer("#trail")
    assert (room.unread, room.first_unread_id) == (1, desk.items("#trail")[-1].id)


def test_reading_elsewhere_clears_what_nobody_looked_at_here() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.client.look(looking=False)
    desk.hears(numbered(2, "ann: one"), numbered(3, "two"))
    desk.hears(f":s MARKREAD #trail {moment(2)}")
    room = desk.buffer("#trail")
    assert (room.unread, room.mentions) == (1, 0)
    assert room.first_unread_id == desk.items("#trail")[-1].id
    desk.hears(f":s MARKREAD #trail {moment(3)}")
    assert (room.unread, room.first_unread_id) == (0, 0)


def test_reading_is_told_to_the_server_once_in_a_while_and_never_backwards() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.client.mark_read("#trail")
    desk.hears(numbered(2, "more"))
    desk.client.mark_read("#trail")
    assert marks(desk) == []
    desk.wait(2)
    (line,) = marks(desk)
    assert line.endswith(f"MARKREAD #trail {moment(2)}")
    desk.hears(f"@label={tags_of(line)['label']} :s MARKREAD #trail {moment(2)}")
    desk.client.mark_read("#trail")
    desk.wait(5)
    assert marks(desk) == []


def test_a_conversation_is_asked_for_how_far_it_was_read() -> None:
    desk = in_room()
    desk.client.open_direct("bob")
    assert desk.find("MARKREAD") == "MARKREAD bob"
    desk.hears(":s FAIL MARKREAD INVALID_PARAMS bob :no marker")
    assert desk.texts("") == []


def test_servers_without_markers_hear_nothing_of_them() -> None:
    desk = in_room(OURS.replace("draft/read-marker", ""), page=[numbered(1, "hi")])
    desk.client.mark_read("#trail")
    desk.wait(5)
    assert marks(desk) == []


def test_conversations_are_filled_in_after_a_lost_link() -> None:
    desk = in_room()
    desk.hears("@time=2023-11-14T22:00:00.000Z;msgid=a :bob!b@h PRIVMSG ann :before")
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.written.clear()
    desk.registers(wrote=["bob", "#trail", "cleo"])
    desk.writes()
    desk.writes()  # what the answer to the first led to
    latest = [line for line in desk.written if "CHATHISTORY" in line]
    assert [line.split(" ", 1)[1].rsplit(" ", 1)[0] for line in latest] == [
        "CHATHISTORY LATEST bob *",
        "CHATHISTORY LATEST cleo *",
    ]
    desk.answers_history(
        "cleo",
        [
            "@time=2023-11-14T21:00:00.000Z;msgid=c1 :cleo!c@h PRIVMSG ann :old",
            "@time=2023-11-14T22:10:00.000Z;msgid=c2 :cleo!c@h PRIVMSG ann :missed",
        ],
    )
    cleo = desk.buffer("cleo")
    assert (cleo.unread, cleo.mentions) == (1, 1)
    assert cleo.first_unread_id == cleo.items[-1].id
