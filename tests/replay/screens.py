"""A watcher with a screen: `chat-tui` in a terminal of tmux, asked at the end what it holds."""

import json
import os
import signal
import sys
from pathlib import Path

from common.text import action, plain
from tests.replay.full_screen import HELD_NAME
from tests.replay.server_process import cpu_seconds, resident_mib
from tests.terminal.terminals import Desk

LAST_WORDS_CHARACTERS = 24


class Screen:
    """One `chat-tui` in the room."""

    def __init__(self, folder: Path, nick: str, port: int, room: str) -> None:
        folder.mkdir()
        self.nick = nick
        self._folder = folder
        self._desk = Desk(folder)
        words = ["-m", "tests.replay.full_screen", str(port), nick, room, str(folder)]
        self._terminal = self._desk.open("program", [sys.executable, *words])

    def enter(self) -> None:
        """Wait until it is in the room."""
        self._terminal.sees("You joined")

    def sees(self, text: str) -> None:
        """Wait until the beginning of `text`, which was said last, is on the screen."""
        words = " ".join(plain(action(text) or text).split())
        self._terminal.sees(words[:LAST_WORDS_CHARACTERS].strip())

    def cost(self) -> str:
        """What it has used so far, in words."""
        pid = int(self._desk.tmux("list-panes", "-t", "program", "-F", "#{pane_pid}"))
        return f"{cpu_seconds(pid):.1f} s CPU, {resident_mib(pid):.0f} MiB"

    def leave(self) -> list[tuple[int, str, str]]:
        """End it; number, nick and text of every message that it held."""
        pid = int(self._desk.tmux("list-panes", "-t", "program", "-F", "#{pane_pid}"))
        os.kill(pid, signal.SIGTERM)
        self._terminal.ends()
        self._desk.close()
        held = json.loads((self._folder / HELD_NAME).read_text(encoding="utf-8"))
        return [(number, nick, text) for number, nick, text in held]
