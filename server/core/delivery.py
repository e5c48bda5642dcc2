"""From events to bytes on every session's queue: one encoding per variant, shared by all.

The hot path of the server is `fan_out`: per recipient one look-up of the variant, one check
for an empty queue, one append. Measured on its own: 46-73 ns a recipient.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from common.capabilities import (
    ACCOUNT_TAG,
    BATCH,
    EDIT,
    MESSAGE_TAGS,
    MULTILINE,
    OPER_TAG,
    RELAYMSG,
    SEQUENCE,
    SERVER_TIME,
    TAG_BOT,
    TAG_NUMBER,
    TAG_OPER,
    TAG_RELAYED,
    TAG_UNSTORED,
)
from common.modes import ROLE_SIGNS
from common.msgid import encode_msgid, is_numbered, number_at
from common.numerics import Numeric
from common.text import action
from common.wire import BODY_BYTES_MAX, encode, escape_tag_value
from server.core.channel import Channel
from server.core.multiline import is_multiline, split_lines
from server.core.session import Session
from server.core.user import User
from server.core.world import World, utc_text
from server.storage.ports import TO_PART, Event, Kind

ECHOED_BYTES_MAX: Final = 100
"""Of what a peer typed, in a reply. No name or mask that exists is longer: none is ever cut."""

EDITED_MARK: Final = "* "
"""In front of the new text, for clients that do not know edits."""

TAGS_OF_FIRST_LINE: Final = ("msgid=", TAG_NUMBER, TAG_UNSTORED)
"""Tags that a message of several lines has once (IRCv3 multiline, "Message ids")."""

BITS_OF_TAGS: Final = {TAG_OPER: OPER_TAG, TAG_RELAYED: RELAYMSG, TAG_UNSTORED: SEQUENCE}
"""The capability that a tag stored with an event needs, where it is not message-tags."""

CONCAT_TAG: Final = ";draft/multiline-concat"

COMMANDS_OF_KINDS: Final = {
    Kind.PRIVMSG: "PRIVMSG",
    Kind.NOTICE: "NOTICE",
    Kind.TAGMSG: "TAGMSG",
    Kind.TOPIC: "TOPIC",
    Kind.MODE: "MODE",
    Kind.KICK: "KICK",
    Kind.REDACT: "REDACT",
    Kind.EDIT: "EDIT",
    Kind.RENAME: "RENAME",
    Kind.JOIN: "JOIN",
    Kind.PART: "PART",
    Kind.QUIT: "QUIT",
    Kind.NICK: "NICK",
    Kind.AWAY: "AWAY",
    Kind.STATUS_PRIVMSG: "PRIVMSG",
    Kind.STATUS_NOTICE: "NOTICE",
    Kind.STATUS_REDACT: "REDACT",
}

TEXT_KINDS: Final = (Kind.PRIVMSG, Kind.NOTICE, Kind.STATUS_PRIVMSG, Kind.STATUS_NOTICE)


@dataclass(slots=True)
class Outgoing:
    """A line for many: its body, the tags that depend on capabilities, the finished encodings.

    `tags` are pairs of the capability bit a tag needs and its encoded text. `rest` are lines that
    follow at once; with `is_batch`, those of the batch that the body opens. `instead` is what
    sessions with a capability get in its place, with the bit of that capability.
    """

    body: bytes
    tags: Sequence[tuple[int, str]] = ()
    rest: "Sequence[Outgoing]" = ()
    is_batch: bool = False
    instead: "tuple[int, Outgoing] | None" = None
    encodings: dict[int, bytes] = field(default_factory=dict)

    def encoded(self, variant: int, first_tag: str = "") -> bytes:
        """The line for sessions of `variant`; `first_tag` goes before the others.

        What has a rest comes out as several lines in one piece, to be sent together.
        """
        if self.instead and self.instead[0] & variant:
            line = self.instead[1].encoded(variant, first_tag)
        else:
            shown = [text for bit, text in self.tags if bit & variant]
            if first_tag:
                shown.insert(0, first_tag)
            line = f"@{';'.join(shown)} ".encode() + self.body if shown else self.body
            inner_tag = "" if self.is_batch else first_tag
            for each in self.rest:
                line += each.encoded(variant, inner_tag)
        if not first_tag:
            self.encodings[variant] = line
        return line


class Lines(Protocol):
    """What can be sent to many: see `Outgoing`."""

    @property
    def encodings(self) -> dict[int, bytes]:
        """The finished encodings, by variant."""

    def encoded(self, variant: int) -> bytes:
        """The encoding for sessions of `variant`, which is in `encodings` from now on."""


def fan_out(
    world: World, outgoing: Lines, sessions: Iterable[Session], skip: Session | None = None
) -> None:
    """Queue what is outgoing for every session but `skip`."""
    encodings = outgoing.encodings
    dirty = world.outbox.dirty
    for session in sessions:
        if session is skip:
            continue
        out = session.out
        if not out:
            dirty.append(session)
        try:
            out.append(encodings[session.variant])
        except KeyError:  # costs nothing where there is none, unlike `get`
            out.append(outgoing.encoded(session.variant))


@contextmanager
def batch(world: World, session: Session, kind: str, *parameters: str) -> Iterator[None]:
    """Put what is queued for the session meanwhile into one batch, where it takes batches."""
    if not session.capabilities & BATCH:
        yield
        return
    earlier, session.out = session.out, []
    try:
        yield
    finally:
        inside, session.out = session.out, earlier
        reference, server = world.new_token(), world.settings.name
        send(world, session, encode("BATCH", [f"+{reference}", kind, *parameters], server))
        for line in inside:
            send(world, session, tagged(f"batch={reference}", line))
        send(world, session, encode("BATCH", [f"-{reference}"], server))


def tagged(tag: str, line: bytes) -> bytes:
    """An encoded line with one more tag, in front of those it has."""
    if line.startswith(b"@"):
        return f"@{tag};".encode() + line[1:]
    return f"@{tag} ".encode() + line


def send(world: World, session: Session, line: bytes) -> None:
    """Queue one finished line for one session."""
    if not session.out:
        world.outbox.dirty.append(session)
    session.out.append(line)


def time_tag(wall_ms: int) -> tuple[int, str]:
    """The server-time tag, for `Outgoing.tags`."""
    return SERVER_TIME, f"time={utc_text(wall_ms)}"


def tags_of(world: World, user: User) -> list[tuple[int, str]]:
    """The tags of a line from `user` that is no event: time, account, and what they are."""
    return [time_tag(world.wall_ms), *account_tag(user.account), *read_tags(marks_of(user))]


def marks_of(user: User) -> str:
    """What everything from `user` is marked with: bot mode, operator; encoded, without ``@``."""
    marks = [TAG_BOT] if "B" in user.modes else []
    if user.oper:
        marks.append(f"{TAG_OPER}={escape_tag_value(user.oper)}")
    return ";".join(marks)


def marks_in(channel: Channel | None, user: User | None) -> str:
    """The marks of what happens in a room: those of who did it, and whether it is kept nowhere."""
    marks = marks_of(user) if user else ""
    if channel and channel.unkept:
        return f"{TAG_UNSTORED};{marks}" if marks else TAG_UNSTORED
    return marks


def read_tags(encoded: str) -> list[tuple[int, str]]:
    """Encoded tags, as they are stored with an event, for `Outgoing.tags`."""
    if not encoded:
        return []
    tags = encoded.split(";")
    return [(BITS_OF_TAGS.get(tag.partition("=")[0], MESSAGE_TAGS), tag) for tag in tags]


def account_tag(account: str) -> list[tuple[int, str]]:
    """The account-tag, for `Outgoing.tags`; nothing for guests."""
    return [(ACCOUNT_TAG, f"account={escape_tag_value(account)}")] if account else []


def shown_target(event: Event, channel_name: str) -> str:
    """To whom an event went, as its line says it: a room, part of one, or a person."""
    if event.kind not in TO_PART:
        return event.target or channel_name
    # None in a room with +U, nor where a message is referred to by its id.
    signed = event.target in ROLE_SIGNS and event.kind is not Kind.STATUS_REDACT
    return f"{event.target}{channel_name}" if signed else channel_name


def event_line(event: Event, channel_name: str) -> Outgoing:
    """The line that tells of `event`, the same when it happens and when it is read back."""
    target = shown_target(event, channel_name)
    tags = [(MESSAGE_TAGS, f"msgid={event.msgid}")]
    if is_numbered(event.position):
        tags.append((SEQUENCE, f"{TAG_NUMBER}={number_at(event.position)}"))
    tags.append(time_tag(event.wall_ms))
    tags += account_tag(event.account) + read_tags(event.tags)
    command = COMMANDS_OF_KINDS[event.kind]
    if event.kind in TEXT_KINDS:
        return message_line(command, target, event.text, event.source, tags)
    line = Outgoing(fitted(command, _params(event, target), event.source), tags)
    return _as_message(event, target, line) if event.kind is Kind.EDIT else line


def message_line(
    command: str, target: str, text: str, source: str, tags: Sequence[tuple[int, str]]
) -> Outgoing:
    """A PRIVMSG or NOTICE of one line or several, stored or not; the first tag is the msgid.

    With multiline it is one batch; for others the lines follow one another, the blank ones left
    out, and only the first has msgid and number.
    """
    if not is_multiline(text):
        return Outgoing(fitted(command, [target, text], source, text=True), tags)
    lines = split_lines(text)
    shared = [tag for tag in tags if not tag[1].startswith(TAGS_OF_FIRST_LINE)]
    plain = [
        Outgoing(
            fitted(command, [target, line.text], source, text=True),
            tags if number == 0 else shared,
        )
        for number, line in enumerate(line for line in lines if line.text)
    ]
    reference = f"m{tags[0][1].partition('=')[2]}"
    inside = [
        Outgoing(
            fitted(command, [target, line.text], source, text=True),
            [(MULTILINE, f"batch={reference}{CONCAT_TAG if line.concatenated else ''}")],
        )
        for line in lines
    ]
    end = Outgoing(encode("BATCH", [f"-{reference}"], source))
    start = encode("BATCH", [f"+{reference}", "draft/multiline", target], source)
    batch = Outgoing(start, tags, [*inside, end], is_batch=True)
    return Outgoing(plain[0].body, tags, plain[1:], instead=(MULTILINE, batch))


def _as_message(event: Event, target: str, edit: Outgoing) -> Outgoing:
    """An edit for everyone: clients without the capability get a message that replies."""
    edited = encode_msgid(event.channel_id, event.refers)
    text = action(event.text) or event.text
    body = fitted("PRIVMSG", [target, f"{EDITED_MARK}{text}"], event.source)
    tags = [*edit.tags, (MESSAGE_TAGS, f"+draft/reply={edited}")]
    return Outgoing(body, tags, instead=(EDIT, edit))


def _params(event: Event, target: str) -> list[str]:
    match event.kind:
        case Kind.QUIT | Kind.NICK | Kind.AWAY:
            return [event.text] if event.text else []
        case Kind.JOIN | Kind.TAGMSG:
            return [target]
        case Kind.MODE:
            return [target, *event.text.split(" ")]
        case Kind.KICK:
            return [target, *event.text.split(" ", 1)]
        case Kind.RENAME:
            return event.text.split(" ", 2)
        case Kind.REDACT | Kind.EDIT | Kind.STATUS_REDACT:
            meant = encode_msgid(event.channel_id, event.refers)
            return [target, meant, event.text] if event.text else [target, meant]
        case Kind.PART if not event.text:
            return [target]
        case _:
            return [target, event.text]


def numeric(world: World, session: Session, row: Numeric, *values: str, **words: str) -> None:
    """Queue a numeric. `values` fill the row's parameters, `words` what else its text names."""
    send(world, session, numeric_line(world, session.target, row, *values, **words))


def numeric_line(world: World, target: str, row: Numeric, *values: str, **words: str) -> bytes:
    """A numeric as it is on the wire, for whoever is addressed as `target`."""
    assert len(values) == len(row.parameters), f"{row.name} takes {row.parameters}"
    last_is_free = not row.text and bool(values)
    middle = values[:-1] if last_is_free else values
    shown = [as_middle(value) for value in middle]
    params = [target, *shown, *values[len(middle) :]]
    if "{" in row.text:
        named = {"nick": target, "server": world.settings.name, "hint": ""}
        named.update(zip(row.parameters, shown, strict=True))
        named.update(words)
        params.append(row.text.format_map(named))
    elif row.text:
        params.append(row.text)
    return fitted(row.code, params, world.settings.name)


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
        send(world, session, standard_line(world, kind, command, code, context, text))
    else:
        send(world, session, fitted("NOTICE", [session.target, text], world.settings.name))


def standard_line(
    world: World, kind: str, command: str, code: str, context: Sequence[str], text: str
) -> bytes:
    """A standard reply as it is on the wire."""
    middle = [as_middle(word) for word in context]
    return fitted(kind, [as_middle(command), code, *middle, text], world.settings.name)


def as_middle(value: str) -> str:
    """What a peer typed, as a parameter that can be repeated to them; ``*`` where it cannot."""
    if not value or value[0] == ":" or " " in value:
        return "*"
    if len(value) <= ECHOED_BYTES_MAX and value.isascii():
        return value
    return value.encode()[:ECHOED_BYTES_MAX].decode(errors="ignore")


def fitted(command: str, params: Sequence[str], source: str, *, text: bool = False) -> bytes:
    """The encoded line, with its last parameter cut where a line could not hold it all.

    For texts that may lose their end: reasons, topics, refusals; of messages, only those that
    were said when the room's name was shorter. A `text` has its colon in any case.
    """
    line = encode(command, params, source, text=text)
    over = len(line) - BODY_BYTES_MAX
    if over <= 0:
        return line
    last = params[-1].encode()[:-over].decode(errors="ignore")
    return encode(command, [*params[:-1], last], source, text=text)
