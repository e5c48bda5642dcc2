"""Acting on a message: choosing it, answering, reacting, editing, deleting, threads, links."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from textual import events

from tests.screens.language import START_MS, Session, session
from tui.client.cleaning import time_tag

ABLE = (
    "message-tags server-time echo-message draft/message-redaction chat-server/edit "
    "chat-server/sequence"
)


def said(number: int, nick: str, text: str, tags: str = "") -> str:
    moment = time_tag(START_MS + number * 1_000)
    return f"@msgid=m{number};{tags}time={moment} :{nick}!{nick}@h PRIVMSG #trail :{text}"


async def in_room(on: Session) -> None:
    """Ann has asked, we have answered."""
    on.server.enters("#trail", ["ann", "bob"])
    on.server.says(said(1, "ann", "Lunch at noon?"), said(2, "me", "I am late, sory"))
    await on.pilot.press("f6")
    await on.sees("sory")


async def choose(on: Session, *keys: str) -> None:
    """Ctrl+G chooses the newest message, further keys go on from there."""
    await on.pilot.press("ctrl+g", *keys)
    await on.pilot.pause()


async def test_r_answers_the_chosen_message(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await choose(on, "up", "r")
        await on.sees("replying to ann: Lunch at noon?")
        await on.writes("gladly")
        on.server.expect("@+draft/reply=m1 PRIVMSG #trail gladly")
        await on.misses("replying to")
        await on.sees("╭ ann: Lunch at noon?")


async def test_escape_leaves_the_answer_and_keeps_the_words(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await choose(on, "up", "r")
        await on.types("gladly")
        await on.pilot.press("escape")
        await on.misses("replying to")
        await on.pilot.press("enter")
        on.server.expect("PRIVMSG #trail gladly")
        assert not any("reply" in line for line in on.server.written)


async def test_e_edits_ones_own_message_and_nobody_elses(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await choose(on, "up", "e")
        await on.sees("Edit: that cannot be done with this one.")
        await on.pilot.press("escape")
        await choose(on, "e")
        await on.sees("editing your message", "› I am late, sory")
        await on.pilot.press("backspace", "backspace", *"rry", "enter")
        await on.pilot.pause()
        on.server.expect("EDIT #trail m2 :I am late, sorry")
        on.server.says(
            "@msgid=m3 :me!u@h EDIT #trail m2 :I am late, sorry", said(4, "ann", "No hurry")
        )
        await on.sees("I am late, sorry · edited", "No hurry")


async def test_leaving_an_edit_puts_its_text_away(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await choose(on, "e")
        await on.sees("› I am late, sory")
        await on.pilot.press("escape")
        await on.misses("› I am late", "editing your message")


async def test_plus_reacts_by_the_name_of_an_emoji(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await choose(on, "up", "plus")
        await on.sees("the name of an emoji", "👍  thumbsup")
        await on.types("rocket")
        await on.sees("🚀  rocket")
        await on.pilot.press("enter")
        await on.pilot.pause()
        on.server.expect("+draft/react=🚀;+draft/reply=m1 TAGMSG #trail")
        on.server.says("@+draft/react=🚀;+draft/reply=m1;msgid=m5 :me!u@h TAGMSG #trail")
        await on.sees("Lunch at noon?   🚀 you")


async def test_d_deletes_after_a_question(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await choose(on, "d")
        await on.sees("Delete your message for everyone?", "Keep it")
        await on.pilot.press("enter")
        await on.misses("Delete your message")
        assert not any("REDACT" in line for line in on.server.written)
        await choose(on, "delete")
        await on.sees("Keep it")
        await on.pilot.press("down", "enter")
        await on.pilot.pause()
        on.server.expect("REDACT #trail m2")
        on.server.says("@msgid=m6 :me!u@h REDACT #trail m2")
        await on.sees("deleted")
        await on.misses("sory")


async def test_enter_offers_what_can_be_done_and_a_letter_does_it(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await choose(on, "up", "enter")
        await on.sees("ann: Lunch at noon?", "r   Reply", "+   React with an emoji")
        assert "Edit" not in on.text()
        await on.pilot.press("y")
        await on.sees("Copied the text.")
        assert on.app.clipboard == "Lunch at noon?"


async def test_several_links_have_letters(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        on.server.says(said(3, "ann", "https://a.org/x or https://b.org/y"))
        await on.sees("b.org")
        await choose(on, "o")
        await on.sees("Open which link?", "a   https://a.org/x", "s   https://b.org/y")
        await on.pilot.press("s")
        await on.sees("No browser here; copied https://b.org/y")
        assert on.app.clipboard == "https://b.org/y"


async def test_a_thread_is_read_and_written_alone(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        on.server.says(said(3, "bob", "At noon it is", "+draft/reply=m1;"))
        await on.sees("At noon it is")
        await choose(on, "t")
        await on.sees("in the thread of ann: Lunch at noon?", "At noon it is")
        await on.misses("sory")
        for text in ("fine", "bye"):
            await on.writes(text)
            on.server.expect(f"@+draft/reply=m1 PRIVMSG #trail {text}")
        await on.pilot.press("escape")
        await on.misses("in the thread of")
        await on.sees("sory")


async def test_g_leads_to_what_is_answered_and_escape_back(tmp_path: Path) -> None:
    async with session(tmp_path, size=(100, 14), capabilities=ABLE) as on:
        await in_room(on)
        on.server.says(*(said(number, "bob", f"line {number}") for number in range(3, 40)))
        on.server.says(said(40, "bob", "At noon it is", "+draft/reply=m1;"))
        await on.sees("At noon it is")
        await choose(on, "g")
        await on.sees("12:26  ann           Lunch at noon?")
        await on.pilot.press("escape")
        await on.sees("At noon it is")


async def test_commands_act_on_the_newest_message(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await on.writes("/reply gladly")
        on.server.expect("@+draft/reply=m1 PRIVMSG #trail gladly")
        await on.writes("/edit I am late, sorry")
        on.server.expect("EDIT #trail m2 :I am late, sorry")
        await on.writes("/react yes")
        on.server.expect("+draft/react=yes;+draft/reply=m1 TAGMSG #trail")
        await on.writes("/delete")
        await on.sees("Delete your message for everyone?")


async def test_what_is_known_of_a_message(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await choose(on, "up", "i")
        await on.sees("Friday, March 6, 2026, 12:26:41", "ann!ann@h", "m1")


async def test_a_picture_is_fetched_only_when_asked_for(tmp_path: Path) -> None:
    pytest.importorskip("textual_image")
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as web:
        async with session(tmp_path, capabilities=ABLE) as on:
            await in_room(on)
            on.server.says(said(3, "ann", f"http://127.0.0.1:{web.server_port}/a.png"))
            await on.sees("a.png")
            await choose(on, "v")
            await on.sees("Esc goes back", "the link leads into a private network")
            await on.pilot.press("escape")
            await on.misses("private network")


async def test_the_help_lists_the_letters_of_a_chosen_message(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await on.pilot.press("f1", "end")
        await on.sees("WITH A MESSAGE CHOSEN", "React with an emoji", "Choose from all")


async def test_a_chosen_message_stays_so_while_one_is_elsewhere(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ABLE) as on:
        await in_room(on)
        await choose(on, "up")
        on.app.post_message(events.AppBlur())
        await on.pilot.pause()
        on.app.post_message(events.AppFocus())
        await on.pilot.pause()
        await on.pilot.press("r")
        await on.sees("replying to ann: Lunch at noon?")
