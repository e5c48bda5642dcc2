"""A room: its record, who is in it, and the flat list of sessions that delivery walks."""

from dataclasses import dataclass, field

from server.core.session import Session
from server.core.user import User
from server.storage.ports import ChannelRecord


@dataclass(slots=True)
class Membership:
    """User-in-channel. `roles` are prefix mode letters, highest first."""

    roles: str
    joined_position: int


@dataclass(slots=True, eq=False)
class Channel:
    """`members` and `sessions` change together, in `add` and `remove`, and are never rebuilt."""

    record: ChannelRecord
    members: dict[User, Membership] = field(default_factory=dict)
    sessions: dict[Session, None] = field(default_factory=dict)
    spoke_at: dict[str, float] = field(default_factory=dict)  # see `server.core.slow_mode`
    unkept: bool = False  # nothing of what happens in it is kept
    renamed_at: float | None = None  # by the monotonic clock; None for not since the start

    def add(self, user: User, membership: Membership) -> None:
        """Put `user` in, with all their sessions."""
        self.members[user] = membership
        user.channels[self] = membership
        self.sessions.update(user.sessions)
        user.came_in(self)

    def attach(self, user: User, session: Session) -> None:
        """Another session of a member."""
        assert user in self.members
        self.sessions[session] = None

    def detach(self, session: Session) -> None:
        """A session of a member is gone, the member stays."""
        del self.sessions[session]

    def remove(self, user: User) -> None:
        """Take `user` out, with all their sessions."""
        del self.members[user]
        del user.channels[self]
        for session in user.sessions:
            del self.sessions[session]
            session.unasked.pop(self, None)
