"""Everything the core knows: users, channels, sessions, the store, the time.

Owns the indexes and keeps them in step; decides nothing and sends nothing.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from common.casemap import fold
from server.core.channel import Channel
from server.core.keeping import keeping_of
from server.core.limits import Allowances
from server.core.look_alikes import skeleton
from server.core.session import Session
from server.core.throttle import Throttle
from server.core.timers import Timers
from server.core.user import User
from server.settings import Settings
from server.storage.ports import (
    ACCOUNT_HOLDER,
    ChannelRecord,
    Invitation,
    Sanction,
    Store,
    channel_subject,
)

if TYPE_CHECKING:
    from server.core.erasing import Erasure
    from server.core.welcome import Greeting
    from server.core.writers import Writers

DEPARTED_MAX: Final = 1_000
"""Nicks that WHOWAS remembers; the oldest gives way."""


class Departed(NamedTuple):
    """Someone who left, or took another nick: what WHOWAS tells of them."""

    nick: str
    user_name: str
    host: str
    realname: str
    left_ms: int


LOG_IDS: Final = 1 << 40
"""Ids of channels and direct conversations are random below this, so that they do not tell how
many there are."""


class JobFailedError(Exception):
    """The machine could not do a job: it has too little memory."""


class NoSpaceError(Exception):
    """The disk is too full to store anything new; nothing has been changed."""


class Job(NamedTuple):
    """Slow work; its result comes back by `Core.finished`."""

    id: int
    work: Callable[[], object]


@dataclass(slots=True)
class Outbox:
    """What the core wants done, pulled by the loop after the commit of the tick."""

    dirty: list[Session] = field(default_factory=list)  # sessions whose `out` holds something
    closing: list[Session] = field(default_factory=list)  # links to close after the flush
    jobs: list[Job] = field(default_factory=list)  # to be started off the loop
    rehash: list[Session] = field(default_factory=list)  # who asks to read the settings again


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
    ending: deque[Session] = field(default_factory=deque)  # closing; still to be taken out of here
    users: dict[str, User] = field(default_factory=dict)  # by folded nick
    present: dict[int, dict[User, None]] = field(default_factory=dict)  # by id of their account
    channels: dict[str, Channel] = field(default_factory=dict)  # by folded name
    channels_by_id: dict[int, Channel] = field(default_factory=dict)
    metadata: dict[str, dict[str, str]] = field(default_factory=dict)  # of what is stored
    listed: dict[int, None] = field(default_factory=dict)  # ids of the channels all may see
    unregistered: dict[Session, None] = field(default_factory=dict)  # have given no name yet
    opers: dict[User, None] = field(default_factory=dict)  # with the user mode o
    invisible: dict[User, None] = field(default_factory=dict)  # with the user mode i
    look_alikes: dict[str, tuple[User, ...]] = field(default_factory=dict)
    """By skeleton of their nicks, where those may be beyond ASCII; else nobody asks."""
    rooms_by_look: dict[str, dict[Channel, None]] = field(default_factory=dict)
    users_max: int = 0  # the most there were at the same time
    monitors: dict[str, dict[Session, None]] = field(default_factory=dict)  # by folded nick
    jobs: dict[int, Session] = field(default_factory=dict)  # asked for and not finished, by id
    chores: dict[int, Callable[[object], None]] = field(default_factory=dict)  # jobs of our own
    jobs_asked: int = 0
    invitations: dict[str, Invitation] = field(default_factory=dict)  # by digest of the token
    lifts: list[tuple[int, int, tuple[str, str]]] = field(default_factory=list)
    """When bans end by themselves, a heap: wall milliseconds, channel id, name of the mask."""
    writers: "dict[str, Writers]" = field(default_factory=dict)  # of accounts met so far
    account_names: dict[str, str] = field(default_factory=dict)  # of holders met so far
    sanctions: dict[str, dict[str, Sanction]] = field(
        default_factory=lambda: {"ban": {}, "mute": {}, "filter": {}}
    )
    """By kind and folded mask; changed by `server.core.sanctions` only, like the two below."""
    lockdown: str = ""  # why the server is locked down; "" while it is open
    speech_watched: bool = False  # whether anything has to be checked when someone speaks
    failed_logins: Throttle = field(init=False)
    allowances: Allowances = field(default_factory=Allowances)
    blocks: dict[str, int] = field(default_factory=dict)  # links by where they come from
    erasures: "dict[str, Erasure]" = field(default_factory=dict)  # by who they are about
    departed: deque[Departed] = field(default_factory=lambda: deque(maxlen=DEPARTED_MAX))
    greeting: "Greeting | None" = None  # under the settings it was made for
    commands_run: dict[str, int] = field(default_factory=dict)  # since the start, by name

    def __post_init__(self) -> None:
        settings = self.settings
        free, longest_s = settings.limits__failed_logins, settings.limits__failed_login_wait_s
        self.failed_logins = Throttle(free, float(longest_s))

    def load_channels(self) -> None:
        """Take in every stored channel; nobody is in any of them yet."""
        for record in self.store.channels.load():
            self.add_channel(record)
            for name, entry in record.masks.items():
                self.note_end(record.id, name, entry.until_ms)
        for invitation in self.store.invitations.load_invitations():
            self.invitations[invitation.digest] = invitation

    def load_metadata(self) -> None:
        """Take in everything that is stored about rooms and accounts."""
        self.metadata = self.store.metadata.load_metadata()

    def add_channel(self, record: ChannelRecord) -> Channel:
        """Index a channel that is new to the world."""
        channel = Channel(record)
        assert fold(record.name) not in self.channels
        self.channels[fold(record.name)] = channel
        self.channels_by_id[record.id] = channel
        self.rooms_by_look.setdefault(_room_look(record.name), {})[channel] = None
        self.note_listing(record)
        self.note_keeping(channel)
        return channel

    def rooms_alike(self, name: str) -> Iterable[Channel]:
        """The channels that `name` would be mistaken for."""
        return self.rooms_by_look.get(_room_look(name), ())

    def note_end(self, channel_id: int, name: tuple[str, str], until_ms: int) -> None:
        """Remember when a mask is to be taken off; 0 is for never."""
        if until_ms:
            heapq.heappush(self.lifts, (until_ms, channel_id, name))

    def note_keeping(self, channel: Channel) -> None:
        """Keep `Channel.unkept`, and what the store does, in step with a room and the settings."""
        channel.unkept = keeping_of(self.settings, channel.record).nothing
        self.store.floors.discard(channel.record.id, on=channel.unkept)

    def note_listing(self, record: ChannelRecord) -> None:
        """Keep `listed` in step with the modes of a channel."""
        if record.listed:
            self.listed[record.id] = None
        else:
            self.listed.pop(record.id, None)

    def remove_channel(self, channel: Channel) -> None:
        """Take a channel out of the indexes."""
        del self.channels[fold(channel.record.name)]
        del self.channels_by_id[channel.record.id]
        self._forget_look(channel)
        self.metadata.pop(channel_subject(channel.record.id), None)
        self.listed.pop(channel.record.id, None)

    def rename_channel(self, channel: Channel, name: str) -> None:
        """Move a channel to a name that is free, or its own in other letters."""
        del self.channels[fold(channel.record.name)]
        self._forget_look(channel)
        channel.record.name = name
        self.channels[fold(name)] = channel
        self.rooms_by_look.setdefault(_room_look(name), {})[channel] = None

    def add_user(self, user: User) -> None:
        """Index a user whose nick is free."""
        assert fold(user.nick) not in self.users
        self.users[fold(user.nick)] = user
        self._note_looks(user)
        if user.account_id:
            self.present.setdefault(user.account_id, {})[user] = None
        self.users_max = max(self.users_max, len(self.users))
        self.set_user_modes(user, user.modes)

    def set_user_modes(self, user: User, modes: str) -> None:
        """Give a user other modes; keeps the counts by mode in step."""
        user.modes = modes
        for letter, index in (("o", self.opers), ("i", self.invisible)):
            if letter in modes:
                index[user] = None
            else:
                index.pop(user, None)
        if "o" not in modes:
            user.oper = ""

    def set_account(self, user: User, account_id: int, name: str) -> None:
        """Give a user another account; 0 and ``""`` are none."""
        self._forget_account(user)
        user.account_id, user.account = account_id, name
        if account_id:
            self.present.setdefault(account_id, {})[user] = None

    def is_taken(self, nick: str) -> bool:
        """Whether someone has this nick."""
        return fold(nick) in self.users

    def rename_user(self, user: User, nick: str) -> None:
        """Move a user to a nick that is free, or their own in other letters."""
        self._forget_nick(user)
        user.rename(nick)
        self.add_user(user)

    def remove_user(self, user: User) -> None:
        """Take a user out of the indexes and out of every channel."""
        for channel in list(user.channels):
            channel.remove(user)
        self._forget_nick(user)
        self._forget_account(user)
        self.opers.pop(user, None)
        self.invisible.pop(user, None)

    def remember_nick(self, user: User) -> None:
        """Keep for WHOWAS who had this nick, which they are about to give up."""
        self.departed.append(
            Departed(user.nick, user.user_name, user.host, user.realname, self.wall_ms)
        )

    def watch(self, session: Session, nick: str) -> None:
        """Tell this session from now on whether someone with this nick is here."""
        session.monitoring[fold(nick)] = nick
        self.monitors.setdefault(fold(nick), {})[session] = None

    def unwatch(self, session: Session, folded: str) -> None:
        """The opposite; nothing where it was not watched."""
        if session.monitoring.pop(folded, None) is not None:
            watchers = self.monitors[folded]
            del watchers[session]
            if not watchers:
                del self.monitors[folded]

    def _forget_nick(self, user: User) -> None:
        del self.users[fold(user.nick)]
        if self.look_alikes:
            looks = skeleton(user.nick)
            others = tuple(other for other in self.look_alikes.pop(looks) if other is not user)
            if others:
                self.look_alikes[looks] = others

    def index_looks(self) -> None:
        """Make `look_alikes` anew, as the settings want it."""
        self.look_alikes.clear()
        for user in self.users.values():
            self._note_looks(user)

    def _note_looks(self, user: User) -> None:
        if self.settings.names__beyond_ascii:
            looks = skeleton(user.nick)
            self.look_alikes[looks] = (*self.look_alikes.get(looks, ()), user)

    def _forget_look(self, channel: Channel) -> None:
        alike = self.rooms_by_look[_room_look(channel.record.name)]
        del alike[channel]
        if not alike:
            del self.rooms_by_look[_room_look(channel.record.name)]

    def _forget_account(self, user: User) -> None:
        present = self.present.get(user.account_id)
        if present is not None:
            present.pop(user, None)
            if not present:
                del self.present[user.account_id]

    def ask_job(self, session: Session, work: Callable[[], object]) -> None:
        """Have `work` done off the loop for a session, which waits for it."""
        self.jobs_asked += 1
        self.jobs[self.jobs_asked] = session
        self.outbox.jobs.append(Job(self.jobs_asked, work))

    def ask_chore(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        """Have `work` done off the loop for nobody; `then` takes its result, or its error."""
        self.jobs_asked += 1
        self.chores[self.jobs_asked] = then
        self.outbox.jobs.append(Job(self.jobs_asked, work))

    def account_of(self, holder: str) -> str:
        """The name of the account behind a holder; ``""`` for none, or one that is gone."""
        if not holder.startswith(ACCOUNT_HOLDER):
            return ""
        name = self.account_names.get(holder)
        if name is None:
            record = self.store.accounts.get(int(holder.removeprefix(ACCOUNT_HOLDER)))
            name = self.account_names[holder] = record.name if record else ""
        return name

    def check_space(self) -> None:
        """Raise `NoSpaceError` where nothing new may be stored."""
        if self.low_space:
            raise NoSpaceError

    def end_session(self, session: Session, reason: str) -> None:
        """Have the link closed after the flush; nothing more is read from it."""
        if not session.closing:
            session.closing = reason
            session.lines.clear()
            self.unregistered.pop(session, None)
            for folded in list(session.monitoring):
                self.unwatch(session, folded)
            self.ending.append(session)

    def new_log_id(self) -> int:
        """An id that neither a channel nor a direct conversation has."""
        while True:
            found = self.random_int(LOG_IDS)
            if found not in self.channels_by_id and not self.store.log.last_position(found):
                return found

    def new_token(self) -> str:
        """Sixteen random hexadecimal digits."""
        return f"{self.random_int(1 << 64):016x}"


def _room_look(name: str) -> str:
    return skeleton(name, accents=True)


def read_utc(text: str) -> int:
    """Wall milliseconds of a text in the form of server-time; raises `ValueError`."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


@lru_cache(maxsize=1024)  # one tick has one time: 2 µs saved for each message
def utc_text(wall_ms: int) -> str:
    """A wall time in the form of server-time: ``2026-11-22T15:02:50.123Z``."""
    moment = datetime.fromtimestamp(wall_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{wall_ms % 1000:03d}Z"
