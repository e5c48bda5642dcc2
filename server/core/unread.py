"""What someone has not read: each log they may read, from where their marker stands.

Counted by numbers and sought by the index of words, so that no room has to be read through.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from server.core.holders import is_account
from server.core.markers import markers_of
from server.core.policy import readable_after
from server.core.reading import Readable, nick_at_end
from server.core.user import User
from server.core.world import World
from server.storage.ports import channel_subject


@dataclass(frozen=True, slots=True)
class Unread:
    """A log in which there is something new behind `log.after`; `read_ms` is 0 for no marker."""

    log: Readable
    read_ms: int
    last_position: int


def unread_logs(world: World, user: User) -> Iterator[Unread]:
    """Every room and direct conversation with something behind the marker of `user`."""
    markers = markers_of(world, user)
    for log, subject in readable_logs(world, user):
        found = _behind(world, log, markers.get(subject, 0))
        if found is not None:
            yield found


def readable_logs(world: World, user: User) -> Iterator[tuple[Readable, str]]:
    """Every log that `user` may read, and what their marker in it is about."""
    for channel in user.channels:
        after = readable_after(world, user, channel)
        if after is not None:
            log = Readable(channel.record.id, channel.record.name, after, channel)
            yield log, channel_subject(channel.record.id)
    if is_account(user.holder):
        for log_id, other in world.store.conversations.of_holder(user.holder).items():
            yield Readable(log_id, nick_at_end(world, user, log_id, other), 0, None), other


def _behind(world: World, log: Readable, read_ms: int) -> Unread | None:
    store = world.store.log
    after = log.after
    if read_ms:
        after = max(after, store.position_at(log.log_id, read_ms + 1) - 1)
    last = store.last_position(log.log_id)
    return Unread(replace(log, after=after), read_ms, last) if last > after else None
