"""What the terminal shows after many small changes is what a drawing of the whole would show."""

from tests.replay.server_process import ServerProcess
from tests.terminal.terminals import Desk, Terminal, needs_tmux

pytestmark = needs_tmux


def drawn_anew(person: Terminal, *texts: str) -> str:
    """The screen after everything was drawn again, once it shows `texts`."""
    person.resize(99, 30)
    person.sees(*texts)
    person.resize(100, 30)
    return person.sees(*texts)


def test_small_changes_leave_nothing_behind(desk: Desk, server: ServerProcess) -> None:
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann", columns=100, rows=30)
    ann.sees("WHAT NEXT")
    ann.types("create trail")
    ann.sees("You joined")
    bob = desk.chat_tui("bob", "--server", server.address, "--nick", "bob", "--join", "trail")
    bob.sees("You joined")
    for number in range(40):
        bob.types(f"line {number} {'word ' * (number % 30)}")
    ann.sees("line 39")
    ann.types("/to", enter=False)
    ann.sees("Show this room")
    ann.presses("C-c")
    ann.loses("Show this room")
    ann.types("half a thought of mine", enter=False)
    ann.sees("thought of mine")
    ann.presses("BSpace", "BSpace", "BSpace", "BSpace", "BSpace", "BSpace", "BSpace", "BSpace")
    ann.loses("thought of")
    screen = ann.sees("› half a thought")
    assert drawn_anew(ann, "› half a thought", "line 39") == screen
