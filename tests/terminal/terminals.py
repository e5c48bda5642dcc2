"""Terminals in tmux, each with one program, on a tmux server of the test's own.

Keys go in, the grid of characters comes out. Waiting is for something on the screen, with a
deadline; there is no other way to know that a full-screen program has drawn.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

CHECKOUT: Final = Path(__file__).parents[2]
DEADLINE_S: Final = 30.0
LOOK_AGAIN_S: Final = 0.05

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Terminal:
    """One program in one terminal."""

    def __init__(self, desk: "Desk", name: str) -> None:
        self._desk = desk
        self._name = name

    def types(self, text: str, enter: bool = True) -> None:
        """Type a text as it is, and Enter."""
        self._desk.tmux("send-keys", "-t", self._name, "-l", "--", text)
        if enter:
            self.presses("Enter")

    def presses(self, *keys: str) -> None:
        """Press keys by their tmux names."""
        self._desk.tmux("send-keys", "-t", self._name, *keys)

    def screen(self) -> str:
        """What stands on the screen now."""
        return self._desk.tmux("capture-pane", "-p", "-t", self._name)

    def sees(self, *texts: str) -> str:
        """Wait until all of `texts` stand on the screen; returns the screen."""
        give_up_at = time.monotonic() + DEADLINE_S
        while True:
            screen = self.screen()
            missing = [text for text in texts if text not in screen]
            if not missing:
                return screen
            assert time.monotonic() < give_up_at, f"{missing} not on the screen:\n{screen}"
            time.sleep(LOOK_AGAIN_S)

    def loses(self, text: str) -> None:
        """Wait until `text` stands on the screen no more."""
        give_up_at = time.monotonic() + DEADLINE_S
        while text in (screen := self.screen()):
            assert time.monotonic() < give_up_at, f"{text!r} is still on the screen:\n{screen}"
            time.sleep(LOOK_AGAIN_S)

    def ends(self) -> None:
        """Wait until the program has ended."""
        give_up_at = time.monotonic() + DEADLINE_S
        while self._desk.tmux("list-panes", "-t", self._name, "-F", "#{pane_dead}").strip() != "1":
            assert time.monotonic() < give_up_at, f"still running:\n{self.screen()}"
            time.sleep(LOOK_AGAIN_S)

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size."""
        self._desk.tmux("resize-window", "-t", self._name, "-x", str(columns), "-y", str(rows))


class Desk:
    """A tmux server of its own, whose terminals have homes of their own below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "tmux"
        self.variables: dict[str, str] = {}  # in the environment of what is started from now on

    def tmux(self, *words: str) -> str:
        """Run a tmux command; returns what it printed."""
        done = subprocess.run(
            ["tmux", "-S", str(self._socket), "-f", "/dev/null", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def open(self, name: str, words: list[str], columns: int = 120, rows: int = 40) -> Terminal:
        """Start a program in a new terminal."""
        home = self._folder / name
        home.mkdir(exist_ok=True)
        variables = self._environment(home) | self.variables
        settings = [f"{key}={value}" for key, value in variables.items()]
        size = ["-x", str(columns), "-y", str(rows)]
        command = ["env", *settings, *words]
        self.tmux("new-session", "-d", "-s", name, *size, "-c", str(CHECKOUT), *command)
        self.tmux("set-option", "-t", name, "remain-on-exit", "on")
        self.tmux("set-option", "-s", "exit-empty", "off")  # it would race with the next `open`
        return Terminal(self, name)

    def chat_tui(self, name: str, *words: str, columns: int = 120, rows: int = 40) -> Terminal:
        """`chat-tui` with `words`, for a person called `name`."""
        return self.open(name, [sys.executable, "-m", "tui", *words], columns, rows)

    def script(self, name: str, text: str) -> Path:
        """A shell script of the test's own."""
        path = self._folder / f"{name}.sh"
        path.write_text(f"{text}\n", encoding="utf-8")
        return path

    def kept_by(self, name: str) -> bytes:
        """The bytes of what `chat-tui` has kept for a person of what was said."""
        folder = self._folder / name / "data" / "chat-tui" / "archive"
        return b"".join(path.read_bytes() for path in folder.glob("*.sqlite*"))

    def wait_for(self, holds: Callable[[], bool]) -> None:
        """Wait until something is so that no screen shows."""
        give_up_at = time.monotonic() + DEADLINE_S
        while not holds():
            assert time.monotonic() < give_up_at, "waited in vain"
            time.sleep(LOOK_AGAIN_S)

    def close(self) -> None:
        """End every terminal."""
        subprocess.run(
            ["tmux", "-S", str(self._socket), "kill-server"], capture_output=True, check=False
        )

    @staticmethod
    def _environment(home: Path) -> dict[str, str]:
        return {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_CACHE_HOME": str(home / "cache"),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
        }
