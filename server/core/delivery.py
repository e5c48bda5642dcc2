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
from common.wire import encode
from server.core.session import Session
from server.core.world import World, utc_text
from server.storage.ports import Event, Kind

ECHOED_CHARACTERS_MAX: Final = 80
"""Of what a peer typed, in a refusal: keeps every refusal within a line."""

COMMANDS_OF_KINDS: Final = {
    Kind.PRIVMSG: "PRIVMSG",
    Kind.NOTICE: "NOTICE",
    Kind.TAGMSG: "TAGMSG",
    Kind.TOPIC: "TOPIC",
    Kind.JOIN: "JOIN",
    Kind.PART: "PART",
    Kind.QUIT: "QUIT",
    Kind.NICK: "NICK",
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
    params = [channel_name, event.text]
    if event.kind in (Kind.QUIT, Kind.NICK):
        params = [event.text]
    elif event.kind in (Kind.JOIN, Kind.TAGMSG):
        params = [channel_name]
    tags = [(MESSAGE_TAGS, f"msgid={event.msgid}"), time_tag(event.wall_ms)]
    if is_numbered(event.position):
        tags.append((SEQUENCE, f"{TAG_NUMBER}={number_at(event.position)}"))
    if event.tags:
        tags.append((MESSAGE_TAGS, event.tags))
    return Outgoing(encode(COMMANDS_OF_KINDS[event.kind], params, event.source), tags)


def numeric(world: World, session: Session, row: Numeric, *values: str, **words: str) -> None:
    """Queue a numeric. `values` fill the row's parameters, `words` what else its text names."""
    assert len(values) == len(row.parameters), f"{row.name} takes {row.parameters}"
    last_is_free = not row.text and bool(values)
    middle = values[:-1] if last_is_free else values
    params = [session.target, *(as_middle(value) for value in middle), *values[len(middle) :]]
    if row.text:
        named = dict(zip(row.parameters, values, strict=True)) | {"hint": ""} | words
        params.append(row.text.format(nick=session.target, server=world.settings.name, **named))
    send(world, session, encode(row.code, params, world.settings.name))


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
        line = encode(kind, [command, code, *middle, text], world.settings.name)
    else:
        line = encode("NOTICE", [session.target, text], world.settings.name)
    send(world, session, line)


def as_middle(value: str) -> str:
    """What a peer typed, as a parameter that can be repeated to them; ``*`` where it cannot."""
    return "*" if not value or value[0] == ":" or " " in value else value[:ECHOED_CHARACTERS_MAX]
