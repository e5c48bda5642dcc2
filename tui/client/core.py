"""Everything the client core owns, in one place: what intents, reducers and timers are given.

Sans-IO: `now` and `wall_ms` are set by `Client.advance` alone, tokens come from `new_token`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from common.capabilities import CHATHISTORY, LABELED_RESPONSE, names_of
from common.casemap import fold
from common.wire import encode
from tui.client.changes import Changes
from tui.client.intents import IntentRefused
from tui.client.options import Options
from tui.client.search_query import SearchQuery
from tui.client.session import Request, Session
from tui.client.state import STATUS, Buffer, BufferKind, Connection, Hit, Item, State

CHANNEL_TYPES_DEFAULT: Final = "#&"
LINE_BYTES_SENT_MAX: Final = 512


@dataclass(slots=True)
class Pending:
    """A message of ours without its echo: on its way, or given up.

    `keyed`: it went to a server that remembers its key, so sending it again is harmless.
    """

    buffer: str
    item: Item
    sent_at: float
    sent_wall_ms: int
    label: str = ""
    keyed: bool = False
    awaits_rejoin: bool = False


class ChangeKind(Enum):
    """What happened to a message."""

    EDIT = auto()  # `text` is what it says now
    REDACT = auto()  # `text` is the reason
    REACT = auto()  # `text` is the reaction
    UNREACT = auto()


@dataclass(slots=True)
class Change:
    """What someone did to a message. In the log it stands like one: with id, number and time."""

    kind: ChangeKind
    about: str  # the msgid of the message
    nick: str
    text: str
    msgid: str
    number: int
    time_ms: int
    own: bool


@dataclass(slots=True)
class Coverage:
    """What is held of a conversation, and how far it is proven complete.

    `known_to`: every number up to it is held, or known to be an empty place (0: nothing yet).
    """

    known: dict[str, Item] = field(default_factory=dict)  # by msgid
    waiting: dict[str, list[Change]] = field(default_factory=dict)  # for messages not held
    unquoted: dict[str, list[Item]] = field(default_factory=dict)  # replies to such messages
    known_to: int = 0
    seen_to: int = 0
    begins_at: int = 0  # the number at which the latest page, a full one, begins
    channel_id: int = 0
    reached: tuple[int, int] | None = None  # rank of the last item of the newest full page
    fetched: bool = False  # the latest page was read once
    dropped: Item | None = None  # the oldest one that was ignored: pages go on before it
    cleared: bool = False  # the person emptied the view: it is not filled from above again
    returning: bool = False  # the link was lost: what is filled in now was missed


@dataclass(slots=True)
class Ongoing:
    """A search that is being done: by the server (`request`), or here (`local`)."""

    query: SearchQuery
    request: Request | None = None
    asked_at: float = 0.0
    local: Iterator[Hit | None] | None = None
    found: list[Hit] | None = None  # here, so far
    older: bool = False  # what is found goes behind what was
    outdated: bool = False  # something else is wanted by now


@dataclass(slots=True)
class Core:
    """The state, what is on its way in both directions, and the clock readings."""

    options: Options
    new_token: Callable[[], str]
    state: State
    session: Session = field(default_factory=Session)
    changes: Changes = field(default_factory=Changes)
    outgoing: list[bytes] = field(default_factory=list)
    pending: dict[int, Pending] = field(default_factory=dict)  # by item id
    coverage: dict[str, Coverage] = field(default_factory=dict)  # by buffer
    rejoin: dict[str, str] = field(default_factory=dict)  # rooms to be in, by key
    room_keys: dict[str, str] = field(default_factory=dict)  # what had to be given to enter
    now: float = 0.0
    wall_ms: int = 0
    nick_wanted: str = ""
    password_refused: bool = False  # the account's, and no other was given since
    source: str = ""  # our own nick!user@host, once seen
    lost_ms: int = 0  # up to when nothing is missing, on the server's clock; 0 on the first link
    attempts: int = 0  # failed or short links in a row
    was_online: bool = False
    items_made: int = 0
    search: Ongoing | None = None

    def send(self, command: str, *params: str, tags: Mapping[str, str] | None = None) -> None:
        """Queue one line."""
        self.outgoing.append(encode(command, params, tags=tags))

    def ask(
        self,
        request: Request,
        command: str,
        *params: str,
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """Queue a command whose answer is matched to `request`; returns the label.

        Raises `IntentRefused` where the words make no line or too long a one.
        """
        try:
            body = encode(command, params)
        except ValueError:
            raise IntentRefused("A name is one word without spaces; write it again.") from None
        if len(body) > LINE_BYTES_SENT_MAX:
            raise IntentRefused("This is too long for one line; shorten it.")
        label = self.session.add_request(request)
        everything = dict(tags or {})
        if self.has(LABELED_RESPONSE):
            everything["label"] = label
        self.outgoing.append(encode(command, params, tags=everything))
        return label

    def has(self, bit: int) -> bool:
        """Whether the capability is negotiated on this link."""
        return all(name in self.state.capabilities for name in names_of(bit))

    @property
    def online(self) -> bool:
        """Registered, on an open link."""
        return self.state.connection is Connection.ONLINE

    @property
    def has_history(self) -> bool:
        """Whether pages of history can be asked for and told apart from live lines."""
        return self.has(CHATHISTORY) and "batch" in self.state.capabilities

    def is_room(self, name: str) -> bool:
        """Whether `name` is a room's name on this server."""
        types = self.state.isupport.get("CHANTYPES") or CHANNEL_TYPES_DEFAULT
        return name[:1] != "" and name[:1] in types

    def is_self(self, nick: str) -> bool:
        """Whether `nick` is ours."""
        return fold(nick) == fold(self.state.nick)

    def prefixes(self) -> dict[str, str]:
        """The server's member signs with their mode letters, highest first."""
        return self.state.prefixes

    def room(self, name: str) -> Buffer | None:
        """The buffer of a room by its name, or None."""
        found = self.state.buffers.get(fold(name))
        return found if found is not None and found.kind is BufferKind.ROOM else None

    @property
    def status(self) -> Buffer:
        """The status buffer: always there."""
        return self.state.buffers[STATUS]

    def covered(self, key: str) -> Coverage:
        """What is held of the buffer `key`."""
        return self.coverage.setdefault(key, Coverage())

    def new_item_id(self) -> int:
        """The next item's id; ids are never used twice."""
        self.items_made += 1
        return self.items_made
