"""The protocol state of one link, forgotten with it: negotiation, requests, batches, deadlines.

Plain data; what outlives a link is in `core` and `state`.
"""

from dataclasses import dataclass, field
from enum import Enum, auto
from math import inf
from typing import Final

from common.sasl import ClientExchange, ResponseBuffer
from common.wire import SERVER_TAGS_BYTES_MAX, LineBuffer, Message
from tui.client.state import Ban, Listing

LINE_BYTES_MAX: Final = 4096
"""What we accept after the tags: servers are told 512, some send more."""

REQUESTS_MAX: Final = 500
"""Open requests; the oldest is forgotten, so a server that never answers costs nothing."""


@dataclass(slots=True)
class Request:
    """A command of ours that waits for its answer.

    `target` is folded, `room` too where the command names a room besides. `buffer` is where the
    person was, `draft` what gets them back there when it is refused. `item_id` is the message it
    carries, 0 for none.
    """

    command: str
    target: str = ""
    buffer: str = ""
    draft: str = ""
    room: str = ""
    about: str = ""  # who the person named, where the command does not
    item_id: int = 0
    quiet: bool = False  # asked by the client itself: a refusal is no news to the person
    focus: bool = False  # the person wants to see the room that opens
    setting: str = ""  # of a room, that it shall change: a refusal is shown beside it


@dataclass(slots=True)
class OpenBatch:
    """A batch whose end has not come. History and messages of several lines collect their
    lines, the rest flow on.
    """

    opening: Message
    kind: str
    target: str
    parent: str
    request: Request | None
    lines: list[Message] = field(default_factory=list)
    overflowed: bool = False


class Direction(Enum):
    """Which part of a history was asked for; the value is the subcommand."""

    LATEST = "LATEST"
    AFTER = "AFTER"
    BEFORE = "BEFORE"
    AROUND = "AROUND"


@dataclass(slots=True)
class Ask:
    """A history page on its way. `hole` is the hole it shall fill, 0 for none."""

    direction: Direction
    limit: int
    selector: str
    asked_at: float
    request: Request
    hole: int = 0


@dataclass(slots=True)
class Login:
    """An exchange of SASL on its way. `mechanisms` are those still to be tried.

    Asked for by the person it has a `request`; without one it is part of registering.
    """

    account: str
    password: str
    mechanisms: list[str]
    exchange: ClientExchange | None = None
    received: ResponseBuffer = field(default_factory=ResponseBuffer)
    answered: bool = False  # something derived from the password was sent
    request: Request | None = None


class Typing(Enum):
    """What is said of a person's typing; the value is that of the tag."""

    ACTIVE = "active"
    PAUSED = "paused"
    DONE = "done"


@dataclass(slots=True)
class Composing:
    """What the person does in one conversation, and what the others were told of it."""

    wanted: Typing = Typing.DONE
    changed_at: float = 0.0
    said: Typing = Typing.DONE
    said_at: float = -inf


class Negotiation(Enum):
    """How far capability negotiation is."""

    LISTING = auto()
    REQUESTING = auto()
    ENDED = auto()


@dataclass(slots=True)
class Session:
    """One link's state, from its opening to its end."""

    opened_at: float = 0.0
    encrypted: bool = False
    last_heard: float = 0.0
    ping_sent_at: float | None = None
    ping_timeout_s: float = 0.0
    lines: LineBuffer = field(
        default_factory=lambda: LineBuffer(SERVER_TAGS_BYTES_MAX, LINE_BYTES_MAX)
    )
    negotiation: Negotiation = Negotiation.LISTING
    offered: list[str] = field(default_factory=list)
    unanswered_reqs: int = 0
    device_sent: bool = False
    ready: bool = False  # registered, and the greeting has been read to its end
    nick_deadline: float | None = None  # the next try to get the wanted nick back
    nicks_tried: list[str] = field(default_factory=list)
    nick_with_person: bool = False  # the person is asked for another nick
    login: Login | None = None
    password_chosen: str = ""  # for the account that is being made
    fatal: str = ""  # why connecting again would be pointless
    requests: dict[str, Request] = field(default_factory=dict)  # by label
    labels_made: int = 0
    batches: dict[str, OpenBatch] = field(default_factory=dict)
    asking: dict[str, Ask] = field(default_factory=dict)  # by buffer
    fill_wanted: dict[str, None] = field(default_factory=dict)
    sought: dict[str, str] = field(default_factory=dict)  # messages to be shown, by buffer
    barriers: dict[str, list[int]] = field(default_factory=dict)  # token → items before it
    leaving: dict[str, None] = field(default_factory=dict)
    names_arriving: dict[str, None] = field(default_factory=dict)
    bans_arriving: dict[str, list[Ban]] = field(default_factory=dict)
    who_wanted: dict[str, None] = field(default_factory=dict)  # rooms just entered
    marks_due: dict[str, float] = field(default_factory=dict)  # read positions to send, by buffer
    composing: dict[str, Composing] = field(default_factory=dict)  # by buffer
    typing_until: dict[tuple[str, str], float] = field(default_factory=dict)  # by buffer and nick
    listings: list[Listing] = field(default_factory=list)
    listing_since: float | None = None  # LIST is being answered
    ctcp_answered_at: float | None = None

    def add_request(self, request: Request) -> str:
        """Remember `request`; returns its label, unique on this link."""
        self.labels_made += 1
        label = f"q{self.labels_made}"
        self.requests[label] = request
        if len(self.requests) > REQUESTS_MAX:
            del self.requests[next(iter(self.requests))]
        return label

    def oldest(self, command: str) -> Request | None:
        """The oldest open request by `command`: a server answers in order."""
        return next((each for each in self.requests.values() if each.command == command), None)

    def take_oldest(self, command: str) -> Request | None:
        """The same, no longer open."""
        found = self.oldest(command)
        self.requests = {key: each for key, each in self.requests.items() if each is not found}
        return found

    def find(self, target: str, command: str) -> Request | None:
        """The oldest request on folded `target` by `command`, which stays open."""
        requests = self.requests.values()
        return next((r for r in requests if (r.target, r.command) == (target, command)), None)

    def take(self, target: str, commands: tuple[str, ...]) -> Request | None:
        """The oldest request on folded `target` by one of `commands`, no longer open."""
        for label, request in self.requests.items():
            named = target in (request.target, request.room)
            if named and request.command in commands:
                return self.requests.pop(label)
        return None
