"""The way in: who can read along, certificates that changed, accounts, what a form refuses."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.language import ADDRESS, Server, screen_text, session
from tui import config
from tui.app import ChatApp
from tui.client.client import Client
from tui.client.state import Connection
from tui.client.updates import CertificateChanged

OLD = ":".join(["AB"] * 32)
NEW = ":".join(["CD"] * 32)
CHANGE = CertificateChanged(ADDRESS.place, OLD, "2026-05-03", NEW, "The certificate has changed.")


def form(tmp_path: Path, server: str, plain: bool = False) -> ChatApp:
    """The program on its form; whoever connects from there has lost."""

    def make_link(client: Client, *_: object) -> Server:
        raise AssertionError(f"{client} was to be linked")

    remembered = config.Remembered(server, "me", device="device-token-of-a-test")
    launch = config.Launch(tmp_path / config.FILE_NAME, remembered, plain=plain)
    return ChatApp(launch, make_link)


async def fill(app: ChatApp, pilot: Pilot[None], field: str, text: str) -> None:
    app.screen.query_one(f"#{field}-field", Input).value = text
    await pilot.pause()


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ("localhost", "on this machine"),
        ("chat.example.org", "encrypted"),
        ("ircs://chat.example.org:6697/trail", "encrypted"),
        ("irc://chat.example.org", "irc:// would send everything unencrypted"),
        ("irc://localhost:6667", "on this machine"),
    ],
)
async def test_the_form_says_who_can_read_along(tmp_path: Path, server: str, words: str) -> None:
    app = form(tmp_path, server)
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        assert words in screen_text(app)
        assert "NOT encrypted" not in screen_text(app)


async def test_plain_text_is_taken_at_the_persons_word_and_named(tmp_path: Path) -> None:
    app = form(tmp_path, "irc://chat.example.org", plain=True)
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.pause()
        assert "NOT encrypted: everyone on the way can read" in screen_text(app)


async def test_no_password_leaves_in_plain_text(tmp_path: Path) -> None:
    app = form(tmp_path, "chat.example.org", plain=True)
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press("tab", "right")
        await fill(app, pilot, "password", "hunter2")
        await pilot.press("enter")
        await pilot.pause()
        assert "never sent unencrypted" in screen_text(app)
        assert "hunter2" not in screen_text(app)


async def test_a_link_beyond_this_machine_is_judged_by_its_certificate(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        assert s.server.trust is not None
        assert s.server.trust.place == ADDRESS.place


async def test_a_changed_certificate_is_shown_and_stops_by_default(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        s.server.shows(CHANGE)
        await s.sees("another certificate", "2026-05-03", OLD[:47], NEW[:47], "Stop", "Trust new")
        await s.pilot.press("enter")
        await s.misses("Trust new")
        assert s.server.accepted == []
        assert s.server.client.state.connection is Connection.OFFLINE
        await s.sees("The certificate has changed.")


async def test_a_new_certificate_is_trusted_at_the_persons_word(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        s.server.shows(CHANGE)
        await s.sees("Trust new")
        await s.pilot.press("down", "enter")
        await s.misses("Trust new")
        assert s.server.accepted == [CHANGE]
        s.server.welcomes()
        await s.sees("Lobby")


async def test_a_certificate_that_changes_later_is_asked_about_over_the_frame(
    tmp_path: Path,
) -> None:
    async with session(tmp_path, (40, 15)) as s:
        s.server.cuts("the connection was cut")
        await s.pilot.press("f12")
        s.server.shows(CHANGE)
        await s.sees("Stop", "Trust new")
        await s.pilot.press("escape")
        await s.sees("/reconnect")


async def test_a_password_logs_in_to_the_account_of_that_nick(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        s.server.cuts("the connection was cut")
        await s.sees("the connection was cut")
        await s.pilot.press("tab", "right")
        await s.sees("(•) log in", "Password")
        await fill(s.app, s.pilot, "password", "hunter2")
        await s.pilot.press("tab", "enter")
        again = await s.next_server()
        again.says(":irc CAP * LS :sasl=PLAIN", ":irc CAP * ACK :sasl", "AUTHENTICATE +")
        again.expect("AUTHENTICATE PLAIN")
        again.says(":irc 904 me :Wrong password")
        await s.sees("did not let you log in as", "me: Wrong password. Check account")
        assert s.app.screen.query_one("#password-field").has_focus
        assert "hunter2" not in s.text()


async def test_a_guest_is_asked_for_no_password_and_sends_none(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        s.server.cuts("the connection was cut")
        await s.sees("(•) guest", "the connection was cut")
        assert "Password" not in s.text()
        await fill(s.app, s.pilot, "password", "hunter2")
        await s.pilot.press("enter")
        again = await s.next_server()
        again.welcomes("sasl=PLAIN")
        await s.sees("Lobby")
        assert not any("AUTHENTICATE" in line for line in again.written)


async def test_an_account_is_made_and_a_first_room_entered(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        s.server.cuts("the connection was cut")
        await s.sees("the connection was cut")
        await s.pilot.press("tab", "left")
        await s.sees("(•) register", "An account needs a password; choose one.")
        await fill(s.app, s.pilot, "password", "hunter22")
        await fill(s.app, s.pilot, "room", "create trail")
        await s.pilot.press("tab", "enter")
        again = await s.next_server()
        again.welcomes("draft/account-registration chat-server/rooms standard-replies")
        await s.sees("Lobby")
        again.expect("REGISTER * * hunter22")
        again.expect("CREATE #trail")
        again.enters("#trail")
        await s.sees("Message trail")


async def test_a_server_without_accounts_says_so_and_lets_one_in(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as s:
        s.server.cuts("the connection was cut")
        await s.sees("the connection was cut")
        await s.pilot.press("tab", "left")
        await fill(s.app, s.pilot, "password", "hunter22")
        await s.pilot.press("tab", "enter")
        again = await s.next_server()
        again.welcomes()
        await s.sees("Lobby", "account")
        assert not any("REGISTER" in line for line in again.written)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("two words", "two words is not the name of a room"),
        ("join", "Write the ID of the room, too."),
        ("create a,b", "a,b is not the name of a room"),
    ],
)
async def test_what_is_no_room_is_said_while_one_types(
    tmp_path: Path, typed: str, words: str
) -> None:
    app = form(tmp_path, "localhost")
    async with app.run_test(size=(80, 30)) as pilot:
        await fill(app, pilot, "room", typed)
        assert words in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert words in screen_text(app)


@pytest.mark.parametrize(
    ("typed", "line"),
    [("kfm4ra7q", "JOIN #kfm4ra7q"), ("join trail", "JOIN #trail"), ("create", "CREATE")],
)
async def test_a_first_room_is_entered_or_made(tmp_path: Path, typed: str, line: str) -> None:
    async with session(tmp_path, welcomed=False) as s:
        s.server.cuts("the connection was cut")
        await s.sees("the connection was cut")
        await fill(s.app, s.pilot, "room", typed)
        await s.pilot.press("enter")
        again = await s.next_server()
        again.welcomes("chat-server/rooms")
        await s.sees("Lobby")
        again.expect(line)


FORM_40 = """\
▌ chat
▌ Server
▌  chat.example.org:5555
▌ Nick
▌  me
▌ (•) guest  ( ) log in  ( ) register
▌ First room (optional)
▌  its ID, or: create [name]
▌    Connect
"""


async def test_the_form_fits_a_small_screen(tmp_path: Path) -> None:
    app = form(tmp_path, "chat.example.org:5555")
    async with app.run_test(size=(40, 15)) as pilot:
        await pilot.pause()
        assert FORM_40.rstrip() in screen_text(app)
