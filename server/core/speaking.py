"""Saying something, in a room or to someone: what PRIVMSG, NOTICE, TAGMSG and BATCH share.

Decides whether it may be said, and stores it or passes it on.
Specification: modern IRC "Sending Messages"; re-send keys: `docs/protocol.md`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
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
    ERR_CANTSENDTOUSER,
    ERR_INPUTTOOLONG,
    ERR_NOSUCHCHANNEL,
    ERR_NOSUCHNICK,
    RPL_AWAY,
)
from common.wire import BODY_BYTES_MAX, encode, encode_tags
from server.core.apply import record
from server.core.channel import Channel
from server.core.delivery import (
    COMMANDS_OF_KINDS,
    Outgoing,
    event_line,
    fan_out,
    message_line,
    send,
    tags_of,
)
from server.core.direct import conversation_to_store, deliver
from server.core.dispatch import Failed, Refused, Request
from server.core.holders import key_holder
from server.core.multiline import split_lines
from server.core.policy import audience_of, can_see, is_in_audience, may_speak, may_write_to
from server.core.sanctions import check_speech
from server.core.services import run as run_service
from server.core.services import service_called
from server.core.slow_mode import take_slowly
from server.core.user import User
from server.core.welcome import STATUSMSG_SIGNS
from server.core.writers import EVERYONE, accept, choice_of, takes_absent
from server.storage.ports import Event, Kind

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")

LASTING_TAGS: Final = frozenset({"+draft/react", "+draft/unreact", "+draft/persist"})
"""A TAGMSG with one of these is something people read later, so it is stored and numbered."""


STATUS_KINDS: Final = {
    Kind.PRIVMSG: Kind.STATUS_PRIVMSG,
    Kind.NOTICE: Kind.STATUS_NOTICE,
}
"""What a message becomes that only part of a room may read."""


@dataclass(slots=True)
class Saying:
    """What someone says, before it is an event. `tags` are client-only ones, encoded.

    `text` may have several lines (`server.core.multiline`); `lasts` is False for what is gone
    once it was seen, e.g. typing.
    """

    kind: Kind
    text: str
    tags: str
    key: str
    lasts: bool


def saying(request: Request, kind: Kind, text: str, tags: Mapping[str, str]) -> Saying:
    """What a client says with `tags`; raises `Failed` where its key is malformed."""
    lasts = kind is not Kind.TAGMSG or not LASTING_TAGS.isdisjoint(tags)
    return Saying(kind, text, _client_tags(request, tags), key_of(request, tags), lasts)


def speak(request: Request, said: Saying, target: str) -> None:
    """Say it to one target. Raises `Refused` or `Failed`, having changed nothing."""
    if request.world.speech_watched:
        check_speech(request, said.text)
    if target.startswith("#"):
        _to_room(request, said, target)
    elif target[:1] in STATUSMSG_SIGNS and target[1:2] == "#":
        _to_room(request, said, target[1:], target[0])
    else:
        _to_user(request, said, target)


def _to_room(request: Request, said: Saying, target: str, audience: str = "") -> None:
    """Say it to a room, or to the part of it that is its audience (`policy.AUDIENCES`)."""
    channel = request.world.channels.get(fold(target))
    if channel is None or not can_see(request.user, channel):
        raise Refused(ERR_NOSUCHCHANNEL, target)
    if resent(request, said.key, said):
        return
    for line in split_lines(said.text):
        refusal = may_speak(request.user, channel, line.text)
        if refusal:
            raise Refused(refusal, channel.record.name)
    if channel.record.slow_s:
        take_slowly(request, channel)
    _check_length(request, said, f"{audience}{channel.record.name}")
    audience = audience or audience_of(request.user, channel)
    kind = STATUS_KINDS.get(said.kind) if audience else said.kind
    if kind is None or not said.lasts:
        _pass_on(request, said, channel, audience)
        return
    event = _event(request, said, channel.record.id)
    event.kind, event.target = kind, audience
    record(request.world, [event], request.session)


def _pass_on(request: Request, said: Saying, channel: Channel, audience: str = "") -> None:
    """Show the room, or its audience, something that is not stored and has no number."""
    sign = audience if audience in STATUSMSG_SIGNS else ""
    shown = f"{sign}{channel.record.name}"
    outgoing = _line(said, _passing_tags(request, said), request.user.source, shown)
    able = [
        session
        for member in channel.members
        if not audience or is_in_audience(member, channel, audience) or member is request.user
        for session in member.sessions
        if session.capabilities & MESSAGE_TAGS
    ]
    silent = None if request.session.capabilities & ECHO_MESSAGE else request.session
    fan_out(request.world, outgoing, able, silent)


def _to_user(request: Request, said: Saying, target: str) -> None:
    service = service_called(target)
    if service is not None:
        _to_service(request, said, service)
        return
    recipient = request.world.users.get(fold(target))
    if recipient is None:
        _to_absent(request, said, target)
        return
    check_reaches(request, recipient.nick, said.text)
    chosen = choice_of(request.world, request.user)
    if "R" in request.user.modes or chosen != EVERYONE:  # whoever is written to may answer
        accept(request.user, recipient)
    if resent(request, said.key):
        return
    _check_length(request, said, recipient.nick)
    conversation = None
    if said.lasts:
        conversation = conversation_to_store(request.world, request.user, recipient.nick)
    if conversation is None:
        _deliver_unstored(request, said, recipient)
    else:
        event = _event(request, said, conversation)
        event.target = recipient.nick
        record(request.world, [event], request.session)
    if recipient.away and said.kind is Kind.PRIVMSG:
        request.reply(RPL_AWAY, recipient.nick, recipient.away)


def check_reaches(request: Request, nick: str, text: str) -> None:
    """Raise `Refused` where whoever is meant by `nick`, here or not, does not take `text`."""
    world, user = request.world, request.user
    recipient = world.users.get(fold(nick))
    account = world.store.accounts.named(nick) if recipient is None else None
    if recipient is not None and (refusal := may_write_to(world, user, recipient, text)):
        raise Refused(refusal, recipient.nick)
    if account is not None and not takes_absent(world, account.holder, user):
        raise Refused(ERR_CANTSENDTOUSER, account.name)


def _to_absent(request: Request, said: Saying, target: str) -> None:
    """To someone who has an account and is not here, or under other nicks only."""
    account = request.world.store.accounts.named(target)
    if account is None or account.suspended or not request.user.account or not said.lasts:
        raise Refused(ERR_NOSUCHNICK, target)
    check_reaches(request, account.name, said.text)
    if resent(request, said.key):
        return
    _check_length(request, said, account.name)
    conversation = conversation_to_store(request.world, request.user, account.name)
    assert conversation is not None
    event = _event(request, said, conversation)
    event.target = account.name
    record(request.world, [event], request.session)
    here = request.world.present.get(account.id)
    if said.kind is Kind.PRIVMSG and not here:
        request.reply(RPL_AWAY, account.name, "Not connected; this will be there on their return")


def _to_service(request: Request, said: Saying, service: str) -> None:
    """To a service: stored nowhere, and echoed to nobody but the link that wrote it."""
    if request.session.capabilities & ECHO_MESSAGE:
        tags = [*_passing_tags(request, said), (SEQUENCE, TAG_UNSTORED)]
        echo = _line(said, tags, request.user.source, service)
        fan_out(request.world, echo, [request.session])
    if said.kind is Kind.PRIVMSG:  # nobody answers a NOTICE
        run_service(request, service, said.text.split())


def _deliver_unstored(request: Request, said: Saying, recipient: User) -> None:
    """A direct message with a guest: delivered, not stored; the echo says so by a tag."""
    tags = _passing_tags(request, said)
    line_of = partial(_line, said, tags)
    echo_of = partial(_line, said, [*tags, (SEQUENCE, TAG_UNSTORED)])
    needed = MESSAGE_TAGS if said.kind is Kind.TAGMSG else 0
    ends = (request.user, recipient.nick)
    deliver(request.world, ends, line_of, request.session, needed, echo_of)


def _passing_tags(request: Request, said: Saying) -> list[tuple[int, str]]:
    msgid = (MESSAGE_TAGS, f"msgid={request.world.new_token()}")
    client_tags = [(MESSAGE_TAGS, said.tags)] if said.tags else []
    return [msgid, *tags_of(request.world, request.user), *client_tags]


def _line(said: Saying, tags: list[tuple[int, str]], source: str, target: str) -> Outgoing:
    if said.kind is Kind.TAGMSG:
        return Outgoing(encode("TAGMSG", [target], source), tags)
    return message_line(COMMANDS_OF_KINDS[said.kind], target, said.text, source, tags)


def _event(request: Request, said: Saying, log_id: int) -> Event:
    user = request.user
    return Event(
        channel_id=log_id,
        kind=said.kind,
        source=user.source,
        text=said.text,
        wall_ms=request.world.wall_ms,
        tags=said.tags,
        holder=user.holder,
        key=said.key,
        key_holder=key_holder(request.session),
    )


def _client_tags(request: Request, tags: Mapping[str, str]) -> str:
    """The client-only tags to relay, encoded, without ``@``."""
    if not request.session.capabilities & MESSAGE_TAGS:
        return ""
    return encode_tags({key: value for key, value in tags.items() if key.startswith("+")})[1:-1]


def key_of(request: Request, tags: Mapping[str, str]) -> str:
    """The re-send key of the message, ``""`` for none. Raises `Failed` where it is malformed."""
    if not request.session.capabilities & RESEND:
        return ""
    key = tags.get(TAG_KEY, "")
    if key and not _KEY.match(key):
        text = "A key is 1 to 64 letters, digits, - or _; the message was not sent"
        raise Failed("INVALID_KEY", text, *request.params[:1])
    return key if key_holder(request.session) else ""


def resent(request: Request, key: str, said: Saying | None = None) -> bool:
    """Whether something was stored under the key already; then its echo answers who asked.

    Of what was `said` in a room that keeps nothing, that it was said is known for a while.
    """
    if not key:
        return False
    event = request.world.store.log.find_key(key_holder(request.session), key)
    if event is None:
        return False
    channel = request.world.channels_by_id.get(event.channel_id)
    if not event.target and (channel is None or not can_see(request.user, channel)):
        raise Failed("STORED_ELSEWHERE", "This message was stored, in a room that is gone")
    if event.kind is Kind.EMPTY and said and not event.source:
        event = _repeated(request, said, event)
    elif event.kind is Kind.EMPTY:
        raise Failed("REDACTED", "This message was stored, and has been deleted since")
    name = channel.record.name if channel else event.target
    event.account = request.world.account_of(event.holder)
    line = event_line(event, name).encoded(request.session.variant)
    send(request.world, request.session, line)
    return True


def _repeated(request: Request, said: Saying, place: Event) -> Event:
    """What was said and not kept, from the same words again and the place that is left of it."""
    event = _event(request, said, place.channel_id)
    event.position, event.wall_ms = place.position, place.wall_ms
    event.tags = f"{TAG_UNSTORED};{event.tags}" if event.tags else TAG_UNSTORED
    return event


def _check_length(request: Request, said: Saying, target: str) -> None:
    """What others would get must fit into lines: refused whole rather than cut."""
    name = COMMANDS_OF_KINDS[said.kind]
    for line in split_lines(said.text):
        line_bytes = encode(name, [target, line.text], request.user.source, text=True)
        if len(line_bytes) > BODY_BYTES_MAX:
            raise Refused(ERR_INPUTTOOLONG)
