"""Going to a message that was not loaded: its neighbours, the hole below them, the way back."""

from pathlib import Path

from tests.client.script import OURS, numbered
from tests.screens.language import Session, session

MSGID = f"{7:010x}-{{:015x}}"


def page(first: int, last: int) -> list[str]:
    return [numbered(number, f"m{number}") for number in range(first, last + 1)]


def msgid(number: int) -> str:
    return MSGID.format(number << 24)


def without_bar(s: Session) -> list[str]:
    """The screen without its last column, the scroll bar of which tells how much is held."""
    return [line[:79].rstrip() for line in s.text().splitlines()]


async def in_a_room(s: Session) -> None:
    """In a room whose newest messages are 901 to 1000."""
    s.server.welcomes(OURS)
    await s.writes("join trail")
    s.server.enters("#trail", ["bob"])
    s.server.sends_history("#trail", page(901, 1_000))
    await s.sees("m1000")


async def jump(s: Session, number: int) -> None:
    s.app.intend(lambda: s.app.client.show_message("#trail", msgid(number)))
    s.server.poke()
    await s.pilot.pause()


async def test_the_message_is_shown_among_its_neighbours_and_esc_leads_back(
    tmp_path: Path,
) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s)
        await s.pilot.press("pageup")
        await s.pilot.pause()
        before = without_bar(s)
        await jump(s, 200)
        s.server.sends_history("#trail", page(151, 250))
        await s.sees("m195", "m200", "m205", "Esc back")
        await s.pilot.press("escape")
        await s.misses("m200")
        assert without_bar(s) == before


async def test_the_way_back_leads_to_the_room_one_came_from(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s)
        await s.pilot.press("f7")
        await s.sees("Lobby")
        await jump(s, 950)
        await s.sees("m950")
        await s.types("w")
        await s.sees("› w")
        await s.pilot.press("escape")
        await s.sees("rooms on irc")


async def test_what_is_not_loaded_is_said_and_loaded_as_one_nears_it(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), welcomed=False) as s:
        await in_a_room(s)
        await jump(s, 200)
        s.server.sends_history("#trail", page(151, 250))
        await s.sees("m200")
        for _ in range(3):
            await s.pilot.press("pagedown")
        await s.sees("m250", "650 messages not loaded", "m901")
        s.server.expect("CHATHISTORY AFTER #trail number=250")
        s.server.sends_history("#trail", page(251, 350))
        await s.sees("m250", "m251")
        await s.misses("not loaded")
