"""How each kind of event changes the world, and who is told.

`record` is the only way to the log: it numbers the events, then applies them. Handlers decide
before and rely on nothing after, so that one day the event may come back from a shared log. An
error in here means that memory may differ from the log, and ends the process.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from common.capabilities import (
    ACCOUNT_NOTIFY,
    AWAY_NOTIFY,
    CHANNEL_RENAME,
    CHGHOST,
    ECHO_MESSAGE,
    MESSAGE_TAGS,
    SETNAME,
)
from common.casemap import fold
from common.modes import TAKES, read_changes
from common.wire import encode
from server.core.audit import note_event
from server.core.channel import Channel, Membership
from server.core.channel_modes import change_mode
from server.core.delivery import (
    Lines,
    Outgoing,
    event_line,
    fan_out,
    fitted,
    marks_in,
    tags_of,
    time_tag,
)
from server.core.entrance import join_line, move_room, show_room
from server.core.holders import drop_from, lasts, let_go
from server.core.monitors import tell_offline, tell_renamed
from server.core.policy import roles_on_join
from server.core.revisions import (
    apply_direct,
    apply_edit,
    apply_redact,
    apply_status_redact,
    audience_sessions,
)
from server.core.session import Session
from server.core.user import User
from server.core.witnesses import sessions_shown, sessions_that_see, sessions_told
from server.core.world import World
from server.storage.ports import AccountRecord, ChannelRecord, Event, Kind

LISTED: Final = "listed"
UNLISTED: Final = "unlisted"
JOINED: Final = "joined"
"""The tags of a CREATE event: a room with a chosen name, or with one made up, or one that the JOIN
of an ordinary program made. The owner of the last begins as operator, as such programs expect."""

NAMED_MODES: Final = "nt"
UNNAMED_MODES: Final = "nst"
"""What a new room begins with: a room that got an ID is seen by its members only."""

GOES_ON: Final = frozenset(
    {Kind.JOIN, Kind.PART, Kind.QUIT, Kind.NICK, Kind.AWAY, Kind.KICK, Kind.CLOSE}
)
"""What is stored in spite of low space: coming and going fits into the reserve, and a room that is
closed gives some back."""


CLOSED: Final = "The room was closed"
"""Why everyone is out of a room whose owner closed it."""


class InconsistentError(BaseException):
    """Applying failed behind an append. Not an `Exception`: nothing may carry on after it."""


def record(world: World, events: Sequence[Event], origin: Session | None = None) -> None:
    """Append `events` to the log, then let each change the world.

    `origin` is the session that caused them: it gets its own messages back only with
    echo-message. Raises `StoreFailedError`, or `NoSpaceError` where one of them is none of those
    that go on in low space, before anything has changed.
    """
    if not all(event.kind in GOES_ON for event in events):
        world.check_space()
    for event in events:
        world.store.log.last_position(event.channel_id)  # reads what append needs, or fails now
        event.account = world.account_of(event.holder)
        _mark(world, event)
    for event in events:
        world.store.log.append(event)
    try:
        for event in events:
            channel = world.channels_by_id.get(event.channel_id)
            if channel is None and event.target:
                apply_direct(world, event, origin)
            else:
                APPLY[event.kind](world, channel, event, origin)
    except Exception as error:
        # Which events, and never what they say: this stands in the log of the process.
        names = ", ".join(f"{event.kind.name} {event.msgid}" for event in events)
        raise InconsistentError(f"applying {names} failed") from error


def record_run(
    world: World, channel: Channel, events: Sequence[Event], lines: Lines, origin: Session
) -> None:
    """The same for messages to everyone in one room, which `lines` tells of, all at once.

    There is space for them, and what append needs was read. `origin` is in the room.
    """
    append = world.store.log.append
    for event in events:
        append(event)
    try:
        silent = None if origin.capabilities & ECHO_MESSAGE else origin
        fan_out(world, lines, channel.sessions, silent)
    except Exception as error:
        raise InconsistentError(f"applying {events[0]!r} and those behind it failed") from error


def _mark(world: World, event: Event) -> None:
    """Put what its source is, a bot or an operator, into the tags of an event; and that it is kept
    nowhere, unless it is coming or going, which nobody looks for.
    """
    if event.kind is Kind.CREATE:  # whose tags say how it was made
        return
    user = world.users.get(fold(event.source.partition("!")[0]))
    channel = None if event.kind in GOES_ON else world.channels_by_id.get(event.channel_id)
    if marks := marks_in(channel, user):
        event.tags = f"{marks};{event.tags}" if event.tags else marks


def depart(world: World, user: User, reason: str) -> None:
    """Take someone out for good: one QUIT in the log of each room, one line for each witness."""
    events = [
        Event(channel.record.id, Kind.QUIT, user.source, reason, world.wall_ms, "", user.holder)
        for channel in user.channels
    ]
    witnesses = sessions_that_see(user)
    for session in user.sessions:
        witnesses.pop(session, None)
    record(world, events)
    line = Outgoing(fitted("QUIT", [reason], user.source), tags_of(world, user))
    fan_out(world, line, witnesses)
    let_go(world, user)
    world.remember_nick(user)
    world.remove_user(user)
    tell_offline(world, user.nick)


def rename(world: World, user: User, nick: str) -> None:
    """Change a nick: one NICK in the log of each room, one line for each witness."""
    source = user.source
    events = [
        Event(channel.record.id, Kind.NICK, source, nick, world.wall_ms, "", user.holder)
        for channel in user.channels
    ]
    record(world, events)
    old = user.nick
    if fold(old) != fold(nick):
        world.remember_nick(user)
    world.rename_user(user, nick)
    line = Outgoing(encode("NICK", [nick], source), tags_of(world, user))
    fan_out(world, line, sessions_that_see(user))
    tell_renamed(world, user, old)


def set_away(world: World, user: User, reason: str) -> None:
    """Mark someone away, or with ``""`` back: one AWAY in the log of each room."""
    events = [
        Event(channel.record.id, Kind.AWAY, user.source, reason, world.wall_ms, "", user.holder)
        for channel in user.channels
    ]
    record(world, events)
    user.away = reason
    line = Outgoing(encode("AWAY", [reason] if reason else [], user.source), tags_of(world, user))
    fan_out(world, line, sessions_told(world, user, AWAY_NOTIFY))


def set_account(world: World, user: User, account: AccountRecord | None, guest: str = "") -> None:
    """Log a user in, or out again: then `guest` is who they are as a holder."""
    world.set_account(user, account.id if account else 0, account.name if account else "")
    user.holder = account.holder if account else guest
    user.always_on = account.always_on if account else False
    for session in user.sessions:
        session.account, session.account_id = user.account, user.account_id
    line = encode("ACCOUNT", [user.account or "*"], user.source)
    told = sessions_told(world, user, ACCOUNT_NOTIFY)
    fan_out(world, Outgoing(line, tags_of(world, user)), told)


def set_realname(world: World, user: User, realname: str) -> None:
    """Change a real name, which is told and not stored."""
    user.realname = realname
    line = Outgoing(fitted("SETNAME", [realname], user.source), tags_of(world, user))
    fan_out(world, line, sessions_told(world, user, SETNAME, own=True))


def set_host(world: World, user: User, host: str) -> None:
    """Give someone another host; programs without chghost see them leave and come back."""
    source = user.source
    user.host = host
    user.rename(user.nick)
    tags = tags_of(world, user)
    line = encode("CHGHOST", [user.user_name, host], source)
    fan_out(world, Outgoing(line, tags), sessions_told(world, user, CHGHOST, own=True))
    leaving = Outgoing(encode("QUIT", ["Changing host"], source), tags)
    others = [session for session in sessions_that_see(user) if session not in user.sessions]
    fan_out(world, leaving, [each for each in others if not each.capabilities & CHGHOST])
    for channel, membership in user.channels.items():
        shown = [
            session
            for session in sessions_shown(channel, user)
            if session not in user.sessions and not session.capabilities & CHGHOST
        ]
        fan_out(world, Outgoing(encode("JOIN", [channel.record.name], user.source), tags), shown)
        _show_roles(world, channel, user, membership.roles, shown)


def _apply_create(
    world: World, channel: Channel | None, event: Event, origin: Session | None
) -> None:
    assert channel is None
    row = ChannelRecord(
        id=event.channel_id,
        name=event.text,
        named=event.tags != UNLISTED,
        owner=event.holder,
        created_ms=event.wall_ms,
        modes=UNNAMED_MODES if event.tags == UNLISTED else NAMED_MODES,
        empty_since_ms=event.wall_ms,
    )
    created = world.add_channel(row)
    if not lasts(event.holder):
        _user_of(world, event).holds[created] = None
    world.store.channels.save(row)
    if event.tags == JOINED:
        row.roles[event.holder] = "o"
        world.store.channels.set_role(row.id, event.holder, "o")
    if origin:
        origin.rooms_created += 1


def _apply_join(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    assert channel is not None
    user = _user_of(world, event)
    row = channel.record
    roles = roles_on_join(user, channel)
    channel.add(user, Membership(roles, event.position))
    if lasts(user.holder):
        world.store.channels.admit(row.id, user.holder, event.position)
    if user.account_id:
        world.store.memberships.join(user.holder, row.id)
    if row.empty_since_ms:
        row.empty_since_ms = 0
        world.store.channels.save(row)
    shown = list(sessions_shown(channel, user))
    fan_out(world, join_line(event, user, row.name), shown)
    _show_roles(world, channel, user, roles, shown)
    if user.away:
        _show_away(world, user, shown)
    for session in user.sessions:
        show_room(world, session, user, channel, event.position)


def _show_roles(
    world: World, channel: Channel, user: User, roles: str, shown: Iterable[Session]
) -> None:
    """Tell those who are there what roles a member comes with; the member reads NAMES."""
    others = [session for session in shown if session not in user.sessions]
    if roles and others:
        words = [channel.record.name, f"+{roles}", *[user.nick] * len(roles)]
        line = encode("MODE", words, world.settings.name)
        fan_out(world, Outgoing(line, [time_tag(world.wall_ms)]), others)


def _show_away(world: World, user: User, shown: Iterable[Session]) -> None:
    """Tell those who want to know that whoever comes in is away (away-notify)."""
    told = [
        session
        for session in shown
        if session.capabilities & AWAY_NOTIFY and session not in user.sessions
    ]
    fan_out(world, Outgoing(encode("AWAY", [user.away], user.source), tags_of(world, user)), told)


def _apply_part(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    assert channel is not None
    user = _user_of(world, event)
    fan_out(world, event_line(event, channel.record.name), sessions_shown(channel, user))
    _end_membership(world, channel, user)
    _take_out(world, channel, user, event)


def _apply_kick(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    assert channel is not None
    target = world.users[fold(event.text.partition(" ")[0])]
    fan_out(world, event_line(event, channel.record.name), channel.sessions)
    if lasts(target.holder):  # what was said before is theirs no more, should they come back
        world.store.channels.dismiss(channel.record.id, target.holder)
    _end_membership(world, channel, target)
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


def _apply_rename(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    assert channel is not None
    old, new, reason = event.text.split(" ", 2)
    world.rename_channel(channel, new)
    channel.record.named = True
    channel.renamed_at = world.now
    world.store.channels.save(channel.record)
    able = [session for session in channel.sessions if session.capabilities & CHANNEL_RENAME]
    fan_out(world, event_line(event, new), able)
    if fold(old) == fold(new):
        return
    for user, membership in channel.members.items():
        for session in user.sessions:
            if not session.capabilities & CHANNEL_RENAME:
                move_room(world, session, user, channel, membership, (old, reason))


def _apply_close(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    """Everyone is told that they are out of it, each for themselves; nothing of it is left."""
    assert channel is not None
    tags = [time_tag(event.wall_ms)]
    for user in list(channel.members):
        words = [channel.record.name, user.nick, CLOSED]
        fan_out(world, Outgoing(fitted("KICK", words, event.source), tags), user.sessions)
        channel.remove(user)
    world.remove_channel(channel)
    world.store.channels.delete(channel.record.id)


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


def _apply_status(
    world: World, channel: Channel | None, event: Event, origin: Session | None
) -> None:
    """A message to part of a room; the sender's own sessions see it whatever their role."""
    assert channel is not None
    silent = origin if origin and not origin.capabilities & ECHO_MESSAGE else None
    audience = audience_sessions(channel, event.target, origin)
    fan_out(world, event_line(event, channel.record.name), audience, silent)


def _end_membership(world: World, channel: Channel, user: User) -> None:
    if user.account_id:
        world.store.memberships.leave(user.holder, channel.record.id)
    if not lasts(user.holder) and channel.record.owner != user.holder:
        drop_from(world, channel.record, [user.holder])  # as ordinary programs expect


def _take_out(world: World, channel: Channel, user: User, event: Event) -> None:
    channel.remove(user)
    if not channel.members:
        channel.record.empty_since_ms = event.wall_ms
        world.store.channels.save(channel.record)


def _user_of(world: World, event: Event) -> User:
    return world.users[fold(event.source.partition("!")[0])]


_Apply = Callable[[World, Channel | None, Event, Session | None], None]


def _audited(apply: _Apply) -> _Apply:
    """The same, written down in the audit log."""

    def run(world: World, channel: Channel | None, event: Event, origin: Session | None) -> None:
        assert channel is not None
        note_event(world, channel, event)
        apply(world, channel, event, origin)

    return run


APPLY: Final[dict[Kind, _Apply]] = {
    Kind.CREATE: _apply_create,
    Kind.JOIN: _apply_join,
    Kind.PART: _apply_part,
    Kind.QUIT: _apply_quit,
    Kind.NICK: _apply_told_elsewhere,
    Kind.AWAY: _apply_told_elsewhere,
    Kind.TOPIC: _audited(_apply_topic),
    Kind.MODE: _audited(_apply_mode),
    Kind.KICK: _audited(_apply_kick),
    Kind.PRIVMSG: _apply_message,
    Kind.NOTICE: _apply_message,
    Kind.TAGMSG: _apply_message,
    Kind.STATUS_PRIVMSG: _apply_status,
    Kind.STATUS_NOTICE: _apply_status,
    Kind.REDACT: apply_redact,
    Kind.STATUS_REDACT: apply_status_redact,
    Kind.EDIT: apply_edit,
    Kind.RENAME: _audited(_apply_rename),
    Kind.CLOSE: _audited(_apply_close),
}

assert set(APPLY) == set(Kind) - {Kind.EMPTY}
