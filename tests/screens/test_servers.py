"""Several servers at once: each with its rooms, its nick and its link, on one calm screen."""

from pathlib import Path

from tests.screens.language import Server, Session, session
from tui import config
from tui.client.state import Connection
from tui.identity import Identity


async def another(s: Session, where: str = "irc.example.net") -> Server:
    """A second server, connected to from the command bar and in a room."""
    await s.writes(f"/connect {where}")
    second = s.servers[-1]
    assert second is not s.server
    second.welcomes()
    second.enters("#garden", ["fay"])
    return second


async def test_one_server_is_shown_without_signs(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        s.server.enters("#trail")
        await s.sees("trail")
        assert "✓" not in s.text()


async def test_rooms_stand_below_their_server(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        s.server.enters("#trail")
        await another(s)
        await s.sees("chat.example.org  ✓", "irc.example.net   ✓", "garden", "trail")
        lines = s.text().splitlines()
        rows = [
            next(i for i, line in enumerate(lines) if word in line[:22])
            for word in ("org", "trail", "net", "garden")
        ]
        assert rows == sorted(rows)


async def test_what_one_says_goes_to_the_server_on_the_screen(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        s.server.enters("#trail")
        second = await another(s)
        await s.pilot.press("ctrl+k", *"garden", "enter")
        await s.sees("Message garden")
        await s.writes("hello garden")
        second.expect("PRIVMSG #garden :hello garden")
        await s.pilot.press("alt+z", "ctrl+k", *"trail", "enter")
        await s.sees("Message trail")
        await s.writes("hello trail")
        s.server.expect("PRIVMSG #trail :hello trail")
        assert not any("trail" in line for line in second.written)


async def test_what_is_said_elsewhere_counts_and_is_found(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        s.server.enters("#trail", ["bob"])
        await s.pilot.press("alt+1")
        second = await another(s)
        s.server.says(":bob!b@h PRIVMSG #trail :me: are you there?")
        await s.sees("trail           ●1")
        await s.pilot.press("f4")
        await s.sees("are you there?", "Message trail")
        second.says(":fay!f@h PRIVMSG #garden :two servers")
        await s.sees("garden           1")
        await s.misses("trail           ●1")


async def test_the_same_room_name_on_two_servers_is_two_rooms(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        s.server.enters("#garden", ["bob"])
        s.server.says(":bob!b@h PRIVMSG #garden :roses here")
        await s.pilot.press("alt+1")
        await s.sees("roses here")
        second = await another(s)
        await s.pilot.press("alt+1")
        await s.types("about roses")
        second.says(":fay!f@h PRIVMSG #garden :tulips there")
        await s.pilot.press("alt+2")
        await s.sees("tulips there")
        await s.misses("roses here", "about roses")
        await s.types("about tulips")
        await s.pilot.press("alt+1")
        await s.sees("roses here", "about roses")
        await s.misses("tulips there", "about tulips")


async def test_a_lost_link_is_marked_and_the_other_stays(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        s.server.enters("#trail")
        second = await another(s)
        s.server.cuts("the connection was cut")
        await s.sees("chat.example.org  ✗", "irc.example.net   ✓")
        assert "Trying again" not in s.text()
        assert second.client.state.connection is Connection.ONLINE
        await s.pilot.press("ctrl+up")
        await s.sees("the connection was cut. Trying again")
        await s.pilot.press("f12")
        assert s.server.client.state.connection is Connection.CONNECTING


async def test_hanging_up_keeps_the_rooms_and_twice_takes_the_server_away(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        second = await another(s)
        await s.writes("/disconnect")
        second.expect("QUIT")
        await s.sees("You left irc.example.net.", "once more takes it off the list")
        await s.writes("/reconnect")
        third = s.servers[-1]
        assert third is not second
        third.welcomes()
        await s.sees("irc.example.net   ✓", "garden")
        await s.writes("/disconnect")
        await s.writes("/disconnect")
        await s.sees("irc.example.net:5555 is off the list")
        await s.misses("garden")


async def test_the_last_server_stays(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await s.writes("/disconnect")
        await s.writes("/disconnect")
        await s.sees("You are not connected. /connect server leads elsewhere.")


async def test_connect_alone_asks_and_escape_leads_back(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await s.writes("/connect")
        await s.sees("Server", "Esc goes back")
        await s.pilot.press("escape")
        await s.sees("WHAT NEXT")
        await s.writes("/connect")
        await s.types("irc.example.net")
        await s.pilot.press("enter")
        second = await s.next_server()
        second.cuts("no answer in time")
        await s.sees("no answer in time")
        await s.pilot.press("enter")
        third = await s.next_server()
        third.welcomes()
        await s.sees("Lobby  rooms on irc", "chat.example.org  ✓")


async def test_a_wrong_address_says_what_is_wrong(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await s.writes("/connect irc.example.net:99999")
        await s.sees("A port is a number from 1 to 65535", "/connect irc.example.net:99999")


async def test_narrow_screens_say_on_which_server_the_others_are(tmp_path: Path) -> None:
    async with session(tmp_path, (60, 20)) as s:
        s.server.enters("#trail")
        await another(s)
        await s.sees("Lobby · chat.example.org/trail · garden")


async def test_the_next_start_leads_back_to_all_servers_and_drafts(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        s.server.enters("#trail")
        await another(s)
        await s.pilot.press("alt+2")
        await s.types("unfinished")
        await s.pilot.press("ctrl+q")
        await s.ends()
    remembered, _ = config.load(tmp_path / config.FILE_NAME)
    assert remembered.open_servers == ["chat.example.org:5555", "irc.example.net:5555"]
    async with session(tmp_path, welcomed=False, address=None) as s:
        await s.sees("chat.example.org  …", "irc.example.net   …", "Connected to irc")
        assert [server.client.state.nick for server in s.servers] == ["me", "me"]
        for server in s.servers:
            server.welcomes()
        await s.sees("irc.example.net   ✓")
        by_name = {server.client.state.server: server for server in s.servers}
        by_name["irc.example.net:5555"].expect("JOIN #garden")
        by_name["irc.example.net:5555"].enters("#garden")
        await s.sees("unfinished")


async def test_a_further_server_is_entered_with_the_password_that_is_kept(tmp_path: Path) -> None:
    remembered, _ = config.load(tmp_path / config.FILE_NAME)
    identity = Identity("me", password_command="printf secret")
    remembered.servers["irc.example.net:5555"] = config.Kept(nick="me", identity=identity)
    assert config.save(tmp_path / config.FILE_NAME, remembered) == ""
    async with session(tmp_path) as s:
        await s.writes("/connect irc.example.net")
        second = await s.next_server()
        assert not second.client.needs_password
