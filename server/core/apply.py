"""How each kind of event changes the world, and who is told.

`record` is the only way to the log: it numbers the events, then applies them. Handlers decide
before and rely on nothing after, so that one day the event may come back from a shared log. An
error in here means that memory may differ from the log, and ends the process.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from common.capabilities import AWAY_NOTIFY, CHATHISTORY, ECHO_MESSAGE, MESSAGE_TAGS
from common.casemap import fold
from common.modes import TAKES, read_changes
from common.wire import encode
from server.core.channel import Channel, Membership
from server.core.channel_modes import change_mode
from server.core.delivery import Outgoing, event_line, fan_out, fitted, time_tag
from server.core.history import replay
from server.core.policy import roles_on_join
from server.core.room_replies import send_names, send_topic
from server.core.session import Session
from server.core.user import User
from server.core.world import World
from server.storage.ports import ChannelRecord, Event, Kind

LISTED: Final = "listed"
UNLISTED: Final = "unlisted"
"""The tags of a CREATE event: a room with a chosen name, or with one made up."""

NAMED_MODES: Final = "nt"
UNNAMED_MODES: Final = "nst"
"""What a new room begins with: a room that got an ID is seen by its members only."""

FIRST_ENTRY_POSITION: Final = 2
"""Where the JOIN of a room's creator stands: right behind its CREATE."""


class InconsistentError(BaseException):
    """Applying failed behind an append. Not an `Exception`: nothing may carry on after it."""


def record(world: World, events: Sequence[Event], origin: Session | None = None) -> None:
    """Append `events` to the log, then let each change the world.

    `origin` is the session that caused them: it gets its own messages back only with
    echo-message. Raises `StoreFailedError` before anything has changed.
    """
    for event in events:
        world.store.log.last_position(event.channel_id)  # reads what append needs, or fails now
    for event in events:
        world.store.log.append(event)
    try:
        for event in events:
            APPLY[event.kind](world, world.channels_by_id.get(event.channel_id), event, origin)
    except Exception as error:
        raise InconsistentError(f"applying {event!r} failed") from error


def depart(world: World, user: User, reason: str) -> None:
    """Take someone out for good: one QUIT in the log of each room, one line for each witness."""
    events = [
        Event(channel.record.id, Kind.QUIT, user.source, reason, world.wall_ms, "", user.holder)
        for channel in user.channels
    ]
    witnesses = _sessions_that_see(user)
    for session in user.sessions:
        witnesses.pop(session, None)
    record(world, events)
    fan_out(
        world, Outgoing(fitted("QUIT", [reason], user.source), [time_tag(world.wall_ms)]), witnesses
    )
    world.remove_user(user)


def rename(world: World, user: User, nick: str) -> None:
    """Change a nick: one NICK in the log of each room, one line for each witness."""
    source = user.source
    events = [
        Event(channel.record.id, Kind.NICK, source, nick, world.wall_ms, "", user.holder)
        for channel in user.channels
    ]
    record(world, events)
    world.rename_user(user, nick)
    witnesses = _sessions_that_see(user)
    fan_out(world, Outgoing(encode("NICK", [nick], source), [time_tag(world.wall_ms)]), witnesses)


def set_away(world: World, user: User, reason: str) -> None:
    """Mark someone away, or with ``""`` back: one AWAY in the log of each room."""
    events = [
        Event(channel.record.id, Kind.AWAY, user.source, reason, world.wall_ms, "", user.holder)
        for channel in user.channels
    ]
    record(world, events)
    user.away = reason
    witnesses = [
        session
        for session in _sessions_that_see(user)
        if session.capabilities & AWAY_NOTIFY and session not in user.sessions
    ]
    line = Outgoing(
        encode("AWAY", [reason] if reason else [], user.source), [time_tag(world.wall_ms)]
    )
    fan_out(world, line, witnesses)


def _sessions_that_see(user: User) -> dict[Session, None]:
    """The sessions of everyone who shares a room with `user`, their own included, each once."""
    witnesses = dict(user.sessions)
    for channel in user.channels:
        witnesses.update(channel.sessions)
    return witnesses


def _apply_create(
    world: World, channel: Channel | None, event: Event, origin: Session | None
) -> None:
    assert channel is None
    row = ChannelRecord(
        id=event.channel_id,
        name=event.text,
        named=event.tags == LISTED,
        owner=event.holder,
        created_ms=event.wall_ms,
        modes=NAMED_MODES if event.tags == LISTED else UNNAMED_MODES,
        empty_since_ms=event.wall_ms,
    )
    world.add_channel(row)
    world.store.channels.save(row)
    if origin:
        origin.rooms_created += 1


def _apply_join(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    assert channel is not None
    user = _user_of(world, event)
    row = channel.record
    roles = roles_on_join(user, channel)
    if not row.owner and event.position == FIRST_ENTRY_POSITION:
        roles = "o"  # made by a guest without a device: theirs while they stay
    channel.add(user, Membership(roles, event.position))
    if user.holder:
        world.store.channels.admit(row.id, user.holder, event.position)
    if row.empty_since_ms:
        row.empty_since_ms = 0
        world.store.channels.save(row)
    fan_out(world, event_line(event, row.name), channel.sessions)
    for session in user.sessions:
        send_topic(world, session, channel, silent_if_none=True)
        send_names(world, session, channel)
        if not session.capabilities & CHATHISTORY:
            replay(world, session, user, channel, event.position)


def _apply_part(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    assert channel is not None
    fan_out(world, event_line(event, channel.record.name), channel.sessions)
    _take_out(world, channel, _user_of(world, event), event)


def _apply_kick(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    assert channel is not None
    target = world.users[fold(event.text.partition(" ")[0])]
    fan_out(world, event_line(event, channel.record.name), channel.sessions)
    if target.holder:  # what was said before is theirs no more, should they come back
        world.store.channels.dismiss(channel.record.id, target.holder)
    _take_out(world, channel, target, event)


def _apply_quit(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    assert channel is not None  # the line itself is sent once, by `depart`
    _take_out(world, channel, _user_of(world, event), event)


def _apply_told_elsewhere(
    _world: World, channel: Channel | None, _event: Event, _origin: Session | None
) -> None:
    """NICK and AWAY change no room, and one line tells every witness: see `rename`, `set_away`."""
    assert channel is not None


def _apply_topic(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    assert channel is not None
    row = channel.record
    row.topic, row.topic_source, row.topic_ms = event.text, event.source, event.wall_ms
    world.store.channels.save(row)
    fan_out(world, event_line(event, row.name), channel.sessions)


def _apply_mode(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    assert channel is not None
    letters, *parameters = event.text.split(" ")
    for change in read_changes(letters, parameters, TAKES):
        change_mode(world, channel, change, event)
    fan_out(world, event_line(event, channel.record.name), channel.sessions)


def _apply_message(
    world: World, channel: Channel | None, event: Event, origin: Session | None
) -> None:
    assert channel is not None
    silent = origin if origin and not origin.capabilities & ECHO_MESSAGE else None
    sessions: Iterable[Session] = channel.sessions
    if event.kind is Kind.TAGMSG:
        sessions = [each for each in sessions if each.capabilities & MESSAGE_TAGS]
    fan_out(world, event_line(event, channel.record.name), sessions, silent)
    if origin and not silent and origin not in channel.sessions:  # spoke from outside
        fan_out(world, event_line(event, channel.record.name), [origin])


def _take_out(world: World, channel: Channel, user: User, event: Event) -> None:
    channel.remove(user)
    if not channel.members:
        channel.record.empty_since_ms = event.wall_ms
        world.store.channels.save(channel.record)


def _user_of(world: World, event: Event) -> User:
    return world.users[fold(event.source.partition("!")[0])]


APPLY: Final[dict[Kind, Callable[[World, Channel | None, Event, Session | None], None]]] = {
    Kind.CREATE: _apply_create,
    Kind.JOIN: _apply_join,
    Kind.PART: _apply_part,
    Kind.QUIT: _apply_quit,
    Kind.NICK: _apply_told_elsewhere,
    Kind.AWAY: _apply_told_elsewhere,
    Kind.TOPIC: _apply_topic,
    Kind.MODE: _apply_mode,
    Kind.KICK: _apply_kick,
    Kind.PRIVMSG: _apply_message,
    Kind.NOTICE: _apply_message,
    Kind.TAGMSG: _apply_message,
}

assert set(APPLY) == set(Kind)
