"""What is looked after every ten minutes: rooms nobody wants any more, old keys, old history.

Days are counted by the wall clock only as far as the monotonic one agrees. A clock that jumps, or
a server that was stopped for a month, makes no room look empty for longer, and lets nothing go
until the time has been steady for a while.
"""

import logging
from dataclasses import dataclass
from functools import partial
from typing import Final

from server.core import attempts, retention, sanctions
from server.core.invitations import drop_ended
from server.core.world import World

HOUSEKEEPING_S: Final = 600.0
KEYS_KEPT_MS: Final = 24 * 3600 * 1000
DAY_MS: Final = 24 * 3600 * 1000

JUMP_MS: Final = 3600 * 1000
"""What the two clocks may differ by between two looks: more is a jump, and not drift."""

STEADY_S: Final = 3600.0
"""How long after a jump nothing is let go by its age."""

CLOCK_FACT: Final = "clock"
"""Under which name the store keeps the wall time of the last look."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Housekeeping:
    """When it was looked last, by both clocks, and since when the wall clock is steady."""

    looked_at: float = 0.0
    wall_ms: int = 0
    steady_at: float = 0.0

    def begin(self, world: World) -> None:
        """At the start, before anything happens: compare the clocks with those of the last run."""
        self.looked_at = world.now
        self.wall_ms = int(world.store.facts.fact(CLOCK_FACT) or world.wall_ms)
        self._is_steady(world)
        world.timers.arm(world.now, partial(self.look, world))

    def look(self, world: World) -> None:
        """Look after everything, and arm the next time."""
        world.timers.arm(world.now + HOUSEKEEPING_S, partial(self.look, world))
        by_time = self._is_steady(world)
        _close_empty_rooms(world)
        drop_ended(world)
        attempts.drop_old(world)
        sanctions.lift_ended(world)
        if by_time:
            oldest_ms = world.wall_ms - world.settings.audit__keep_days * DAY_MS
            world.store.moderation.forget_deeds(oldest_ms)
            world.store.log.forget_keys(world.wall_ms - KEYS_KEPT_MS)
        retention.begin(world, by_time=by_time)

    def _is_steady(self, world: World) -> bool:
        """Compare the clocks since the last look; a jump moves the time that rooms were left."""
        elapsed_ms = round((world.now - self.looked_at) * 1000)
        jumped_ms = world.wall_ms - (self.wall_ms + elapsed_ms)
        self.looked_at, self.wall_ms = world.now, world.wall_ms
        world.store.facts.remember(CLOCK_FACT, str(world.wall_ms))
        if abs(jumped_ms) > JUMP_MS:
            logger.warning("the wall clock has moved by %d s unseen", jumped_ms // 1000)
            self.steady_at = world.now + STEADY_S
            for channel in world.channels.values():
                record = channel.record
                if record.empty_since_ms:
                    record.empty_since_ms = min(record.empty_since_ms + jumped_ms, world.wall_ms)
                    world.store.channels.save(record)
        return world.now >= self.steady_at


def _close_empty_rooms(world: World) -> None:
    settings = world.settings
    for channel in list(world.channels.values()):
        record = channel.record
        days = settings.rooms__empty_days if record.named else settings.rooms__unnamed_empty_days
        if record.empty_since_ms and world.wall_ms - record.empty_since_ms > days * DAY_MS:
            world.remove_channel(channel)
            world.store.channels.delete(record.id)
