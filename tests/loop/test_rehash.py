"""REHASH in the running program: the settings file is read again, mistakes and all."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.loop.serving import Caller

ROOT = Path(__file__).parents[2]
OPERS = '[opers]\nboss = "secret"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "server.toml"
    path.write_text(f'motd = "Old"\ndata = "{tmp_path / "data"}"\n{OPERS}')
    return path


@pytest.fixture
def server(config: Path) -> Iterator["subprocess.Popen[str]"]:
    """A server with `config`."""
    words = ["--listen", "127.0.0.1:0", "--config", str(config)]
    with subprocess.Popen(
        [sys.executable, "-m", "server", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@pytest.fixture
def address(server: "subprocess.Popen[str]") -> tuple[str, int]:
    """Where it listens."""
    assert server.stdout
    found = re.search(r"127\.0\.0\.1:(\d+)", server.stdout.readline())
    assert found
    return "127.0.0.1", int(found[1])


def test_the_file_is_read_again(address: tuple[str, int], config: Path) -> None:
    with closing(Caller(address).register("ann")) as ann:
        ann.send("OPER boss secret")
        ann.until(" 381 ")
        config.write_text(config.read_text().replace("Old", "New"))
        ann.send("REHASH")
        ann.until("The settings were read again")
        ann.send("MOTD")
        assert ann.until(" 376 ")[1].endswith(":- New")


def test_a_mistake_in_it_changes_nothing(address: tuple[str, int], config: Path) -> None:
    with closing(Caller(address).register("ann")) as ann:
        ann.send("OPER boss secret")
        ann.until(" 381 ")
        config.write_text("modt = 1\n" + OPERS)
        ann.send("REHASH")
        assert "did you mean motd?" in ann.until("nothing was changed")[-1]
        ann.send("MOTD")
        assert ann.until(" 376 ")[1].endswith(":- Old")


def test_hang_ups_in_a_row_read_it_again_and_disturb_nobody(
    server: "subprocess.Popen[str]", address: tuple[str, int], config: Path
) -> None:
    with closing(Caller(address).register("ann")) as ann:
        for number in range(50):
            config.write_text(config.read_text().replace("Old", f"Old {number}"))
            server.send_signal(signal.SIGHUP)
            ann.send(f"PING {number}")
            ann.until(f"PONG chat.local {number}")
        ann.send("MOTD")
        while not any(":- Old 49 " in line for line in ann.until(" 376 ")):
            ann.send("MOTD")
