"""The test language: people who talk to a real `Core` over an in-memory store.

    with two people in a room::

        world = World()
        alice, bob = world.join("alice", "bob", room="#trail")
        alice.send("PRIVMSG #trail :hello")
        bob.expect("PRIVMSG #trail hello")

Time stands still until `World.pass_time`; every line sent is a whole tick, commit before
flush included, unless it is sent with `begin`. `expect` compares command and parameters; tags
and source are there to look at. Every line the server sends is checked to be one.
"""

import random
from collections.abc import Callable, Iterable

from common.wire import OVERLONG, SERVER_TAGS_BYTES_MAX, LineBuffer, Message, parse
from server.core.core import Core
from server.core.session import Peer, Session
from server.settings import Settings
from server.storage.memory import MemoryStore
from server.storage.ports import Store

UNHURRIED = Settings(limits__cost_per_second=0, limits__searches_per_minute=0)
"""For tests of other things than limits: time stands still while people send their lines."""

LOCAL = Peer("127.0.0.1", loopback=True)
OUR_CLIENT = (
    "message-tags server-time batch echo-message labeled-response standard-replies "
    "multi-prefix draft/chathistory draft/event-playback chat-server/sequence "
    "chat-server/rooms chat-server/resend"
)


class World:
    """A server core with its store, and the people on it. `strict` lets our bugs propagate."""

    def __init__(
        self,
        settings: Settings | None = None,
        store: Store | None = None,
        *,
        strict: bool = True,
    ) -> None:
        self.strict = strict
        self.settings = settings or UNHURRIED
        self.memory = MemoryStore()
        self.store: Store = store or self.memory
        self.now = 1_000.0
        self.wall_ms = 1_767_225_600_000  # 2026-01-01
        self.people: dict[int, Person] = {}
        self.commits = 0  # of ticks that had something to store
        self._links = 0
        self._random = random.Random(1)
        self.core = self._new_core()

    def _new_core(self) -> Core:
        core = Core(self.settings, self.store, "test", self._random.randrange, strict=self.strict)
        core.start(self.now, self.wall_ms)
        return core

    def link(self, peer: Peer = LOCAL) -> "Person":
        """Someone who has connected and said nothing yet."""
        self._links += 1
        session = self.core.connected(self._links, peer)
        person = self.people[self._links] = Person(self, self._links, session)
        self.flush()
        return person

    def connect(self, nick: str, capabilities: str = "", device: str = "") -> "Person":
        """Someone registered as `nick`, whose welcome has been read already."""
        person = self.link()
        if capabilities:
            person.send("CAP LS 302", f"CAP REQ :{capabilities}")
        if device:
            person.send(f"DEVICE {device}")
        person.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        if capabilities:
            person.send("CAP END")
        person.nick = nick
        person.barrier()
        return person

    def join(
        self, *nicks: str, room: str = "#trail", capabilities: str = ""
    ) -> "tuple[Person, ...]":
        """Several people in one room, the first having made it; everything read already."""
        people = tuple(self.connect(nick, capabilities) for nick in nicks)
        for number, person in enumerate(people):
            person.send(f"{'JOIN' if number else 'CREATE'} {room}")
        for person in people:
            person.barrier()
        return people

    def pass_time(self, seconds: float) -> None:
        """Let both clocks run, and timers fire."""
        self.now += seconds
        self.wall_ms += round(seconds * 1000)
        self.core.advance(self.now, self.wall_ms)
        self.core.fire_timers()
        self.tick()

    def tick(self) -> None:
        """Finish a tick: jobs, at once, and what is left of the backlog; then commit, flush."""
        while self.core.outbox.jobs:
            job = self.core.outbox.jobs.pop(0)
            self.core.finished(job.id, _result(job.work))
        self._do_jobs()
        self.core.run_backlog()
        self.commits += self.store.dirty
        self.store.commit()
        self.flush()

    def _do_jobs(self) -> None:
        """Do every job at once, those too that come of others."""
        jobs = self.core.outbox.jobs
        while jobs:
            job = jobs.pop(0)
            self.core.finished(job.id, job.work())

    def flush(self) -> None:
        """Hand what is queued to the people, and close what is to be closed."""
        for session in self.core.outbox.dirty:
            person = self.people.get(session.link)
            if person is not None:
                person.take(b"".join(session.out))
            session.out.clear()
        self.core.outbox.dirty.clear()
        for session in self.core.outbox.closing:
            self.core.forget(session)
            if session.link in self.people:
                self.people.pop(session.link).closed = True
        self.core.outbox.closing.clear()

    def restart(self) -> None:
        """kill -9, and a start on what had been committed."""
        assert self.store is self.memory
        self.memory = self.memory.crash()
        self.store = self.memory
        for person in self.people.values():
            person.closed = True
        self.people.clear()
        self.core = self._new_core()
        self.store.commit()


class Person:
    """One link, as the one at its other end sees it."""

    def __init__(self, world: World, link: int, session: Session) -> None:
        self.world = world
        self.nick = "*"
        self.closed = False
        self.received: list[Message] = []
        self._link = link
        self._session = session
        self._lines = LineBuffer(SERVER_TAGS_BYTES_MAX)
        self._barriers = 0

    def send(self, *lines: str) -> None:
        """Send lines, each as a tick of its own."""
        for line in lines:
            self.send_bytes(line.encode() + b"\r\n")

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are, as one chunk and one tick."""
        self.world.core.received(self._link, data)
        self.world.tick()

    def begin(self, *lines: str) -> None:
        """Send lines as one chunk, in a tick that goes on until somebody ends it."""
        data = "".join(f"{line}\r\n" for line in lines).encode()
        self.world.core.received(self._link, data)

    def answer(self, line: str) -> list[Message]:
        """Send a line, and what comes back for it and before; all of it is read then."""
        self.send(line)
        return self.barrier()

    def hang_up(self, reason: str = "Connection closed") -> None:
        """The link is gone."""
        self.world.core.disconnected(self._link, reason)
        self.world.tick()

    def take(self, data: bytes) -> None:
        """Bytes from the server."""
        self._lines.feed(data)
        while self._lines:
            line = self._lines.pop()
            assert line is not OVERLONG, f"{self.nick} was sent a line over the limit: {data!r}"
            self.received.append(parse(line))

    def expect(self, expected: str) -> Message:
        """The next line must be `expected`: command and parameters with spaces between.

        ``*`` stands for any one parameter, and a last ``…`` for any rest.
        """
        assert self.received, f"{self.nick} expected {expected!r} and got nothing"
        message = self.received.pop(0)
        words = [message.command, *message.params]
        assert _matches(words, expected), f"{self.nick} expected {expected!r}, got {words}"
        return message

    def find(self, expected: str) -> Message:
        """The first line received that is `expected`; what came before it is dropped."""
        while self.received:
            message = self.received.pop(0)
            if _matches([message.command, *message.params], expected):
                return message
        raise AssertionError(f"{self.nick} did not get {expected!r}")

    def nothing(self) -> None:
        """There must be nothing to read."""
        lines = [[message.command, *message.params] for message in self.received]
        assert not lines, f"{self.nick} expected nothing, got {lines}"

    def barrier(self) -> list[Message]:
        """PING, and everything that was received before its PONG; forgets it."""
        self._barriers += 1
        self.send(f"PING barrier{self._barriers}")
        read: list[Message] = []
        while self.received:
            message = self.received.pop(0)
            if message.command == "PONG" and message.params[-1] == f"barrier{self._barriers}":
                return read
            read.append(message)
        raise AssertionError(f"{self.nick} got no PONG")


def _result(work: Callable[[], object]) -> object:
    """What a job gives, or raises: the core is handed either."""
    try:
        return work()
    except Exception as error:
        return error


def _matches(words: list[str], expected: str) -> bool:
    if expected.endswith(" …"):
        wanted = expected.split(" ")[:-1]
        words = words[: len(wanted)]
    else:
        wanted = expected.split(" ", len(words) - 1)  # the last parameter may hold spaces
    return len(wanted) == len(words) and all(
        want in ("*", word) for want, word in zip(wanted, words, strict=True)
    )


def commands(messages: Iterable[Message]) -> list[str]:
    """The commands of messages, for a look at what came."""
    return [message.command for message in messages]
