"""Who hears of what someone does to themselves: comes, goes, takes another nick, is away.

Those who share a room with them and may see them there, and those who watch them.
"""

from collections.abc import Iterable

from server.core.channel import Channel
from server.core.monitors import watchers
from server.core.policy import can_see_member
from server.core.session import Session
from server.core.user import User
from server.core.world import World


def sessions_shown(channel: Channel, member: User) -> Iterable[Session]:
    """The sessions in a room that may see this member of it."""
    if "u" not in channel.record.modes or channel.members[member].roles:
        return channel.sessions
    return [
        session
        for other in channel.members
        if other is member or can_see_member(other, channel, member)
        for session in other.sessions
    ]


def sessions_that_see(user: User) -> dict[Session, None]:
    """The sessions of everyone who sees `user` in a room, their own included, each once."""
    witnesses = dict(user.sessions)
    for channel in user.channels:
        witnesses.update(dict.fromkeys(sessions_shown(channel, user)))
    return witnesses


def sessions_told(world: World, user: User, capability: int, *, own: bool = False) -> list[Session]:
    """The sessions with a capability that hear what changed about `user`, watchers included."""
    witnesses = sessions_that_see(user) | dict.fromkeys(watchers(world, user))
    return [
        session
        for session in witnesses
        if session.capabilities & capability and (own or session not in user.sessions)
    ]
