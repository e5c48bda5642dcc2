"""Ending without a terminal: it was closed, so nobody is left to ask or to tell.

Textual would wait for ever for the thread that writes to the terminal that is gone. So the
process is ended outright, and after `LATEST_S` whatever else is going on: SIGTERM may come
together with SIGHUP, and then Textual has begun to wait already.
"""

import os
import threading
from typing import Final

STATUS: Final = 129
LATEST_S: Final = 3.0
"""How long keeping drafts and saying goodbye may take."""


def begin() -> None:
    """From now on the process ends by itself, at the latest after `LATEST_S`."""
    last = threading.Timer(LATEST_S, end)
    last.daemon = True
    last.start()


def end() -> None:
    """End the process now."""
    os._exit(STATUS)
