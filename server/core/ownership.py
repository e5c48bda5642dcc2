"""Running a room: its modes as an event, bans that end by themselves, giving it away, closing it.

What commands and ChanServ share. Whether someone may do it is asked here, or before by `policy`.
"""

import heapq
import logging
from collections.abc import Sequence
from typing import Final

from common.capabilities import TAG_UNTIL
from common.casemap import fold
from common.modes import Change, write_changes
from server.core import retention
from server.core.apply import record
from server.core.channel import Channel
from server.core.dispatch import Failed, Request
from server.core.entrance import tell_keeping
from server.core.keeping import FOREVER, read_choice
from server.core.user import User
from server.core.world import NoSpaceError, World, utc_text
from server.storage.ports import Event, Kind, StoreFailedError

CODE_CHARACTERS: Final = 6
LIFT_AGAIN_MS: Final = 60_000
"""When a ban that could not be lifted, for want of space or of the store, is tried again."""

logger = logging.getLogger(__name__)


def change_modes(
    request: Request, channel: Channel, changes: Sequence[Change], until_ms: int = 0
) -> None:
    """Record changes that were decided; with `until_ms` they say when they end by themselves."""
    tags = f"{TAG_UNTIL}={utc_text(until_ms)}" if until_ms else ""
    event = Event(
        channel.record.id,
        Kind.MODE,
        request.user.source,
        write_changes(changes),
        request.world.wall_ms,
        tags,
        request.user.holder,
    )
    record(request.world, [event], request.session)


def lift_due_bans(world: World) -> None:
    """Take off the bans whose time has come; each is a MODE of the server's."""
    while world.lifts and world.lifts[0][0] <= world.wall_ms:
        _, channel_id, name = heapq.heappop(world.lifts)
        channel = world.channels_by_id.get(channel_id)
        entry = channel.record.masks.get(name) if channel else None
        if entry is None or not 0 < entry.until_ms <= world.wall_ms:
            continue  # it was taken off, or set again for longer
        text = write_changes([Change(False, entry.letter, entry.mask)])
        event = Event(channel_id, Kind.MODE, world.settings.name, text, world.wall_ms)
        try:
            record(world, [event])
        except (NoSpaceError, StoreFailedError) as error:
            logger.warning("a ban whose time is over stays for the moment: %s", error)
            heapq.heappush(world.lifts, (world.wall_ms + LIFT_AGAIN_MS, channel_id, name))


def next_lift(world: World) -> float | None:
    """When `lift_due_bans` has something to do next, by the monotonic clock."""
    if not world.lifts:
        return None
    return world.now + max(0, world.lifts[0][0] - world.wall_ms) / 1000


def owns(user: User, channel: Channel) -> bool:
    """Whether the room is theirs, and they are in it."""
    membership = channel.members.get(user)
    if membership is None:
        return False
    return "q" in membership.roles or channel.record.owner == user.holder


def transfer(request: Request, channel: Channel, target: User) -> None:
    """Give the asker's room to someone in it, who has an account. Raises `Failed`.

    One that nobody owns any more is given by an operator of the server, to anyone in it.
    """
    user = request.user
    if not channel.record.owner and "o" in user.modes and target in channel.members:
        change_modes(request, channel, [Change(True, "q", target.nick)])
        return
    if channel.record.owner != user.holder or user not in channel.members:
        raise Failed("NOT_YOURS", "Only the owner gives a room away", channel.record.name)
    if target is user or not target.account_id or target not in channel.members:
        text = "A room is given to somebody else who is in it and has an account"
        raise Failed("ACCOUNT_REQUIRED", text, channel.record.name, target.nick)
    changes = [Change(False, "q", user.nick), Change(True, "q", target.nick)]
    if "q" not in channel.members[user].roles:  # what is not set cannot be taken off
        changes.insert(0, Change(True, "q", user.nick))
    change_modes(request, channel, changes)


def choose_keeping(request: Request, channel: Channel, typed: str) -> None:
    """Have the asker's room keep what is said as they choose, and tell everyone in it.

    What need not be kept any more is let go at once. Raises `Failed`.
    """
    world, record_ = request.world, channel.record
    if not owns(request.user, channel):
        raise Failed("NOT_YOURS", "Only the owner chooses how long a room keeps", record_.name)
    try:
        read_choice(fold(typed))
    except ValueError:
        text = "Write forever, nothing, days as 30d, or a number of messages as 1000"
        raise Failed("INVALID_RETENTION", text, record_.name, typed[:20]) from None
    world.check_space()
    record_.retention = "" if fold(typed) == FOREVER else fold(typed)
    world.store.channels.save(record_)
    world.note_keeping(channel)
    for session in channel.sessions:
        tell_keeping(world, session, channel, "RETENTION")
    retention.begin_room(world, record_.id)


def close(request: Request, channel: Channel, code: str) -> str:
    """Close the asker's room for good, once they have said so twice.

    The code to say it with, where it was not the right one; else ``""``. Raises `Failed`.
    """
    if not owns(request.user, channel):
        raise Failed("NOT_YOURS", "Only the owner closes a room", channel.record.name)
    session, channel_id = request.session, channel.record.id
    if code and (channel_id, code) == session.room_to_close:
        user, wall_ms = request.user, request.world.wall_ms
        event = Event(channel_id, Kind.CLOSE, user.source, "", wall_ms, holder=user.holder)
        record(request.world, [event], session)
        return ""
    wanted = request.world.new_token()[:CODE_CHARACTERS]
    session.room_to_close = (channel_id, wanted)
    return wanted
