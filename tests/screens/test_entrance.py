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
        await fill(s.app, s.pilot, "password", "hunter2")
        await s.pilot.press("enter")
        again = await s.next_server()
        again.says(":irc CAP * LS :sasl=PLAIN", ":irc CAP * ACK :sasl", "AUTHENTICATE +")
        again.expect("AUTHENTICATE PLAIN")
        again.says(":irc 904 me :Wrong password")
        await s.sees("did not let you log in as", "me: Wrong password. Check account")
        assert s.app.screen.query_one("#password-field").has_focus
        assert "hunter2" not in s.text()
