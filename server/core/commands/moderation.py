"""KICK and INVITE.

Specification: modern IRC "KICK message", "INVITE message", IRCv3 invite-notify.
"""

from typing import Final

from common.capabilities import INVITE_NOTIFY
from common.casemap import fold
from common.numerics import (
    ERR_NEEDMOREPARAMS,
    ERR_NOSUCHNICK,
    ERR_NOTONCHANNEL,
    ERR_TOOMANYTARGETS,
    ERR_USERNOTINCHANNEL,
    ERR_USERONCHANNEL,
    RPL_AWAY,
    RPL_ENDOFINVITELIST,
    RPL_INVITELIST,
    RPL_INVITING,
)
from common.text import split_bytes
from common.wire import encode
from server.core.apply import record
from server.core.delivery import Outgoing, fan_out, tags_of
from server.core.dispatch import Refused, Request, command
from server.core.finding import seen_room
from server.core.policy import RANKS, may_invite, may_kick, rank
from server.core.welcome import KICK_TARGETS_MAX
from server.storage.ports import Event, Kind

KICK_REASON_BYTES_MAX: Final = 300
INVITATIONS_MAX: Final = 100
"""Open invitations of one person: the oldest gives way."""


@command(
    "KICK",
    group="moderation",
    usage="KICK room[,room…] nick[,nick…] [:reason]",
    summary="remove someone from a room",
    params_min=2,
    cost=2,
)
def kick(request: Request) -> None:
    nicks = [word for word in request.params[1].split(",") if word]
    rooms = [word for word in request.params[0].split(",") if word]
    if len(rooms) == 1:
        rooms *= len(nicks)
    if not nicks or len(rooms) != len(nicks):
        raise Refused(ERR_NEEDMOREPARAMS, "KICK", usage=request.row.usage)
    if len(nicks) > KICK_TARGETS_MAX:
        raise Refused(ERR_TOOMANYTARGETS, nicks[KICK_TARGETS_MAX])
    for room, nick in zip(rooms, nicks, strict=True):
        _kick_one(request, room, nick)


def _kick_one(request: Request, typed: str, nick: str) -> None:
    channel = seen_room(request, typed)
    if request.user not in channel.members:
        raise Refused(ERR_NOTONCHANNEL, channel.record.name)
    target = request.world.users.get(fold(nick))
    if target is None or target not in channel.members:
        request.reply(ERR_USERNOTINCHANNEL, nick, channel.record.name)
        return
    refusal = may_kick(request.user, channel, target)
    if refusal:
        raise Refused(refusal, channel.record.name)
    user = request.user
    reason = split_bytes(request.param(2) or user.nick, KICK_REASON_BYTES_MAX)[0]
    text = f"{target.nick} {reason}"
    wall_ms = request.world.wall_ms
    event = Event(channel.record.id, Kind.KICK, user.source, text, wall_ms, "", user.holder)
    record(request.world, [event], request.session)


@command(
    "INVITE",
    group="moderation",
    usage="INVITE nick room",
    summary="invite someone into a room; without parameters: your invitations",
    cost=3,
)
def invite(request: Request) -> None:
    if not request.params:
        for room in request.user.invited:
            request.reply(RPL_INVITELIST, room.record.name)
        request.reply(RPL_ENDOFINVITELIST)
        return
    if len(request.params) < 2:
        raise Refused(ERR_NEEDMOREPARAMS, "INVITE", usage=request.row.usage)
    nick, typed = request.params[:2]
    target = request.world.users.get(fold(nick))
    if target is None:
        raise Refused(ERR_NOSUCHNICK, nick)
    channel = seen_room(request, typed)
    refusal = may_invite(request.user, channel)
    if refusal:
        raise Refused(refusal, channel.record.name)
    if target in channel.members:
        raise Refused(ERR_USERONCHANNEL, target.nick, channel.record.name)
    target.invited[channel] = None
    if len(target.invited) > INVITATIONS_MAX:
        del target.invited[next(iter(target.invited))]
    request.reply(RPL_INVITING, target.nick, channel.record.name)
    if target.away:
        request.reply(RPL_AWAY, target.nick, target.away)
    line = encode("INVITE", [target.nick, channel.record.name], request.user.source)
    outgoing = Outgoing(line, tags_of(request.world, request.user))
    fan_out(request.world, outgoing, target.sessions)
    witnesses = [
        session
        for member, membership in channel.members.items()
        if rank(membership.roles) >= RANKS["h"] and member is not request.user
        for session in member.sessions
        if session.capabilities & INVITE_NOTIFY
    ]
    fan_out(request.world, outgoing, witnesses)
