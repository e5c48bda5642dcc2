"""The table as a whole: the five words first, everything reachable, no key twice."""

from tui.commands.parse import FIVE_WORDS
from tui.commands.table import COMMANDS

AGREED = {
    "archive",
    "quit",
    "palette",
    "go_to_room",
    "next_room",
    "previous_room",
    "next_unread",
    "last_room",
    "toggle_rooms",
    "toggle_members",
    "page_up",
    "page_down",
    "bottom",
    "redraw",
    "new_line",
    "retry_connection",
    "disconnect",
    "lobby",
    "status",
    "select_message",
    "find_earlier",
    "keys",
    "editor",
    "mentions",
    "previous_mention",
    "next_mention",
    "unread_rooms",
    "delete_newest",
    "first_unread",
    "room_menu",
    *(f"room_{number}" for number in range(1, 10)),
    "room_settings",
}


def test_the_five_words_come_first() -> None:
    assert tuple(COMMANDS)[:5] == FIVE_WORDS


def test_the_screen_is_asked_for_what_it_can_do() -> None:
    actions = {row.screen_action for row in COMMANDS.values() if row.screen_action}
    assert actions == AGREED


def test_nothing_has_only_an_alt_key() -> None:
    for row in COMMANDS.values():
        keys = [key for key in row.keys if not key.startswith("alt+")]
        typed = row.slash or row.name.startswith("room-")  # /room 3
        assert keys or not row.keys or typed, row.name


def test_everything_can_be_typed_or_pressed() -> None:
    assert all(row.slash or row.keys for row in COMMANDS.values())


def test_a_person_reads_of_rooms() -> None:
    assert not any("channel" in row.summary.lower() for row in COMMANDS.values())


def test_only_the_last_argument_is_text_and_what_must_be_given_comes_first() -> None:
    for row in COMMANDS.values():
        required = [argument.required for argument in row.arguments]
        assert required == sorted(required, reverse=True), row.name


def test_lines_with_a_password_are_marked() -> None:
    named = {row.name for row in COMMANDS.values() if "password" in row.usage}
    assert named == {row.name for row in COMMANDS.values() if row.secret}
    assert named
