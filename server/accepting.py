"""The listening sockets: new connections, a bounded number at a time, and pauses.

Where the process has run out of file descriptors, nothing is accepted for a while.
"""

import errno
import logging
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from typing import Final

ACCEPTS_PER_TICK_MAX: Final = 256
"""New connections taken in one tick: a storm of them delays the others by a few ms at most."""

ACCEPT_PAUSE_S: Final = 1.0
"""How long no connection is accepted after the process ran out of file descriptors."""

Accepted = tuple[socket.socket, "tuple[str, int] | str"]
"""A connection and the address of its other end: a path, or ``""``, of a Unix socket."""

logger = logging.getLogger(__name__)


class Acceptor:
    """Listeners and the selector that watches them. `again_at` ends a pause; 0 where there is none.

    In the selector each listener is its own data.
    """

    def __init__(
        self, listeners: Sequence[socket.socket], selector: selectors.BaseSelector
    ) -> None:
        self.again_at = 0.0
        self._listeners = list(listeners)
        self._selector = selector
        self._listen()

    def accept(self, listener: socket.socket) -> Iterator[Accepted]:
        """The connections that wait at a listener."""
        for _ in range(ACCEPTS_PER_TICK_MAX):
            try:
                accepted: Accepted = listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    raise
                self._pause(error)
                return
            yield accepted

    def look_again(self, now: float) -> None:
        """Go on behind a pause, where it is over."""
        if self.again_at and now >= self.again_at:
            self.again_at = 0.0
            self._listen()

    def close(self) -> None:
        """Close the listeners."""
        for listener in self._listeners:
            listener.close()

    def _listen(self) -> None:
        for listener in self._listeners:
            self._selector.register(listener, selectors.EVENT_READ, listener)

    def _pause(self, error: OSError) -> None:
        logger.warning("no more connections for %.0f s: %s", ACCEPT_PAUSE_S, error.strerror)
        for listener in self._listeners:
            self._selector.unregister(listener)
        self.again_at = time.monotonic() + ACCEPT_PAUSE_S
