"""Letting go of old history, as rooms and settings say: in slices, so that nobody waits.

What is let go raises the log's floor; numbers are never given again. What is left of rooms that
were closed is swept up in the same way, and the file shrinks.
"""

import logging
from collections import deque
from functools import partial
from typing import Final

from common.msgid import number_at, position_of
from server.core.keeping import Keeping, keeping_of
from server.core.world import World
from server.storage.ports import StoreFailedError

EVENTS_PER_SLICE: Final = 200
"""Some milliseconds of deleting in one tick."""

LOGS_PER_SLICE: Final = 20
PAUSE_S: Final = 0.05
DAY_MS: Final = 24 * 3600 * 1000

logger = logging.getLogger(__name__)


def begin(world: World, *, by_time: bool) -> None:
    """Look through all logs for what need not be kept any more.

    With `by_time` False, days do not count: the wall clock is not to be trusted at the moment.
    """
    settings = world.settings
    logs = deque(
        channel.record.id
        for channel in world.channels.values()
        if keeping_of(settings, channel.record) != Keeping()
    )
    if settings.history__direct_days:
        logs.extend(world.store.conversations.ids())
    _go_on(world, logs, by_time)


def begin_room(world: World, channel_id: int) -> None:
    """Let go of what one room, whose owner has just chosen, need not keep any more."""
    _go_on(world, deque([channel_id]), True)


def _go_on(world: World, logs: deque[int], by_time: bool) -> None:
    """A slice; the next one follows after a pause."""
    try:
        more = world.store.floors.sweep(EVENTS_PER_SLICE)
        for _ in range(min(LOGS_PER_SLICE, len(logs))):
            end = _end_of_old(world, logs[0], by_time)
            if end and world.store.floors.let_go(logs[0], end, EVENTS_PER_SLICE):
                break
            logs.popleft()
    except StoreFailedError as error:
        logger.warning("old history is let go later: %s", error)
        return
    if logs or more:
        world.timers.arm(world.now + PAUSE_S, partial(_go_on, world, logs, by_time))


def _end_of_old(world: World, log_id: int, by_time: bool) -> int:
    """The last position of a log that need not be kept; 0 for none."""
    log = world.store.log
    channel = world.channels_by_id.get(log_id)
    if channel:
        kept = keeping_of(world.settings, channel.record)
    else:
        kept = Keeping(days=world.settings.history__direct_days)
    if kept.nothing:
        return log.last_position(log_id)
    ends = [0]
    if kept.days and by_time:
        oldest_ms = world.wall_ms - kept.days * DAY_MS
        ends.append(log.position_at(log_id, oldest_ms) - 1)
    if kept.messages:
        last = number_at(log.last_position(log_id))
        if last > kept.messages:
            ends.append(position_of(last - kept.messages + 1) - 1)
    return max(ends)
