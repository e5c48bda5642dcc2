"""Giving way: threads of jobs go on while the loop has nothing to do.

They share one interpreter with the loop. Where both want it, every call of the loop that lets go
of it for a moment - each `send`, each row stored - waits for the thread to let go in turn.
"""

import time
from typing import Final

STEP_S: Final = 0.0005
STEPS_MAX: Final = 20


class GivingWay:
    """`busy` is kept by the loop. One per server."""

    __slots__ = ("busy",)

    def __init__(self) -> None:
        self.busy = False

    def wait(self) -> None:
        """Called by a thread between pieces of work: wait for the loop, but not for ever."""
        for _ in range(STEPS_MAX):
            if not self.busy:
                return
            time.sleep(STEP_S)
