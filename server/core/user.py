"""Someone with a nick: one or more sessions, and the rooms they are in."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from server.core.session import MadeWhenNeeded, Session

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
    channels: "dict[Channel, Membership]" = field(default_factory=dict)
    writers: str = "everyone"  # who else may; of guests, see `server.core.writers`
    source: str = field(init=False)
    rare: dict[str, dict[Any, Any]] | None = None

    markers = MadeWhenNeeded[str, int]()  # read so far; of guests, by subject
    metadata = MadeWhenNeeded[str, str]()  # of guests
    holds = MadeWhenNeeded["Channel", None]()
    invited = MadeWhenNeeded["Channel", None]()
    accepted = MadeWhenNeeded["User", None]()  # may write in any case

    def __post_init__(self) -> None:
        self.rename(self.nick)

    def is_invited(self, channel: "Channel") -> bool:
        """Whether there is an invitation that was not used yet."""
        return bool(self.rare) and channel in self.invited

    def came_in(self, channel: "Channel") -> None:
        """Whoever is in a room needs no invitation any more."""
        if self.rare:
            self.invited.pop(channel, None)

    def rename(self, nick: str) -> None:
        """Take a new nick."""
        self.nick = nick
        self.source = f"{nick}!{self.user_name}@{self.host}"
