"""Going to a message that may not be loaded, and what is said of the holes that come of it.

Specification: IRCv3 chathistory "AROUND"; docs/protocol.md "sequence".
"""

import pytest

from tests.client.script import CHANNEL_ID, Desk, in_room, numbered
from tui.client.client import IntentRefused
from tui.client.updates import ItemsReordered, MessageFound, Told


def page(first: int, last: int) -> list[str]:
    return [numbered(number, f"m{number}") for number in range(first, last + 1)]


def msgid(number: int) -> str:
    return f"{CHANNEL_ID:010x}-{number << 24:015x}"


def jumped() -> Desk:
    """The newest are 901 to 1000; 151 to 250 were loaded around a message that was looked up."""
    desk = in_room(page=page(901, 1_000))
    desk.client.show_message("#trail", msgid(200))
    desk.answers_history("#trail", page(151, 250))
    return desk


def held(desk: Desk) -> list[int]:
    """The numbers that are held, with 0 for a hole."""
    room, found = desk.buffer("#trail"), []
    for item in desk.items("#trail"):
        found += [0] if item.id in room.holes else []
        found.append(item.number)
    return found


def hole(desk: Desk) -> int:
    (found,) = desk.buffer("#trail").holes
    return found


def span(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


def test_a_message_that_is_held_is_found_at_once() -> None:
    desk = in_room(page=page(1, 5))
    desk.client.show_message("#trail", msgid(3))
    assert desk.told(MessageFound) == [MessageFound("#trail", desk.items("#trail")[2].id)]
    assert not desk.find("CHATHISTORY")


def test_another_one_is_loaded_with_what_is_around_it() -> None:
    desk = in_room(page=page(901, 1_000))
    desk.client.show_message("#trail", msgid(200))
    asked = desk.answers_history("#trail", page(151, 250))
    assert asked == f"CHATHISTORY AROUND #trail msgid={msgid(200)} 100"
    assert desk.told(MessageFound) == [MessageFound("#trail", desk.items("#trail")[49].id)]
    assert held(desk) == [*span(151, 250), 0, *span(901, 1_000)]
    assert not desk.buffer("#trail").at_start
    assert desk.buffer("#trail").unread == 0


def test_a_hole_is_filled_from_above_until_it_is_none() -> None:
    desk = jumped()
    for first in range(251, 851, 100):
        desk.client.fill_hole("#trail", hole(desk), downward=True)
        assert desk.buffer("#trail").filling == hole(desk)
        asked = desk.answers_history("#trail", page(first, first + 99))
        assert asked == f"CHATHISTORY AFTER #trail number={first - 1} 100"
        assert held(desk) == [*span(151, first + 99), 0, *span(901, 1_000)]
    desk.told(ItemsReordered)
    desk.client.fill_hole("#trail", hole(desk), downward=True)
    desk.answers_history("#trail", page(851, 950))
    assert held(desk) == span(151, 1_000)
    assert desk.told(ItemsReordered)
    assert not desk.buffer("#trail").filling


def test_and_from_below() -> None:
    desk = jumped()
    desk.client.fill_hole("#trail", hole(desk), downward=False)
    asked = desk.answers_history("#trail", page(801, 900))
    assert asked == "CHATHISTORY BEFORE #trail number=901 100"
    assert held(desk) == [*span(151, 250), 0, *span(801, 1_000)]
    for first in range(701, 251, -100):
        desk.client.fill_hole("#trail", hole(desk), downward=False)
        desk.answers_history("#trail", page(first, first + 99))
    desk.client.fill_hole("#trail", hole(desk), downward=False)
    desk.answers_history("#trail", page(201, 300))
    assert held(desk) == span(151, 1_000)


def test_pages_that_meet_leave_no_hole() -> None:
    desk = in_room(page=page(901, 1_000))
    desk.client.show_message("#trail", msgid(850))
    desk.answers_history("#trail", page(801, 900))
    assert held(desk) == span(801, 1_000)
    desk.client.show_message("#trail", msgid(760))
    desk.answers_history("#trail", page(711, 810))
    assert held(desk) == span(711, 1_000)


def test_a_page_within_a_hole_makes_two_of_it() -> None:
    desk = jumped()
    desk.client.show_message("#trail", msgid(500))
    desk.answers_history("#trail", page(451, 550))
    assert held(desk) == [*span(151, 250), 0, *span(451, 550), 0, *span(901, 1_000)]


def test_an_empty_hole_is_none() -> None:
    desk = jumped()
    desk.client.fill_hole("#trail", hole(desk), downward=True)
    desk.answers_history("#trail", page(901, 950))
    assert held(desk) == [*span(151, 250), *span(901, 1_000)]


def test_older_pages_come_before_the_oldest_that_is_held() -> None:
    desk = jumped()
    desk.client.load_older("#trail")
    asked = desk.answers_history("#trail", page(51, 150))
    assert asked == "CHATHISTORY BEFORE #trail number=151 100"
    assert held(desk) == [*span(51, 250), 0, *span(901, 1_000)]


def test_a_page_of_people_one_ignores_is_passed_over() -> None:
    desk = jumped()
    desk.client.ignore("eve")
    desk.client.fill_hole("#trail", hole(desk), downward=True)
    noise = [numbered(number, "noise", "eve") for number in range(251, 351)]
    desk.answers_history("#trail", noise)
    asked = desk.answers_history("#trail", page(351, 450))
    assert asked == "CHATHISTORY AFTER #trail number=350 100"
    assert held(desk) == [*span(151, 250), *span(351, 450), 0, *span(901, 1_000)]


def test_while_a_page_is_on_its_way_the_message_waits() -> None:
    desk = in_room(page=page(901, 1_000))
    desk.client.load_older("#trail")
    desk.client.show_message("#trail", msgid(200))
    assert desk.answers_history("#trail", page(801, 900)).startswith("CHATHISTORY BEFORE")
    assert desk.answers_history("#trail", page(151, 250)).startswith("CHATHISTORY AROUND")
    assert desk.told(MessageFound)
    assert held(desk) == [*span(151, 250), 0, *span(801, 1_000)]


def test_a_message_that_is_gone_is_told() -> None:
    desk = in_room(page=page(901, 1_000))
    desk.client.show_message("#trail", msgid(200))
    desk.answers_history("#trail", page(151, 199) + page(201, 251))
    assert not desk.told(MessageFound)
    assert [told.text for told in desk.told(Told)] == ["That message is no longer there."]


def test_a_refusal_is_told_and_no_answer_too() -> None:
    desk = in_room(page=page(901, 1_000))
    desk.client.show_message("#trail", msgid(200))
    label = desk.label_of("CHATHISTORY")
    desk.hears(f"@label={label} :server FAIL CHATHISTORY INVALID_PARAMS AROUND x :Not like this")
    assert [told.text for told in desk.told(Told)] == ["Not like this"]
    assert not desk.buffer("#trail").at_start
    desk.client.show_message("#trail", msgid(200))
    for _ in range(7):
        desk.wait(10)
        desk.hears(":server PONG server alive")
    assert [told.failure for told in desk.told(Told)] == [True]


def test_where_nothing_can_be_asked_it_is_refused() -> None:
    desk = in_room(page=page(901, 1_000))
    desk.client.disconnected("cut")
    with pytest.raises(IntentRefused):
        desk.client.show_message("#trail", msgid(200))
    plain = in_room("message-tags")
    with pytest.raises(IntentRefused):
        plain.client.show_message("#trail", "some-id")
