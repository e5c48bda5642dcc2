"""The log: what happened in every room and direct conversation, in one order each."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, Protocol

from common.msgid import encode_msgid


class Kind(IntEnum):
    """What an event is. The values are stored: they never change meaning."""

    PRIVMSG = 1
    NOTICE = 2
    TAGMSG = 3
    TOPIC = 4
    MODE = 5
    KICK = 6
    REDACT = 7
    EDIT = 8
    RENAME = 9
    EMPTY = 31  # what was redacted, or replaced by a newer edit: only its place is left
    CREATE = 32
    JOIN = 33
    PART = 34
    QUIT = 35
    NICK = 36
    AWAY = 37
    STATUS_PRIVMSG = 38  # to part of a room only: `Event.target` says to which
    STATUS_NOTICE = 39
    CLOSE = 40  # of the room: its log goes with it
    STATUS_REDACT = 41  # of a message to part of a room, and for the same part


FIRST_UNNUMBERED: Final = 32
"""Kinds from here on are ordered between the numbers, without one of their own: presence, and
what only part of a room may read."""


MESSAGES: Final = (Kind.PRIVMSG, Kind.NOTICE, Kind.EDIT)
"""What a client without event-playback is given as history."""


SEARCHED: Final = (Kind.PRIVMSG, Kind.NOTICE)
"""What a search finds: an edited message with its newest text, so never the edit itself."""


TO_PART: Final = (Kind.STATUS_PRIVMSG, Kind.STATUS_NOTICE, Kind.STATUS_REDACT)
"""What only part of a room may read."""


HIDDEN: Final = (Kind.CREATE, Kind.EMPTY)
"""What nobody is given as history."""

SHOWN: Final = tuple(kind for kind in Kind if kind not in HIDDEN)
"""Everything else."""


@dataclass(slots=True)
class Event:
    """A fact in the log of a channel or a direct conversation, as appended and as read back.

    `source` is nick!user@host at the time. `text` is the message, topic, reason, new nick or
    room name; of a MODE the changes, of a KICK the nick and the reason behind a space, of a
    RENAME the old name, the new one and the reason. The lines of a message may be several: see
    `server.core.multiline`. `tags` are relayed client-only tags, already encoded, without
    ``@``. `holder` is the durable identity behind the source, ``""`` for none. `key` is the
    re-send key, `key_holder` whose it is where not the holder's; neither is read back. `position`
    is given by `Log.append`. `target` is the nick a direct message was sent to, ``""`` in a
    room. `refers` is the position of the event that a REDACT or EDIT is about, else 0.
    `account` is the name of the account behind the holder; it is not stored.
    """

    channel_id: int
    kind: Kind
    source: str
    text: str
    wall_ms: int
    tags: str = ""
    holder: str = ""
    key: str = ""
    position: int = 0
    target: str = ""
    refers: int = 0
    account: str = ""
    key_holder: str = ""

    @property
    def msgid(self) -> str:
        """The id under which clients know the event."""
        return encode_msgid(self.channel_id, self.position)


class View(NamedTuple):
    """Which events of a log someone is shown: those of `kinds`.

    What is of the `partial` kinds is shown only where its target is one of the `audiences`, or
    where it belongs to `holder`.
    """

    kinds: tuple[Kind, ...]
    partial: tuple[Kind, ...] = ()
    audiences: tuple[str, ...] = ()
    holder: str = ""

    def shows(self, event: Event) -> bool:
        """Whether the event is one of them."""
        if event.kind not in self.kinds:
            return False
        if event.kind not in self.partial or event.target in self.audiences:
            return True
        return event.holder != "" and event.holder == self.holder


def place_of(event: Event) -> Event:
    """Of an event with a re-send key, what is kept where nothing is: its place and the key."""
    return Event(
        event.channel_id,
        Kind.EMPTY,
        "",
        "",
        event.wall_ms,
        holder=event.holder,
        key=event.key,
        position=event.position,
        key_holder=event.key_holder,
    )


class Log(Protocol):
    """The events of all channels, each channel in one order."""

    def append(self, event: Event) -> None:
        """Give `event` the next position of its channel and take it into this tick's commit."""

    def page(
        self, channel_id: int, after: int, before: int, limit: int, view: View, *, newest: bool
    ) -> list[Event]:
        """At most `limit` events with ``after < position < before``, oldest first.

        Counted from the end where `newest`, else from the start. Only what `view` shows counts
        and comes back, so a page that is not full has reached the end.
        """

    def get(self, channel_id: int, position: int) -> Event | None:
        """The event at a position, None where there is none or it is `HIDDEN`."""

    def redact(self, channel_id: int, position: int) -> None:
        """Empty an event, its edits and its older versions; places and numbers stay."""

    def position_at(self, channel_id: int, wall_ms: int) -> int:
        """The first position whose time is at or after `wall_ms`; past the end if there is none."""

    def last_position(self, channel_id: int) -> int:
        """The position of the newest event, 0 where there is none."""

    def find_key(self, key_holder: str, key: str) -> Event | None:
        """The event stored under a re-send key, or None."""

    def forget_keys(self, before_ms: int) -> None:
        """Drop re-send keys of events older than `before_ms`."""


class Floors(Protocol):
    """How far back the logs go. Numbers are never given again, also of a log that is empty."""

    def floor(self, channel_id: int) -> int:
        """The last position that was let go, 0 where everything is kept."""

    def let_go(self, channel_id: int, position: int, limit: int) -> bool:
        """Forget at most `limit` of the oldest events up to `position`; whether there are more.

        Their older versions go with them, and their re-send keys find nothing.
        """

    def discard(self, channel_id: int, *, on: bool) -> None:
        """From now on keep nothing of what is appended but re-send keys, or it all again.

        Numbers are given all the same and never again: after a crash those that were reserved are
        left out, places of which nothing is known. Not stored: it is told again after every start.
        """

    def sweep(self, limit: int) -> bool:
        """Delete at most `limit` events of logs that were deleted, and give free space back.

        Whether there is more to do. A log of any length is deleted at once for every reader, and
        in slices on the disk.
        """


@dataclass(slots=True)
class Version:
    """A text that a message had before it was edited, and when it was replaced."""

    text: str
    replaced_ms: int


class Edits(Protocol):
    """The texts of messages that were changed."""

    def amend(self, channel_id: int, position: int, text: str, edit: int, wall_ms: int) -> None:
        """Give an event a new text, keep the old one as a version, empty its earlier edits.

        `edit` is the position of the EDIT that says so, which stays as it is.
        """

    def versions(self, channel_id: int, position: int) -> list[Version]:
        """The earlier texts of an event, oldest first."""


class Conversations(Protocol):
    """Which two holders a direct conversation belongs to; its id is a channel id of the log."""

    def start(self, conversation_id: int, first: str, second: str) -> None:
        """Note a new conversation of two holders, who may be one and the same."""

    def between(self, first: str, second: str) -> int | None:
        """The conversation of two holders, in either order; None if they never spoke."""

    def of_holder(self, holder: str) -> dict[int, str]:
        """The conversations of `holder`: by id, who is at the other end."""

    def ids(self) -> list[int]:
        """Every conversation there is."""
