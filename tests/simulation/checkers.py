"""The checks of every tick: the ledger, what each link was shown, and the server's own indexes."""

from server.core.core import Core
from server.core.user import User
from server.core.world import World
from server.storage.ports import Store
from tests.simulation.ledger import Ledger
from tests.simulation.streams import Seat, Stream
from tests.simulation.trace import Trace


class Checkers:
    """Told by the server and the people what happens; asserts that it may."""

    def __init__(self, trace: Trace, send_queue_bytes_max: int) -> None:
        self.ledger = Ledger()
        self.once: dict[str, None] = {}  # texts sent under a key: stored once at most
        self._trace = trace
        self._send_queue_bytes_max = send_queue_bytes_max
        self._streams: dict[int, Stream] = {}
        self._keys: dict[str, int] = {}

    def link_opened(self, link: int, *, exact: bool) -> None:
        """Someone connected; `exact` for a client of ours."""
        self._streams[link] = Stream(link, exact, self.ledger, self._trace, self._keys)

    def server_read(self, link: int, data: bytes) -> None:
        """The server took bytes from a link."""
        self._streams[link].server_read(data)

    def committed(self, store: Store) -> None:
        """A commit succeeded: whatever it took is in the ledger from here on."""
        before = self.ledger.by_name
        for event in self.ledger.read(store):
            self._trace.note(f"stored {event.msgid} {event.kind.name} {event.source} {event.text}")
            if event.text in self.once:
                stored = self.ledger.texts.get(event.text, [])
                assert len(stored) <= 1, f"stored twice under one key: {stored}"
        if any(name not in self.ledger.by_name for name in before):
            self._trace.mark("room expired")

    def flushed(self, link: int, data: bytes) -> None:
        """The server sent bytes to a link."""
        self._streams[link].flushed(data)

    def link_closed(self, link: int) -> None:
        """The server closed a link."""
        del self._streams[link]

    def server_died(self, store: Store) -> None:
        """The process was killed; `store` is what the next one finds."""
        self._streams.clear()
        self.ledger.survives_in(store)

    def tick_ended(self, core: Core) -> None:
        """A whole tick is over."""
        check_indexes(core.world)
        self.ledger.tick_ended()
        for session in core.world.sessions.values():
            assert not session.out, "something was not flushed"
            assert session.unsent_bytes <= self._send_queue_bytes_max, "a queue above its limit"

    def check_answered(self) -> None:
        """At rest: everything that a client of ours asked has been answered."""
        for stream in self._streams.values():
            assert not stream.labels, f"link {stream.link}: no answer to {stream.labels}"
            assert not stream.batches, f"link {stream.link}: batches left open"

    def seats_of(self, link: int) -> dict[str, Seat]:
        """The rooms that a link was shown to be in, by folded name."""
        return self._streams[link].seats


def check_indexes(world: World) -> None:
    """Users, channels, sessions and members agree in both directions."""
    for link, session in world.sessions.items():
        assert session.link == link
        user = session.user
        if user is not None and not session.said_goodbye:
            assert world.users[_folded(user.nick)] is user, f"{user.nick} is not indexed"
            assert session in user.sessions, f"{user.nick} does not know its session"
            assert session.nick == user.nick, f"{session.nick} is called {user.nick}"
    for nick, user in world.users.items():
        assert nick == _folded(user.nick)
        assert user.source.startswith(f"{user.nick}!")
        for session in user.sessions:
            assert world.sessions.get(session.link) is session, f"{nick}: a session is gone"
        for channel, membership in user.channels.items():
            assert channel.members.get(user) is membership, f"{nick} is half in a room"
    _check_channels(world)
    _check_users(world)


def _check_users(world: World) -> None:
    """What is kept ready of users and sessions is what they are."""
    users = list(world.users.values())
    by_account: dict[int, list[User]] = {}
    for user in users:
        if user.account_id:
            by_account.setdefault(user.account_id, []).append(user)
    assert {key: set(held) for key, held in world.present.items()} == {
        key: set(held) for key, held in by_account.items()
    }, "who is present of the accounts"
    assert set(world.opers) == {user for user in users if "o" in user.modes}, "operators"
    assert set(world.invisible) == {user for user in users if "i" in user.modes}, "invisible"
    alike = [user for held in world.look_alikes.values() for user in held]
    indexed = users if world.settings.names__beyond_ascii else []
    assert len(alike) == len(indexed), "names that look alike"
    assert set(alike) == set(indexed), "names that look alike"
    watched = {(nick, session) for nick, held in world.monitors.items() for session in held}
    assert watched == {
        (nick, session) for session in world.sessions.values() for nick in session.monitoring
    }, "who watches whom"
    for session in world.unregistered:
        assert world.sessions.get(session.link) is session, "a stranger who is gone"
        assert session.user is None, "a stranger with a name"


def _check_channels(world: World) -> None:
    assert len(world.channels) == len(world.channels_by_id)
    assert set(world.listed) == {
        channel.record.id for channel in world.channels.values() if channel.record.listed
    }, "listed rooms"
    alike = [channel for held in world.rooms_by_look.values() for channel in held]
    assert len(alike) == len(world.channels), "rooms that look alike"
    assert set(alike) == set(world.channels.values()), "rooms that look alike"
    for name, channel in world.channels.items():
        record = channel.record
        assert name == _folded(record.name)
        assert world.channels_by_id[record.id] is channel
        assert bool(record.empty_since_ms) == (not channel.members), f"{name}: emptiness"
        sessions = []
        for user, membership in channel.members.items():
            assert user.channels.get(channel) is membership, f"{name}: a member is half in it"
            assert world.users[_folded(user.nick)] is user, f"{name}: a member is gone"
            sessions += list(user.sessions)
        assert len(sessions) == len(channel.sessions), f"{name}: sessions of its members"
        assert all(session in channel.sessions for session in sessions), f"{name}: sessions"


def _folded(name: str) -> str:
    """Of plain ASCII names, what the index must hold; on purpose not the server's function."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in name)
