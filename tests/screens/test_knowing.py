"""What one knows of what one does not look at: counts, the rule, notes in the corner."""

from pathlib import Path

from textual import events
from textual.widgets import OptionList

from tests.screens.language import Session, session
from tui import config

OLD = [f":bob!b@h PRIVMSG #trail :line {number}" for number in range(60)]


async def looks_away(s: Session) -> None:
    s.app.post_message(events.AppBlur())
    await s.pilot.pause()


async def comes_back(s: Session) -> None:
    s.app.post_message(events.AppFocus())
    await s.pilot.pause()


async def in_trail(s: Session) -> None:
    s.server.enters("#trail", ["bob"])
    await s.pilot.press("alt+1")
    await s.sees("Message trail")


async def test_what_is_said_while_one_is_away_counts_and_is_read_on_return(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities="draft/read-marker server-time") as s:
        await in_trail(s)
        s.server.says(":bob!b@h PRIVMSG #trail :seen")
        await s.sees("seen")
        assert "new messages" not in s.text()
        await looks_away(s)
        s.server.says(":bob!b@h PRIVMSG #trail :me: news")
        await s.sees("trail           \u25cf1", "new messages")
        await comes_back(s)
        await s.misses("trail           \u25cf1")
        assert "new messages" in s.text()
        s.server.now += 2
        s.server.poke()
        s.server.expect("MARKREAD #trail timestamp=")


async def test_what_is_said_below_the_view_counts_until_one_goes_there(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_trail(s)
        s.server.says(*OLD)
        await s.sees("line 59")
        await s.pilot.press("pageup")
        await s.misses("line 59")
        s.server.says(":bob!b@h PRIVMSG #trail :news")
        await s.sees("trail            1", "1 new")
        await s.pilot.press("escape")
        await s.sees("news", "new messages")
        await s.misses("trail            1")


async def test_one_who_comes_back_above_the_end_has_not_read_it(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_trail(s)
        s.server.says(*OLD)
        await s.sees("line 59")
        await s.pilot.press("pageup")
        await looks_away(s)
        s.server.says(":bob!b@h PRIVMSG #trail :news")
        await s.sees("trail            1")
        await comes_back(s)
        assert "trail            1" in s.text()
        await s.pilot.press("pagedown")
        await s.misses("trail            1")


async def test_a_muted_room_stands_last_and_is_muted_at_the_next_start(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_trail(s)
        s.server.enters("#zebras", ["bob"])
        await s.writes("/mute")
        await s.sees("trail is muted")
        s.server.says(":bob!b@h PRIVMSG #zebras :hi")
        await s.pilot.press("alt+1")
        await s.sees("Message zebras")
        s.server.says(":bob!b@h PRIVMSG #trail :me: hi")
        await s.sees("trail           \u25cf1")
        await s.pilot.press("f4")
        await s.sees("Nothing is unread.")
        await s.pilot.press("ctrl+q")
        await s.ends()
    remembered, _ = config.load(tmp_path / config.FILE_NAME)
    assert remembered.servers["chat.example.org:5555"].attention == {"#trail": "nothing"}
    async with session(tmp_path) as s:
        assert s.server.client.state.is_muted("#trail")


async def test_do_not_disturb_is_shown_and_holds_at_the_next_start(tmp_path: Path) -> None:
    async with session(tmp_path, toasts=True) as s:
        await in_trail(s)
        s.server.enters("#zebras", ["bob"])
        await s.writes("/dnd soon")
        await s.sees("\u201csoon\u201d is no length of time", "/dnd soon")
        await s.pilot.press("ctrl+c")
        await s.writes("/dnd 2h")
        await s.sees("Do not disturb until")
        s.server.says(":bob!b@h PRIVMSG #zebras :me: hi")
        await s.sees("zebras          \u25cf1")
        assert "bob in zebras" not in s.text()
        await s.pilot.press("ctrl+q")
        await s.ends()
    async with session(tmp_path, toasts=True) as s:
        await in_trail(s)
        s.server.enters("#zebras", ["bob"])
        await s.sees("Do not disturb until")
        await s.writes("/dnd off")
        await s.misses("Do not disturb until")
        s.server.says(":bob!b@h PRIVMSG #zebras :me: hi")
        await s.sees("bob in zebras")


async def test_a_word_to_look_out_for_is_a_mention(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_trail(s)
        s.server.enters("#zebras", ["bob"])
        await s.writes("/set notify.keywords tea, next week")
        await s.sees("notify.keywords is tea, next week now.")
        s.server.says(":bob!b@h PRIVMSG #zebras :who wants Tea?", ":bob!b@h PRIVMSG #zebras :steam")
        await s.sees("zebras          \u25cf1")
        await s.pilot.press("alt+2")
        await s.sees("\u25cf12:26  bob           who wants Tea?")
        await s.writes("/mentions")
        await s.sees("▌  who wants Tea?")
    async with session(tmp_path) as s:
        assert s.server.client.state.keywords == ("tea", "next week")


async def test_words_are_changed_and_taken_back_on_the_screen_of_preferences(
    tmp_path: Path,
) -> None:
    async with session(tmp_path) as s:
        await s.writes("/set notify.keywords tea")
        await s.pilot.press("f9")
        await s.sees("keywords       tea")
        marked = s.app.screen.query_one(OptionList)
        marked.highlighted = marked.get_option_index("notify.keywords")
        await s.pilot.press("enter", "end", *["backspace"] * 3, "enter")
        await s.sees("keywords       none")
        assert s.server.client.state.keywords == ()


async def test_a_right_click_on_a_room_offers_what_can_be_done(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await in_trail(s)
        s.server.enters("#zebras", ["bob"])
        s.server.says(":bob!b@h PRIVMSG #zebras :hi")
        await s.sees("zebras           1")
        row = next(at for at, line in enumerate(s.text().splitlines()) if "zebras" in line)
        await s.pilot.click("#rooms", offset=(4, row), button=3)
        await s.sees("r   Mark it as read", "m   Mute", "l   Leave this room")
        await s.pilot.press("m")
        await s.misses("Mark it as read")
        assert s.server.client.state.is_muted("#zebras")
        await s.pilot.click("#rooms", offset=(4, row), button=3)
        await s.pilot.press("r")
        await s.misses("zebras           1")
        assert "Message trail" in s.text()
        await s.writes("/menu")
        await s.sees("a   Tell of everything said here")
        await s.pilot.press("escape")
        await s.misses("Tell of everything")
