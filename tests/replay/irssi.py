"""irssi as a watcher: the real program in a terminal of tmux, read through the log it writes."""

import asyncio
import re
import time
from pathlib import Path
from typing import Final

from common.text import action, plain
from tests.terminal.terminals import Desk

CONFIG: Final = """
settings = {{
  core = {{ server_reconnect_time = "10sec"; }};
  "fe-common/core" = {{
    autolog = "yes"; autolog_path = "{folder}/log"; autolog_level = "PUBLICS ACTIONS";
  }};
}};
"""
CATCH_UP_S: Final = 5.0
TAIL_BYTES: Final = 40_000

_LINE: Final = re.compile(r"(?:\S+ )?(?:<.(?P<speaker>[^>]+)>| \* (?P<actor>\S+)) (?P<text>.*)\Z")

_REPLAY_TIME: Final = re.compile(r"\A\[\d{4}-\d\d-\d\d \d\d:\d\d\] ")


class Irssi:
    """One irssi in the room; what it showed is in its log, each line as often as it was shown."""

    def __init__(self, folder: Path, port: int, room: str) -> None:
        folder.mkdir()
        self._folder = folder
        self._desk = Desk(folder)
        self._room = room
        (folder / "config").write_text(CONFIG.format(folder=folder), encoding="utf-8")
        words = ["irssi", "--home", str(folder), "-c", "127.0.0.1", "-p", str(port), "-n", "irssi"]
        self._terminal = self._desk.open("program", words)

    def enter(self) -> None:
        """Join the room and wait until it is there."""
        self._terminal.sees("Welcome, irssi")
        self._terminal.types(f"/join {self._room}")
        self._terminal.sees(f"[{self._room}]")

    async def come_near(self, text: str) -> None:
        """Wait until `text`, which was said just now, is among the last lines of its log.

        It draws line by line and falls behind a replay at full speed; what is then lost with
        the server is more than the lines that a server shows on joining.
        """
        words = plain(action(text) or text).strip().encode()
        log = self._folder / "log"
        give_up_at = time.monotonic() + CATCH_UP_S
        while time.monotonic() < give_up_at:
            if log.exists() and words in log.read_bytes()[-TAIL_BYTES:]:
                return
            await asyncio.sleep(0.02)

    def shown(self) -> list[tuple[str, str]]:
        """Nick and text of every message in its log."""
        path = self._folder / "log"
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        found = [match for line in lines if (match := _LINE.match(line))]
        # What is replayed on joining begins with its time, because irssi knows no server-time.
        return [
            (match["speaker"] or match["actor"], _REPLAY_TIME.sub("", match["text"]))
            for match in found
        ]

    def leave(self) -> None:
        """Quit, so that the log is written out."""
        self._terminal.types("/quit")
        self._terminal.ends()
        self.close()

    def close(self) -> None:
        """End the terminal."""
        self._desk.close()
