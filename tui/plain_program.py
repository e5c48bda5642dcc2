"""``chat-tui --plain`` as a program: lines from the keyboard in, lines out.

The keyboard is read by a thread, with readline where there is one, so that the links live on.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from tui.address import AddressInvalid, read_address
from tui.arguments import refuse
from tui.config import Launch
from tui.connector import make_network_link
from tui.headless import is_settled
from tui.identity import IdentityUnusable, find_password
from tui.plain_screen import PlainScreen

INTERRUPTED_STATUS: Final = 130
ANSWER_QUIET_S: Final = 0.2
ANSWER_S: Final = 10.0
"""A line from a pipe is done when nothing more came of it for so long, or at last after that."""

CONFIRM_S: Final = 10.0
"""How long the last messages may take to be confirmed before the program ends without that."""


class Keyboard:
    """A line at a time. What is printed meanwhile does not spoil the one being typed."""

    def __init__(self) -> None:
        self._prompt = ""
        self._is_typing = False
        self.is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        self._typed: Callable[[], str] = lambda: ""
        if self.is_terminal:
            try:
                import readline
            except ImportError:  # not on every system: lines are edited by the terminal then
                return
            self._typed = readline.get_line_buffer

    @property
    def typed(self) -> str:
        """The line that is begun, where the terminal's lines are ours to edit."""
        return self._typed() if self._is_typing else ""

    def out(self, line: str) -> None:
        """Print a line; the prompt and what was typed behind it come again after it."""
        shown = self._is_typing and self.is_terminal
        print(f"\n{line}" if shown else line, flush=True)
        if shown:
            print(f"{self._prompt}{self._typed()}", end="", flush=True)

    def read(self, prompt: str) -> str:
        """Wait for a line. Raises `EOFError`."""
        self._prompt = prompt if self.is_terminal else ""
        self._is_typing = True
        try:
            return input(self._prompt)
        finally:
            self._is_typing = False


def main(launch: Launch) -> int:
    """Run until one quits or the input ends; returns the exit status."""
    try:
        asyncio.run(_run(launch))
    except (IdentityUnusable, AddressInvalid) as error:
        return refuse(f"{str(error).rstrip('.')}.")
    except BrokenPipeError:  # whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return INTERRUPTED_STATUS
    return 0


async def _run(launch: Launch) -> None:
    loop = asyncio.get_running_loop()
    keyboard = Keyboard()
    over: list[bool] = []

    def leave() -> None:
        over.append(True)
        screen.headless.wake()

    screen = PlainScreen(launch, keyboard.out, leave, time.monotonic, make_network_link)
    if launch.complaint:
        screen.tell(launch.complaint, failure=True)
    await _connect(screen, launch)
    turn = threading.Semaphore(0)

    async def take(line: str | None) -> None:
        if line is None:
            leave()
            return
        screen.take_line(line)
        if not keyboard.is_terminal:  # nobody waits there to see the answer before going on
            await screen.headless.settle(ANSWER_QUIET_S, ANSWER_S)
        turn.release()

    def read_lines() -> None:
        """Each line waits until the one before was done: its prompt says where one is then."""
        while True:
            try:
                line = keyboard.read(screen.prompt)
            except (EOFError, UnicodeDecodeError):
                line = None
            taking = asyncio.run_coroutine_threadsafe(take(line), loop)
            taking.add_done_callback(screen.headless.ended)
            if line is None:
                return
            turn.acquire()

    headless = screen.headless
    try:
        await headless.until(lambda: all(map(is_settled, headless.servers.states)))
        threading.Thread(target=read_lines, daemon=True).start()
        await headless.until(lambda: bool(over))
        with suppress(TimeoutError):
            await headless.until(
                lambda: not any(c.unsent for c in headless.servers.clients), CONFIRM_S
            )
    finally:
        screen.leave_typed(keyboard.typed)
        for client in headless.servers.clients:
            launch.remembered.keep(client.state, client.unfinished)
        await headless.close()
        complaint = launch.save()
        if complaint:
            screen.tell(complaint, failure=True)


async def _connect(screen: PlainScreen, launch: Launch) -> None:
    """Go where the command line said, else where one was last time. Raises `IdentityUnusable`."""
    names = launch.remembered.open_servers or [launch.remembered.server]
    addresses = [read_address(name, launch.plain) for name in names]
    for address in [launch.address] if launch.address else addresses:
        password = await find_password(str(address), launch.identity_of(address))
        screen.headless.connect(address, launch.remembered.nick, password)
