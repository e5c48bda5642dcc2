"""A real `chat-server` as a process of its own, to be killed and started again on its data."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

LIMITS: Final = """
[rooms]
replay_on_join = 1000
[limits]
links = 5000
send_queue_bytes = 67108864
cost_per_second = 0
history_per_minute = 0
"""


class ServerProcess:
    """Starts `python -m server` on a port of the kernel's choice, then always on that one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = 0
        self._process: subprocess.Popen[str] | None = None
        self._cpu_before_s = 0.0
        (folder / "server.toml").write_text(LIMITS, encoding="utf-8")

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process
        return self._process.pid

    @property
    def cpu_s(self) -> float:
        """CPU seconds of all processes so far, user and system."""
        return self._cpu_before_s + cpu_seconds(self.pid)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self._port}"

    @property
    def is_running(self) -> bool:
        """Whether it has not been ended."""
        return self._process is not None and self._process.returncode is None

    def start(self) -> int:
        """Start it and wait until it listens; returns the port."""
        words = [sys.executable, "-m", "server", "--config", str(self._folder / "server.toml")]
        words += ["--listen", f"127.0.0.1:{self._port}", "--data", str(self._folder)]
        self._process = subprocess.Popen(
            words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        found = re.search(r":(\d+) ", line)
        assert found, line
        self._port = int(found[1])
        return self._port

    def kill(self, number: signal.Signals) -> None:
        """End it by a signal, and wait until it is gone."""
        assert self._process
        self._cpu_before_s += cpu_seconds(self.pid)
        self._process.send_signal(number)
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()


def cpu_seconds(pid: int) -> float:
    """User and system CPU seconds of a running process."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid: int) -> float:
    """Resident memory of a running process, in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
