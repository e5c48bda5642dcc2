"""How the program may be ended: the terminal stays usable, and what was typed is there again."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.replay.server_process import ServerProcess
from tests.terminal.terminals import DEADLINE_S, LOOK_AGAIN_S, Desk, Terminal, needs_tmux

pytestmark = needs_tmux


def in_a_room_with_a_draft(desk: Desk, server: ServerProcess) -> Terminal:
    ann = desk.chat_tui("ann", "--server", server.address, "--nick", "ann")
    ann.sees("Lobby", "WHAT NEXT")
    ann.types("create trail")
    ann.sees("You joined")
    ann.types("half a thought", enter=False)
    ann.sees("half a thought")
    return ann


def pid_in(desk: Desk, name: str) -> int:
    return int(desk.tmux("list-panes", "-t", name, "-F", "#{pane_pid}"))


def wait_for_draft(path: Path) -> None:
    """Wait until the draft is in the file of what is remembered."""
    give_up_at = time.monotonic() + DEADLINE_S
    while "half a thought" not in (path.read_text() if path.exists() else ""):
        assert time.monotonic() < give_up_at, "the draft was never kept"
        time.sleep(LOOK_AGAIN_S)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_ends_it_and_the_draft_is_there_again(
    desk: Desk, server: ServerProcess, tmp_path: Path, number: signal.Signals
) -> None:
    ann = in_a_room_with_a_draft(desk, server)
    path = tmp_path / "ann" / "config" / "chat-tui" / "remembered.json"
    if number == signal.SIGKILL:  # no goodbye: what counts is what was kept before
        wait_for_draft(path)
    os.kill(pid_in(desk, "ann"), number)
    ann.ends()
    assert "Traceback" not in ann.screen()
    json.loads(path.read_text())
    desk.tmux("kill-session", "-t", "ann")
    again = desk.chat_tui("ann", "--server", server.address, "--nick", "ann")
    again.sees("You joined", "› half a thought")


def test_a_terminal_that_vanishes_while_it_is_told_to_end_holds_nothing_up(
    desk: Desk, server: ServerProcess
) -> None:
    in_a_room_with_a_draft(desk, server)
    pid = pid_in(desk, "ann")
    os.kill(pid, signal.SIGSTOP)  # so that both signals are there when it goes on
    desk.close()
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGCONT)
    give_up_at = time.monotonic() + DEADLINE_S
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < give_up_at, "it runs without a terminal"
        time.sleep(LOOK_AGAIN_S)


def test_stopped_and_continued_from_outside_it_reads_each_key_once(
    desk: Desk, server: ServerProcess
) -> None:
    ann = in_a_room_with_a_draft(desk, server)
    pid = pid_in(desk, "ann")
    threads = len(os.listdir(f"/proc/{pid}/task"))
    for _ in range(3):
        os.kill(pid, signal.SIGSTOP)
        os.kill(pid, signal.SIGCONT)
    ann.types(", and the other half", enter=False)
    ann.sees("› half a thought, and the other half")
    more = len(os.listdir(f"/proc/{pid}/task")) - threads
    assert more < 2, "one may have come for a file, a second pair reads keys and writes"
