"""What one link was shown, judged line by line against the ledger and a naive policy.

The policy knows nothing of the server's: whoever got their own JOIN is in the room until their
own PART, KICK or end, and is shown its lines in the stored order, each once; whoever is not in
it is shown nothing of it, and of an unlisted one not even its name, unless they wrote it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from common.capabilities import TAG_KEY, TAG_NUMBER
from common.casemap import channel_name, fold
from common.msgid import decode_msgid, is_numbered, number_at, position_of
from common.text import ACTION_START
from common.wire import (
    CLIENT_TAGS_BYTES_MAX,
    OVERLONG,
    SERVER_TAGS_BYTES_MAX,
    BadLineError,
    LineBuffer,
    Message,
    parse,
)
from server.core.multiline import Line, is_multiline, join_lines, split_lines
from server.storage.ports import Event, Kind
from tests.simulation.ledger import Ledger, Room
from tests.simulation.trace import Trace
from tui.client.history import PAGE_ITEMS_MAX

MULTILINE: Final = "draft/multiline"
CONCAT_TAG: Final = "draft/multiline-concat"


@dataclass(slots=True)
class Seat:
    """Someone's place in a room: what of it they have been shown."""

    room: Room
    joined_position: int
    holder: str
    position: int
    number: int

    @property
    def readable_from(self) -> int:
        """The first position that may be read: in an unlisted room that of the first entry."""
        return 0 if self.room.was_listed else self.first_position

    @property
    def first_position(self) -> int:
        """The first entry; what came after it may have been read at any time since."""
        before_kick = self.room.dismissed.get(self.holder, self.joined_position)
        return self.room.entered.get(self.holder, before_kick)


@dataclass(slots=True)
class Batch:
    """An open batch. `position`: the last one in a page of history; `lines`: those of a message
    of several lines, which `opening` and what `asked` for it tell the rest of.
    """

    kind: str
    room: str
    asked: Message | None
    opening: Message
    outer: "Batch | None"
    position: int = 0
    lines: list[Message] = field(default_factory=list)

    def message(self) -> Message:
        """The lines as one message, its text as it is stored."""
        text = join_lines(Line(CONCAT_TAG in line.tags, line.params[1]) for line in self.lines)
        first = self.lines[0]
        return replace(first, tags=self.opening.tags, params=[first.params[0], text])


@dataclass(slots=True)
class Stream:
    """One link. `exact`: it is a client of ours, which misses nothing and labels everything."""

    link: int
    exact: bool
    ledger: Ledger
    trace: Trace
    keys: dict[str, int]  # link on which a key was first used, of all links
    nick: str = ""
    capabilities: dict[str, None] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)  # by folded room name
    batches: dict[str, Batch] = field(default_factory=dict)
    written: dict[str, None] = field(default_factory=dict)  # room names the peer wrote, folded
    labels: dict[str, Message] = field(default_factory=dict)  # sent, not answered
    answered: dict[str, Message] = field(default_factory=dict)
    direct: dict[str, None] = field(default_factory=dict)  # msgids of direct messages
    asked_after: dict[str, int] = field(default_factory=dict)  # missed lines read, by room
    sent: LineBuffer = field(default_factory=lambda: LineBuffer(CLIENT_TAGS_BYTES_MAX))
    shown: LineBuffer = field(default_factory=lambda: LineBuffer(SERVER_TAGS_BYTES_MAX))

    def server_read(self, data: bytes) -> None:
        """The server took these bytes from the link."""
        self.sent.feed(data)
        while self.sent:
            line = self.sent.pop()
            if line == OVERLONG:
                self.trace.mark("over-long line refused")
                continue
            try:
                self._wrote(parse(line))
            except BadLineError:
                self.trace.mark("bytes that are no line")

    def _wrote(self, message: Message) -> None:
        words = " ".join(message.params).replace(",", " ").replace(";", " ").split()
        for word in (word.removeprefix("in=") for word in words):  # in a SEARCH
            self.written[fold(channel_name(word))] = None
        label = message.tags.get("label", "")
        if label and self.exact:
            assert label not in self.labels, f"the client used label {label} twice"
            self.labels[label] = message
        key = message.tags.get(TAG_KEY, "")
        if key and self.exact and self.keys.setdefault(key, self.link) != self.link:
            self.trace.mark("resent under key")

    def flushed(self, data: bytes) -> None:
        """The server sent these bytes: from here on they count as shown."""
        self.shown.feed(data)
        while self.shown:
            line = self.shown.pop()
            assert line != OVERLONG, f"the server sent an over-long line to {self.link}"
            try:
                self._judge(parse(line))
            except AssertionError as error:
                raise AssertionError(f"link {self.link} ({self.nick}): {error}: {line!r}") from None

    def _judge(self, message: Message) -> None:
        asked = self._take_label(message)
        batch = self._batch_of(message)
        judge = _JUDGES.get(message.command)
        self._check_names(message)
        if batch is not None and batch.kind == MULTILINE:
            batch.lines.append(message)
        elif judge is not None:
            judge(self, message, batch, asked)

    def _take_label(self, message: Message) -> Message | None:
        label = message.tags.get("label", "")
        if not label or not self.exact:
            return None
        assert label not in self.answered, f"label {label} was answered twice"
        asked = self.labels.pop(label, None)
        assert asked is not None, f"nobody sent label {label}"
        self.answered[label] = asked
        return asked

    def _batch_of(self, message: Message) -> Batch | None:
        reference = message.tags.get("batch", "")
        if not reference:
            return None
        assert reference in self.batches, f"batch {reference} is not open"
        return self.batches[reference]

    def _check_names(self, message: Message) -> None:
        """No room's name is shown to someone who may not know of it, but in people's own words."""
        if message.command in _WITH_REALNAME:
            return
        for param in message.params:
            for word in param.replace(",", " ").split():
                name = fold(word.lstrip("~&@%+"))
                room = self.ledger.by_name.get(name) if name.startswith("#") else None
                if room is None or room.was_listed or name in self.seats or name in self.written:
                    continue
                own_entry = message.command == "JOIN" and self.is_self(message)
                invited = message.command == "INVITE"
                assert own_entry or invited, f"{room.name} is not to be known"

    def is_self(self, message: Message) -> bool:
        """Whether the line is about what this link's user did."""
        return self.nick != "" and fold(message.nick) == fold(self.nick)


SEARCH_KINDS: Final = ("soju.im/search", "draft/search")

_WITH_REALNAME: Final = ("311", "314", "352", "354", "SETNAME")


def _stored(stream: Stream, message: Message, room: Room) -> Event | None:
    """The committed event that the line shows; asserts that it is one, and says the same."""
    msgid = message.tags.get("msgid", "")
    if not msgid:
        return None
    place = decode_msgid(msgid)
    if place is None:
        assert message.command == "TAGMSG", "not stored, but shown"
        return None
    assert place[0] == room.id, "the id of another room"
    event, before = stream.ledger.find(*place), stream.ledger.find_before(*place)
    if before is not None and (event is None or not _says(message, event)):
        event = before
    if event is None and room.unkept:
        stream.trace.mark("shown and kept nowhere")
        return None
    assert event is not None, "shown, but not committed"
    assert event.source == message.source, f"stored as {event}"
    assert _shows(message, event), f"stored as {event}"
    assert _says(message, event), f"stored as {event}"
    number = message.tags.get(TAG_NUMBER)
    if number is not None:
        assert is_numbered(event.position), f"presence has number {number}"
        assert number == str(number_at(event.position)), f"stored as {event}"
    return event


def _shows(message: Message, event: Event) -> bool:
    """Whether the line is of the event's kind; who knows no edits gets a message for one."""
    if event.kind is Kind.EDIT and message.command in ("PRIVMSG", "NOTICE"):
        return message.params[1].startswith("* ")
    return event.kind.name.removeprefix("STATUS_") == message.command


def _says(message: Message, event: Event) -> bool:
    """Whether the line has the event's text; a replay may put the time before it."""
    if event.kind not in (Kind.PRIVMSG, Kind.NOTICE, Kind.TOPIC):
        return True
    said = event.text.removeprefix(ACTION_START)
    if is_multiline(said) and not is_multiline(message.params[1]):
        said = next(line.text for line in split_lines(said) if line.text)  # shown one by one
    return message.params[1].endswith(said)


def _in_page(stream: Stream, message: Message, batch: Batch) -> None:
    """A line of history: only of a room one is in, in order, from where one may read."""
    if not batch.room.startswith("#"):
        _in_conversation(message, batch)
        return
    seat = stream.seats.get(batch.room)
    assert seat is not None, "history of a room one is not in"
    if message.command in ("QUIT", "NICK", "AWAY", "JOIN", "PART"):
        stream.trace.mark("presence in a page")
    event = _stored(stream, message, seat.room)
    if event is None:
        return
    assert event.position > batch.position, "a page out of order"
    batch.position = event.position
    if is_numbered(event.position) and batch.asked and batch.asked.params[0] == "AFTER":
        _mark_gap(stream, batch.asked.params[1])
    _check_readable(seat, event.position)


def _in_conversation(message: Message, batch: Batch) -> None:
    """A line of a direct conversation: in order; with whom it was, its accounts know."""
    place = decode_msgid(message.tags.get("msgid", ""))
    if place is not None:
        assert place[1] > batch.position, "a page out of order"
        batch.position = place[1]


def _found(stream: Stream, message: Message) -> None:
    """What a search found: only in rooms one is in, from where one may read, or one's own talk."""
    stream.trace.mark("found by a search")
    if not message.params[0].startswith("#"):
        to_us = fold(message.params[0]) == fold(stream.nick)
        assert to_us or stream.is_self(message), "somebody else's conversation"
        return
    seat = stream.seats.get(fold(message.params[0]))
    assert seat is not None, "found in a room one is not in"
    event = _stored(stream, message, seat.room)
    assert event is not None, "found, but not stored"
    _check_readable(seat, event.position)


def _mark_gap(stream: Stream, room: str) -> None:
    """A client of ours reads what it missed; more than one question makes more than one page."""
    stream.trace.mark("page after gap")
    stream.asked_after[room] = stream.asked_after.get(room, 0) + 1
    if stream.asked_after[room] > PAGE_ITEMS_MAX:
        stream.trace.mark("several pages after gap")


def _check_readable(seat: Seat, position: int) -> None:
    assert seat.room.unkept or position >= seat.readable_from, (
        "older than one's first entry into an unlisted room"
    )


def _live(stream: Stream, message: Message, asked: Message | None) -> None:
    """A line about a room as it happens, or about part of it."""
    name = _room_of(message)
    seat = stream.seats.get(name)
    if asked is not None and TAG_KEY in asked.tags and _answers_again(stream, message, seat):
        return
    if seat is None and stream.is_self(message):
        return  # said from outside, into a room that lets people
    assert seat is not None, "of a room one is not in"
    event = _stored(stream, message, seat.room)
    if event is None:
        return
    if event.position <= seat.position and not stream.exact:  # history without batches
        _check_readable(seat, event.position)
        return
    assert event.position > seat.position, f"after {seat.position:x}: out of order, or twice"
    seat.position = event.position
    if is_numbered(event.position):
        number = number_at(event.position)
        exact = stream.exact and not seat.room.unkept
        for missing in range(seat.number + 1, number) if exact else ():
            passed_over = seat.room.events[position_of(missing)]
            assert passed_over.kind is Kind.RENAME, f"number {missing} was not shown"
        seat.number = number


def _room_of(message: Message) -> str:
    """What a line is about, folded; of a message to part of a room that room."""
    return fold(message.params[0].lstrip("@+"))


def _answers_again(stream: Stream, message: Message, seat: Seat | None) -> bool:
    """Whether the line is the answer to a message sent before; it must be that message."""
    place = decode_msgid(message.tags.get("msgid", ""))
    if place is None or not (seat is None or place[1] <= seat.position):
        return False
    event = stream.ledger.find(*place)
    asked = stream.answered[message.tags["label"]]
    meant = message.params[1] if asked.command == "BATCH" else asked.params[1]
    room = stream.ledger.rooms[place[0]]
    assert event is not None or room.unkept, "shown, but not committed"
    stored = event.text if event is not None else meant
    assert stored == meant == message.params[1], f"another message: {event}"
    stream.trace.mark("answered with the stored message")
    return True


def _about_room(
    stream: Stream, message: Message, batch: Batch | None, asked: Message | None
) -> None:
    if batch is not None and batch.kind == "chathistory":
        _in_page(stream, message, batch)
    elif batch is not None and batch.kind in SEARCH_KINDS:
        _found(stream, message)
    elif _room_of(message).startswith("#"):
        _live(stream, message, asked)
    elif message.command != "MODE":
        _direct(stream, message)


def _direct(stream: Stream, message: Message) -> None:
    """A message to a person: only to them and, as an echo, to its sender."""
    from_server = "!" not in message.source
    to_us = fold(message.params[0]) == fold(stream.nick)
    assert from_server or to_us or stream.is_self(message), "somebody else's conversation"
    if from_server:
        return
    stream.trace.mark("direct message")
    msgid = message.tags.get("msgid", "")
    if msgid and not (to_us and stream.is_self(message)):  # to oneself: message and echo
        assert msgid not in stream.direct, "a direct message twice"
        stream.direct[msgid] = None


def _join(stream: Stream, message: Message, batch: Batch | None, asked: Message | None) -> None:
    """Someone enters. To whom a room was shown unasked it is shown again when they ask."""
    name = fold(message.params[0])
    asked = batch.asked if batch is not None else asked
    if batch is not None and batch.kind == "chathistory":
        _in_page(stream, message, batch)
    elif stream.is_self(message) and (stream.exact or name not in stream.seats):
        again = asked is not None and asked.command == "JOIN"
        assert again or name not in stream.seats, "entered a room one is in"
        room = stream.ledger.named(name)
        assert room is not None, "entered a room that is not stored"
        if not room.listed and name in stream.written:
            stream.trace.mark("names of a friend's room used")
        stream.seats[name] = _seat(stream, message, room)
    else:
        _live(stream, message, None)


def _seat(stream: Stream, message: Message, room: Room) -> Seat:
    """The place of someone who is shown to enter: by the JOIN in the tags, or the newest there is.

    Programs that know nothing of renaming are shown it as leaving and entering.
    """
    place = decode_msgid(message.tags.get("msgid", ""))
    event = stream.ledger.find(*place) if place is not None else room.last_join(message.source)
    known = event is not None or room.renamed_at or room.unkept
    assert known, "entered without a committed JOIN"
    joined = event.position if event is not None else room.renamed_at
    position = max(joined, room.renamed_at)
    holder = room.holders.get(fold(stream.nick), "")
    return Seat(room, joined, holder, position, number_at(position))


def _rename(stream: Stream, message: Message, _: Batch | None, _asked: Message | None) -> None:
    """The same place under another name."""
    stream.seats[fold(message.params[1])] = stream.seats.pop(fold(message.params[0]))


def _part(stream: Stream, message: Message, batch: Batch | None, asked: Message | None) -> None:
    _about_room(stream, message, batch, asked)
    if batch is None or batch.kind != "chathistory":
        gone = message.params[1] if message.command == "KICK" else message.nick
        if fold(gone) == fold(stream.nick):
            del stream.seats[fold(message.params[0])]


def _nick(stream: Stream, message: Message, batch: Batch | None, _asked: Message | None) -> None:
    if batch is not None and batch.kind == "chathistory":
        _in_page(stream, message, batch)
    elif stream.is_self(message):
        stream.nick = message.params[0]


def _presence(stream: Stream, message: Message, batch: Batch | None, _: Message | None) -> None:
    if batch is not None and batch.kind == "chathistory":
        _in_page(stream, message, batch)


def _batch(stream: Stream, message: Message, outer: Batch | None, asked: Message | None) -> None:
    reference = message.params[0][1:]
    if message.params[0].startswith("-"):
        batch = stream.batches.pop(reference)
        if batch.kind == MULTILINE:
            stream.trace.mark("message of several lines")
            _about_room(stream, batch.message(), batch.outer, batch.asked)
        return
    room = fold(message.params[2]) if len(message.params) > 2 else ""
    stream.batches[reference] = Batch(message.params[1], room, asked, message, outer)


def _welcome(stream: Stream, message: Message, _: Batch | None, _asked: Message | None) -> None:
    stream.nick = message.params[0]


def _refused(stream: Stream, message: Message, _: Batch | None, _asked: Message | None) -> None:
    mark = _MARKED_REFUSALS.get(message.command) or _MARKED_REFUSALS.get(message.params[1])
    if mark:
        stream.trace.mark(mark)


def _ended(stream: Stream, message: Message, _: Batch | None, _asked: Message | None) -> None:
    if "Ping timeout" in message.params[0]:
        stream.trace.mark("server found a silent peer")
    elif "No name was given" in message.params[0]:
        stream.trace.mark("registration timed out")


_MARKED_REFUSALS: Final = {
    "433": "nick collision",
    "STORE_FULL": "low space refused",
    "STORE_FAILED": "store read failed",
}

Judge = Callable[[Stream, Message, Batch | None, Message | None], None]

_JUDGES: Final[dict[str, Judge]] = {
    "001": _welcome,
    "433": _refused,
    "FAIL": _refused,
    "ERROR": _ended,
    "BATCH": _batch,
    "JOIN": _join,
    "PART": _part,
    "KICK": _part,
    "NICK": _nick,
    "RENAME": _rename,
    "QUIT": _presence,
    "AWAY": _presence,
    "PRIVMSG": _about_room,
    "NOTICE": _about_room,
    "TAGMSG": _about_room,
    "EDIT": _about_room,
    "REDACT": _about_room,
    "TOPIC": _about_room,
    "MODE": _about_room,
}
