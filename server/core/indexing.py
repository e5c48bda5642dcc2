"""The search index is kept in slices: one job at a time, with a pause behind each.

A slice shares the interpreter with the loop, so each is to be worth it: what is new is gathered
for a while, which no search notices, as it reads what is not yet in the index from the log.
"""

import logging
from dataclasses import dataclass
from functools import partial
from typing import Final

from server.core.world import World
from server.storage.ports import Kept, StoreFailedError

PAUSE_S: Final = 0.25
"""Between two slices where much is left over: the upkeep takes a fifth of one core at the most."""

GATHERING_S: Final = 2.0
"""Behind a slice that left nothing over."""

PAUSE_AFTER_FAILURE_S: Final = 60.0

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class IndexUpkeep:
    """Whether a slice is being done, or a pause being made."""

    busy: bool = False

    def look_after(self, world: World) -> None:
        """Begin a slice, if there is something to do and nobody does it."""
        if self.busy:
            return
        work = world.store.search.upkeep()
        if work is not None:
            self.busy = True
            world.ask_chore(work, partial(self._done, world))

    def _done(self, world: World, result: object) -> None:
        pause_s = GATHERING_S
        if isinstance(result, StoreFailedError):
            logger.error("%s", result)
            pause_s = PAUSE_AFTER_FAILURE_S
        elif isinstance(result, Exception):
            raise result
        elif isinstance(result, Kept):
            world.store.search.upkept(result)
            if result.behind:
                pause_s = PAUSE_S
        world.timers.arm(world.now + pause_s, self._pause_over)

    def _pause_over(self) -> None:
        self.busy = False
