"""How a room is set: asked for quietly, kept up by what happens, changed one by one."""

import pytest

from tests.client.script import Desk, in_room
from tui.client.client import IntentRefused
from tui.client.room_settings import knows_mutes
from tui.client.state import Ban
from tui.client.updates import SettingRefused, Told

PLAIN = ""
"""A server without any capability: answers carry no label."""

TOKENS = ":s 005 ann CHANMODES=beI,k,lfW,imnst PREFIX=(qaohv)~&@%+ :are"


def lines(desk: Desk) -> list[str]:
    """What was sent, tags left out."""
    return [line.split(" ", 1)[1] if line.startswith("@") else line for line in desk.writes()]


def looked_at(capabilities: str = PLAIN) -> Desk:
    """We have asked how the room is set, and were told."""
    desk = in_room(capabilities)
    desk.hears(TOKENS)
    desk.client.look_at_room("#trail")
    desk.hears(
        ":s 324 ann #trail +klnt secret 5",
        ":s 329 ann #trail 1700000000",
        ":s 367 ann #trail x!*@* bob!b@h 1700000000",
        ":s 367 ann #trail y!*@*",
        ":s 368 ann #trail :End",
    )
    return desk


def test_what_is_asked_is_kept_and_not_said() -> None:
    desk = looked_at()
    assert lines(desk) == ["MODE #trail", "MODE #trail b"]
    room = desk.buffer("#trail")
    assert room.modes == {"k": "secret", "l": "5", "n": "", "t": ""}
    assert room.bans == [Ban("x!*@*", "bob", 1_700_000_000_000), Ban("y!*@*")]
    assert desk.texts("#trail") == desk.texts("") == []


def test_our_server_is_asked_how_long_it_keeps_too() -> None:
    desk = looked_at("chat-server/rooms")
    assert "RETENTION #trail" in lines(desk)
    desk.hears(":s NOTE RETENTION RETENTION #trail 30d :Kept for 30 days")
    assert desk.buffer("#trail").keeping == "30d"


def test_what_happens_is_kept_up_with() -> None:
    desk = looked_at()
    desk.hears(":bob!b@h MODE #trail +iW-lk 5 secret", ":bob!b@h MODE #trail +ob ann z!*@*")
    desk.hears(":bob!b@h MODE #trail -b X!*@*", ":bob!b@h MODE #trail +e e!*@*")
    room = desk.buffer("#trail")
    assert room.modes == {"n": "", "t": "", "i": "", "W": "5"}
    assert room.bans == [Ban("y!*@*"), Ban("z!*@*", "bob", desk.wall_ms)]
    assert room.members["ann"].signs == "@"


def test_what_was_never_asked_is_not_half_known() -> None:
    desk = in_room(PLAIN)
    desk.hears(":bob!b@h MODE #trail +ib x!*@*")
    room = desk.buffer("#trail")
    assert (room.modes, room.bans) == (None, None)


def test_after_another_entry_it_is_asked_anew() -> None:
    desk = looked_at()
    desk.hears(":ann!a@h PART #trail", ":ann!a@h JOIN #trail")
    room = desk.buffer("#trail")
    assert (room.modes, room.bans) == (None, None)


@pytest.mark.parametrize(
    ("setting", "value", "line"),
    [
        ("topic", "A hike", "TOPIC #trail :A hike"),
        ("topic", "", "TOPIC #trail :"),
        ("name", "camp", "RENAME #trail #camp"),
        ("keeping", "30d", "RETENTION #trail 30d"),
        ("i", "yes", "MODE #trail +i"),
        ("n", "", "MODE #trail -n"),
        ("k", "word", "MODE #trail +k word"),
        ("k", "", "MODE #trail -k secret"),
        ("l", "7", "MODE #trail +l 7"),
        ("l", "", "MODE #trail -l"),
        ("ban x!*@*", "", "MODE #trail -b x!*@*"),
    ],
)
def test_each_setting_is_changed_by_its_own_command(setting: str, value: str, line: str) -> None:
    desk = looked_at()
    lines(desk)
    desk.client.change_setting("#trail", setting, value)
    assert lines(desk) == [line]


@pytest.mark.parametrize(
    ("setting", "value"), [("k", "two words"), ("l", ":x"), ("name", "a b"), ("keeping", "")]
)
def test_what_makes_no_line_is_refused_at_once(setting: str, value: str) -> None:
    desk = looked_at()
    lines(desk)
    with pytest.raises(IntentRefused):
        desk.client.change_setting("#trail", setting, value)
    assert lines(desk) == []


@pytest.mark.parametrize(
    ("capabilities", "refusal"),
    [
        (PLAIN, "482 ann #trail :You are no operator"),
        (PLAIN, "696 ann #trail l x :You are no operator"),
        ("message-tags batch labeled-response", "482 ann #trail :You are no operator"),
        ("message-tags batch labeled-response", "FAIL MODE NOPE #trail :You are no operator."),
    ],
)
def test_a_refusal_says_which_setting_it_is_about(capabilities: str, refusal: str) -> None:
    desk = in_room(capabilities)
    desk.client.change_setting("#trail", "l", "5")
    label = desk.label_of("MODE")
    desk.hears(f"{f'@label={label} ' if label else ''}:s {refusal}")
    (refused,) = desk.told(SettingRefused)
    assert (refused.buffer, refused.setting) == ("#trail", "l")
    assert refused.text.startswith("You are no operator.")
    assert desk.told(Told) == []


@pytest.mark.parametrize(
    ("token", "known"), [(",am", True), ("~,qm", False), (",a", False), ("", False)]
)
def test_mutes_are_known_by_what_the_server_says(token: str, known: bool) -> None:
    assert knows_mutes({"EXTBAN": token} if token else {}) is known
