"""What the core asks of storage: the log and the channels, behind one commit.

Owns the record types and the contract; every backend passes the same tests. Writes take effect
for reads at once and for the world outside only with `Store.commit`: the loop calls it once per
tick, before anything is sent. A failed call raises `StoreFailedError` and loses no write that
was accepted before it: the next commit tries the same writes again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple, Protocol

from common.msgid import encode_msgid
from common.sasl import ScramKeys


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


FIRST_UNNUMBERED: Final = 32
"""Kinds from here on are ordered between the numbers, without one of their own: presence, and
what only part of a room may read."""

MESSAGES: Final = (Kind.PRIVMSG, Kind.NOTICE, Kind.EDIT)
"""What a client without event-playback is given as history."""

SEARCHED: Final = (Kind.PRIVMSG, Kind.NOTICE)
"""What a search finds: an edited message with its newest text, so never the edit itself."""

HIDDEN: Final = (Kind.CREATE, Kind.EMPTY)
"""What nobody is given as history."""


@dataclass(slots=True)
class Event:
    """A fact in the log of a channel or a direct conversation, as appended and as read back.

    `source` is nick!user@host at the time. `text` is the message, topic, reason, new nick or
    room name; of a MODE the changes, of a KICK the nick and the reason behind a space, of a
    RENAME the old name, the new one and the reason. The lines of a message may be several: see
    `server.core.multiline`. `tags` are relayed client-only tags, already encoded, without
    ``@``. `holder` is the durable identity behind the source, ``""`` for none. `key` is the
    re-send key. `position` is given by `Log.append`. `target` is the nick a direct message was
    sent to, ``""`` in a room. `refers` is the position of the event that a REDACT or EDIT is
    about, else 0. `account` is the name of the account behind the holder; it is not stored.
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
    until_ms: int = 0  # when it ends by itself; 0 for never


@dataclass(slots=True)
class Invitation:
    """What lets people into a room who have its token, of which only a digest is kept.

    `uses` are left, `until_ms` is when it ends; either is 0 for no bound.
    """

    channel_id: int
    digest: str
    maker: str  # nick!user@host
    uses: int
    until_ms: int


@dataclass(slots=True)
class ChannelRecord:
    """What is stored of a channel beside its log. `owner` is a holder, ``""`` for none.

    `named` is False where the server made up the name; `empty_since_ms` is 0 while someone is
    in. `modes` are the letters of the modes without parameter. `forward` is the id of the channel
    to which those are led who may not enter, 0 for none. `roles` are kept by holder,
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
    forward: int = 0
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


def channel_subject(channel_id: int) -> str:
    """Under which name markers and metadata of a channel are kept, beside those of holders."""
    return f"channel:{channel_id}"


class Log(Protocol):
    """The events of all channels, each channel in one order."""

    def append(self, event: Event) -> None:
        """Give `event` the next position of its channel and take it into this tick's commit."""

    def page(
        self, channel_id: int, after: int, before: int, limit: int, *, newest: bool, events: bool
    ) -> list[Event]:
        """At most `limit` events with ``after < position < before``, oldest first.

        Counted from the end where `newest`, else from the start. Without `events` only
        `MESSAGES` count and come back; what is `HIDDEN` never does.
        """

    def get(self, channel_id: int, position: int) -> Event | None:
        """The event at a position, None where there is none or it is `HIDDEN`."""

    def redact(self, channel_id: int, position: int) -> None:
        """Empty an event, its edits and its older versions; places and numbers stay."""

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


class Floors(Protocol):
    """How far back the logs go. Numbers are never given again, also of a log that is empty."""

    def floor(self, channel_id: int) -> int:
        """The last position that was let go, 0 where everything is kept."""

    def let_go(self, channel_id: int, position: int, limit: int) -> bool:
        """Forget at most `limit` of the oldest events up to `position`; whether there are more.

        Their older versions go with them, and their re-send keys find nothing.
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


class Markers(Protocol):
    """How far people have read."""

    def read_markers(self, holder: str) -> dict[str, int]:
        """The times, in wall milliseconds, up to which `holder` has read, by target."""

    def set_marker(self, holder: str, target: str, wall_ms: int) -> None:
        """Keep a marker; 0 forgets it."""


class Metadata(Protocol):
    """What people and rooms say about themselves, by subject: a holder, or a channel's id."""

    def load_metadata(self) -> dict[str, dict[str, str]]:
        """Everything there is."""

    def set_metadata(self, subject: str, key: str, value: str | None) -> None:
        """Keep a value; None forgets it."""


@dataclass(slots=True)
class AccountRecord:
    """A stored identity. `id` is random and never given twice; everything refers to it.

    `skeleton` is what the name looks like, to find look-alikes by.

    `password_hash` is argon2id in its usual text form, `scram` the keys derived beside it.
    `certificates` are fingerprints that log in by themselves. `source` and `realname` are how
    an always-on account was last seen, for showing it after a restart.
    """

    id: int
    name: str
    skeleton: str
    created_ms: int
    password_hash: str
    scram: ScramKeys
    email: str = ""
    suspended: bool = False
    always_on: bool = False
    multiclient: bool = True
    source: str = ""
    realname: str = ""
    certificates: tuple[str, ...] = ()

    @property
    def holder(self) -> str:
        """The account as a holder of rooms, roles and messages."""
        return account_holder(self.id)


ACCOUNT_HOLDER: Final = "account:"
"""How the durable identity of an account begins."""


def account_holder(account_id: int) -> str:
    """The durable identity of everyone logged in to an account."""
    return f"{ACCOUNT_HOLDER}{account_id}"


class Accounts(Protocol):
    """The accounts. A record that was handed out is the caller's own."""

    def get(self, account_id: int) -> AccountRecord | None:
        """The account with this id."""

    def named(self, name: str) -> AccountRecord | None:
        """The account with this name, whatever its letters' case."""

    def alike(self, skeleton: str) -> AccountRecord | None:
        """An account whose name has this skeleton."""

    def with_certificate(self, fingerprint: str) -> AccountRecord | None:
        """The account that a certificate logs in to."""

    def page(self, after: str, limit: int, *, always_on: bool = False) -> list[AccountRecord]:
        """At most `limit` accounts behind the name `after`, by folded name."""

    def save(self, record: AccountRecord) -> None:
        """Insert or replace the account with this id."""

    def delete(self, account_id: int) -> None:
        """Remove the account with its certificates, memberships, markers and metadata."""


class Memberships(Protocol):
    """Which rooms an account belongs to, present or not."""

    def join(self, holder: str, channel_id: int) -> None:
        """Note a membership; a second time changes nothing."""

    def leave(self, holder: str, channel_id: int) -> None:
        """Forget a membership."""

    def rooms(self, holder: str) -> list[int]:
        """The ids of the rooms, in the order of entering."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is sought. `logs` are the ids that may be searched, with the position behind which.

    `text` is as typed: see `server.storage.words`. `nick` is who said it, ``""`` for anyone. The
    times are wall milliseconds, both included. At most `limit` are found: the newest, or with
    `oldest` the first.
    """

    logs: tuple[tuple[int, int], ...]
    text: str
    nick: str
    after_ms: int
    before_ms: int
    has_link: bool
    oldest: bool
    limit: int


class Found(NamedTuple):
    """The events that a search found, oldest first; not `complete` where time ran out."""

    events: list[Event]
    complete: bool


class Search(Protocol):
    """Full text. The work itself is done off the loop, and sees what was committed."""

    def find(self, query: Query) -> Callable[[], Found]:
        """The work of finding `SEARCHED` events; it raises `StoreFailedError`."""

    def upkeep(self) -> Callable[[], list[int]] | None:
        """A slice of keeping the index, None where nothing is to be done; see `upkept`."""

    def upkept(self, behind: list[int]) -> None:
        """Hand back what a slice gave: the logs it has not finished."""


class Invitations(Protocol):
    """The tokens that let people into rooms; those of a channel go with it."""

    def load_invitations(self) -> list[Invitation]:
        """Every one there is."""

    def save_invitation(self, invitation: Invitation) -> None:
        """Insert or replace the one with this digest."""

    def drop_invitation(self, digest: str) -> None:
        """Remove one."""


class Facts(Protocol):
    """Small things the server remembers about itself, by name."""

    def fact(self, name: str) -> str:
        """What is remembered, ``""`` for nothing."""

    def remember(self, name: str, value: str) -> None:
        """Keep or replace a fact."""


class Store(Protocol):
    """The ports together: one writer, one commit."""

    @property
    def log(self) -> Log:
        """The log."""

    @property
    def channels(self) -> Channels:
        """The channels."""

    @property
    def floors(self) -> Floors:
        """The floors."""

    @property
    def edits(self) -> Edits:
        """The edits."""

    @property
    def conversations(self) -> Conversations:
        """The direct conversations."""

    @property
    def markers(self) -> Markers:
        """The read markers."""

    @property
    def metadata(self) -> Metadata:
        """The metadata."""

    @property
    def accounts(self) -> Accounts:
        """The accounts."""

    @property
    def memberships(self) -> Memberships:
        """The memberships."""

    @property
    def search(self) -> Search:
        """The search."""

    @property
    def invitations(self) -> Invitations:
        """The invitations."""

    @property
    def facts(self) -> Facts:
        """The facts."""

    @property
    def dirty(self) -> bool:
        """Whether there is anything to commit."""

    def commit(self) -> None:
        """Make every write since the last commit durable, all or none."""

    def close(self) -> None:
        """Let go of the backend; what was not committed is dropped."""
