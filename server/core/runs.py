"""The hot path: what is said in a room by lines without tags, a run of such lines at a time.

Most of what a server does is this, so it is done once more with nothing around it. The lines of
one session that say something to the same room, one behind the other, are checked once, numbered
one after the other, encoded once for each variant and queued as one piece. It does what
`speaking` would do and queues the same bytes, which `tests/server/test_runs.py` compares; and it
leaves every line that is anything else - a tag, a refusal, a mode that looks at texts, a full
disk - to `dispatch`, untouched.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from common.capabilities import MESSAGE_TAGS, SEQUENCE, TAG_NUMBER
from common.casemap import fold
from common.msgid import encode_msgids, number_at
from common.wire import BODY_BYTES_MAX, parse
from server.core.apply import record_run
from server.core.channel import Channel
from server.core.delivery import account_tag, marks_in, read_tags, time_tag
from server.core.dispatch import COMMANDS, answer_refusal, end_for_a_bug
from server.core.policy import audience_of, may_speak
from server.core.session import Session
from server.core.user import User
from server.core.world import World
from server.storage.ports import Event, Kind, StoreFailedError

COMMAND: Final = "PRIVMSG"
START: Final = b"PRIVMSG #"
TARGET_AT: Final = len(b"PRIVMSG ")
TEXT_SIGN: Final = b" :"
CRLF: Final = "\r\n"
CTCP_REFUSED: Final = "C"


@dataclass(slots=True)
class Run:
    """Messages of one person to one room, for `delivery.fan_out`, as `Outgoing` is.

    `start` is what stands in each line between the tags and the text. `tags` are common to all,
    each with the capability that it needs.
    """

    events: list[Event]
    texts: list[str]
    start: str
    tags: Sequence[tuple[int, str]]
    encodings: dict[int, bytes] = field(default_factory=dict)

    def encoded(self, variant: int) -> bytes:
        """All lines for sessions of `variant`, in one piece."""
        common = "".join([f";{text}" for bit, text in self.tags if bit & variant])
        if variant & MESSAGE_TAGS:
            lines = self._with_ids(common, numbered=bool(variant & SEQUENCE))
        else:
            start = f"@{common[1:]} {self.start}" if common else self.start
            lines = f"{start}{f'{CRLF}{start}'.join(self.texts)}{CRLF}"
        encoding = self.encodings[variant] = lines.encode()
        return encoding

    def _with_ids(self, common: str, *, numbered: bool) -> str:
        """With the tags, too, that each line has for itself."""
        positions = [event.position for event in self.events]
        own = encode_msgids(self.events[0].channel_id, positions)
        if numbered:
            numbers = map(number_at, positions)
            own = [
                f"{msgid};{TAG_NUMBER}={number}" for msgid, number in zip(own, numbers, strict=True)
            ]
        start = f"{common} {self.start}"
        lines = zip(own, self.texts, strict=True)
        return "".join([f"@msgid={tags}{start}{text}{CRLF}" for tags, text in lines])


def take_run(world: World, session: Session, most: int, *, strict: bool) -> int:
    """Take and handle the run at the front of the session's lines, `most` lines of it.

    Returns how many it was. With 0 nothing has changed: the next line is for `dispatch`. A bug of
    ours ends the session, or with `strict` all.
    """
    try:
        return _take_run(world, session, most)
    except Exception:
        if strict:
            raise
        end_for_a_bug(world, session, COMMAND)
        return most


def _take_run(world: World, session: Session, most: int) -> int:
    user, first = session.user, session.lines.peek()
    prefix = first[: first.find(TEXT_SIGN) + len(TEXT_SIGN)]
    if user is None or world.low_space or world.speech_watched or not prefix.startswith(START):
        return 0
    target = prefix[TARGET_AT : -len(TEXT_SIGN)].decode(errors="replace")
    channel = world.channels.get(target) or world.channels.get(fold(target))
    if channel is None or not _may_say_anything(user, channel):
        return 0
    start = f":{user.source} {COMMAND} {channel.record.name} :"
    cost = COMMANDS[COMMAND].cost
    affordable = session.credit / cost  # the last line may go below nothing, as every line may
    lines = session.lines.run(prefix, most if affordable >= most else ceil(affordable))
    texts = _texts(lines, prefix, BODY_BYTES_MAX - len(start.encode()) - len(CRLF))
    if not texts:
        return 0
    channel_id, source, holder, wall_ms = channel.record.id, user.source, user.holder, world.wall_ms
    try:
        account = world.account_of(holder)
        world.store.log.last_position(channel_id)  # reads what append needs, or fails now
    except StoreFailedError as error:
        answer_refusal(world, session, parse(session.lines.pop()), error)
        return 1
    session.lines.drop(len(lines))
    session.credit -= cost * len(lines)
    world.commands_run[COMMAND] = world.commands_run.get(COMMAND, 0) + len(lines)
    user.active_ms = wall_ms
    marks = marks_in(channel, user)
    tags = [time_tag(wall_ms), *account_tag(account), *read_tags(marks)]
    events = [
        Event(channel_id, Kind.PRIVMSG, source, text, wall_ms, marks, holder) for text in texts
    ]
    record_run(world, channel, events, Run(events, texts, start, tags), session)
    return len(lines)


def _may_say_anything(user: User, channel: Channel) -> bool:
    """Whether someone in the room may say to all of it whatever they want."""
    record = channel.record
    if user not in channel.members or record.slow_s or CTCP_REFUSED in record.modes:
        return False
    return may_speak(user, channel) is None and not audience_of(user, channel)


def _texts(lines: list[bytes], prefix: bytes, bytes_max: int) -> list[str] | None:
    """What the lines say behind `prefix`; None where `dispatch` would refuse one of them."""
    longest = len(max(lines, key=len))
    if longest - len(prefix) > bytes_max or prefix in lines:  # that says nothing
        return None
    try:
        joined = b"\n".join(lines).decode()
    except UnicodeDecodeError:
        return None
    if "\r" in joined or "\0" in joined:
        return None
    start = prefix.decode()
    return joined[len(start) :].split(f"\n{start}")
