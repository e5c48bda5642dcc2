"""Finding: search with its hits in place, mentions, unread rooms, and the way back."""

from pathlib import Path

import pytest

from tests.client.script import OURS, numbered
from tests.screens.language import Session, session

CAPABILITIES = " ".join(
    [*(word for word in OURS.split() if word != "draft/search"), "draft/search=has,order,hits"]
)
LONG = (
    "I would rather take the one at nine: it is a long way to the station from where I live, "
    "and the bus does not go before eight on a Saturday, so the early train means a taxi."
)


def page(first: int, last: int) -> list[str]:
    return [numbered(number, f"m{number}") for number in range(first, last + 1)]


async def in_a_room(s: Session, capabilities: str = CAPABILITIES) -> None:
    """In a room whose newest messages are 901 to 1000."""
    s.server.welcomes(capabilities)
    await s.writes("join trail")
    s.server.enters("#trail", ["bob"])
    if "chathistory" in capabilities:
        s.server.sends_history("#trail", page(901, 1_000))
        await s.sees("m1000")
        for first in (801, 701):  # a tall screen nears the top, and may say so twice
            await s.pilot.pause(0.1)
            if any(f"BEFORE #trail number={first + 100} " in line for line in s.server.written):
                s.server.sends_history("#trail", page(first, first + 99))
    else:
        await s.sees("Message trail")


async def asked(s: Session, part: str, command: str = "SEARCH") -> str:
    """Wait until the server is asked with `part`; the label of it."""
    for _ in range(100):
        lines = [line for line in s.server.written if f" {command} " in line and part in line]
        if lines:
            return lines[-1].partition("label=")[2].split(" ")[0].split(";")[0]
        await s.pilot.pause(0.02)
    raise AssertionError(f"not asked for {part}: {s.server.written[-4:]}")


def answers(s: Session, label: str, *lines: str) -> None:
    within = [f"@batch=s;{line.removeprefix('@')}" for line in lines]
    s.server.says(f"@label={label} :irc BATCH +s soju.im/search", *within, ":irc BATCH -s")


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (40, 15)])
async def test_what_is_found_is_shown_in_its_place_and_esc_leads_back(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with session(tmp_path, size, welcomed=False) as s:
        await in_a_room(s)
        await s.pilot.press("ctrl+f")
        await s.sees("Find messages in trail", "from:ann", "has:link", '"a phrase"')
        await s.types("train")
        label = await asked(s, "text=train")
        s.server.expect("in=#trail")
        answers(s, label, numbered(200, LONG), numbered(201, "a train"))
        await s.sees("2 found in trail, newest first", "a train", "bob")
        await s.sees("train means")
        await s.pilot.press("down", "enter")
        await s.misses("newest first")
        await asked(s, "AROUND #trail", "CHATHISTORY")
        s.server.sends_history("#trail", [*page(151, 199), numbered(200, LONG), *page(201, 250)])
        await s.sees("m199", "rather take")
        await s.pilot.press("escape")
        await s.sees("m1000")


async def test_tab_searches_all_rooms_and_back(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s)
        await s.writes("/search fox")
        answers(s, await asked(s, "in=#trail"), numbered(1, "one fox"))
        await s.sees("1 found in trail", "Tab all rooms")
        await s.pilot.press("tab")
        await s.sees("Tab trail")
        label = await asked(s, "text=fox;order=newest")
        assert "in=" not in s.server.written[-1]
        answers(s, label, numbered(2, "two foxes", room="#dev"))
        await s.sees("1 found in all rooms", "two foxes", "dev ·")


async def test_the_best_first(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s)
        await s.writes("/search fox")
        answers(s, await asked(s, "order=newest"), numbered(1, "one fox"), numbered(2, "two"))
        await s.sees("newest first", "^R best first")
        await s.pilot.press("ctrl+r")
        label = await asked(s, "order=relevance")
        answers(s, label, numbered(1, "one fox"), numbered(2, "two"))
        await s.sees("best first", "^R newest first")


async def test_what_cannot_be_sought_is_said_and_what_was_found_stays(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s)
        await s.writes("/search fox")
        answers(s, await asked(s, "text=fox"), numbered(1, "one fox"))
        await s.sees("one fox")
        await s.pilot.press("end")
        await s.types(" before:soon")
        await s.sees("“soon” is no day", "one fox")
        await s.pilot.press("escape", "ctrl+f")
        await s.sees("fox before:soon")


async def test_a_server_that_refuses_and_one_that_finds_nothing(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s)
        await s.writes("/search fox")
        label = await asked(s, "text=fox")
        s.server.says(f"@label={label} :irc FAIL SEARCH INTERNAL_ERROR :The disk is gone")
        await s.sees("The disk is gone")
        await s.pilot.press("end")
        await s.types("es")
        answers(s, await asked(s, "text=foxes"))
        await s.sees("Nothing found in trail")


async def test_further_down_older_ones_are_found(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s)
        await s.writes("/search fox")
        lines = [numbered(number, f"fox {number}") for number in range(51, 101)]
        answers(s, await asked(s, "text=fox"), *lines)
        await s.sees("50+ found", "fox 100")
        await s.pilot.press(*["pagedown"] * 8)
        label = await asked(s, "before=")
        answers(s, label, *(numbered(number, f"fox {number}") for number in range(41, 52)))
        await s.sees("60 found")
        await s.pilot.press(*["pagedown"] * 3)
        await s.sees("fox 41")


async def test_on_a_server_that_cannot_search_what_is_loaded_is_searched(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s, "")
        s.server.says(*(f":bob!u@h PRIVMSG #trail :message {number}" for number in range(60)))
        await s.sees("message 59")
        await s.pilot.press("ctrl+f")
        await s.types("message 7")
        await s.sees("1 found in trail", "only what is loaded here")
        await s.pilot.press("enter")
        await s.misses("1 found")
        await s.sees("message 7", "message 3", "Esc back")
        await s.pilot.press("escape")
        await s.sees("message 59")


async def test_mentions_one_after_the_other_and_as_a_list(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s, "")
        lines = [f":bob!u@h PRIVMSG #trail :message {number}" for number in range(90)]
        lines[10] = ":bob!u@h PRIVMSG #trail :me: are you there?"
        lines[50] = ":cleo!u@h PRIVMSG #trail :ask me"
        s.server.says(*lines)
        await s.sees("message 89")
        await s.pilot.press("alt+p")
        await s.sees("ask me", "message 51")
        await s.pilot.press("alt+p")
        await s.sees("me: are you there?")
        await s.pilot.press("alt+p")
        await s.sees("Nobody names you in earlier messages")
        await s.pilot.press("alt+n")
        await s.sees("ask me")
        await s.pilot.press("escape")
        await s.sees("message 89")
        await s.writes("/mentions")
        await s.sees("ask me", "are you there", "cleo  trail · Mar 6, 2026")
        await s.types("there")
        await s.misses("ask me")
        await s.pilot.press("enter")
        await s.sees("message 9", "me: are you there?", "message 11")


async def test_mentions_that_are_not_loaded_are_found_by_the_server(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s)
        await s.writes("/mentions")
        await s.sees("Nobody has named you yet.")
        answers(s, await asked(s, "text=me"), numbered(7, "me: hello"), numbered(8, "no"))
        await s.sees("me: hello")


async def test_the_unread_rooms_as_a_list(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s, "")
        await s.writes("/unread")
        await s.sees("Nothing is unread.")
        s.server.enters("#dev", ["bob"])
        s.server.enters("#quiet", ["bob"])
        s.server.says(":bob!u@h PRIVMSG #dev :hello", ":cleo!u@h PRIVMSG me :psst")
        await s.sees("dev", "cleo")
        await s.writes("/unread")
        await s.sees("Unread rooms and people", "●1")
        await s.types("de")
        await s.pilot.press("enter")
        await s.sees("Message dev")
