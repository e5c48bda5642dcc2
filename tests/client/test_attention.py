"""How much is told of a conversation: chosen for it, kept, and never at the cost of a count."""

import pytest

from tests.client.script import Desk, in_room, numbered
from tui.client.client import IntentRefused
from tui.client.options import Options
from tui.client.state import Attention
from tui.client.updates import BufferChanged, KeptChanged
from tui.render.sides import Spot, next_unread, room_bar, rooms_in_order


def test_a_muted_room_counts_all_the_same() -> None:
    desk = in_room()
    desk.client.show("")
    desk.client.attend("#trail", Attention.NOTHING)
    assert desk.told(BufferChanged)
    assert desk.told(KeptChanged)
    desk.hears(numbered(1, "ann: news"))
    room = desk.buffer("#trail")
    assert (room.unread, room.mentions) == (1, 1)
    assert desk.client.state.is_muted("#trail")


def test_the_usual_comes_back() -> None:
    desk = in_room()
    desk.client.attend("#trail", Attention.ALL)
    desk.client.attend("#trail", None)
    desk.client.attend("bob", None)
    assert desk.client.state.attention == {}


def test_what_was_chosen_last_time_holds() -> None:
    options = Options("chat.example:5555", "ann", attention=(("#trail", "nothing"),))
    assert Desk(options).client.state.attention == {"#trail": Attention.NOTHING}


def test_a_choice_goes_with_someone_who_takes_another_nick() -> None:
    desk = in_room()
    desk.client.open_direct("bob")
    desk.client.attend("bob", Attention.NOTHING)
    desk.hears(":bob!bob@host NICK :robert")
    assert desk.client.state.attention == {"robert": Attention.NOTHING}


def test_a_name_means_a_room_one_is_in_or_someone() -> None:
    desk = in_room()
    assert desk.client.conversation("Trail") == "#trail"
    assert desk.client.conversation("#trail") == "#trail"
    assert desk.client.conversation("Cleo") == "cleo"
    for nothing in ("", "a b", "a,b"):
        with pytest.raises(IntentRefused):
            desk.client.conversation(nothing)
    with pytest.raises(IntentRefused):
        desk.client.attend("", Attention.NOTHING)


def test_the_muted_stand_last_and_nobody_is_led_there() -> None:
    desk = in_room()
    for name in ("#apples", "#zebras"):
        desk.hears(f":ann!a@h JOIN {name}", f":bob!b@h PRIVMSG {name} :ann: hi")
    desk.client.attend("#apples", Attention.NOTHING)
    state = desk.client.state
    assert [room.title for room in rooms_in_order([state], state)[1:]] == [
        "trail",
        "zebras",
        "apples",
    ]
    apples = rooms_in_order([state], state)[-1]
    assert (apples.badge, apples.mentioned, apples.muted) == ("●1", False, True)
    assert room_bar([state], state)[-1].title == "apples"
    assert next_unread([state], state) == Spot(state.server, "#zebras")
    desk.client.mark_read("#zebras")
    assert next_unread([state], state) is None
