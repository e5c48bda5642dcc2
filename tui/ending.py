"""Ending the program, however it comes to that: nothing written is lost, nothing stays behind.

Where the terminal was closed nobody is left to ask or to tell, and Textual would wait for ever
for the thread that writes to it. So the process is ended outright, and after `LATEST_S` whatever
else is going on. That clock is started by the signal itself and not by the loop, which may stand
still by then: where SIGTERM or SIGCONT come together with SIGHUP, Textual is waiting already.
"""

import asyncio
import os
import signal
import threading
from typing import Any, Final

from rich.text import Text
from textual.app import App

from tui.keeping import Keeper
from tui.servers import Servers

HUNG_UP: Final = 129
"""Exit code where the terminal was closed."""

LATEST_S: Final = 3.0
"""How long keeping drafts and saying goodbye may take then."""


class Ending:
    """Ends one app."""

    def __init__(self, app: App[Any], servers: Servers, keeper: Keeper) -> None:
        self._app = app
        self._servers = servers
        self._keeper = keeper

    def obey_signals(self) -> None:
        """Quit on SIGTERM, and where the terminal was closed."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.leave)
        signal.signal(signal.SIGHUP, lambda *_: self._hang_up(loop))
        signal.signal(signal.SIGCONT, self._go_on)

    def leave(self) -> None:
        """Quit, without asking: say goodbye, stop a server started from here."""
        self._app.run_worker(self._leave(), group="leave", exclusive=True)

    def fail(self, error: BaseException) -> None:
        """A bug of ours: end the program, and lose nothing that was written."""
        if self._app.return_code is None:  # the first is the cause of others
            sentence = self._keeper.report(error)
            self._app.exit(return_code=1, message=Text(sentence))

    async def close(self) -> None:
        """Keep what is written, and take leave of every server."""
        self._keeper.keep()
        await self._servers.close()

    async def _leave(self) -> None:
        await self.close()
        self._app.exit()

    def _go_on(self, *_: object) -> None:
        """Take the terminal up again, after whatever stopped the program.

        Textual's own would do without putting it down first where that was no Ctrl+Z, and read
        the keys twice from then on.
        """
        driver = self._app._driver
        if not getattr(driver, "_auto_restart", False):  # an editor has the terminal
            return
        assert driver is not None
        if not getattr(driver, "_must_signal_resume", True):
            driver.suspend_application_mode()
        driver.resume_application_mode()

    def _hang_up(self, loop: asyncio.AbstractEventLoop) -> None:
        """The terminal was closed: end without Textual's farewell to it."""
        last = threading.Timer(LATEST_S, _end)
        last.daemon = True
        last.start()
        loop.call_soon_threadsafe(lambda: self._app.run_worker(self._end_unseen(), group="hang-up"))

    async def _end_unseen(self) -> None:
        await self.close()
        _end()


def _end() -> None:
    os._exit(HUNG_UP)
