"""The first half second: there is something to see at once, and what is typed then is kept."""

import shlex
import sys

import pytest

from tests.replay.server_process import ServerProcess
from tests.terminal.terminals import CHECKOUT, Desk, needs_tmux

pytestmark = needs_tmux

SLOW = """
import sys
sys.path.insert(0, {checkout!r})
from tui import first_frame
with first_frame.shown():
    input()
    {then}
"""


def slow(then: str) -> list[str]:
    """A program that is still loading when Enter is pressed, and does something `then`."""
    return [sys.executable, "-c", SLOW.format(checkout=str(CHECKOUT), then=then)]


def followed(words: list[str]) -> list[str]:
    """The same, in a terminal that is used on afterwards: a dead one scrolls its first line off."""
    return ["sh", "-c", f"{shlex.join(words)}; read line"]


def test_what_is_typed_before_the_app_is_there_stands_in_the_composer(
    desk: Desk, server: ServerProcess
) -> None:
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann", columns=80, rows=24)
    ann.types("an early thought", enter=False)
    ann.sees("WHAT NEXT", "› an early thought")


@pytest.mark.parametrize("columns", [40, 80])
def test_the_terminal_shows_what_is_typed_where_the_composer_will_stand(
    desk: Desk, columns: int
) -> None:
    ann = desk.open("ann", slow("pass"), columns, 20)
    ann.sees("Starting… What you type is kept.")
    ann.types("hello", enter=False)
    screen = ann.sees("› hello").splitlines()
    assert "› hello" in screen[-2]


def test_what_goes_wrong_while_it_loads_is_told_on_the_terminal_itself(desk: Desk) -> None:
    ann = desk.open("ann", followed(slow("raise SystemExit('no such thing')")))
    ann.sees("Starting")
    ann.types("")
    screen = ann.sees("no such thing")
    assert "Starting" not in screen


def test_an_address_that_cannot_be_is_told_on_the_terminal_itself(desk: Desk) -> None:
    ann = desk.open("ann", followed([sys.executable, "-m", "tui", "irc://host:port:what"]))
    screen = ann.sees("chat-tui: ")
    assert "Starting" not in screen
