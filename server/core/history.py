"""Stored events on their way to one session: a chathistory batch, or a plain replay on join."""

from collections.abc import Sequence
from typing import Final

from common.capabilities import (
    AWAY_NOTIFY,
    BATCH,
    CHANNEL_RENAME,
    EVENT_PLAYBACK,
    MESSAGE_TAGS,
    REDACTION,
    SERVER_TIME,
)
from common.text import ACTION_START
from common.wire import BODY_BYTES_MAX, encode
from server.core.channel import Channel
from server.core.delivery import event_line, send, standard_reply
from server.core.policy import readable_after, view_of
from server.core.session import Session
from server.core.user import User
from server.core.world import World, utc_text
from server.storage.ports import MESSAGES, SHOWN, Event, Kind, StoreFailedError, View

NEEDED: Final = {
    Kind.AWAY: AWAY_NOTIFY,
    Kind.TAGMSG: MESSAGE_TAGS,
    Kind.REDACT: REDACTION,
    Kind.STATUS_REDACT: REDACTION,
    Kind.RENAME: CHANNEL_RENAME,
}
"""Capabilities without which a client cannot take a line, in history as when it happens."""


def view_for(session: Session, user: User, channel: Channel | None) -> View:
    """Which events of a room, or of a direct conversation, a session of `user` can be sent."""
    capabilities = session.capabilities
    kinds = SHOWN if capabilities & EVENT_PLAYBACK else MESSAGES
    able = tuple(kind for kind in kinds if kind not in NEEDED or NEEDED[kind] & capabilities)
    return view_of(user, channel, able) if channel else View(able)


def send_page(world: World, session: Session, name: str, events: Sequence[Event]) -> None:
    """`events` as a batch of type chathistory; without the batch capability as bare lines."""
    for event in events:
        event.account = world.account_of(event.holder)
    if not session.capabilities & BATCH:
        for event in events:
            send(world, session, event_line(event, name).encoded(session.variant))
        return
    reference = world.new_token()
    server = world.settings.name
    send(world, session, encode("BATCH", [f"+{reference}", "chathistory", name], server))
    for event in events:
        line = event_line(event, name).encoded(session.variant, f"batch={reference}")
        send(world, session, line)
    send(world, session, encode("BATCH", [f"-{reference}"], server))


def replay(world: World, session: Session, user: User, channel: Channel, before: int) -> None:
    """What was said before `before`, for a program that cannot ask for history itself.

    Without server-time every line is given its time in words, so that old reads as old. A
    store that cannot be read is said and ends nothing.
    """
    limit = world.settings.rooms__replay_on_join
    if not limit:
        return
    name = channel.record.name
    try:
        after = readable_after(world, user, channel)
        if after is None:
            return
        log = world.store.log
        events = log.page(channel.record.id, after, before, limit, View(MESSAGES), newest=True)
    except StoreFailedError:
        text = f"The history of {name} cannot be read at the moment"
        standard_reply(world, session, "WARN", "JOIN", "HISTORY_UNAVAILABLE", [name], text)
        return
    if not events:
        return
    if not session.capabilities & SERVER_TIME:
        for event in events:
            event.text = _with_time(event, name)
    send_page(world, session, name, events)


def _with_time(event: Event, name: str) -> str:
    """The text with its time in front; alone where a line cannot hold both."""
    stamp = f"[{utc_text(event.wall_ms)[:16].replace('T', ' ')}] "
    if len(event_line(event, name).body) + len(stamp) > BODY_BYTES_MAX - 1:  # 1: a new colon
        return event.text
    if event.text.startswith(ACTION_START):
        return ACTION_START + stamp + event.text.removeprefix(ACTION_START)
    return stamp + event.text
