"""What people say: PRIVMSG, NOTICE, TAGMSG, to rooms and to one another.

Specification: modern IRC "Sending Messages", IRCv3 message-tags, echo-message;
re-send keys: `docs/protocol.md`.
"""

import re
from typing import Final

from common.capabilities import (
    ECHO_MESSAGE,
    MESSAGE_TAGS,
    RESEND,
    SEQUENCE,
    TAG_KEY,
    TAG_UNSTORED,
)
from common.casemap import fold
from common.numerics import (
    ERR_INPUTTOOLONG,
    ERR_NORECIPIENT,
    ERR_NOSUCHCHANNEL,
    ERR_NOSUCHNICK,
    ERR_NOTEXTTOSEND,
    ERR_TOOMANYTARGETS,
    RPL_AWAY,
)
from common.wire import BODY_BYTES_MAX, encode, encode_tags
from server.core.apply import record
from server.core.channel import Channel
from server.core.delivery import Outgoing, event_line, fan_out, send, time_tag
from server.core.dispatch import Failed, Refused, Request, command, each
from server.core.policy import can_see, may_speak
from server.core.session import Session
from server.core.user import User
from server.core.welcome import TARGETS_MAX
from server.storage.ports import Event, Kind

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")

LASTING_TAGS: Final = frozenset({"+draft/react", "+draft/unreact"})
"""A TAGMSG with one of these is something people read later, so it is stored and numbered."""


@command(
    "PRIVMSG",
    group="messages",
    usage="PRIVMSG room|nick[,…] :text",
    summary="say something in a room or to someone",
    stores=True,
)
def privmsg(request: Request) -> None:
    _say(request)


@command(
    "NOTICE",
    group="messages",
    usage="NOTICE room|nick[,…] :text",
    summary="the same, as something no program should answer",
    stores=True,
)
def notice(request: Request) -> None:
    _say(request)


@command(
    "TAGMSG",
    group="messages",
    usage="TAGMSG room|nick[,…]",
    summary="send tags without a text: typing, reactions",
    stores=True,
)
def tagmsg(request: Request) -> None:
    if not _client_tags(request):
        raise Refused(ERR_NOTEXTTOSEND)
    each(request, _targets(request), _deliver)


def _say(request: Request) -> None:
    targets = _targets(request)
    if not request.param(1):
        raise Refused(ERR_NOTEXTTOSEND)
    request.user.active_ms = request.world.wall_ms
    each(request, targets, _deliver)


def _targets(request: Request) -> list[str]:
    targets = [word for word in request.param(0).split(",") if word]
    if not targets:
        raise Refused(ERR_NORECIPIENT, command=request.row.name)
    if len(targets) > TARGETS_MAX:
        raise Refused(ERR_TOOMANYTARGETS, targets[TARGETS_MAX])
    if len(targets) > 1 and _key(request):
        text = "A message with a key goes to one room; it was not sent"
        raise Failed("INVALID_KEY", text, targets[0])
    return targets


def _deliver(request: Request, target: str) -> None:
    if target.startswith("#"):
        _deliver_to_room(request, target)
    else:
        _deliver_to_user(request, target)


def _deliver_to_room(request: Request, target: str) -> None:
    channel = request.world.channels.get(fold(target))
    if channel is None or not can_see(request.user, channel):
        raise Refused(ERR_NOSUCHCHANNEL, target)
    if (again := _sent_before(request)) is not None:
        _answer_with_stored(request, again)
        return
    refusal = may_speak(request.user, channel, request.param(1))
    if refusal:
        raise Refused(refusal, channel.record.name)
    line = [channel.record.name, *request.params[1:2]]
    _check_length(encode(request.row.name, line, request.user.source))
    event = _event(request, channel)
    if event.kind is Kind.TAGMSG and not LASTING_TAGS.intersection(request.message.tags):
        _send_passing(request, channel)
    else:
        record(request.world, [event], request.session)


def _event(request: Request, channel: Channel) -> Event:
    user = request.user
    return Event(
        channel_id=channel.record.id,
        kind=Kind[request.row.name],
        source=user.source,
        text=request.param(1),
        wall_ms=request.world.wall_ms,
        tags=_client_tags(request),
        holder=user.holder,
        key=_key(request) if user.holder else "",
    )


def _send_passing(request: Request, channel: Channel) -> None:
    """A TAGMSG that is gone once it was seen, e.g. typing: not stored, not numbered."""
    body = encode("TAGMSG", [channel.record.name], request.user.source)
    able = [session for session in channel.sessions if session.capabilities & MESSAGE_TAGS]
    fan_out(request.world, Outgoing(body, _passing_tags(request)), able, _silent(request))


def _deliver_to_user(request: Request, target: str) -> None:
    """A direct message with a guest: delivered, not stored; the echo says so by a tag."""
    recipient = request.world.users.get(fold(target))
    if recipient is None:
        raise Refused(ERR_NOSUCHNICK, target)
    name = request.row.name
    text = [] if name == "TAGMSG" else request.params[1:2]
    body = encode(name, [recipient.nick, *text], request.user.source)
    _check_length(body)
    outgoing = Outgoing(body, _passing_tags(request))
    fan_out(request.world, outgoing, _able(request, recipient))
    if recipient.away and name == "PRIVMSG":
        request.reply(RPL_AWAY, recipient.nick, recipient.away)
    echo = Outgoing(body, [*outgoing.tags, (SEQUENCE, TAG_UNSTORED)])
    if recipient is not request.user or request.session.capabilities & ECHO_MESSAGE:
        fan_out(request.world, echo, _able(request, request.user), _silent(request))


def _able(request: Request, user: User) -> list[Session]:
    """The sessions of `user` that can take the command: TAGMSG needs message-tags."""
    needed = MESSAGE_TAGS if request.row.name == "TAGMSG" else 0
    return [session for session in user.sessions if session.capabilities & needed == needed]


def _silent(request: Request) -> Session | None:
    """The session that gets no copy of its own message."""
    return None if request.session.capabilities & ECHO_MESSAGE else request.session


def _passing_tags(request: Request) -> list[tuple[int, str]]:
    tags = [
        (MESSAGE_TAGS, f"msgid={request.world.new_token()}"),
        time_tag(request.world.wall_ms),
    ]
    client_tags = _client_tags(request)
    if client_tags:
        tags.append((MESSAGE_TAGS, client_tags))
    return tags


def _client_tags(request: Request) -> str:
    """The client-only tags to relay, encoded, without ``@``."""
    if not request.session.capabilities & MESSAGE_TAGS:
        return ""
    tags = {key: value for key, value in request.message.tags.items() if key.startswith("+")}
    return encode_tags(tags)[1:-1]


def _key(request: Request) -> str:
    """The re-send key of the message, ``""`` for none. Raises `Failed` where it is malformed."""
    if not request.session.capabilities & RESEND:
        return ""
    key = request.message.tags.get(TAG_KEY, "")
    if key and not _KEY.match(key):
        text = "A key is 1 to 64 letters, digits, - or _; the message was not sent"
        raise Failed("INVALID_KEY", text, *request.params[:1])
    return key


def _sent_before(request: Request) -> Event | None:
    key = _key(request)
    if not key or not request.user.holder:
        return None
    return request.world.store.log.find_key(request.user.holder, key)


def _answer_with_stored(request: Request, event: Event) -> None:
    """The echo of what was stored under the key already, to the one who asked."""
    channel = request.world.channels_by_id.get(event.channel_id)
    if channel is None or not can_see(request.user, channel):
        raise Failed("STORED_ELSEWHERE", "This message was stored, in a room that is gone")
    line = event_line(event, channel.record.name).encoded(request.session.variant)
    send(request.world, request.session, line)


def _check_length(line: bytes) -> None:
    """What others would get must fit into a line: refused whole rather than cut."""
    if len(line) > BODY_BYTES_MAX:
        raise Refused(ERR_INPUTTOOLONG)
