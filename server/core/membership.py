"""Entering, making and leaving rooms: what JOIN, CREATE, PART and EXIT have in common."""

from typing import Final

from common.numerics import (
    ERR_CHANNELISFULL,
    ERR_INVITEONLYCHAN,
    ERR_LINKCHANNEL,
    ERR_NEEDREGGEDNICK,
    ERR_TOOMANYCHANNELS,
    Numeric,
)
from server.core.apply import JOINED, LISTED, UNLISTED, record
from server.core.attendance import answer_join
from server.core.channel import Channel
from server.core.dispatch import Failed, Refused, Request
from server.core.invitations import count_use, invitation_of
from server.core.names import RoomName, room_name_trouble
from server.core.policy import is_banned, may_enter, new_room_name
from server.storage.ports import Event, Kind

LED_ON: Final = (ERR_INVITEONLYCHAN, ERR_CHANNELISFULL, ERR_NEEDREGGEDNICK)
"""Refusals after which one is led on to another room; who is banned or has no key is not."""

NAME_CODES: Final = {
    RoomName.INVALID: "INVALID_NAME",
    RoomName.EXISTS: "ROOM_EXISTS",
    RoomName.UNAVAILABLE: "NAME_UNAVAILABLE",
}


def enter(request: Request, channel: Channel, key: str = "") -> None:
    """Put the user into a room that exists; nothing happens where they are in it."""
    if channel in request.user.channels:
        answer_join(request.world, request.session, request.user, channel)
        return
    invitation = invitation_of(request.world, channel, key)
    if invitation is not None and not is_banned(request.user, channel):
        request.user.invited[channel] = None
    refusal = may_enter(request.user, channel, key)
    if refusal in LED_ON:
        channel = _led_to(request, channel, refusal)
    elif refusal:
        raise Refused(refusal, channel.record.name)
    if len(channel.members) >= request.world.settings.limits__members_per_room:
        raise Refused(ERR_CHANNELISFULL, channel.record.name)
    _check_room_for_one_more(request, channel.record.name)
    record(request.world, [_event(request, channel.record.id, Kind.JOIN, "")], request.session)
    if invitation is not None:
        count_use(request.world, invitation)


def _led_to(request: Request, channel: Channel, refusal: Numeric) -> Channel:
    """The room that those are led to who may not enter this one; raises `Refused` for none."""
    target = request.world.channels_by_id.get(channel.record.forward)
    if target is None or target in request.user.channels or may_enter(request.user, target, ""):
        raise Refused(refusal, channel.record.name)
    request.reply(ERR_LINKCHANNEL, channel.record.name, target.record.name)
    return target


def create(request: Request, name: str, *, by_join: bool = False) -> None:
    """Make a room and enter it; with ``""`` as name an unlisted one with an ID.

    Raises `Failed` where the name cannot be had.
    """
    world = request.world
    trouble = room_name_trouble(world, request.user, name) if name else None
    if trouble:
        raise Failed(NAME_CODES[trouble[0]], trouble[1], name)
    if not request.user.account and (world.lockdown or not world.settings.spam__guests_create):
        raise Failed("ACCOUNT_REQUIRED", "Rooms are made by people with an account here", name)
    if len(world.channels) >= world.settings.limits__rooms:
        raise Failed("TOO_MANY_ROOMS", "This server has as many rooms as it may have", name)
    if request.session.rooms_created >= world.settings.limits__rooms_created_per_link:
        raise Failed("TOO_MANY_ROOMS", "You have made as many rooms as one connection may", name)
    _check_room_for_one_more(request, name or "*")
    channel_id = world.new_log_id()
    creation = _event(request, channel_id, Kind.CREATE, name or new_room_name(world))
    creation.tags = JOINED if by_join else LISTED if name else UNLISTED
    record(world, [creation, _event(request, channel_id, Kind.JOIN, "")], request.session)


def leave(request: Request, channel: Channel, reason: str) -> None:
    """Take the user, who is in it, out of a room."""
    event = _event(request, channel.record.id, Kind.PART, reason)
    record(request.world, [event], request.session)


def _check_room_for_one_more(request: Request, name: str) -> None:
    if len(request.user.channels) >= request.world.settings.limits__rooms_per_user:
        raise Refused(ERR_TOOMANYCHANNELS, name)


def _event(request: Request, channel_id: int, kind: Kind, text: str) -> Event:
    user = request.user
    wall_ms = request.world.wall_ms
    return Event(channel_id, kind, user.source, text, wall_ms, "", user.holder)
