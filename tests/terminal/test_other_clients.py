"""irssi and WeeChat, the real programs: everything people do all day, without an error line."""

import shutil
from pathlib import Path

import pytest

from tests.replay.server_process import ServerProcess
from tests.terminal.terminals import Desk, Terminal, needs_tmux

pytestmark = needs_tmux
needs_irssi = pytest.mark.skipif(shutil.which("irssi") is None, reason="irssi is not installed")
WEECHAT = shutil.which("weechat") or shutil.which("weechat-curses")
needs_weechat = pytest.mark.skipif(WEECHAT is None, reason="WeeChat is not installed")


HURRIED = """
settings = { "irc/core" = { cmd_queue_speed = "1msec"; cmds_max_at_once = "100"; }; };
"""
"""irssi sends a command every two seconds, lest servers take it for a flood; ours does not."""

REFUSED = ("Unknown", "No such", "Not enough", "Cannot", "not an operator", "Nick", "error")
"""What irssi writes into its first window when a server refuses something."""

UNHURRIED = {
    "irc.server_default.capabilities": "*",
    "irc.server_default.anti_flood_prio_high": "0",
    "irc.server_default.anti_flood_prio_low": "0",
    "weechat.look.paste_max_lines": "-1",
}
"""WeeChat waits between lines too, and takes several keys in one read for a paste."""

ERROR_LINE = "\t=!=\t"
"""What begins an error in WeeChat's logs."""


def a_day(someone: Terminal, ann: Terminal) -> None:
    """What a person does, typed into an IRC program; both programs share these words."""
    someone.types("/join #trail")
    someone.sees("said before")
    ann.sees("ira joined")
    someone.types("hello from elsewhere")
    ann.sees("hello from elsewhere")
    ann.types("welcome")
    someone.sees("welcome")
    someone.types("/me waves")
    ann.sees("waves")
    ann.types("/topic Saturday hike")
    someone.sees("Saturday hike")
    someone.types("/whois ann")
    someone.sees("127.0.0.1")
    someone.types("/away back soon")
    someone.types("gone for lunch")
    ann.sees("gone for lunch")
    ann.types("/whois ira")
    ann.sees("back soon")
    someone.types("/away")
    someone.types("/mode #trail")
    someone.sees("+nt")
    ann.types("/op ira")
    someone.sees("+o")
    someone.types("/nick ira2")
    ann.sees("ira2")
    someone.types("/nick iris")
    ann.sees("iris")
    someone.types("/query ann a word between us")  # goes to a window of its own
    ann.types("/msg iris and one back")
    someone.sees("a word between us", "and one back")
    ann.types("/room 1")
    ann.sees("gone for lunch")
    someone.types("/join #trail")  # back to the room's window
    someone.sees("gone for lunch")
    ann.types("/kick iris rest a while")
    someone.sees("rest a while")
    ann.sees("removed iris")
    someone.types("/join #trail")
    ann.sees("iris joined")
    ann.types("/ban guest-x")
    someone.sees("+b")
    ann.types("/unban guest-x")
    someone.sees("-b")
    someone.types("/quote CREATE attic")
    ann.types("/lobby")
    ann.sees("attic")
    ann.types("/room 1")
    someone.types("/part #attic")


def begin(desk: Desk, server: ServerProcess) -> Terminal:
    """A room with something said in it."""
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann")
    ann.sees("Lobby", "create")
    ann.types("create trail")
    ann.sees("You joined")
    ann.types("said before")
    ann.sees("said before")
    return ann


@needs_irssi
def test_irssi(desk: Desk, server: ServerProcess, tmp_path: Path) -> None:
    ann = begin(desk, server)
    host, port = server.address.split(":")
    home = tmp_path / "irssi"
    home.mkdir(exist_ok=True)
    (home / "config").write_text(HURRIED, encoding="utf-8")
    words = ["irssi", "--home", str(home), "-c", host, "-p", port, "-n", "ira"]
    irssi = desk.open("irssi", words)
    irssi.sees("Welcome, ira")
    a_day(irssi, ann)
    irssi.types("/window 1")
    screen = irssi.sees("Welcome, ira")
    assert not [word for word in REFUSED if word in screen], screen
    irssi.types("/quit")
    ann.sees("iris left")


@needs_weechat
def test_weechat_with_every_capability(desk: Desk, server: ServerProcess, tmp_path: Path) -> None:
    ann = begin(desk, server)
    words = [str(WEECHAT), "--dir", str(tmp_path / "weechat")]
    for name, value in UNHURRIED.items():
        words += ["-r", f"/set {name} {value}"]
    words += ["-r", f"/server add here {server.address.replace(':', '/')} -notls -nicks=ira"]
    words += ["-r", "/connect here"]
    weechat = desk.open("weechat", words)
    weechat.sees("Welcome, ira")
    a_day(weechat, ann)
    weechat.types("/quit")
    ann.sees("iris left")
    weechat.ends()
    logs = [path.read_text() for path in (tmp_path / "weechat" / "logs").iterdir()]
    assert any("enabled: message-tags" in log for log in logs)
    assert not [line for log in logs for line in log.splitlines() if ERROR_LINE in line]
