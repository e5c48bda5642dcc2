"""Someone with a nick: one or more sessions, and the rooms they are in."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.core.session import Session

if TYPE_CHECKING:
    from server.core.channel import Channel, Membership


@dataclass(slots=True, eq=False)
class User:
    """`holder` is the durable identity behind the nick; ``""`` for one that ends with the link.

    `channels` is in order of entering. `source` is kept ready, because every line shows it.
    """

    nick: str
    user_name: str
    host: str
    realname: str
    holder: str
    signon_ms: int
    active_ms: int  # when they last said something
    secure: bool
    account: str = ""
    away: str = ""  # why they are away; "" while they are here
    modes: str = ""
    sessions: dict[Session, None] = field(default_factory=dict)
    channels: "dict[Channel, Membership]" = field(default_factory=dict)
    invited: "dict[Channel, None]" = field(default_factory=dict)
    source: str = field(init=False)

    def __post_init__(self) -> None:
        self.rename(self.nick)

    def rename(self, nick: str) -> None:
        """Take a new nick."""
        self.nick = nick
        self.source = f"{nick}!{self.user_name}@{self.host}"
