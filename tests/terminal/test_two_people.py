"""Two people and someone with netcat: the five words, a talk, and a server that dies on them."""

import re
import shutil
import signal

import pytest

from tests.replay.server_process import ServerProcess
from tests.terminal.terminals import Desk, needs_tmux

pytestmark = needs_tmux


def test_the_five_words_and_a_talk(desk: Desk, server: ServerProcess) -> None:
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann")
    bob = desk.chat_tui("bob", "--server", server.address, "--nick", "bob", columns=80, rows=24)
    ann.sees("Lobby", "create")
    ann.types("create")
    found = re.search(r"join ([a-z0-9]{8})", ann.sees("Friends enter with: join"))
    assert found
    room = found[1]
    bob.sees("Lobby")
    bob.types("join nowhere")
    bob.sees("There is no room", "nowhere")
    bob.presses("C-c")
    bob.types(f"join {room}")
    ann.sees("bob joined")
    bob.types("hello ann")
    ann.sees("hello ann")
    ann.types("hello bob")
    bob.sees("hello bob")
    bob.types("/exit")
    bob.sees("Lobby")
    ann.sees("bob left")
    bob.types("help")
    bob.sees("create", "join", "exit", "help", "quit")
    bob.presses("Escape")
    bob.loses("Esc goes back")
    bob.types("quit")
    bob.ends()


def test_a_killed_server_loses_nothing_that_was_shown(desk: Desk, server: ServerProcess) -> None:
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann", "--join", "trail")
    ann.sees("Lobby")
    ann.types("create trail")
    ann.sees("You joined")
    ann.types("before the crash")
    ann.sees("before the crash")
    bob = desk.chat_tui("bob", "--server", server.address, "--nick", "bob", "--join", "trail")
    bob.sees("before the crash")
    server.kill(signal.SIGKILL)
    bob.sees("Trying again")
    bob.types("said while the server was away")
    bob.sees("your text stays here")
    server.start()
    bob.presses("F12")
    bob.loses("Trying again")
    bob.sees("2 here")  # ann comes back by herself
    bob.presses("Enter")
    ann.sees("said while the server was away")
    bob.types("and after it")
    screen = ann.sees("and after it")
    assert screen.count("before the crash") == 1
    assert screen.count("said while the server was away") == 1


def test_lines_typed_ahead_meet_the_rooms_they_were_meant_for(
    desk: Desk, server: ServerProcess
) -> None:
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann")
    ann.sees("Lobby")
    for room in ("attic", "barn"):
        ann.types(f"/create {room}")
        ann.sees(f"Message {room}")
    ann.presses("/room 1", "Enter", "up here", "Enter", "/room 2", "Enter", "down here", "Enter")
    screen = ann.sees("Message barn", "down here")
    assert "up here" not in screen
    ann.presses("/room 1", "Enter")
    assert "down here" not in ann.sees("Message attic", "up here")


@pytest.mark.skipif(shutil.which("nc") is None, reason="netcat is not installed")
def test_netcat_has_the_same_five_words(desk: Desk, server: ServerProcess) -> None:
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann")
    netcat = desk.open("cat", ["nc", *server.address.split(":")])
    netcat.types("NICK cat")
    netcat.types("USER cat 0 * :Cat")
    netcat.sees("Welcome, cat", "Type CREATE")
    netcat.types("help")
    netcat.sees("CREATE [name]", "QUIT [reason]")
    netcat.types("create attic")
    netcat.sees("JOIN #attic")
    ann.sees("Lobby", "attic")
    ann.types("join attic")
    ann.sees("cat")
    netcat.types("PRIVMSG #attic :good evening")
    ann.sees("good evening")
    ann.types("welcome in here")
    netcat.sees("welcome in here")
    netcat.types("exit")
    netcat.sees("PART #attic")
    netcat.types("join atic")
    netcat.sees("did you mean attic?")
    netcat.types("quit")
    netcat.sees("ERROR :Closing link: Quit")


def test_an_editor_has_the_terminal_while_the_talk_goes_on(
    desk: Desk, server: ServerProcess
) -> None:
    script = desk.script("editor", 'printf "\\nfrom the editor" >>"$1"; read -r done </dev/tty')
    desk.variables["VISUAL"] = f"sh {script}"
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann")
    ann.sees("Lobby")
    ann.types("create trail")
    ann.sees("You joined")
    bob = desk.chat_tui("bob", "--server", server.address, "--nick", "bob", "--join", "trail")
    bob.sees("2 here")
    ann.types("begun here", enter=False)
    ann.sees("begun here")
    ann.presses("C-o")
    ann.loses("trail")
    bob.types("said meanwhile")
    bob.sees("said meanwhile")
    ann.presses("Enter")
    ann.sees("said meanwhile", "begun here", "from the editor")
    ann.presses("Enter")
    bob.sees("from the editor")
