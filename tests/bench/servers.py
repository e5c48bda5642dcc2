"""The servers that are measured: ours, and whichever peers are installed, one process each.

Every server is pinned to one core and the load generator to another. Peers are started by the
scripts that lie beside the checkout; where those or the programs are missing, so is the peer.
Ours runs with everything on that it has by default, limits too, which are only set high.
"""

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SHARED_BENCH: Final = Path(__file__).parents[3] / "shared" / "bench"
CHECKOUT: Final = Path(__file__).parents[2]
CORES: Final = sorted(os.sched_getaffinity(0))
SERVER_CORE, GENERATOR_CORE = CORES[0], CORES[-1]
START_TIMEOUT_S: Final = 20.0

OUR_SETTINGS: Final = """
durability = "full"
[rooms]
replay_on_join = 0
keep = {keep}
[tls]
mode = "{tls}"
[limits]
links = 20000
links_per_minute = 0
members_per_room = 20000
send_queue_bytes = 268435456
cost_burst = 1000000
cost_per_second = 100000
history_per_minute = 100000
"""

OURS: Final = "ours"
UNKEPT: Final = "ours, history off"
TLS: Final = "ours, TLS"
TAGGED: Final = "ours, tags"
"""Ours by its ways to run; with tags it is the clients that ask for them."""

PEERS: Final = {"inspircd": "inspircd", "ngircd": "ngircd", "floor": "gcc"}
"""Peers by name, with the program that must be there."""
ERGO: Final = "ergo"


@dataclass(frozen=True, slots=True)
class Running:
    """A server that accepts connections; `folder` is where ours keeps its data."""

    name: str
    port: int
    pid: int
    folder: Path

    def cpu_s(self) -> float:
        """Processor time of all its threads until now, in seconds."""
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9

    def resident_bytes(self) -> int:
        """Memory in use now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize()


def use_ergo(program: str) -> None:
    """Where Ergo is: its sources, with `default.yaml`, lie in ERGO_SRC, or in PROGRAM-src."""
    found = shutil.which(program)
    source = Path(os.environ.get("ERGO_SRC", f"{found}-src"))
    if found and (source / "default.yaml").exists():
        os.environ["ERGO_BIN"], os.environ["ERGO_SRC"] = found, str(source)


def is_installed(name: str) -> bool:
    """Whether the server can be started here."""
    if name.startswith(OURS):
        return True
    script = SHARED_BENCH / "start_peer.sh"
    program = os.environ.get("ERGO_BIN", "") if name == ERGO else PEERS[name]
    return script.exists() and bool(program) and shutil.which(program) is not None


@contextmanager
def run(name: str) -> Iterator[Running]:
    """The server called `name` on a free port, for as long as the block lasts."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        is_ours = name.startswith(OURS)
        process = subprocess.Popen(
            ["taskset", "-c", str(SERVER_CORE)]
            + (_our_words(name, port, data) if is_ours else _peer_words(name, port)),
            cwd=CHECKOUT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port, process)
            yield Running(name, port, process.pid, data)
        finally:
            process.terminate()
            process.wait()


def _our_words(name: str, port: int, data: Path) -> list[str]:
    config = data.with_name("server.toml")
    text = OUR_SETTINGS.format(
        keep="false" if name == UNKEPT else "true",
        tls="on" if name == TLS else "off",
    )
    config.write_text(text, encoding="utf-8")
    words = [sys.executable, "-m", "server", "--config", str(config)]
    return [*words, "--listen", f"127.0.0.1:{port}", "--data", str(data)]


def _peer_words(name: str, port: int) -> list[str]:
    return ["bash", str(SHARED_BENCH / "start_peer.sh"), name, str(port)]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < give_up_at:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


def file_descriptors() -> None:
    """Let this process and its children open as many files as they may."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
