"""F9 and /keys: what one changes holds at once and at the next start; keys are mapped and told."""

from pathlib import Path

import pytest

from tests.screens.language import Session, session
from tui.commands.keymap import WAY_OUT


def kept(tmp_path: Path) -> str:
    return (tmp_path / "preferences.toml").read_text(encoding="utf-8")


async def goes_to(it: Session, name: str, id: str) -> None:  # noqa: A002 - Textual's own name
    """Mark the row `name` in the list `id`."""
    options = it.app.screen.query_one(f"#{id}")
    options.highlighted = options.get_option_index(name)  # type: ignore[attr-defined]
    await it.pilot.pause()


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (40, 15)])
async def test_a_preference_is_changed_in_place_and_kept(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with session(tmp_path, size) as it:
        await it.pilot.press("f9")
        await it.sees("theme", "textual-dark", "Esc goes back")
        await goes_to(it, "look.time", "preferences")
        await it.pilot.press("right")
        await it.sees("12h")
        await it.pilot.press("escape")
        await it.misses("Esc goes back")
    assert 'time = "12h"' in kept(tmp_path)


async def test_a_theme_is_chosen_from_all_of_them_and_holds_at_the_next_start(
    tmp_path: Path,
) -> None:
    async with session(tmp_path, (80, 24)) as it:
        await it.pilot.press("f9")
        await goes_to(it, "look.theme", "preferences")
        await it.pilot.press("enter")
        await it.sees("textual-light", "high-contrast")
        await it.pilot.press("down", "down", "enter")
        await it.misses("textual-light")
        assert it.app.theme == "high-contrast"
    async with session(tmp_path, (80, 24)) as it:
        assert it.app.theme == "high-contrast"


async def test_a_word_that_makes_no_sense_is_named_and_nothing_changed(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as it:
        await it.pilot.press("f9")
        await goes_to(it, "look.nick_width", "preferences")
        await it.pilot.press("enter")
        await it.types("x")
        await it.pilot.press("enter")
        await it.sees("must be a number from 6 to 24, not 'x'")
        await it.pilot.press("backspace", *"20", "enter")
        await it.misses("Enter takes it")
        await it.sees("20")


async def test_set_changes_one_thing_by_its_name(tmp_path: Path) -> None:
    async with session(tmp_path, (120, 40)) as it:
        await it.writes("/set writing.typing off")
        await it.sees("writing.typing is off now.")
        await it.writes("/set look.tiem 12h")
        await it.sees("did you mean look.time?")
    assert "typing = false" in kept(tmp_path)


async def test_widths_are_as_one_wants_them(tmp_path: Path) -> None:
    async with session(tmp_path, (120, 40)) as it:
        await it.writes("/set look.rooms_width 30")
        await it.sees("rooms_width is 30 now")
        assert it.line_with("Lobby  rooms on").index("Lobby  rooms on") == 31


async def test_a_key_is_given_to_a_command_and_taken_from_another(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as it:
        await it.writes("/keys")
        await it.sees("Press a key to see what the terminal sends.")
        await goes_to(it, "redraw", "keys-list")
        await it.pilot.press("enter")
        await it.sees("redraw: Draw the screen anew")
        await it.pilot.press("x")
        await it.sees("x is needed for writing")
        await it.pilot.press("f4")
        await it.sees("The terminal sent f4. It runs next-unread")
        await it.pilot.press("enter")
        await it.misses("Press the key for it")
        await it.pilot.press("escape")
        await it.misses("F4 Unread")
        await it.sees("Alt+A Unread")
    assert 'redraw = "f4"' in kept(tmp_path)
    async with session(tmp_path, (80, 24)) as it:
        await it.sees("Alt+A Unread")
        await it.pilot.press("f4", "alt+a")
        await it.sees("Nothing is unread.")


async def test_any_key_is_explained(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as it:
        await it.writes("/keys")
        await it.sees("Press a key")
        await it.pilot.press("ctrl+k")
        await it.sees("The terminal sent ctrl+k. It runs go:")
        await it.pilot.press("x")
        await it.sees("The terminal sent x, which types x. It runs no command.")


async def test_a_broken_file_is_told_of_and_there_is_always_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "preferences.toml").write_text(
        '[look]\ntime = "noon"\n[keys]\nquit = ""\nredraw = "ctrl+q"\n', encoding="utf-8"
    )
    async with session(tmp_path, (120, 40)) as it:
        await it.sees("look.time must be 24h, 12h or none, not noon.", "ctrl+q always quits")
        await it.pilot.press(WAY_OUT)
        await it.ends()


async def test_time_nicks_and_density_are_as_one_wants_them(tmp_path: Path) -> None:
    async with session(tmp_path, (120, 40)) as it:
        it.server.enters("#trail", ["ann", "bob"])
        it.app.show("#trail")
        it.server.says(":ann!a@h PRIVMSG #trail :one", ":bob!b@h PRIVMSG #trail :two")
        await it.sees("12:26")
        await it.writes("/set look.time 12h")
        await it.sees("12:26 pm")
        await it.writes("/set look.time none")
        await it.misses("12:26")
        column = it.line_with("two").index("two")
        await it.writes("/set look.nick_width 20")
        await it.sees("nick_width is 20 now")
        assert it.line_with("two").index("two") == column + 8
        lines = it.text().splitlines()
        assert lines.index(it.line_with("two")) == lines.index(it.line_with("one")) + 1
        await it.writes("/set look.density comfortable")
        await it.sees("density is comfortable now")
        lines = it.text().splitlines()
        assert lines.index(it.line_with("two")) == lines.index(it.line_with("one")) + 2


async def test_up_edits_the_last_message_where_one_wants_that(tmp_path: Path) -> None:
    async with session(tmp_path, (120, 40)) as it:
        it.server.enters("#trail", ["ann", "bob"])
        it.app.show("#trail")
        await it.writes("/set writing.up edit-last")
        await it.pilot.press("up")
        await it.sees("There is no message of yours to edit here.")
        it.server.says(":me!m@h PRIVMSG #trail :meet at eihgt")
        await it.pilot.press("up")
        await it.sees("✎ editing your last message", "› meet at eihgt")


async def test_typing_can_be_kept_to_oneself_and_not_shown(tmp_path: Path) -> None:
    async with session(tmp_path, (120, 40), welcomed=False) as it:
        it.server.welcomes("message-tags")
        await it.pilot.pause()
        it.server.enters("#trail", ("bob",))
        it.app.show("#trail")
        await it.writes("/set writing.typing off")
        await it.writes("/set reading.typing off")
        it.server.says("@+typing=active :bob!b@h TAGMSG #trail")
        await it.types("hi")
        await it.misses("is typing")
        assert not any("TAGMSG" in line for line in it.server.written)


async def test_a_letter_for_a_chosen_message_is_given_and_the_old_one_writes(
    tmp_path: Path,
) -> None:
    async with session(tmp_path, (80, 40)) as it:
        await it.writes("/keys")
        await goes_to(it, "message.info", "keys-list")
        await it.pilot.press("enter")
        await it.sees("info: Show what is known of it")
        await it.pilot.press("tab")
        await it.sees("tab is needed for choosing")
        await it.pilot.press("r")
        await it.sees("The terminal sent r, which types r. With a")
        await it.pilot.press("x", "enter")
        await it.misses("Press the key for it")
        await it.pilot.press("escape")
    assert '[keys.message]\ninfo = "x"' in kept(tmp_path)
    async with session(tmp_path, (80, 40)) as it:
        it.server.enters("#trail", ["bob"])
        it.server.says(":bob!b@h PRIVMSG #trail :hello")
        await it.pilot.press("alt+1")
        await it.sees("hello")
        await it.pilot.press("ctrl+g", "x")
        await it.sees("By       bob!b@h")
        await it.pilot.press("escape", "i")
        await it.sees("› i")


async def test_a_room_by_number_can_have_another_key(tmp_path: Path) -> None:
    (tmp_path / "preferences.toml").write_text('[keys]\nroom-1 = "f10"\n', encoding="utf-8")
    async with session(tmp_path, (80, 24)) as it:
        it.server.enters("#trail", ["bob"])
        await it.pilot.press("alt+1")
        await it.sees("create [name] · join ID")
        await it.pilot.press("f10")
        await it.sees("Message trail")


async def test_a_dialog_is_left_by_the_key_that_opens_it_whichever_that_is(tmp_path: Path) -> None:
    text = '[keys]\ngo = "f10"\nhelp = "alt+h"\nset = ""\nredraw = "f1, f9, ctrl+k"\n'
    (tmp_path / "preferences.toml").write_text(text, encoding="utf-8")
    async with session(tmp_path, (80, 24)) as it:
        for key, words in (("f10", "Go to a room or person"), ("alt+h", "THE FIVE WORDS")):
            await it.pilot.press(key)
            await it.sees(words)
            await it.pilot.press("ctrl+k", "f1")
            assert words in it.text()
            await it.pilot.press(key)
            await it.misses(words)
        await it.writes("/set")
        await it.sees("density")
        await it.pilot.press("f9")
        assert "density" in it.text()
        await it.pilot.press("escape")
        await it.misses("density")
