"""A data folder, the server that runs on it, and commands run beside it."""

import re
import signal
import subprocess
import sys
from pathlib import Path

WAIT_S = 60.0
ROOT = Path(__file__).parents[2]


class Place:
    """A data folder, the server on it, and commands run beside it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process: subprocess.Popen[str] | None = None

    def run(self, command: str, *words: str) -> tuple[int, str]:
        """Run a command on the folder; its exit status and all it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "server", command, "--data", str(self.data), *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=WAIT_S,
        )
        return done.returncode, done.stdout + done.stderr

    def start(self) -> tuple[str, int]:
        """Start a server; where it listens."""
        command = [sys.executable, "-m", "server", "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(
            [*command, "--data", str(self.data)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout
        found = re.search(r"127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        assert found
        return "127.0.0.1", int(found[1])

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Stop or kill the server, if there is one."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.communicate(timeout=WAIT_S)
            self.process = None
