"""What is read on entering a room: the JOIN, topic, names and, for old programs, history.

Told when someone enters, and again to each further session of someone who is in it already.
Specification: modern IRC "JOIN message", IRCv3 extended-join.
"""

from common.capabilities import CHATHISTORY, EXTENDED_JOIN, NO_IMPLICIT_NAMES, READ_MARKER
from server.core.channel import Channel, Membership
from server.core.delivery import Outgoing, event_line, fan_out, fitted, standard_reply, tags_of
from server.core.history import replay
from server.core.keeping import as_choice, in_words, keeping_of
from server.core.markers import send_marker
from server.core.metadata import sync_on_entering
from server.core.room_replies import send_names, send_topic
from server.core.session import Session
from server.core.user import User
from server.core.world import World
from server.storage.ports import Event, Kind


def join_line(event: Event, user: User, channel_name: str) -> Outgoing:
    """The JOIN; with extended-join it names the account and the real name too."""
    plain = event_line(event, channel_name)
    words = [channel_name, user.account or "*", user.realname]
    plain.instead = (
        EXTENDED_JOIN,
        Outgoing(fitted("JOIN", words, event.source), plain.tags),
    )
    return plain


def show_room(world: World, session: Session, user: User, channel: Channel, position: int) -> None:
    """What the room looks like, to one session of someone whose JOIN stands at `position`."""
    send_topic(world, session, channel, silent_if_none=True)
    if session.capabilities & READ_MARKER:
        send_marker(world, session, user, channel.record.name)
    if not session.capabilities & NO_IMPLICIT_NAMES:
        send_names(world, session, channel)
    sync_on_entering(world, session, channel)
    if not session.capabilities & CHATHISTORY:
        replay(world, session, user, channel, position)
    if channel.unkept or channel.record.retention:
        tell_keeping(world, session, channel, "JOIN")


def tell_keeping(world: World, session: Session, channel: Channel, command: str) -> None:
    """How long the room keeps what is said: to those who enter, and to all when it changes."""
    kept = keeping_of(world.settings, channel.record)
    context = [channel.record.name, as_choice(kept)]
    standard_reply(world, session, "NOTE", command, "RETENTION", context, in_words(kept))


def show_join(
    world: World, session: Session, user: User, channel: Channel, membership: Membership
) -> None:
    """The JOIN of someone who is in the room already, to one session of theirs."""
    event = Event(
        channel.record.id,
        Kind.JOIN,
        user.source,
        "",
        world.wall_ms,
        holder=user.holder,
        position=membership.joined_position,
        account=user.account,
    )
    fan_out(world, join_line(event, user, channel.record.name), [session])


def move_room(
    world: World,
    session: Session,
    user: User,
    channel: Channel,
    membership: Membership,
    renamed: tuple[str, str],
) -> None:
    """A room that was renamed, for a program that does not know this: left and entered again.

    `renamed` are the old name and the reason.
    """
    tags = tags_of(world, user)
    old, reason = renamed
    fan_out(world, Outgoing(fitted("PART", [old, reason], user.source), tags), [session])
    show_join(world, session, user, channel, membership)
    send_topic(world, session, channel, silent_if_none=True)
    if not session.capabilities & NO_IMPLICIT_NAMES:
        send_names(world, session, channel)
