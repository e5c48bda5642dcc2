"""The search index is kept in idle slices: one job at a time, with a pause behind each."""

import logging
from dataclasses import dataclass
from functools import partial
from typing import Final

from server.core.world import World
from server.storage.ports import Kept, StoreFailedError

PAUSE_S: Final = 0.1
"""Between two slices, so that the upkeep takes a fifth of one core at the most."""

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
        pause_s = PAUSE_S
        if isinstance(result, StoreFailedError):
            logger.error("%s", result)
            pause_s = PAUSE_AFTER_FAILURE_S
        elif isinstance(result, Exception):
            raise result
        elif isinstance(result, Kept):
            world.store.search.upkept(result)
        world.timers.arm(world.now + pause_s, self._pause_over)

    def _pause_over(self) -> None:
        self.busy = False
