"""Letting go of old history, as the settings say: in slices, so that nobody waits.

What is let go raises the room's floor; numbers are never given again. Direct conversations are
kept.
"""

import logging
from collections import deque
from functools import partial
from typing import Final

from common.msgid import number_at, position_of
from server.core.world import World
from server.storage.ports import StoreFailedError

EVENTS_PER_SLICE: Final = 200
"""Some milliseconds of deleting in one tick."""

ROOMS_PER_SLICE: Final = 20
PAUSE_S: Final = 0.05
DAY_MS: Final = 24 * 3600 * 1000

logger = logging.getLogger(__name__)


def begin(world: World) -> None:
    """Look through all rooms for what need not be kept any more."""
    settings = world.settings
    if settings.rooms__keep_days or settings.rooms__keep_messages:
        _go_on(world, deque(world.channels_by_id))


def _go_on(world: World, rooms: deque[int]) -> None:
    """A slice; the next one follows after a pause."""
    try:
        for _ in range(min(ROOMS_PER_SLICE, len(rooms))):
            end = _end_of_old(world, rooms[0])
            if end and world.store.floors.let_go(rooms[0], end, EVENTS_PER_SLICE):
                break
            rooms.popleft()
    except StoreFailedError as error:
        logger.warning("old history is let go later: %s", error)
        return
    if rooms:
        world.timers.arm(world.now + PAUSE_S, partial(_go_on, world, rooms))


def _end_of_old(world: World, channel_id: int) -> int:
    """The last position of a room that need not be kept; 0 for none."""
    log, settings = world.store.log, world.settings
    ends = [0]
    if settings.rooms__keep_days:
        oldest_ms = world.wall_ms - settings.rooms__keep_days * DAY_MS
        ends.append(log.position_at(channel_id, oldest_ms) - 1)
    if settings.rooms__keep_messages:
        last = number_at(log.last_position(channel_id))
        ends.append(position_of(max(0, last - settings.rooms__keep_messages) + 1) - 1)
    return max(ends)
