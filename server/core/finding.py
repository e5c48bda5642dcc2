"""Which room a parameter means, for who asks: one they may not see is not there."""

from common.casemap import channel_name, fold
from common.numerics import ERR_NOSUCHCHANNEL
from server.core.channel import Channel
from server.core.dispatch import Refused, Request
from server.core.policy import can_see


def seen_room(request: Request, typed: str) -> Channel:
    """The room of this name, with or without ``#``; raises `Refused` where there is none."""
    channel = request.world.channels.get(fold(channel_name(typed)))
    if channel is None or not can_see(request.user, channel):
        raise Refused(ERR_NOSUCHCHANNEL, typed)
    return channel
