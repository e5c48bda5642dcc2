"""A conversation as it stands on the screen, at the sizes people have: the whole grid of text."""

from pathlib import Path

import pytest

from tests.screens.language import START_MS, Session, session
from tui.client.cleaning import time_tag

ABLE = (
    "message-tags server-time batch echo-message draft/multiline draft/message-redaction "
    "chat-server/edit"
)


def tags(number: int, seconds: int, more: str = "") -> str:
    return f"@msgid=m{number};{more}time={time_tag(START_MS + seconds * 1_000)}"


def conversation() -> list[str]:
    """A little of everything."""
    lines = ["The script:", "```python", "def length(points):", "    return len(points)", "```"]
    return [
        f"{tags(1, 10)} :ann!a@h PRIVMSG #trail :Trains run **every** 20 minutes, I checked; the "
        "early one is the 07:41.",
        "@+draft/react=👍;+draft/reply=m1;msgid=r1 :bob!b@h TAGMSG #trail",
        "@+draft/react=👍;+draft/reply=m1;msgid=r2 :me!m@h TAGMSG #trail",
        f"{tags(2, 80, '+draft/reply=m1;')} :bob!b@h PRIVMSG #trail :Fine.",
        f"{tags(3, 90)} :bob!b@h PRIVMSG #trail :I bring maps",
        ":dan!d@h JOIN #trail",
        f"{tags(4, 150)} :cleo!c@h BATCH +x draft/multiline #trail",
        *(f"@batch=x :cleo!c@h PRIVMSG #trail :{line}" for line in lines),
        ":cleo!c@h BATCH -x",
        f"{tags(5, 200)} :me!m@h PRIVMSG #trail :Route b, rihgt?",
        "@msgid=e1 :me!m@h EDIT #trail m5 :Route b, right?",
        f"{tags(6, 210)} :dan!d@h PRIVMSG #trail :spam",
        "@msgid=e2 :ann!a@h REDACT #trail m6 :spam",
    ]


async def in_room(on: Session) -> None:
    """We look at the room while it is talked in."""
    on.server.enters("#trail", ["ann", "bob", "cleo"], "Saturday hike")
    await on.pilot.press("f6")
    await on.sees("You joined")
    on.server.says(*conversation())
    await on.sees("deleted by ann: spam")


MEDIUM = """\
 irc               ▕ trail  Saturday hike                                5 here
  Lobby            ▕
                   ▕
 ROOMS             ▕
▌ trail            ▕
                   ▕
                   ▕
                   ▕                   the beginning of trail
                   ▕                ── Friday, March 6, 2026 ──
                   ▕ 12:26             You joined
                   ▕        ann        Trains run every 20 minutes, I checked;
                   ▕                   the early one is the 07:41.   👍 you+1
                   ▕ 12:28  bob        ╭ ann: Trains run every 20 minutes, I c…
                   ▕                   Fine.
                   ▕                   I bring maps
                   ▕ 12:26             dan joined
                   ▕ 12:29  cleo       The script:
                   ▕                    def length(points):
                   ▕                        return len(points)
                   ▕ 12:30  me         Route b, right? · edited
                   ▕        dan        deleted by ann: spam
                   ▕
                   ▕ › Message trail, or / for a command
 F1 Help  ^K Go to  F4 Unread  ^F Find  ^J Line                      ^P Palette
"""

TINY = """\
 Lobby · trail
 trail  Saturday hike            5 here
  I bring maps
  dan joined
 cleo
  The script:
   def length(points):
       return len(points)
 me
  Route b, right? · edited
 dan
  deleted by ann: spam

 › Message trail, or / for a command
 F1 Help  ^K Go to           ^P Palette
"""


@pytest.mark.parametrize(("size", "expected"), [((80, 24), MEDIUM), ((40, 15), TINY)])
async def test_a_conversation(tmp_path: Path, size: tuple[int, int], expected: str) -> None:
    async with session(tmp_path, size=size, capabilities=ABLE) as on:
        await in_room(on)
        assert on.text() == expected.rstrip("\n")
