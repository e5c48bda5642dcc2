"""A chat server of one's own: a real `chat-server` process on this machine.

Started when the person asks for it, stopped when they quit; its data stays.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from pathlib import Path
from typing import Final

START_TIMEOUT_S: Final = 15.0
STOP_TIMEOUT_S: Final = 10.0
PROBE_TIMEOUT_S: Final = 2.0

_READY: Final = "Listening on "
_DATA_FOLDER: Final = "chat-server"


class StartFailed(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The server did not come up; the text says why, in its own words."""


class LocalServer:
    """A running server process; made by `start`."""

    def __init__(self, process: Process, reader: asyncio.Task[None]) -> None:
        self._process = process
        self._reader = reader

    @property
    def running(self) -> bool:
        """Whether the process is still there."""
        return self._process.returncode is None

    async def stop(self) -> None:
        """Ask it to stop and wait: everything is stored then. Insists after a while."""
        if self.running:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_TIMEOUT_S)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        await self._reader


def data_folder() -> Path:
    """Where a server started from here keeps its data."""
    from platformdirs import user_data_path  # after the arguments are read: start-up time

    return user_data_path(_DATA_FOLDER)


async def listens(host: str, port: int) -> bool:
    """Whether anything accepts connections there."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), PROBE_TIMEOUT_S)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def start(port: int, data: Path) -> LocalServer:
    """Start a server on a loopback port and wait until it accepts. Raises `StartFailed`."""
    arguments = ["-m", "server", "--listen", f"127.0.0.1:{port}", "--data", str(data)]
    try:
        data.mkdir(parents=True, exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,  # Ctrl+C in the terminal is not meant for it
        )
    except OSError as error:
        raise StartFailed(f"The server could not be started: {error.strerror}") from error
    assert process.stdout is not None
    try:
        await asyncio.wait_for(_until_ready(process.stdout), START_TIMEOUT_S)
    except TimeoutError as error:
        process.kill()
        await process.wait()
        raise StartFailed(f"The server did not answer within {START_TIMEOUT_S:.0f} s") from error
    except StartFailed:
        await process.wait()
        raise
    return LocalServer(process, asyncio.create_task(_drain(process.stdout)))


async def _until_ready(output: asyncio.StreamReader) -> None:
    last = "it ended without a word"
    while line := await output.readline():
        text = line.decode(errors="replace").strip()
        if text.startswith(_READY):
            return
        last = text or last
    raise StartFailed(f"The server could not be started: {last}")


async def _drain(output: asyncio.StreamReader) -> None:
    """A pipe that nobody empties would stop the server one day."""
    while await output.read(4096):
        pass
