"""A data folder on the disk, and the programs that work on it."""

import subprocess
import sys
from pathlib import Path

SETTINGS = """
listen = "127.0.0.1:0"
durability = "normal"
[accounts]
hash_kib = 64
hash_rounds = 1
"""
WAIT_S = 20.0


class Place:
    """A data folder with its settings, and the programs that work on it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.config = folder / "server.toml"
        self.config.write_text(SETTINGS, encoding="utf-8")
        self.words = ["--config", str(self.config), "--data", str(self.data)]
        self.process: subprocess.Popen[str] | None = None

    def account(self, action: str, *words: str, password: str = "") -> tuple[int, str]:
        """Run `account`; its exit status, and all that it printed."""
        return self.run("account", action, *self.words, *words, password=password)

    def run(self, *words: str, password: str = "") -> tuple[int, str]:
        """Run a command; its exit status, and all that it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "server", *words],
            input=password,
            capture_output=True,
            text=True,
            timeout=WAIT_S,
        )
        return done.returncode, done.stdout + done.stderr

    def start(self) -> int:
        """Start a server; the port it listens on."""
        command = [sys.executable, "-m", "server", *self.words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("Listening on"):
                return int(line.split()[2].rpartition(":")[2])
        raise AssertionError("the server did not start")

    def stop(self) -> None:
        """Stop the server, if there is one."""
        if self.process is not None:
            self.process.terminate()
            self.process.communicate(timeout=WAIT_S)
            self.process = None
