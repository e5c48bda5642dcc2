"""Keys that a person chose: taken from others, conflicts told, the way out kept."""

import pytest

from tui.commands.keymap import own_keys, read_keys
from tui.commands.message_keys import MESSAGE_KEYS
from tui.commands.table import COMMANDS


def test_without_a_choice_the_table_holds() -> None:
    keys = own_keys()
    assert keys.complaints == ()
    tables = {name: row.keys for name, row in COMMANDS.items()}
    tables |= {f"message.{name}": row.keys for name, row in MESSAGE_KEYS.items()}
    assert dict(keys.keys) == tables
    assert keys.user_of("alt+3") == "room-3"


def test_a_chosen_key_is_taken_from_whoever_had_it() -> None:
    keys = read_keys({"members": "F4, alt+m"})
    assert keys.keys["members"] == ("f4", "alt+m")
    assert keys.user_of("f4") == "members"
    assert keys.first("next-unread") == "alt+a"
    assert keys.complaints == ()


def test_a_key_can_be_taken_away() -> None:
    assert read_keys({"unread": ""}).first("unread") == ""


def test_of_two_who_choose_the_same_the_first_keeps_it() -> None:
    keys = read_keys({"members": "f8", "rooms": "f8, f10"})
    assert keys.user_of("f8") == "members"
    assert keys.keys["rooms"] == ("f10",)
    assert keys.complaints == ("keys.rooms: f8 is taken by members already.",)


@pytest.mark.parametrize(
    ("chosen", "complaint"),
    [
        ({"unread": "x"}, "keys.unread: x is needed for writing; choose another."),
        ({"unread": "enter"}, "keys.unread: enter is needed for writing; choose another."),
        ({"unread": "plus"}, "keys.unread: plus is needed for writing; choose another."),
        (
            {"message.reply": "escape"},
            "keys.message.reply: escape is needed for choosing; take another.",
        ),
        (
            {"message.reply": "ctrl+q"},
            "keys.message.reply: ctrl+q always quits; choose another.",
        ),
        (
            {"message.reply": "ctrl+k"},
            "keys.message.reply: ctrl+k is taken by go already.",
        ),
        (
            {"message.repyl": "x"},
            "keys.message.repyl: there is no such command; did you mean message.reply?",
        ),
        ({"unread": "ctrl+q"}, "keys.unread: ctrl+q always quits; choose another."),
        (
            {"unread": "strg k"},
            "keys.unread: strg k is no key; write one like ctrl+k, alt+down or f5.",
        ),
        ({"unraed": "f5"}, "keys.unraed: there is no such command; did you mean unread?"),
    ],
)
def test_what_cannot_be_is_said(chosen: dict[str, str], complaint: str) -> None:
    assert read_keys(chosen).complaints == (complaint,)


def test_the_way_out_is_kept_whatever_is_chosen() -> None:
    for chosen in ({"quit": ""}, {"quit": "f10"}, {"redraw": "ctrl+q"}):
        assert read_keys(chosen).user_of("ctrl+q") == "quit"


def test_the_letters_of_a_chosen_message_are_a_map_of_their_own() -> None:
    keys = read_keys({"message.copy": "c", "message.reply": "y, Q, f10", "members": "f5"})
    assert keys.complaints == ()
    assert keys.keys["message.reply"] == ("y", "Q", "f10")
    assert keys.message_keys["c"] == "copy"
    assert "r" not in keys.message_keys
    assert keys.keys["message.copy_link"] == ("Y",), "a capital is another letter"
    assert read_keys({"message.copy": "alt+3", "room-3": ""}).message_keys["alt+3"] == "copy"
    assert keys.user_of("y") == ""


def test_a_room_by_its_number_can_have_another_key() -> None:
    keys = read_keys({"room-1": "f10"})
    assert keys.user_of("f10") == "room-1"
    assert keys.user_of("alt+1") == ""
