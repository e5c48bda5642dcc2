"""The frame at its sizes, and what happens in it: rooms, members, messages, drafts, dialogs."""

from pathlib import Path

import pytest
from textual import events

from tests.screens.language import Session, session
from tui.widgets.composer import Composer, Target

TRIED_BY_ITSELF = 5
TOPIC = "Saturday hike: meet 8:00 at the station"


async def in_a_room(s: Session) -> None:
    await s.writes("join trail")
    s.server.enters("#trail", ["~ann", "bob"], TOPIC)
    await s.sees("trail", "3 here")


async def test_120_columns_show_rooms_messages_and_members(tmp_path: Path) -> None:
    async with session(tmp_path, (120, 40)) as s:
        await in_a_room(s)
        s.server.says(":ann!u@h PRIVMSG #trail :The early one is the 07:41.")
        await s.sees("The early one is the 07:41.")
        top = s.text().splitlines()[0]
        assert top.index("trail") < top.index(TOPIC) < top.index("3 here") < top.index("OWNER")
        assert s.line_with("ROOMS").startswith(" ROOMS")
        assert s.line_with("07:41").index("ann") == 30
        assert all(len(line) <= 120 for line in s.text().splitlines())


async def test_80_columns_lay_the_members_over_on_f3(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as s:
        await in_a_room(s)
        await s.sees("ROOMS")
        assert "OWNER" not in s.text()
        await s.pilot.press("f3")
        await s.sees("OWNER")
        await s.pilot.press("escape")
        await s.misses("OWNER")


async def test_60_columns_have_the_rooms_on_one_line(tmp_path: Path) -> None:
    async with session(tmp_path, (60, 20)) as s:
        await in_a_room(s)
        s.server.enters("#dev", ["bob"])
        s.server.says(":bob!u@h PRIVMSG #dev :me: look", ":ann!u@h PRIVMSG me :psst")
        await s.sees("Lobby · trail · dev ●1 · ann ●1")
        assert "ROOMS" not in s.text()
        await s.pilot.press("f2")
        await s.sees("ROOMS")


async def test_40_columns_put_the_nick_above(tmp_path: Path) -> None:
    async with session(tmp_path, (40, 15)) as s:
        await in_a_room(s)
        s.server.says(":ann!u@h PRIVMSG #trail :The early one is the 07:41, I checked it.")
        await s.sees("07:41")
        lines = s.text().splitlines()
        at = lines.index(" ann")
        assert lines[at + 1 : at + 3] == ["  The early one is the 07:41, I checked", "  it."]


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (40, 15)])
async def test_composer_and_keys_are_always_there(tmp_path: Path, size: tuple[int, int]) -> None:
    async with session(tmp_path, size) as s:
        await s.sees("create [name]", "F1 Help")
        await in_a_room(s)
        await s.sees("› Message trail", "F1 Help")
        assert "^P Palette" in s.text().splitlines()[size[1] - 1]


async def test_what_one_writes_is_sent_and_shown(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.writes("Yes.")
        s.server.expect("PRIVMSG #trail Yes.")
        await s.sees("me            Yes.", "› Message trail")


async def test_lines_typed_faster_than_drawn_keep_their_order(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        for key in ("o", "n", "e", "ctrl+j", "t", "w", "o", "alt+up"):
            s.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await s.sees("rooms on")
        await s.misses("› one")
        await s.pilot.press("alt+down")
        await s.sees("› one", "   two")


async def test_refused_lines_stay_typed(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.writes("/tpoic new words")
        await s.sees("Did you mean /topic?", "› /tpoic new words")


async def test_one_of_the_five_words_asks_once(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.writes("help")
        await s.sees("Run the command help", "Send it as text")
        await s.pilot.press("down", "enter")
        await s.misses("Send it as text")
        s.server.expect("PRIVMSG #trail help")


async def test_drafts_stay_with_their_room(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.types("half a thought")
        await s.pilot.press("alt+up")
        await s.sees("rooms on")
        await s.misses("half a thought")
        await s.pilot.press("alt+down")
        await s.sees("› half a thought")


async def test_the_lobby_lists_rooms_and_what_to_do_next(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        s.server.expect("LIST")
        s.server.lists(("#trail", 4, TOPIC), ("#general", 23, "Anything goes"))
        await s.sees("general", "trail", TOPIC, "make a room and go in")
        assert s.line_with("general").rstrip().endswith("23")
        await s.writes("join trail")
        s.server.expect("JOIN")


async def test_unread_is_counted_and_f4_goes_there(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.pilot.press("f7")
        await s.sees("rooms on")
        s.server.says(":ann!u@h PRIVMSG #trail :one", ":ann!u@h PRIVMSG #trail :me: two")
        await s.sees("●1")
        await s.pilot.press("f4")
        await s.sees("new messages", TOPIC)
        await s.misses("●1")


async def test_a_line_with_a_password_is_in_no_history(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await s.writes("raw NOTICE ann hello")
        await s.writes("login ann hunter2")
        await s.pilot.press("ctrl+c", "up")
        await s.sees("› raw NOTICE")
        assert "hunter2" not in s.text()


async def test_a_lost_connection_counts_down_in_words(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        s.server.cuts("the connection was cut")
        await s.sees("the connection was cut", "Trying again", "F12")


async def test_help_lists_the_whole_table_and_esc_leads_back(tmp_path: Path) -> None:
    async with session(tmp_path, (120, 60)) as s:
        await s.pilot.press("f1")
        await s.sees("create [name]", "Make a room", "Esc goes back")
        await s.pilot.press("end")
        await s.sees("Begin a new line in the message", "^J")
        await s.pilot.press("escape")
        await s.misses("Esc goes back")


async def test_go_to_finds_by_a_few_letters_and_offers_the_unknown(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.pilot.press("f7")
        await s.sees("rooms on")
        await s.pilot.press("ctrl+k")
        await s.sees("Go to a room or person")
        await s.types("trl")
        await s.pilot.press("enter")
        await s.sees(TOPIC)
        await s.pilot.press("ctrl+k")
        await s.types("picnic")
        await s.sees("Join picnic", "Create picnic")
        await s.pilot.press("down", "enter")
        await s.misses("Create picnic")
        s.server.expect("picnic")


async def test_quitting_asks_only_when_something_would_be_lost(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.writes("half a thought")
        await s.pilot.press("ctrl+q")
        await s.sees("1 message is not sent yet", "Stay")
        await s.pilot.press("escape")
        await s.misses("Stay")
        assert s.app.return_code is None
        await s.pilot.press("ctrl+q", "down", "enter")
        await s.ends()
    assert "half a thought" in (tmp_path / "remembered.json").read_text()


async def test_what_is_not_sent_is_there_again_after_a_restart(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.types("half a thought")
        await s.pilot.press("alt+up")
        await s.types("join den")
        await s.pilot.press("ctrl+q")
        await s.ends()
        s.server.expect("QUIT")
    async with session(tmp_path) as s:
        await s.sees("› join den")
        s.server.expect("JOIN #trail")
        s.server.enters("#trail", ["ann"])
        await s.pilot.press("alt+down")
        await s.sees("› half a thought")


async def test_ignored_people_stay_ignored_after_a_restart(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await s.writes("ignore mallory")
        await s.sees("You read nothing of mallory")
    assert "mallory" in (tmp_path / "remembered.json").read_text()
    async with session(tmp_path) as s:
        s.server.says(":mallory!u@h PRIVMSG me :buy this", ":ann!u@h PRIVMSG me :psst")
        await s.sees("ann", "●1")
        assert "mallory" not in s.text()


async def test_a_password_that_was_typed_is_no_draft(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await s.types("login ann hunter2")
        await s.pilot.press("ctrl+q")
        await s.ends()
    assert "hunter2" not in (tmp_path / "remembered.json").read_text()


async def test_a_room_of_the_command_line_that_does_not_exist_is_told(tmp_path: Path) -> None:
    async with session(tmp_path, rooms=("trail",)) as s:
        s.server.says(":irc 403 me #trail :No such channel")
        await s.sees("No such channel", "create makes one")
        await s.writes("create trail")
        s.server.enters("#trail")
        await s.sees("You joined")


async def test_what_the_server_says_of_itself_is_kept_for_status(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as s:
        s.server.says(
            ":irc 002 me :Your host is irc",
            ":irc 251 me :There are 3 users",
            ":irc 254 me 7 :rooms exist",
            ":irc 375 me :- irc Message of the day -",
            ":irc 372 me :- Be kind.",
            ":irc 376 me :End",
        )
        s.server.lists(("#trail", 4, TOPIC))
        await s.sees("trail", "WHAT NEXT", "Be kind.", "› create [name] · join ID · help")
        assert not any(part in s.text() for part in ("Your host", "3 users", "7 rooms"))
        await s.writes("status")
        await s.sees("Your host is irc", "There are 3 users", "7 rooms exist", "Be kind.")
        await s.writes("lobby")
        await s.misses("Your host")


async def test_what_the_server_cannot_do_is_not_offered(tmp_path: Path) -> None:
    async with session(tmp_path, (120, 120)) as s:
        await s.pilot.press("f1")
        await s.sees("MOVING")
        assert "register" not in s.text()
        await s.pilot.press("escape")
        await s.writes("register hunter2")
        await s.sees("This server cannot do /register")


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_the_five_words_open_the_help(tmp_path: Path, size: tuple[int, int]) -> None:
    async with session(tmp_path, size) as s:
        await s.pilot.press("f1")
        await s.sees("THE FIVE WORDS", " create [name]", " join room", " exit", " help", " quit")


async def test_alt_and_a_digit_lead_to_a_room(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        s.server.enters("#dev", ["bob"])
        await s.pilot.press("alt+1")
        await s.sees("› Message dev")
        await s.pilot.press("alt+2")
        await s.sees("› Message trail")
        await s.writes("/room 7")
        await s.sees("There is no room 7 in the list")


@pytest.mark.parametrize("where", ["app", "widget"])
async def test_a_failure_in_a_handler_ends_in_one_sentence(tmp_path: Path, where: str) -> None:
    def fail() -> None:
        raise RuntimeError("a bug of ours")

    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.types("half a thought")
        pump = s.app if where == "app" else s.app.main.composer
        pump.call_later(fail)
        await s.ends()
    assert s.app.return_code == 1
    report = (tmp_path / "failure.txt").read_text()
    assert "a bug of ours" in report
    assert "half a thought" in report
    assert "half a thought" in (tmp_path / "remembered.json").read_text()


async def test_what_is_told_while_the_program_ends_breaks_nothing(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.app.main.query("MainScreen > *").remove()  # as Textual takes a screen apart
        s.app.main.tell("The disk is full.", failure=True)
        await s.pilot.pause()
    assert not s.app.return_code


async def test_a_nick_taken_meanwhile_is_asked_for(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        s.server.cuts("the connection was cut")
        await s.pilot.press("f12")
        s.server.opens()
        s.server.says(":irc CAP * LS :")
        for _ in range(TRIED_BY_ITSELF + 1):
            s.server.says(f":irc 433 * {s.server.client.state.nick} :This nick is in use")
        await s.sees("This nick is in use", "Enter uses this nick")
        await s.pilot.press("enter")
        await s.misses("Enter uses this nick")
        assert s.server.written[-1] not in s.server.written[:-1], "another one than before"
        assert s.server.written[-1].startswith("NICK me")


async def test_tab_completes_and_shows_what_else_fits(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_a_room(s)
        await s.types("/na")
        await s.pilot.press("tab")
        await s.sees("› /names")
        await s.pilot.press("ctrl+c")
        await s.types("a")
        await s.pilot.press("tab")
        await s.sees("› ann:")


async def test_the_palette_offers_every_action(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await s.pilot.press("ctrl+p")
        await s.types("unread")
        await s.sees("Go to the next unread room")


async def test_every_screen_action_of_the_table_can_be_performed(tmp_path: Path) -> None:
    from tui.commands.table import COMMANDS

    wanted = {row.screen_action for row in COMMANDS.values() if row.screen_action}
    async with session(tmp_path) as s:
        assert wanted <= set(s.app.actions.names)


async def test_a_line_that_goes_out_as_several_says_so_before(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as it:
        it.server.enters("#trail")
        it.app.show("#trail")
        await it.types("one")
        it.app.main.composer.new_line()
        await it.types("two")
        await it.sees("This goes out as 2 messages.")
        await it.pilot.press("enter")
        it.server.expect("PRIVMSG #trail one")
        it.server.expect("PRIVMSG #trail two")
        await it.misses("This goes out as")


async def test_who_types_is_shown_and_ones_own_typing_is_told(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as it:
        it.server.welcomes("message-tags")
        await it.pilot.pause()
        it.server.enters("#trail", ("bob",))
        it.app.show("#trail")
        it.server.says("@+typing=active :bob!b@h TAGMSG #trail")
        await it.sees("bob is typing…")
        await it.types("hi")
        it.server.expect("@+typing=active TAGMSG #trail")


async def test_news_of_a_text_that_was_sent_meanwhile_does_not_say_that_one_types(
    tmp_path: Path,
) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as it:
        it.server.welcomes("message-tags")
        await it.pilot.pause()
        it.server.enters("#trail", ("bob",))
        it.app.show("#trail")
        it.app.main.post_message(Composer.Edited("#trail", "hello"))  # as a slow screen sees it
        await it.pilot.pause()
        assert not any("TAGMSG" in line for line in it.server.written)


async def test_what_is_answered_stands_above_the_line_until_esc(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as it:
        it.server.enters("#trail")
        it.app.show("#trail")
        it.app.main.composer.target = Target("reply", 1, "↩ bob: shall we?")
        await it.sees("↩ bob: shall we?  Esc leaves it")
        await it.pilot.press("escape")
        await it.misses("shall we?")


async def test_a_command_shows_its_arguments_while_it_is_typed(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as it:
        it.server.enters("#trail", ("bob",))
        it.app.show("#trail")
        await it.types("/kick b")
        await it.sees("/kick ‹nick› [reason] ·")
        await it.types("ob x")
        await it.sees("/kick nick ‹[reason]› ·")


async def test_an_emoji_is_found_by_its_name(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as it:
        it.server.enters("#trail")
        it.app.show("#trail")
        await it.types(":tada")
        await it.sees("🎉")
        await it.pilot.press("tab")
        assert it.app.main.composer.text == "🎉 "


async def test_a_paste_of_many_lines_is_shown_and_can_be_sent(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as it:
        it.server.enters("#trail")
        it.app.show("#trail")
        it.app.main.composer.post_message(events.Paste("\n".join("abcdefgh")))
        await it.sees("8 lines were pasted, 15 characters:", "… and 2 more lines")
        await it.pilot.press("escape")
        await it.misses("were pasted")
        it.app.main.composer.post_message(events.Paste("\n".join("abcd")))
        await it.sees("Send them as 4 messages")
        await it.pilot.press("down", "enter")
        await it.misses("were pasted")
        it.server.expect("PRIVMSG #trail d")
        assert it.app.main.composer.text == ""


async def test_what_was_written_before_is_found_by_a_few_letters(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as it:
        it.server.enters("#trail")
        it.app.show("#trail")
        for line in ("meet at eight", "bring the map", "eight it is"):
            await it.writes(line)
        await it.pilot.press("ctrl+r")
        await it.types("ei me")
        await it.sees("meet at eight", "Enter writes it again, unsent")
        await it.pilot.press("enter")
        await it.misses("unsent")
        assert it.app.main.composer.text == "meet at eight"


async def test_where_no_editor_can_be_started_the_line_stays(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24)) as it:
        await it.types("kept")
        await it.pilot.press("ctrl+o")
        await it.sees("This terminal cannot be lent to an editor.")
        assert it.app.main.composer.text == "kept"
