"""A desk with terminals, and a real server on a port of its own."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.replay.server_process import ServerProcess
from tests.terminal.terminals import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    folder = tmp_path / "server"
    folder.mkdir()
    server = ServerProcess(folder)
    server.start()
    yield server
    if server.is_running:
        server.kill(signal.SIGTERM)
