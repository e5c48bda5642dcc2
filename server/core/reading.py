"""What a name means as something to read: a room's log, or that of a direct conversation.

The one way from a name that someone typed to a log; asks `policy.readable_after`, or whether the
conversation is theirs.
"""

from dataclasses import dataclass
from typing import Final

from common.casemap import fold
from common.msgid import decode_msgid
from server.core.channel import Channel
from server.core.direct import conversation_of
from server.core.dispatch import Failed
from server.core.holders import is_account
from server.core.policy import readable_after, view_of
from server.core.user import User
from server.core.world import World, read_utc
from server.storage.ports import MESSAGES, SHOWN, Event, View

END: Final = 1 << 62
"""Behind every position there can be."""

NO_LOG: Final = -1
"""The log of a conversation in which nothing was said: no stored id is negative."""


@dataclass(frozen=True, slots=True)
class Readable:
    """A log that someone may read behind the position `after`; `channel` is None for a direct one.

    `name` is how the log is called in answers.
    """

    log_id: int
    name: str
    after: int
    channel: Channel | None


def readable(world: World, user: User, typed: str) -> Readable | None:
    """The log that `user` means, or None where there is nothing for them to read."""
    if not typed.startswith("#"):
        if not typed or not is_account(user.holder):
            return None
        conversation = conversation_of(world, user, typed)
        return Readable(NO_LOG if conversation is None else conversation, typed, 0, None)
    channel = world.channels.get(fold(typed))
    after = readable_after(world, user, channel) if channel else None
    if channel is None or after is None:
        return None
    return Readable(channel.record.id, channel.record.name, after, channel)


def find_event(world: World, user: User, log: Readable, msgid: str) -> Event | None:
    """The event with this id, if it is in the log and `user` may read it."""
    found = decode_msgid(msgid)
    if found is None or found[0] != log.log_id or found[1] <= log.after:
        return None
    event = world.store.log.get(*found)
    if event is None or (log.channel and not view_of(user, log.channel, SHOWN).shows(event)):
        return None
    return event


def timestamp_of(typed: str, *context: str) -> int:
    """Milliseconds since the epoch of a ``timestamp=…``; raises `Failed`, after `context`."""
    key, _, value = typed.partition("=")
    try:
        if key == "timestamp":
            return read_utc(value)
    except ValueError:
        pass
    text = "A time is written timestamp=2026-11-22T15:02:50.123Z"
    raise Failed("INVALID_PARAMS", text, *context, typed)


def latest_messages(world: World, user: User) -> list[tuple[str, int]]:
    """Everything `user` may read: its name, and the time of the newest message in it."""
    found: list[tuple[str, int]] = []
    for channel in user.channels:
        after = readable_after(world, user, channel)
        newest = _newest(world, channel.record.id, after) if after is not None else None
        if newest:
            found.append((channel.record.name, newest.wall_ms))
    if is_account(user.holder):
        for log_id, other in world.store.conversations.of_holder(user.holder).items():
            newest = _newest(world, log_id, 0)
            if newest:
                found.append((_nick_in(newest, user, other), newest.wall_ms))
    return found


def nick_at_end(world: World, user: User, log_id: int, other: str) -> str:
    """The nick of whoever is at the other end of a conversation, as it was there last."""
    newest = _newest(world, log_id, 0)
    return _nick_in(newest, user, other) if newest else world.account_of(other)


def _newest(world: World, log_id: int, after: int) -> Event | None:
    page = world.store.log.page(log_id, after, END, 1, View(MESSAGES), newest=True)
    return page[0] if page else None


def _nick_in(newest: Event, user: User, other: str) -> str:
    """The nick that the other end had in a message."""
    sent = newest.holder == user.holder and newest.holder != other
    return newest.target if sent else newest.source.partition("!")[0]
