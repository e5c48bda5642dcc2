"""Someone with a nick: one or more sessions, and the rooms they are in."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.core.session import Session, made_when_needed

if TYPE_CHECKING:
    from server.core.channel import Channel, Membership


@dataclass(slots=True, eq=False)
class User:
    """`holder` is who they are to rooms and messages (`server.core.holders`).

    `channels` is in order of entering. `holds` are the rooms where a guest without a device has
    something that ends with the connection. `source` is kept ready, because every line shows it.
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
    account_id: int = 0
    always_on: bool = False  # stays present without a session
    absent: bool = False  # marked away because no session is left
    away: str = ""  # why they are away; "" while they are here
    modes: str = ""  # changed by `World.set_user_modes`
    oper: str = ""  # the name under which they became an operator of the server
    sessions: dict[Session, None] = field(default_factory=dict)
    markers: dict[str, int] = field(init=False)  # read so far; of guests, by subject
    metadata: dict[str, str] = field(init=False)  # of guests
    channels: "dict[Channel, Membership]" = field(default_factory=dict)
    holds: "dict[Channel, None]" = field(init=False)
    invited: "dict[Channel, None]" = field(default_factory=dict)
    accepted: "dict[User, None]" = field(init=False)  # may write in any case
    writers: str = "everyone"  # who else may; of guests, see `server.core.writers`
    source: str = field(init=False)

    if not TYPE_CHECKING:
        __getattr__ = made_when_needed("markers", "metadata", "holds", "accepted")

    def __post_init__(self) -> None:
        self.rename(self.nick)

    def rename(self, nick: str) -> None:
        """Take a new nick."""
        self.nick = nick
        self.source = f"{nick}!{self.user_name}@{self.host}"
