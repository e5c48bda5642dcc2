"""State of one link: what it negotiated, how far registration has come, what waits for it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from common.wire import CLIENT_TAGS_BYTES_MAX, LineBuffer

if TYPE_CHECKING:
    from server.core.user import User

UNSENT_BYTES_PAUSE: Final = 256 << 10
"""With this much output waiting, a session's next lines wait too: its own answers never
overflow its queue, only what others send can."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a link, as the transport knows it."""

    host: str
    loopback: bool = True
    secure: bool = False
    certificate: str = ""  # SHA-256 of the verified client certificate, in hexadecimal


@dataclass(slots=True, eq=False)
class Session:
    """The protocol state of one link. `out` is what the loop sends after the commit."""

    link: int
    peer: Peer
    connected_at: float
    out: list[bytes] = field(default_factory=list)
    unsent_bytes: int = 0  # kept by the loop: taken from `out`, not yet taken by the kernel
    lines: LineBuffer = field(default_factory=lambda: LineBuffer(CLIENT_TAGS_BYTES_MAX))
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
    ping_sent: bool = False
    rooms_created: int = 0
    closing: str = ""  # why the link is to be closed after the flush; "" while it lives
    said_goodbye: bool = False  # the world has taken note of `closing`

    @property
    def target(self) -> str:
        """How numerics address this session."""
        return self.nick or "*"
