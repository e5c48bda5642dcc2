"""Everything the core knows: users, channels, sessions, the store, the time.

Owns the indexes and keeps them in step; decides nothing and sends nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from common.casemap import fold
from server.core.channel import Channel
from server.core.session import Session
from server.core.timers import Timers
from server.core.user import User
from server.settings import Settings
from server.storage.ports import ChannelRecord, Store


@dataclass(slots=True)
class Outbox:
    """What the core wants done, pulled by the loop after the commit of the tick."""

    dirty: list[Session] = field(default_factory=list)  # sessions whose `out` holds something
    closing: list[Session] = field(default_factory=list)  # links to close after the flush


@dataclass(slots=True)
class World:
    """One per server. `random_int` gives a random number below its argument."""

    settings: Settings
    store: Store
    version: str
    random_int: Callable[[int], int]
    outbox: Outbox = field(default_factory=Outbox)
    timers: Timers = field(default_factory=Timers)
    now: float = 0.0
    wall_ms: int = 0
    started_ms: int = 0
    low_space: bool = False
    sessions: dict[int, Session] = field(default_factory=dict)  # by link
    users: dict[str, User] = field(default_factory=dict)  # by folded nick
    channels: dict[str, Channel] = field(default_factory=dict)  # by folded name
    channels_by_id: dict[int, Channel] = field(default_factory=dict)

    def load_channels(self) -> None:
        """Take in every stored channel; nobody is in any of them yet."""
        for record in self.store.channels.load():
            self.add_channel(record)

    def add_channel(self, record: ChannelRecord) -> Channel:
        """Index a channel that is new to the world."""
        channel = Channel(record)
        assert fold(record.name) not in self.channels
        self.channels[fold(record.name)] = channel
        self.channels_by_id[record.id] = channel
        return channel

    def remove_channel(self, channel: Channel) -> None:
        """Take a channel out of the indexes."""
        del self.channels[fold(channel.record.name)]
        del self.channels_by_id[channel.record.id]

    def add_user(self, user: User) -> None:
        """Index a user whose nick is free."""
        assert fold(user.nick) not in self.users
        self.users[fold(user.nick)] = user

    def rename_user(self, user: User, nick: str) -> None:
        """Move a user to a nick that is free, or their own in other letters."""
        del self.users[fold(user.nick)]
        user.rename(nick)
        self.add_user(user)

    def remove_user(self, user: User) -> None:
        """Take a user out of the indexes and out of every channel."""
        for channel in list(user.channels):
            channel.remove(user)
        del self.users[fold(user.nick)]

    def end_session(self, session: Session, reason: str) -> None:
        """Have the link closed after the flush; nothing more is read from it."""
        if not session.closing:
            session.closing = reason
            session.lines.clear()
            self.outbox.closing.append(session)

    def new_token(self) -> str:
        """Sixteen random hexadecimal digits."""
        return f"{self.random_int(1 << 64):016x}"


def utc_text(wall_ms: int) -> str:
    """A wall time in the form of server-time: ``2026-11-22T15:02:50.123Z``."""
    moment = datetime.fromtimestamp(wall_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{wall_ms % 1000:03d}Z"
