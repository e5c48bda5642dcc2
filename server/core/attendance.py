"""Sessions come to a user and go; what is left of someone who has none.

One identity, several devices: a session that logs in to an account whose user is here under the
same nick joins that user. The last one to go takes the user along, unless the account is
always-on; either way someone with an account stays a member of their rooms (`SEMANTICS`,
"Membership and presence").
"""

from typing import Final

from server.core.apply import depart, record, set_away
from server.core.channel import Channel, Membership
from server.core.entrance import show_join, show_room
from server.core.monitors import tell_online
from server.core.policy import is_banned, roles_on_join
from server.core.session import Session
from server.core.user import User
from server.core.welcome import welcome
from server.core.world import World
from server.storage.ports import AccountRecord, Event, Kind

ABSENT: Final = "Not connected"
"""Why someone is away who has no connection."""

UNATTENDED: Final = "*"
"""The reason of someone whose program connected by itself."""

ALWAYS_ON_PAGE: Final = 500


def attach(world: World, session: Session, user: User) -> None:
    """Make the session one more of a user's, and show it where the user is."""
    session.user = user
    session.nick = user.nick
    user.sessions[session] = None
    user.secure = all(each.peer.secure for each in user.sessions)
    for channel in user.channels:
        channel.attach(user, session)
    welcome(world, session)
    settle_away(world, session, user)
    for channel, membership in user.channels.items():
        session.unasked[channel] = None
        _show_again(world, session, user, channel, membership)


def settle_away(world: World, session: Session, user: User) -> None:
    """Let a session that came in count for whether its user is here (IRCv3 draft/pre-away).

    One that comes by itself, e.g. to fetch history, brings nobody back.
    """
    if session.away == UNATTENDED:
        if len(user.sessions) == 1 and not user.away:
            set_away(world, user, UNATTENDED)
            user.absent = True
    elif session.away or user.absent:
        user.absent = False
        set_away(world, user, session.away or "")


def rejoin(world: World, user: User) -> None:
    """Put someone who has logged in back into the rooms of their account."""
    if not world.settings.accounts__rejoin:
        return
    events = []
    for channel_id in world.store.memberships.rooms(user.holder):
        channel = world.channels_by_id.get(channel_id)
        if channel is None or any(
            each in channel.members for each in world.present[user.account_id]
        ):
            continue
        if is_banned(user, channel):
            world.store.memberships.leave(user.holder, channel_id)
            continue
        events.append(Event(channel_id, Kind.JOIN, user.source, "", world.wall_ms, "", user.holder))
        for session in user.sessions:
            session.unasked[channel] = None
    record(world, events)


def answer_join(world: World, session: Session, user: User, channel: Channel) -> None:
    """Answer a JOIN of a room one is in: in full where the room was shown unasked, else not."""
    if channel in session.unasked:
        del session.unasked[channel]
        _show_again(world, session, user, channel, channel.members[user])


def release(world: World, session: Session, reason: str) -> None:
    """A session ends: take it from its user, and with the last one the user from the rooms.

    Raises `StoreFailedError` before anything has changed.
    """
    user = session.user
    if user is None:
        return
    if len(user.sessions) == 1 and not user.always_on:
        depart(world, user, reason)
        return
    if len(user.sessions) == 1 and not user.away:
        set_away(world, user, ABSENT)
        user.absent = True
    for channel in user.channels:
        channel.detach(session)
    del user.sessions[session]
    user.secure = all(each.peer.secure for each in user.sessions)


def wake_always_on(world: World) -> None:
    """After a start: have everyone present who stays so without a connection."""
    after = ""
    while page := world.store.accounts.page(after, ALWAYS_ON_PAGE, always_on=True):
        for account in page:
            user = _appear(world, account)
            if user is not None:
                _resume_rooms(world, user)
        after = page[-1].name


def come_back(world: World, account: AccountRecord) -> None:
    """Have an always-on account present again that was kept out for a while."""
    user = _appear(world, account) if account.always_on else None
    if user is not None:
        tell_online(world, user)
        rejoin(world, user)


def take_away(world: World, user: User, reason: str) -> None:
    """End everything that keeps someone here: every connection, and being always on."""
    user.always_on = False  # or they would stay
    for session in list(user.sessions):
        world.end_session(session, reason)
    if not user.sessions:
        depart(world, user, reason)


def _appear(world: World, account: AccountRecord) -> User | None:
    """The user of an account, present without a session; None where that cannot be."""
    nick, _, rest = account.source.partition("!")
    user_name, _, host = rest.partition("@")
    if account.suspended or not host or world.is_taken(nick):
        return None
    world.account_names[account.holder] = account.name
    user = User(
        nick=nick,
        user_name=user_name,
        host=host,
        realname=account.realname,
        holder=account.holder,
        signon_ms=world.wall_ms,
        active_ms=world.wall_ms,
        secure=True,
        account=account.name,
        account_id=account.id,
        always_on=True,
        away=ABSENT,
        absent=True,
    )
    world.add_user(user)
    return user


def _resume_rooms(world: World, user: User) -> None:
    """Put someone back where they were when the server stopped; nobody has to be told."""
    for channel_id in world.store.memberships.rooms(user.holder):
        channel = world.channels_by_id.get(channel_id)
        if channel is not None and not is_banned(user, channel):
            position = world.store.channels.admitted(channel_id, user.holder)
            roles = roles_on_join(user, channel)
            channel.add(user, Membership(roles, position or 0))
            if channel.record.empty_since_ms:
                channel.record.empty_since_ms = 0
                world.store.channels.save(channel.record)


def _show_again(
    world: World, session: Session, user: User, channel: Channel, membership: Membership
) -> None:
    """The room as on entering, to one session of a member."""
    show_join(world, session, user, channel, membership)
    last = world.store.log.last_position(channel.record.id)
    show_room(world, session, user, channel, last + 1)
