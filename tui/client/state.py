"""What the client knows: one connection, its buffers, their items.

Plain data, changed only by `client` and `reducers`; screens read it and never write.
"""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final, NamedTuple

from common.isupport import read_prefixes
from common.modes import PREFIX_TOKEN
from tui.client.search_query import SearchQuery

STATUS: Final = ""
"""Key of the status buffer: connection news, unknown lines, what belongs to no room."""


class Connection(Enum):
    """Where the connection stands."""

    OFFLINE = auto()  # not wanted: before the first connect, after quit
    CONNECTING = auto()  # the shell is opening the link
    REGISTERING = auto()  # the link is open, the server has not welcomed us yet
    ONLINE = auto()
    WAITING = auto()  # lost; `State.retry_at` says when the next try starts


class ItemKind(Enum):
    """What an item is, and so how it is drawn."""

    MESSAGE = auto()
    ACTION = auto()
    NOTICE = auto()
    JOIN = auto()
    PART = auto()
    QUIT = auto()
    NICK = auto()  # `text` is the new nick
    TOPIC = auto()  # `text` is the new topic, "" when it was taken off
    KICK = auto()  # `text` is a sentence
    MODE = auto()  # `text` is a sentence
    NEWS = auto()  # a line of our own or of the server's, information
    FAILURE = auto()  # the same, something was refused or broke
    GREETING = auto()  # what a server says of itself to everyone who comes in


PRESENCE: Final = frozenset({ItemKind.JOIN, ItemKind.PART, ItemKind.QUIT, ItemKind.NICK})


class Delivery(Enum):
    """Whether what we sent has arrived."""

    CONFIRMED = auto()  # echoed: the server has stored it (or it came from someone else)
    PENDING = auto()  # written, no echo yet
    UNSENT = auto()  # given up; `Item.reason` says why, and it can be sent again
    UNSTORED = auto()  # echoed, but kept in no history (a direct message with a guest)


class Reaction(NamedTuple):
    """One reaction to a message, and who reacted so; `own`: we are among them."""

    text: str  # an emoji, or a word
    nicks: tuple[str, ...]
    own: bool


@dataclass(slots=True)
class Item:
    """One entry of a buffer.

    `id` is unique and stable within the process, whatever happens to the item; caches key on it
    together with `version`, which grows with every change. `time_ms` is the server's wall clock.
    `number` is the place in the room's numbering, 0 for what has none. A message of several
    lines has them in `text`, separated by LF.
    """

    id: int
    kind: ItemKind
    time_ms: int
    sender: str
    text: str
    msgid: str = ""
    number: int = 0
    delivery: Delivery = Delivery.CONFIRMED
    own: bool = False
    mention: bool = False
    reason: str = ""
    version: int = 0
    source: str = ""  # nick!user@host where it was said
    key: str = ""  # of our own messages: the re-send key
    reply_to: str = ""  # the msgid of what it answers
    quoted: "Item | None" = None  # the same message, once it is held
    edited: bool = False
    redacted: str = ""  # by whom and why it was deleted, in words; `text` is empty then
    reactions: tuple[Reaction, ...] = ()


class BufferKind(Enum):
    """What a buffer is a window on."""

    STATUS = auto()
    ROOM = auto()
    DIRECT = auto()


class Attention(Enum):
    """How much one wants to hear of a conversation, in the words that are typed and kept."""

    ALL = "all"  # tell of everything that is said
    MENTIONS = "mentions"  # tell of what is meant for us
    NOTHING = "nothing"  # muted


@dataclass(slots=True)
class Member:
    """Someone in a room. `signs` are their prefix signs, highest first, e.g. ``"@+"``."""

    nick: str
    signs: str = ""
    away: bool = False
    host: str = ""  # user@host, where the server shows it


@dataclass(slots=True)
class Person:
    """What is known of someone, as far as their server tells.

    `idle_s` is how long they had said nothing at `seen_ms`, None where that is not told;
    `signed_on_ms` and `seen_ms` are wall clocks, 0 for unknown. `rooms` are those that WHOIS
    names, with one's signs there; `notes` what else it says, in its words.
    """

    nick: str
    account: str = ""
    realname: str = ""
    host: str = ""  # user@host
    server: str = ""
    away: str = ""  # in their words; "" while they are here
    operator: bool = False  # of the server
    bot: bool = False
    secure: bool = False
    idle_s: int | None = None
    signed_on_ms: int = 0
    seen_ms: int = 0
    rooms: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    answered: bool = False  # the server has told all it tells
    gone: bool = False  # nobody is called so now
    now_called: str = ""  # by another nick, since the record was made


class Ban(NamedTuple):
    """Someone who may not enter, or not speak: the mask, who set it and when (0: not told)."""

    mask: str
    setter: str = ""
    set_ms: int = 0


@dataclass(slots=True)
class Buffer:
    """A window on one conversation. `items` are in reading order, oldest first.

    `unread` counts messages since the read position, `mentions` those that name us;
    `first_unread_id` is the item above which the new-messages rule is drawn (0: none).
    """

    key: str  # folded name: the key in `State.buffers`
    name: str  # as the server spells it
    kind: BufferKind
    items: list[Item] = field(default_factory=list)
    topic: str = ""
    members: dict[str, Member] = field(default_factory=dict)  # by folded nick
    joined: bool = False
    unread: int = 0
    mentions: int = 0
    first_unread_id: int = 0
    at_start: bool = False  # the oldest message there is has been loaded
    loading_older: bool = False
    holes: dict[int, None] = field(default_factory=dict)  # items above which some are not loaded
    filling: int = 0  # the hole whose messages are on their way, 0 for none
    read_to_ms: int = 0  # of the newest item read here or on another device, as far as is known
    typing: dict[str, str] = field(default_factory=dict)  # who is: spelled nicks by folded ones
    gap_free: bool = True  # proven from the numbers: nothing is missing but in the `holes`
    modes: dict[str, str] | None = None  # parameters by letter, roles and lists left out
    bans: list[Ban] | None = None  # None for both: not asked yet
    keeping: str = ""  # how long the room keeps what is said, as our server writes it

    @property
    def title(self) -> str:
        """What a person calls it: a room without its ``#``."""
        return self.name.removeprefix("#") if self.kind is BufferKind.ROOM else self.name


@dataclass(slots=True)
class Listing:
    """A line of the lobby: a room one may see."""

    name: str
    members: int
    topic: str


@dataclass(slots=True)
class Hit:
    """A message that a search found, and where in its text the words stand."""

    buffer: str  # key of its conversation, open or not
    name: str  # of that conversation, as the server spells it
    item: Item
    marks: list[tuple[int, int]]


class Stage(Enum):
    """How far a search is."""

    NOTHING = auto()  # nothing is sought
    UNDER_WAY = auto()
    DONE = auto()


@dataclass(slots=True)
class Search:
    """The newest search: what was typed, in which conversation (``""``: all), what was found.

    `hits` are newest first, or the best first. `more`: older ones can be asked for. Not
    `complete` where the server ran out of time. `local`: only what is held here was searched.
    """

    typed: str = ""
    room: str = ""
    stage: Stage = Stage.NOTHING
    hits: list[Hit] = field(default_factory=list)
    best_first: bool = False
    more: bool = False
    complete: bool = True
    local: bool = False
    failure: str = ""
    query: SearchQuery = field(default_factory=SearchQuery)


@dataclass(slots=True)
class State:
    """Everything screens may read."""

    nick: str
    server: str  # host:port as the person wrote it
    connection: Connection = Connection.OFFLINE
    reason: str = ""  # why the connection is not there, in words
    retry_at: float = 0.0  # on the clock given to `Client.advance`
    network: str = ""
    buffers: dict[str, Buffer] = field(default_factory=dict)  # in order of opening; STATUS first
    current: str = STATUS  # key of the buffer on the screen; STATUS means the lobby
    looking: bool = True  # its end is in view, on a terminal that has the focus
    lobby: list[Listing] = field(default_factory=list)
    capabilities: frozenset[str] = frozenset()
    isupport: dict[str, str] = field(default_factory=dict)
    offered: dict[str, str] = field(default_factory=dict)  # capabilities, with their values
    account: str = ""  # logged in as; "" for a guest
    away: str = ""  # why we are away; "" while we are here
    operator: bool = False  # of the server
    people: dict[str, Person] = field(default_factory=dict)  # by folded nick, once asked for
    ignored: dict[str, str] = field(default_factory=dict)  # spelled nicks by folded ones
    pictured: dict[str, str] = field(default_factory=dict)  # whose pictures are shown, the same
    attention: dict[str, Attention] = field(default_factory=dict)  # by buffer; others: as usual
    keywords: tuple[str, ...] = ()  # words that make a message one for us
    drafts: dict[str, str] = field(default_factory=dict)  # unsent text by buffer
    search: Search = field(default_factory=Search)

    def is_muted(self, key: str) -> bool:
        """Whether nothing of a buffer is to be told."""
        return self.attention.get(key) is Attention.NOTHING

    @property
    def prefixes(self) -> dict[str, str]:
        """The server's member signs with their mode letters, highest first."""
        return read_prefixes(self.isupport.get("PREFIX") or PREFIX_TOKEN)
