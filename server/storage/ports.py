"""What the core asks of storage: the log and the channels, behind one commit.

Owns the record types and the contract; every backend passes the same tests. Writes take effect
for reads at once and for the world outside only with `Store.commit`: the loop calls it once per
tick, before anything is sent. A failed call raises `StoreFailedError` and loses no write that
was accepted before it: the next commit tries the same writes again.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Protocol

from common.msgid import encode_msgid


class StoreFailedError(Exception):
    """The machine's fault: the disk is full, locked or broken. The text is for the operator."""


class StoreUnusableError(Exception):
    """The store cannot be opened at all; the text says why and what to do."""


class Kind(IntEnum):
    """What an event is. The values are stored: they never change meaning."""

    PRIVMSG = 1
    NOTICE = 2
    TAGMSG = 3
    TOPIC = 4
    MODE = 5
    KICK = 6
    CREATE = 32
    JOIN = 33
    PART = 34
    QUIT = 35
    NICK = 36
    AWAY = 37


FIRST_UNNUMBERED: Final = 32
"""Kinds from here on are presence: ordered between the numbers, without one of their own."""

MESSAGES: Final = (Kind.PRIVMSG, Kind.NOTICE)
"""What a client without event-playback is given as history."""


@dataclass(slots=True)
class Event:
    """A fact in a channel's log, as it is appended and as it is read back.

    `source` is nick!user@host at the time. `text` is the message, topic, reason, new nick or
    room name; of a MODE the changes, of a KICK the nick and the reason behind a space. `tags`
    are relayed client-only tags, already encoded, without ``@``. `holder` is the durable
    identity behind the source, ``""`` for none. `key` is the re-send key. `position` is given
    by `Log.append`.
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

    @property
    def msgid(self) -> str:
        """The id under which clients know the event."""
        return encode_msgid(self.channel_id, self.position)


@dataclass(slots=True)
class MaskEntry:
    """A line of a room's ban, exception or invitation list, by its mode letter."""

    letter: str
    mask: str
    setter: str  # nick!user@host
    set_ms: int


@dataclass(slots=True)
class ChannelRecord:
    """What is stored of a channel beside its log. `owner` is a holder, ``""`` for none.

    `named` is False where the server made up the name; `empty_since_ms` is 0 while someone is
    in. `modes` are the letters of the modes without parameter. `roles` are kept by holder,
    `masks` by letter and folded mask; both are stored by calls of their own.
    """

    id: int
    name: str
    named: bool
    owner: str
    created_ms: int
    modes: str
    key: str = ""
    limit: int = 0
    topic: str = ""
    topic_source: str = ""
    topic_ms: int = 0
    empty_since_ms: int = 0
    roles: dict[str, str] = field(default_factory=dict)
    masks: dict[tuple[str, str], MaskEntry] = field(default_factory=dict)

    @property
    def listed(self) -> bool:
        """Whether people outside may see the room."""
        return "s" not in self.modes


class Log(Protocol):
    """The events of all channels, each channel in one order."""

    def append(self, event: Event) -> None:
        """Give `event` the next position of its channel and take it into this tick's commit."""

    def page(
        self, channel_id: int, after: int, before: int, limit: int, *, newest: bool, events: bool
    ) -> list[Event]:
        """At most `limit` events with ``after < position < before``, oldest first.

        Counted from the end where `newest`, else from the start. Without `events` only
        `MESSAGES` count and come back; creation never does.
        """

    def position_at(self, channel_id: int, wall_ms: int) -> int:
        """The first position whose time is at or after `wall_ms`; past the end if there is none."""

    def last_position(self, channel_id: int) -> int:
        """The position of the newest event, 0 where there is none."""

    def find_key(self, holder: str, key: str) -> Event | None:
        """The event stored under a re-send key, or None."""

    def forget_keys(self, before_ms: int) -> None:
        """Drop re-send keys of events older than `before_ms`."""


class Channels(Protocol):
    """The rows of the channels, and who may read unlisted ones from where."""

    def load(self) -> list[ChannelRecord]:
        """Every channel there is."""

    def save(self, record: ChannelRecord) -> None:
        """Insert or replace the row with this id; not its roles and masks."""

    def set_role(self, channel_id: int, holder: str, roles: str) -> None:
        """Keep the roles of `holder`; ``""`` forgets them."""

    def set_mask(self, channel_id: int, entry: MaskEntry, *, present: bool) -> None:
        """Put a mask on its list, or take it off."""

    def delete(self, channel_id: int) -> None:
        """Remove the channel with everything that belongs to it."""

    def admit(self, channel_id: int, holder: str, position: int) -> None:
        """Note the first entry of `holder`; a later one changes nothing."""

    def dismiss(self, channel_id: int, holder: str) -> None:
        """Forget the first entry of `holder`, who was removed from the room."""

    def admitted(self, channel_id: int, holder: str) -> int | None:
        """The position of the first entry of `holder`, None if there was none."""


class Store(Protocol):
    """The ports together: one writer, one commit."""

    @property
    def log(self) -> Log:
        """The log."""

    @property
    def channels(self) -> Channels:
        """The channels."""

    @property
    def dirty(self) -> bool:
        """Whether there is anything to commit."""

    def commit(self) -> None:
        """Make every write since the last commit durable, all or none."""

    def close(self) -> None:
        """Let go of the backend; what was not committed is dropped."""
