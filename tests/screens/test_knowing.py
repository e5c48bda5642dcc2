"""What one knows of what one does not look at: counts, the rule, notes in the corner."""

from pathlib import Path

from textual import events

from tests.screens.language import Session, session

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
