"""What was said is on the screen with no server running, and what was missed comes with it."""

import os
import signal
import sys

from tests.replay.server_process import ServerProcess
from tests.terminal.terminals import Desk, needs_tmux
from tests.terminal.test_endings import pid_in

pytestmark = needs_tmux


def test_an_earlier_conversation_is_read_without_a_server(
    desk: Desk, server: ServerProcess
) -> None:
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann")
    ann.sees("Lobby", "WHAT NEXT")
    ann.types("create trail")
    ann.sees("You joined")
    bob = desk.chat_tui("bob", "--server", server.address, "--nick", "bob", "--join", "trail")
    bob.sees("2 here")
    bob.types("before the night")
    ann.sees("before the night")
    ann.presses("C-q")
    ann.ends()
    bob.types("while ann was out")
    bob.sees("while ann was out")
    server.kill(signal.SIGKILL)
    desk.tmux("kill-session", "-t", "ann")
    again = desk.chat_tui("ann")
    screen = again.sees("before the night", "off line", "Trying again")
    assert "while ann was out" not in screen
    again.types("for later", enter=False)
    server.start()
    again.presses("F12")
    screen = again.sees("while ann was out", "› for later")
    assert screen.count("before the night") == 1


def test_a_client_that_was_killed_has_kept_what_was_said(desk: Desk, server: ServerProcess) -> None:
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann")
    ann.sees("Lobby", "WHAT NEXT")
    ann.types("create trail")
    ann.sees("You joined")
    ann.types("kept")
    ann.sees("kept")
    bob = desk.chat_tui("bob", "--server", server.address, "--nick", "bob", "--join", "trail")
    bob.sees("2 here")
    ann.sees("bob joined")
    desk.wait_for(lambda: b"kept" in desk.kept_by("ann"))
    os.kill(pid_in(desk, "ann"), signal.SIGKILL)
    ann.ends()
    server.kill(signal.SIGKILL)
    desk.tmux("kill-session", "-t", "ann")
    desk.chat_tui("ann").sees("kept", "off line")


def test_a_full_disk_is_told_once_and_what_is_typed_is_kept_as_far_as_it_goes(
    desk: Desk, server: ServerProcess
) -> None:
    """No file can grow beyond 8 KiB: enough for what is remembered, too little for the archive."""
    words = ["-m", "tui", "--server", server.address, "--nick", "ann"]
    limited = ["sh", "-c", 'ulimit -f 16; exec "$0" "$@"', sys.executable, *words]
    ann = desk.open("ann", limited)
    ann.sees("Lobby", "WHAT NEXT")
    ann.types("create trail")
    ann.sees("What is said is not kept in the archive")
    ann.presses("Escape")
    ann.loses("not kept in the archive")
    ann.types("said all the same")
    ann.sees("said all the same")
    ann.types("half a thought", enter=False)
    ann.sees("› half a thought")
    assert "not kept in the archive" not in ann.screen()
    ann.presses("C-q")
    ann.ends()
    assert "Traceback" not in ann.screen()
    desk.tmux("kill-session", "-t", "ann")
    desk.chat_tui("ann").sees("said all the same", "› half a thought")
