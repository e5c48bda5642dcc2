"""What changed: small typed records that the client core hands to the screens.

An update names what to look at again, never how to draw it. `State` already holds the new
value when an update is seen. Buffers are named by their key.
"""

from dataclasses import dataclass
from typing import TypeAlias

from tui.client.state import Item


@dataclass(slots=True)
class ConnectionChanged:
    """`State.connection`, `reason`, `retry_at`, `nick` or `network` changed."""


@dataclass(slots=True)
class BufferOpened:
    """A buffer is new. `focus` says that the person asked for it and wants to see it."""

    buffer: str
    focus: bool


@dataclass(slots=True)
class BufferClosed:
    """A buffer is gone, e.g. after EXIT."""

    buffer: str


@dataclass(slots=True)
class BufferChanged:
    """Topic, joined, counts, unread rule or loading state changed; not its items."""

    buffer: str


@dataclass(slots=True)
class MembersChanged:
    """Who is in the room, or their roles, changed."""

    buffer: str


@dataclass(slots=True)
class ItemsAppended:
    """`items` were added at the end, in order."""

    buffer: str
    items: list[Item]


@dataclass(slots=True)
class Said:
    """Others said something just now: the latest `item`, a mention before anything else.

    What comes from history is not said just now.
    """

    buffer: str
    item: Item
    mention: bool


@dataclass(slots=True)
class ItemsPrepended:
    """`count` older items were added at the front."""

    buffer: str
    count: int


@dataclass(slots=True)
class ItemChanged:
    """An item was confirmed, marked unsent, numbered …; its place may have moved."""

    buffer: str
    item: Item


@dataclass(slots=True)
class ItemsReordered:
    """Items were inserted in the middle, moved or removed: read the buffer anew."""

    buffer: str


@dataclass(slots=True)
class LobbyChanged:
    """`State.lobby` was read anew."""


@dataclass(slots=True)
class Told:
    """Something the person must be told now: an answer, or a refusal with what to do.

    `draft` is the text that was refused; the composer of `buffer` gets it back if it is empty.
    """

    text: str
    failure: bool = False
    buffer: str = ""
    draft: str = ""


@dataclass(slots=True)
class NickRefused:
    """The nick cannot be had; `suggestion` is a free-looking variant to offer."""

    nick: str
    reason: str
    suggestion: str


@dataclass(slots=True)
class CertificateChanged:
    """The server shows another certificate than the one remembered; nothing was sent to it.

    `pinned` and `shown` are SHA-256 fingerprints (``AB:CD:…``), `pinned` being ``""`` where
    authorities vouched for the old one; `since` is a date. `text` says it all in words. The
    person chooses: trust the new one (`Link.accept`), or stop.
    """

    place: str  # host:port
    pinned: str
    since: str
    shown: str
    text: str


@dataclass(slots=True)
class MessageFound:
    """A message that the person wants to see is held: show its buffer, and the item in it."""

    buffer: str
    item_id: int


@dataclass(slots=True)
class SearchChanged:
    """`State.search` is another, or holds something else."""


@dataclass(slots=True)
class SecurityRequired:
    """The server wants an encrypted link, at `port`; the open one was given up."""

    port: int


@dataclass(slots=True)
class SecurityKept:
    """For so many seconds the server is to be reached by encrypted links only; 0 ends that."""

    duration_s: int


@dataclass(slots=True)
class PersonChanged:
    """More, or something else, is known of someone; `person` is their folded nick."""

    person: str


@dataclass(slots=True)
class InvitationMade:
    """A link that lets friends into a room. `token` is "" where the room's name is enough.

    `terms` says in words how often and how long it serves.
    """

    room: str
    token: str
    terms: str


@dataclass(slots=True)
class SettingRefused:
    """A setting of a room was not changed, and why; `setting` is its name in `room_settings`."""

    buffer: str
    setting: str
    text: str


@dataclass(slots=True)
class KeptChanged:
    """What is kept for the next start changed: `State.ignored`, `pictured` or `attention`."""


Update: TypeAlias = (
    ConnectionChanged
    | BufferOpened
    | BufferClosed
    | BufferChanged
    | MembersChanged
    | ItemsAppended
    | Said
    | ItemsPrepended
    | ItemChanged
    | ItemsReordered
    | LobbyChanged
    | Told
    | NickRefused
    | CertificateChanged
    | MessageFound
    | SearchChanged
    | SecurityRequired
    | SecurityKept
    | PersonChanged
    | InvitationMade
    | SettingRefused
    | KeptChanged
)
