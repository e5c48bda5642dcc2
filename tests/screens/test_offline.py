"""Started without a connection: what was said is there, and what is typed waits."""

from datetime import UTC
from pathlib import Path
from typing import Any

from tests.screens.language import ADDRESS, Server, Session, session
from tui import config
from tui.app import ChatApp
from tui.archives import file_name
from tui.client.client import Client
from tui.identity import Identity

CAPABILITIES = "message-tags server-time batch labeled-response draft/chathistory"


async def talk(s: Session, *texts: str) -> None:
    """We are in #trail, and ann says something there."""
    await s.writes("/join trail")
    s.server.enters("#trail", ["ann"], topic="maps")
    await s.sees("maps")
    for number, text in enumerate(texts):
        time = f"time=2026-03-06T12:26:{number:02}.000Z"
        s.server.says(f"@{time};msgid=m{number} :ann!u@h PRIVMSG #trail :{text}")
    await s.sees(*texts)


async def test_the_screen_is_full_before_there_is_a_link(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=CAPABILITIES) as s:
        await talk(s, "hello there", "anyone home?")
        s.server.sends_history("#trail", [])
    async with session(tmp_path, welcomed=False) as s:
        await s.sees("trail", "maps", "off line", "hello there", "anyone home?")
        s.server.cuts("the network is unreachable")
        await s.sees("the network is unreachable. Trying again", "hello there")
        await s.writes("are you still there?")
        await s.sees("your text stays here", "› are you still there?")
        await s.pilot.press("f12")
        s.server.opens()
        s.server.welcomes(CAPABILITIES)
        s.server.enters("#trail", ["ann"])
        await s.sees("2 here")
        s.server.expect("CHATHISTORY AFTER #trail msgid=m1 100")
        await s.pilot.press("enter")
        s.server.expect("PRIVMSG #trail :are you still there?")


async def test_what_was_said_just_before_a_bug_of_ours_is_there_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise RuntimeError("a bug of ours")

    async with session(tmp_path, capabilities=CAPABILITIES) as s:
        await talk(s, "the last words")
        s.app.main.composer.call_later(fail)
        await s.ends()
    assert s.app.return_code == 1
    async with session(tmp_path, welcomed=False) as s:
        await s.sees("off line", "the last words")


async def test_one_begins_where_one_was_and_counts_go_on(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=CAPABILITIES) as s:
        await talk(s, "hello there")
        s.server.says("@msgid=x :bob!u@h PRIVMSG me :psst")
        await s.sees("bob", "●1")
    async with session(tmp_path, welcomed=False) as s:
        await s.sees("Message trail", "●1")
        await s.pilot.press("alt+2")
        await s.sees("psst", "Message bob")
        await s.misses("●1")


async def test_a_room_that_was_asked_for_comes_before_where_one_was(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await talk(s, "hello there")
        await s.writes("/join den")
        s.server.enters("#den", ["ann"])
        await s.sees("Message den")
        await s.pilot.press("alt+0")
        await s.sees("create [name]")
    async with session(tmp_path, welcomed=False, rooms=("den",)) as s:
        await s.sees("Message den")


async def test_nothing_is_kept_where_the_person_wants_it_so(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await talk(s, "hello there")
    assert list((tmp_path / "archive").glob("*.sqlite"))
    async with session(tmp_path) as s:
        await s.writes("/set archive.keep off")
        await s.sees("archive.keep is off now")
    assert not (tmp_path / "archive").exists()
    async with session(tmp_path, welcomed=False) as s:
        await s.sees("create [name]")
        assert "hello there" not in s.text()


async def test_what_is_kept_is_told_and_removed_at_ones_word(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await talk(s, "a secret word")
    async with session(tmp_path) as s:
        await s.writes("/archive")
        await s.sees("is kept in", "chat.example.org", "Keep it", "Remove it")
        await s.pilot.press("down", "enter")
        await s.sees("What was kept is removed.")
        s.server.enters("#trail", ["ann"])
        s.server.says(":ann!u@h PRIVMSG #trail :said since")
        await s.sees("said since")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "archive").iterdir())
    assert b"said since" in kept
    assert b"a secret word" not in kept


async def test_where_there_is_no_history_a_line_says_that_something_may_be_missing(
    tmp_path: Path,
) -> None:
    async with session(tmp_path) as s:
        await talk(s, "hello there")
    async with session(tmp_path, welcomed=False) as s:
        s.server.welcomes()
        s.server.enters("#trail", ["ann"])
        await s.sees("hello there", "What was said meanwhile is missing here")
        s.server.says(":ann!u@h PRIVMSG #trail :hello again")
        await s.sees("hello again")
        assert s.text().count("hello there") == 1


async def test_what_is_kept_is_found_without_a_link(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await talk(s, "the northern path", "the bridge")
    async with session(tmp_path, welcomed=False) as s:
        await s.sees("off line")
        s.server.cuts("the network is unreachable")
        await s.pilot.press("ctrl+f")
        await s.types("northern")
        s.server.poke()
        await s.sees("the northern path", "ann")
        await s.misses("the bridge")


async def test_a_room_left_without_a_link_is_left_for_good(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await talk(s, "hello there")
    async with session(tmp_path, welcomed=False) as s:
        await s.sees("off line")
        await s.writes("/exit")
        await s.sees("create [name]")
        s.server.welcomes()
        assert not any("JOIN" in line for line in s.server.written)
    async with session(tmp_path, welcomed=False) as s:
        await s.sees("create [name]")
        s.server.welcomes()
        assert not any("JOIN" in line for line in s.server.written)


async def test_a_damaged_archive_is_told_once_and_chat_goes_on(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await talk(s, "hello there")
    (path,) = (tmp_path / "archive").glob("*.sqlite")
    path.write_bytes(b"something else" * 100)
    async with session(tmp_path) as s:
        await s.sees("makes no sense; it was", "moved to")
        await s.pilot.press("escape")
        await s.misses("makes no sense")
        await talk(s, "hello again")
    async with session(tmp_path, welcomed=False) as s:
        await s.sees("hello again")


async def test_where_nothing_can_be_written_chat_goes_on_and_one_sentence_says_so(
    tmp_path: Path,
) -> None:
    (tmp_path / "archive").touch()
    async with session(tmp_path) as s:
        await talk(s, "hello there")
        await s.sees("What is said is not kept in the archive: File exists")
        await s.pilot.press("escape")
        await s.misses("not kept in the archive")
        await s.writes("said all the same")
        await s.sees("said all the same")
        await s.types("half a thought")
    async with session(tmp_path, welcomed=False) as s:
        s.server.welcomes()
        s.server.enters("#trail", ["ann"])
        await s.sees("› said all the same", "half a thought")  # the one had no echo yet


async def test_the_password_is_asked_for_over_what_was_said(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await talk(s, "hello there")
    app, links = with_an_account(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        s = Session(app, pilot, s.server, links)
        await s.sees("Password of ann on chat.example.org", "password command failed")
        await s.pilot.press("escape")
        await s.sees("hello there", "Not connected")
        assert links == []
        await s.pilot.press("f12")
        await s.sees("Password of ann")
        await s.types("hunter2")
        assert "hunter2" not in s.text()
        await s.pilot.press("enter")
        await s.misses("Password of ann")
        links[0].says(":irc CAP * LS :sasl=PLAIN", ":irc CAP * ACK :sasl", "AUTHENTICATE +")
        links[0].expect("AUTHENTICATE PLAIN")
        links[0].says(":irc 904 me :Wrong password")
        await s.sees("hello there", "did not let you log in", "Not connected")
        await s.pilot.press("f12")
        await s.sees("Password of ann")


def with_an_account(tmp_path: Path) -> tuple[ChatApp, list[Server]]:
    """The program, started where one logs in with a password that nothing gives; its links."""
    path = tmp_path / config.FILE_NAME
    remembered, _ = config.load(path)
    remembered.servers[str(ADDRESS)].identity = Identity("ann", password_command="false")
    archives = tmp_path / config.ARCHIVES_NAME
    (archives / file_name(str(ADDRESS), "")).rename(archives / file_name(str(ADDRESS), "ann"))
    links: list[Server] = []

    def make_link(client: Client, *words: Any) -> Server:
        links.append(Server(client, words[2]))
        return links[-1]

    return ChatApp(config.Launch(path, remembered), make_link, UTC), links
