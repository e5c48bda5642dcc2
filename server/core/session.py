"""State of one link: what it negotiated, how far registration has come, what waits for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Protocol, TypeVar

from common.sasl import ResponseBuffer, ScramServer
from common.wire import (
    BODY_BYTES_MAX,
    CLIENT_TAGS_BYTES_MAX,
    ENDLESS_BYTES,
    LineBuffer,
    Message,
)

if TYPE_CHECKING:
    from server.core.channel import Channel
    from server.core.client_batch import ClientBatch
    from server.core.user import User
    from server.storage.ports import AccountRecord

Key = TypeVar("Key")
Value = TypeVar("Value")

UNSENT_BYTES_PAUSE: Final = 256 << 10
"""With this much output waiting, a session's next lines wait too: its own answers never
overflow its queue, only what others send can."""


class HasRareDicts(Protocol):
    """What a `MadeWhenNeeded` is part of: it keeps all of them in one place, from the first on."""

    rare: dict[str, dict[Any, Any]] | None


class MadeWhenNeeded(Generic[Key, Value]):
    """A dict that few ever use: made with its first use, and again after a `del`.

    An empty one takes 64 bytes, a fiftieth of what an idle client may. Not by `__getattr__`: in a
    class that has one, every attribute is looked up the slow way.
    """

    __slots__ = ("_name",)

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, owner: "HasRareDicts", _class: type) -> dict[Key, Value]:
        rare = owner.rare
        if rare is None:
            rare = owner.rare = {}
        return rare.setdefault(self._name, {})

    def __delete__(self, owner: "HasRareDicts") -> None:
        if owner.rare:
            owner.rare.pop(self._name, None)
            owner.rare = owner.rare or None


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a link, as the transport knows it."""

    host: str
    loopback: bool = True
    secure: bool = False
    certificate: str = ""  # SHA-256 of the client certificate, in hexadecimal


def _new_lines() -> LineBuffer:
    return LineBuffer(CLIENT_TAGS_BYTES_MAX, BODY_BYTES_MAX, ENDLESS_BYTES)


@dataclass(slots=True, eq=False)
class Session:
    """The protocol state of one link. `out` is what the loop sends after the commit."""

    link: int
    peer: Peer
    connected_at: float
    out: list[bytes] = field(default_factory=list)
    connection: Any = None  # the loop's: what it sends by; None once the link is closed
    unsent_bytes: int = 0  # kept by the loop: taken from `out`, not yet taken by the kernel
    lines: LineBuffer = field(default_factory=_new_lines)
    turn_over: bool = False  # set by costly commands: the other lines wait for the next tick
    capabilities: int = 0
    variant: int = 0  # the capabilities that change how a line is encoded
    negotiating: bool = False
    cap_version: int = 0
    nick: str = ""
    user_name: str = ""
    realname: str = ""
    password: str = ""
    device: str = ""  # digest of the device token
    user: "User | None" = None  # set when registration is complete
    last_heard: float = 0.0
    block: str = ""  # the addresses it counts among; "" for one that is not counted
    credit: float = 0.0  # for lines, see `server.core.limits`; as of `credit_at`
    credit_at: float = 0.0
    ping_sent: bool = False
    rooms_created: int = 0
    unlabeled: tuple[bytes, ...] = ()  # to follow an answer, without its label
    batch: "ClientBatch | None" = None  # what the client is sending in several lines
    away: str | None = None  # given before registration was complete (pre-away)
    account_id: int = 0  # of the account that is logged in; 0 for none
    account: str = ""  # its name
    exchange: "Exchange | None" = None  # a SASL login that has begun
    refused_nick: str = ""  # wanted before registration, and in use
    confirmation: str = ""  # the code that deletes the account, once it was asked for
    through_gateway: bool = False  # a web gateway has said for whom it connects
    room_to_close: tuple[int, str] | None = None  # its id, and the code that closes it
    waiting: "Waiting | None" = None  # for a job: the lines behind it wait too
    closing: str = ""  # why the link is to be closed after the flush; "" while it lives
    said_goodbye: bool = False  # the world has taken note of `closing`
    rare: dict[str, dict[Any, Any]] | None = None

    metadata = MadeWhenNeeded[str, str]()  # set before registration
    metadata_keys = MadeWhenNeeded[str, None]()  # it wants to hear of
    monitoring = MadeWhenNeeded[str, str]()  # nicks as typed, by folded nick
    unasked: "ClassVar[MadeWhenNeeded[Channel, None]]" = MadeWhenNeeded()  # shown without a JOIN

    @property
    def target(self) -> str:
        """How numerics address this session."""
        return self.nick or "*"

    @property
    def source(self) -> str:
        """How the session is called before and after registration, with ``*`` for gaps."""
        if self.user is not None:
            return self.user.source
        return f"{self.target}!{self.user_name or '*'}@*"


@dataclass(slots=True)
class Exchange:
    """A SASL login under way, of whom `name` says.

    `account` is who they have proved to be, where only the end of the exchange is missing.
    """

    mechanism: str
    response: ResponseBuffer = field(default_factory=ResponseBuffer)
    scram: ScramServer | None = None
    name: str = ""
    account: "AccountRecord | None" = None


@dataclass(slots=True)
class Waiting:
    """The rest of a command whose job is not done. `then` takes the job's result.

    `refuse` answers a refusal in place of FAIL, where the command has a way of its own.
    """

    message: Message
    then: Callable[[Any], None]
    refuse: Callable[[Any], None] | None
    label: str = ""
