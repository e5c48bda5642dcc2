"""Rooms as every IRC program knows them: JOIN, PART, TOPIC, NAMES, LIST.

Specification: modern IRC "Channel Operations"; strict JOIN: `docs/protocol.md`.
"""

from typing import Final

from common.casemap import channel_name, fold
from common.numerics import (
    ERR_BADCHANMASK,
    ERR_NEEDMOREPARAMS,
    ERR_NOSUCHCHANNEL,
    ERR_NOTONCHANNEL,
    ERR_TOOMANYTARGETS,
    RPL_ENDOFNAMES,
    RPL_LIST,
    RPL_LISTEND,
    RPL_LISTSTART,
)
from common.text import split_bytes
from server.core.apply import record
from server.core.channel import Channel
from server.core.dispatch import Failed, Refused, Request, command, each, wants_strict_rooms
from server.core.finding import seen_room
from server.core.invitations import invitation_of
from server.core.membership import create, enter, leave
from server.core.names import RoomName, room_name_trouble
from server.core.policy import (
    can_see,
    denies_itself,
    is_banned,
    may_set_topic,
    near_matches,
)
from server.core.room_filters import read_filter
from server.core.room_replies import send_name_lines, send_topic
from server.core.sanctions import check_speech
from server.core.welcome import TARGETS_MAX, TOPIC_BYTES_MAX
from server.storage.ports import Event, Kind

JOIN_TARGETS_MAX: Final = 100
"""Rooms in one JOIN or PART: as many as fit into a line, and a bound on its work."""

EVERY_ROOM: Final = "0"
"""JOIN of this leaves all rooms, for ordinary IRC programs."""

LIST_ROOMS_MAX: Final = 5_000
"""Rooms in one LIST: some 500 KiB at the most."""


@command(
    "JOIN",
    group="rooms",
    usage="JOIN room[,room…] [key[,key…]]",
    summary="enter a room by its name or ID",
    params_min=1,
)
def join(request: Request) -> None:
    if request.params[0] == EVERY_ROOM and not wants_strict_rooms(request.session):
        for channel in list(request.user.channels):
            leave(request, channel, "")
        return
    rooms = _targets(request)
    keys = request.param(1).split(",")
    keys_of = dict(zip(rooms, keys, strict=False))
    each(request, rooms, lambda request, typed: _join_one(request, typed, keys_of.get(typed, "")))


def _join_one(request: Request, typed: str, key: str) -> None:
    name = channel_name(typed)
    channel = request.world.channels.get(fold(name))
    if channel is not None and not _is_kept_secret(request, channel, key):
        enter(request, channel, key)
        return
    if wants_strict_rooms(request.session):
        raise _no_such_room(request, typed)
    if not typed.startswith("#"):  # typed by a person: an ID, or a name from memory
        raise Refused(ERR_NOSUCHCHANNEL, typed, hint=f": {_hint(request, typed)[0]}")
    trouble = room_name_trouble(request.world, request.user, name)
    if trouble and trouble[0] is RoomName.INVALID:
        raise Refused(ERR_BADCHANMASK, typed)
    if channel is not None or not request.world.settings.rooms__join_creates:
        raise Refused(ERR_NOSUCHCHANNEL, typed)
    if trouble:
        raise Refused(ERR_NOSUCHCHANNEL, typed, hint=f": {trouble[1]}")
    create(request, name, by_join=True)


def _is_kept_secret(request: Request, channel: Channel, key: str) -> bool:
    """Whether the room is not there for who asks; where they have a token, they know of it."""
    if not denies_itself(request.user, channel, key):
        return False
    has_token = invitation_of(request.world, channel, key) is not None
    return not has_token or is_banned(request.user, channel)


def _no_such_room(request: Request, typed: str) -> Failed:
    hint, near = _hint(request, typed)
    word = typed.removeprefix("#")[:80]
    return Failed("NO_SUCH_ROOM", f'There is no room "{word}": {hint}', typed, *near)


def _hint(request: Request, typed: str) -> tuple[str, list[str]]:
    """What to do about a room that is not there, and the rooms with a name like it."""
    near = near_matches(request.world, request.user, channel_name(typed))
    if near:
        return f"did you mean {' or '.join(name.removeprefix('#') for name in near)}?", near
    return "check the ID, or make a room with CREATE", near


@command(
    "PART",
    group="rooms",
    usage="PART room[,room…] [:reason]",
    summary="leave a room",
    params_min=1,
)
def part(request: Request) -> None:
    each(request, _targets(request), _part_one)


def _part_one(request: Request, typed: str) -> None:
    leave(request, _own_room(request, typed), request.param(1))


@command(
    "TOPIC",
    group="rooms",
    usage="TOPIC room [:text]",
    summary="show the topic, or set it; an empty text takes it off",
    params_min=1,
    cost=3,
)
def topic(request: Request) -> None:
    channel = seen_room(request, request.params[0])
    if len(request.params) == 1:
        send_topic(request.world, request.session, channel)
        return
    refusal = may_set_topic(request.user, channel)
    if refusal:
        raise Refused(refusal, channel.record.name)
    text = request.params[1]
    check_speech(request, text)
    event = Event(
        channel.record.id,
        Kind.TOPIC,
        request.user.source,
        split_bytes(text, TOPIC_BYTES_MAX)[0],
        request.world.wall_ms,
        "",
        request.user.holder,
    )
    record(request.world, [event], request.session)


@command(
    "NAMES",
    group="rooms",
    usage="NAMES room[,room…]",
    summary="show who is in a room",
    cost=2,
)
def names(request: Request) -> None:
    typed = request.param(0)
    for word in [word for word in typed.split(",") if word][:TARGETS_MAX]:
        channel = request.world.channels.get(fold(channel_name(word)))
        if channel is not None and can_see(request.user, channel):  # else as if it was not there
            send_name_lines(request.world, request.session, channel)
    request.reply(RPL_ENDOFNAMES, typed or "*")
    request.session.turn_over = True


@command(
    "LIST",
    group="rooms",
    usage="LIST [room|mask|!mask|>people|<people|C>minutes|T<minutes[,…]]",
    summary="show the rooms you may see, with members and topic",
    cost=10,
)
def list_(request: Request) -> None:
    wanted = read_filter(request.param(0))
    wall_ms = request.world.wall_ms
    request.reply(RPL_LISTSTART, "Channel")
    shown = 0
    for channel in request.world.channels.values():
        if not can_see(request.user, channel) or not wanted.lets_through(channel, wall_ms):
            continue
        if shown == LIST_ROOMS_MAX:
            request.note("LIST_CUT", f"Only the first {LIST_ROOMS_MAX} rooms are shown")
            break
        shown += 1
        request.reply(
            RPL_LIST, channel.record.name, str(len(channel.members)), channel.record.topic
        )
    request.reply(RPL_LISTEND)
    request.session.turn_over = True


def _targets(request: Request) -> list[str]:
    targets = [word for word in request.params[0].split(",") if word]
    if not targets:
        raise Refused(ERR_NEEDMOREPARAMS, request.row.name, usage=request.row.usage)
    if len(targets) > JOIN_TARGETS_MAX:
        raise Refused(ERR_TOOMANYTARGETS, targets[0])
    return targets


def _own_room(request: Request, typed: str) -> Channel:
    channel = seen_room(request, typed)
    if channel not in request.user.channels:
        raise Refused(ERR_NOTONCHANNEL, typed)
    return channel
