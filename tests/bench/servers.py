"""The servers that are measured: ours, and whichever peers are installed, one process each.

Every server is pinned to one core and the load generator to another. Peers are started by the
scripts that lie beside the checkout; where those or the programs are missing, so is the peer.
"""

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
SERVER_CORE: Final = 0
START_TIMEOUT_S: Final = 20.0

OUR_SETTINGS: Final = """
durability = "{durability}"
[rooms]
replay_on_join = 0
[limits]
links = 20000
send_queue_bytes = 268435456
cost_per_second = 0
history_per_minute = 0
searches_per_minute = 0
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that accepts connections."""

    name: str
    port: int
    pid: int


OURS: Final = ("chat-server", "chat-server, durability normal")
PEERS: Final = {"inspircd": "inspircd", "ngircd": "ngircd", "floor": "gcc"}
"""Peers by name, with the program that must be there."""


def installed() -> list[str]:
    """Ours, and the peers that can be started here."""
    script = SHARED_BENCH / "start_peer.sh"
    peers = [name for name, program in PEERS.items() if script.exists() and shutil.which(program)]
    return [*OURS, *peers]


@contextmanager
def run(name: str) -> Iterator[Running]:
    """The server called `name` on a free port, for as long as the block lasts."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        words = _our_words(name, port, Path(folder)) if name in OURS else _peer_words(name, port)
        process = subprocess.Popen(
            ["taskset", "-c", str(SERVER_CORE), *words],
            cwd=CHECKOUT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port, process)
            yield Running(name, port, process.pid)
        finally:
            process.terminate()
            process.wait()


def _our_words(name: str, port: int, folder: Path) -> list[str]:
    config = folder / "server.toml"
    durability = "normal" if name.endswith("normal") else "full"
    config.write_text(OUR_SETTINGS.format(durability=durability), encoding="utf-8")
    words = [sys.executable, "-m", "server", "--config", str(config)]
    return [*words, "--listen", f"127.0.0.1:{port}", "--data", str(folder / "data")]


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
