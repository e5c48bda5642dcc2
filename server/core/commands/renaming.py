"""RENAME: another name for a room, which keeps everything else.

Specification: IRCv3 draft/channel-rename. An old name is free at once.
"""

from typing import Final

from common.casemap import channel_name
from common.text import split_bytes
from server.core.apply import record
from server.core.channel import Channel
from server.core.dispatch import Failed, Refused, Request, command
from server.core.finding import seen_room
from server.core.names import RoomName, room_name_trouble
from server.core.policy import may_rename
from server.storage.ports import Event, Kind

REASON_BYTES_MAX: Final = 200
"""With source and both names, a RENAME stays within 512 bytes."""

PAUSE_S: Final = 10.0
"""Between two renames of a room: for many programs each is leaving and entering again."""


@command(
    "RENAME",
    group="rooms",
    usage="RENAME room name [:reason]",
    summary="give a room another name; people, history and settings stay",
    params_min=2,
    cost=5,
)
def rename(request: Request) -> None:
    channel = seen_room(request, request.params[0])
    refusal = may_rename(request.user, channel)
    if refusal:
        raise Refused(refusal, channel.record.name)
    old, new = channel.record.name, channel_name(request.params[1])
    _check_name(request, channel, new)
    at = channel.renamed_at
    if at is not None and request.world.now - at < PAUSE_S:
        text = f"It was renamed a moment ago; try again in {PAUSE_S:.0f} seconds"
        raise Failed("CANNOT_RENAME", text, old, new)
    reason = split_bytes(request.param(2), REASON_BYTES_MAX)[0]
    event = Event(
        channel.record.id,
        Kind.RENAME,
        request.user.source,
        f"{old} {new} {reason}",
        request.world.wall_ms,
        holder=request.user.holder,
    )
    record(request.world, [event], request.session)


def _check_name(request: Request, channel: Channel, new: str) -> None:
    old = channel.record.name
    if new == old:
        raise Failed("CANNOT_RENAME", "This is its name already", old, new)
    trouble = room_name_trouble(request.world, request.user, new, channel)
    if trouble:
        taken = trouble[0] is RoomName.EXISTS
        raise Failed("CHANNEL_NAME_IN_USE" if taken else "CANNOT_RENAME", trouble[1], old, new)
