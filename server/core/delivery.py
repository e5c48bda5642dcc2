"""From events to bytes on every session's queue: one encoding per variant, shared by all.

The hot path of the server is `fan_out`: per recipient one look-up of the variant, one check
for an empty queue, one append. Measured on its own: 46-73 ns a recipient.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from common.capabilities import (
    MESSAGE_TAGS,
    SEQUENCE,
    SERVER_TIME,
    TAG_NUMBER,
)
from common.msgid import is_numbered, number_at
from common.numerics import Numeric
from common.wire import BODY_BYTES_MAX, encode
from server.core.session import Session
from server.core.world import World, utc_text
from server.storage.ports import Event, Kind

ECHOED_BYTES_MAX: Final = 80
"""Of what a peer typed, in a refusal. No name that exists is longer, so none is ever cut."""

COMMANDS_OF_KINDS: Final = {
    Kind.PRIVMSG: "PRIVMSG",
    Kind.NOTICE: "NOTICE",
    Kind.TAGMSG: "TAGMSG",
    Kind.TOPIC: "TOPIC",
    Kind.MODE: "MODE",
    Kind.KICK: "KICK",
    Kind.JOIN: "JOIN",
    Kind.PART: "PART",
    Kind.QUIT: "QUIT",
    Kind.NICK: "NICK",
    Kind.AWAY: "AWAY",
}


@dataclass(slots=True)
class Outgoing:
    """A line for many: its body, the tags that depend on capabilities, the finished encodings.

    `tags` are pairs of the capability bit a tag needs and its encoded text.
    """

    body: bytes
    tags: Sequence[tuple[int, str]] = ()
    encodings: dict[int, bytes] = field(default_factory=dict)

    def encoded(self, variant: int, first_tag: str = "") -> bytes:
        """The line for sessions of `variant`; `first_tag` goes before the others."""
        shown = [text for bit, text in self.tags if bit & variant]
        if first_tag:
            shown.insert(0, first_tag)
        line = f"@{';'.join(shown)} ".encode() + self.body if shown else self.body
        if not first_tag:
            self.encodings[variant] = line
        return line


def fan_out(
    world: World, outgoing: Outgoing, sessions: Iterable[Session], skip: Session | None = None
) -> None:
    """Queue the line for every session but `skip`."""
    encodings = outgoing.encodings
    dirty = world.outbox.dirty
    for session in sessions:
        if session is skip:
            continue
        line = encodings.get(session.variant)
        if line is None:
            line = outgoing.encoded(session.variant)
        if not session.out:
            dirty.append(session)
        session.out.append(line)


def send(world: World, session: Session, line: bytes) -> None:
    """Queue one finished line for one session."""
    if not session.out:
        world.outbox.dirty.append(session)
    session.out.append(line)


def time_tag(wall_ms: int) -> tuple[int, str]:
    """The server-time tag, for `Outgoing.tags`."""
    return SERVER_TIME, f"time={utc_text(wall_ms)}"


def event_line(event: Event, channel_name: str) -> Outgoing:
    """The line that tells of `event`, the same when it happens and when it is read back."""
    params = _params(event, channel_name)
    tags = [(MESSAGE_TAGS, f"msgid={event.msgid}"), time_tag(event.wall_ms)]
    if is_numbered(event.position):
        tags.append((SEQUENCE, f"{TAG_NUMBER}={number_at(event.position)}"))
    if event.tags:
        tags.append((MESSAGE_TAGS, event.tags))
    return Outgoing(fitted(COMMANDS_OF_KINDS[event.kind], params, event.source), tags)


def _params(event: Event, channel_name: str) -> list[str]:
    match event.kind:
        case Kind.QUIT | Kind.NICK | Kind.AWAY:
            return [event.text] if event.text else []
        case Kind.JOIN | Kind.TAGMSG:
            return [channel_name]
        case Kind.MODE:
            return [channel_name, *event.text.split(" ")]
        case Kind.KICK:
            return [channel_name, *event.text.split(" ", 1)]
        case Kind.PART if not event.text:
            return [channel_name]
        case _:
            return [channel_name, event.text]


def numeric(world: World, session: Session, row: Numeric, *values: str, **words: str) -> None:
    """Queue a numeric. `values` fill the row's parameters, `words` what else its text names."""
    assert len(values) == len(row.parameters), f"{row.name} takes {row.parameters}"
    last_is_free = not row.text and bool(values)
    middle = values[:-1] if last_is_free else values
    shown = [as_middle(value) for value in middle]
    params = [session.target, *shown, *values[len(middle) :]]
    if row.text:
        named = {"nick": session.target, "server": world.settings.name, "hint": ""}
        named |= dict(zip(row.parameters, shown, strict=True)) | words
        params.append(row.text.format(**named))
    send(world, session, fitted(row.code, params, world.settings.name))


def standard_reply(
    world: World,
    session: Session,
    kind: str,
    command: str,
    code: str,
    context: Sequence[str],
    text: str,
) -> None:
    """Queue FAIL, WARN or NOTE; a link that negotiated nothing gets the text as a NOTICE."""
    if session.capabilities:
        middle = [as_middle(word) for word in context]
        line = fitted(kind, [as_middle(command), code, *middle, text], world.settings.name)
    else:
        line = fitted("NOTICE", [session.target, text], world.settings.name)
    send(world, session, line)


def as_middle(value: str) -> str:
    """What a peer typed, as a parameter that can be repeated to them; ``*`` where it cannot."""
    if not value or value[0] == ":" or " " in value:
        return "*"
    return value.encode()[:ECHOED_BYTES_MAX].decode(errors="ignore")


def fitted(command: str, params: Sequence[str], source: str) -> bytes:
    """The encoded line, with its last parameter cut where a line could not hold it all.

    For texts that may lose their end: reasons, topics, refusals; never for messages.
    """
    line = encode(command, params, source)
    over = len(line) - BODY_BYTES_MAX
    if over <= 0:
        return line
    last = params[-1].encode()[:-over].decode(errors="ignore")
    return encode(command, [*params[:-1], last], source)
