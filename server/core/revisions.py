"""How messages that were said change: redaction and edits, in rooms and direct conversations.

The log is changed in place: what was redacted leaves an empty event with its number; an edited
message reads as it was changed last, and the texts before are kept as versions. Whoever was away
learns of it from the REDACT or EDIT event, which has a number of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from common.capabilities import ECHO_MESSAGE, MESSAGE_TAGS, REDACTION
from common.casemap import fold
from server.core.channel import Channel
from server.core.delivery import Outgoing, event_line, fan_out
from server.core.direct import deliver
from server.core.policy import is_in_audience
from server.core.session import Session
from server.core.world import World
from server.storage.ports import Event, Kind


def apply_redact(
    world: World, channel: Channel | None, event: Event, _origin: Session | None
) -> None:
    """Empty the message; tell the room, the one who asked included."""
    assert channel is not None
    _redact(world, event)
    able = [session for session in channel.sessions if session.capabilities & REDACTION]
    fan_out(world, event_line(event, channel.record.name), able)


def apply_status_redact(
    world: World, channel: Channel | None, event: Event, origin: Session | None
) -> None:
    """The same of a message to part of a room: only that part hears of it."""
    assert channel is not None
    _redact(world, event)
    audience = audience_sessions(channel, event.target, origin)
    able = [session for session in audience if session.capabilities & REDACTION]
    fan_out(world, event_line(event, channel.record.name), able)


def audience_sessions(
    channel: Channel, audience: str, origin: Session | None
) -> dict[Session, None]:
    """Who hears what is for part of a room; who says it hears it whatever their role."""
    found = {
        session: None
        for member in channel.members
        if is_in_audience(member, channel, audience)
        for session in member.sessions
    }
    if origin and origin.user:
        found.update(origin.user.sessions)
    return found


def apply_edit(world: World, channel: Channel | None, event: Event, origin: Session | None) -> None:
    """Change the message; tell the room, in the form that each client knows."""
    assert channel is not None
    _amend(world, event)
    silent = origin if origin and not origin.capabilities & ECHO_MESSAGE else None
    fan_out(world, event_line(event, channel.record.name), channel.sessions, silent)


def apply_direct(world: World, event: Event, origin: Session | None) -> None:
    """What was said or changed in a direct conversation: for both ends."""
    sender = world.users[fold(event.source.partition("!")[0])]
    if event.kind in _CHANGES:
        _CHANGES[event.kind](world, event)
    if event.kind is Kind.REDACT:
        origin = None  # who asked learns that it was done, with echo-message or without

    def line_of(source: str, target: str) -> Outgoing:
        return event_line(replace(event, source=source, target=target), target)

    deliver(world, (sender, event.target), line_of, origin, _NEEDED.get(event.kind, 0))


def _redact(world: World, event: Event) -> None:
    world.store.log.redact(event.channel_id, event.refers)


def _amend(world: World, event: Event) -> None:
    world.store.edits.amend(
        event.channel_id, event.refers, event.text, event.position, event.wall_ms
    )


_CHANGES: Final[dict[Kind, Callable[[World, Event], None]]] = {
    Kind.REDACT: _redact,
    Kind.EDIT: _amend,
}

_NEEDED: Final = {Kind.TAGMSG: MESSAGE_TAGS, Kind.REDACT: REDACTION}
"""Capabilities without which a client cannot take the line."""
