"""Slow mode (room mode W): one message of each person in so many seconds, but of those with a role.

Who spoke when is kept by identity, so that leaving and coming back is no way around it.
"""

from math import ceil
from typing import Final

from server.core.channel import Channel
from server.core.dispatch import Failed, Request

SLOW_S_MAX: Final = 6 * 3_600

SPEAKERS_MAX: Final = 10_000
"""Remembered of a room; who spoke longest ago gives way."""


def take_slowly(request: Request, channel: Channel) -> None:
    """Count a message in a slow room; raises `Failed` SLOW_MODE where it comes too early."""
    user, now, slow_s = request.user, request.world.now, channel.record.slow_s
    membership = channel.members.get(user)
    if membership is not None and membership.roles:
        return
    who = user.holder or request.session.block or user.nick
    spoke_at = channel.spoke_at.pop(who, now - slow_s)
    wait_s = ceil(spoke_at + slow_s - now)
    channel.spoke_at[who] = spoke_at if wait_s > 0 else now
    if len(channel.spoke_at) > SPEAKERS_MAX:
        del channel.spoke_at[next(iter(channel.spoke_at))]
    if wait_s > 0:
        text = f"One message in {slow_s} seconds here: try again in {wait_s} seconds"
        raise Failed("SLOW_MODE", text, channel.record.name, str(wait_s))
