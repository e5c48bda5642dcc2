"""The real server core on virtual links: the phases of `server/loop.py`, in its order.

One method per phase, as there. What the loop leaves to the kernel, the seed decides here: who
is served first, when links open, where the process is killed.
"""

from collections.abc import Callable
from socket import socket
from typing import Final, cast

from common.wire import encode
from server.committing import COMMIT_RETRY_FIRST_S, COMMIT_RETRY_S, COMMIT_RETRY_STEP_MAX_S
from server.core.audit import LAST
from server.core.core import Core
from server.core.session import UNSENT_BYTES_PAUSE, Peer, Session
from server.core.world import Job
from server.loop import DRAIN_S
from server.settings import Settings
from server.storage.memory import MemoryStore
from server.storage.ports import StoreFailedError
from server.transport.errors import LinkEndedError, LinkLostError
from server.transport.link import Link as Transport
from tests.simulation.chance import Chance, Clock
from tests.simulation.checkers import Checkers
from tests.simulation.network import Link, Network
from tests.simulation.trace import PHASES, Trace

JOB_S_MAX: Final = 2.0
"""How long slow work may take: longer than any password check."""

AMID_FLUSH: Final = "amid flush"

_PEER: Final = Peer("127.0.0.1", loopback=True)


class _Connection:
    """As the loop's: a link, its session, and whether the peer has finished."""

    def __init__(self, link: Link, session: Session) -> None:
        self.link = link
        self.session = session
        self.transport = Transport(cast(socket, link.server), None)
        self.at_end = ""
        self.closing_due = 0.0


class KilledError(Exception):
    """The process is gone, here and now; the text is the mark that this reaches."""


class Server:
    """One server process after another, on what the one before had committed."""

    def __init__(
        self,
        settings: Settings,
        network: Network,
        clock: Clock,
        chance: Chance,
        trace: Trace,
        checkers: Checkers,
    ) -> None:
        self.settings = settings
        self.store = MemoryStore()
        self.kill_at = ""  # the phase after which the next tick ends in a kill
        self.low_space_until = 0.0
        self.core: Core | None = None
        self._network = network
        self._clock = clock
        self._chance = chance
        self._trace = trace
        self._checkers = checkers
        self._connections: dict[int, _Connection] = {}
        self._jobs: list[tuple[float, Job]] = []
        self._tick: tuple[tuple[str, Callable[[Core], None]], ...] = (
            ("advance", self._advance),
            ("read", self._accept_and_read),
            ("jobs", self._take_jobs),
            ("backlog", self._run_backlog),
            ("timers", self._fire_timers),
            ("start", self._start_jobs),
            ("commit", self._commit),
            ("flush", self._flush),
            ("reap", self._reap),
        )
        assert tuple(name for name, _ in self._tick) == PHASES

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self.core is not None

    @property
    def unsent_bytes_most(self) -> int:
        """The longest queue of unread output."""
        return max((each.transport.unsent_bytes for each in self._connections.values()), default=0)

    @property
    def idle(self) -> bool:
        """Whether nothing is left to handle, store or send."""
        core = self.core
        return core is not None and not (
            core.backlog
            or core.outbox.dirty
            or core.world.ending
            or core.outbox.closing
            or self._jobs
            or self.unsent_bytes_most
        )

    # From start to kill

    def start(self) -> None:
        """Begin on what the store holds."""
        chance = self._chance
        self.core = Core(self.settings, self.store, "simulated", chance.random_int, strict=True)
        self.core.start(self._clock.now, self._clock.wall_ms)
        self._network.listening = True
        self._trace.note("server started")

    def kill(self) -> None:
        """kill -9: memory is gone, links die, the store keeps what was committed."""
        if self.store.dirty:
            self._trace.mark("uncommitted lost in a kill")
        self.core = None
        self._network.listening = False
        for connection in self._connections.values():
            link = connection.link
            if self._chance.one_in(2):
                link.reset()  # what was on its way is lost
            link.server.close()
        for link in self._network.waiting:
            link.reset()
            link.server.close()
        self._network.waiting.clear()
        self._connections.clear()
        self._jobs.clear()
        self.store = self.store.crash()
        self._checkers.server_died(self.store)
        self._trace.note("server killed")

    def tick(self) -> None:
        """One turn of everything; a kill may end it between any two phases."""
        core = self.core
        assert core is not None
        try:
            for name, phase in self._tick:
                phase(core)
                if self.kill_at == name:
                    raise KilledError(f"killed after {name}")
        except KilledError as killed:
            self._trace.mark(str(killed))
            self.kill_at = ""
            self.kill()
        else:
            self._checkers.tick_ended(core)
            for kind, sanctions in core.world.sanctions.items():
                if sanctions:
                    self._trace.mark(f"{kind} in force")
            if core.world.store.moderation.deeds(LAST, 1):
                self._trace.mark("deed noted")

    # The phases

    def _advance(self, core: Core) -> None:
        core.advance(self._clock.now, self._clock.wall_ms)
        core.set_low_space(self._clock.now < self.low_space_until)

    def _accept_and_read(self, core: Core) -> None:
        for link in self._network.waiting:
            session = core.connected(link.number, _PEER)
            self._connections[link.number] = _Connection(link, session)
        self._network.waiting.clear()
        for connection in self._chance.shuffled(list(self._connections.values())):
            if connection.session.unsent_bytes:
                self._write(core, connection, b"")
            paused = connection.session.unsent_bytes >= UNSENT_BYTES_PAUSE
            if paused:
                self._trace.mark("reading paused for unread output")
            elif not connection.at_end and connection.link.server.readable:
                self._read(core, connection)

    def _read(self, core: Core, connection: _Connection) -> None:
        session = connection.session
        if session.closing:
            self._discard_input(connection)
            return
        if session in core.backlog:
            self._trace.mark("flooder waited")
            if session.credit <= 0.0:
                self._trace.mark("lines waited for credit")
            return
        try:
            data = connection.transport.read()
        except LinkEndedError as ended:
            connection.at_end = str(ended)
            self._trace.mark("peer finished in order")
        except LinkLostError as lost:
            core.disconnected(session.link, str(lost))
        else:
            if not data:
                return
            self._trace.data("<-", session.link, data)
            self._checkers.server_read(session.link, data)
            core.received(session.link, data)

    def _discard_input(self, connection: _Connection) -> None:
        try:
            connection.transport.read()
        except LinkLostError as lost:
            connection.at_end = str(lost)

    def _take_jobs(self, core: Core) -> None:
        for due, job in list(self._jobs):
            if self._clock.now >= due:
                self._jobs.remove((due, job))
                core.finished(job.id, _done(job))
                self._trace.mark("slow work done")

    def _start_jobs(self, core: Core) -> None:
        for job in core.outbox.jobs:
            due = self._clock.now + self._chance.seconds(0.0, JOB_S_MAX)
            self._jobs.append((due, job))
        core.outbox.jobs.clear()

    def _run_backlog(self, core: Core) -> None:
        core.run_backlog()
        for number, connection in list(self._connections.items()):
            if not connection.at_end or connection.session.closing:
                continue
            if connection.session not in core.backlog:
                core.disconnected(number, connection.at_end)

    def _fire_timers(self, core: Core) -> None:
        core.fire_timers()

    def _commit(self, _core: Core) -> None:
        self.store.reads_to_fail = 0
        if not self.store.dirty:
            return
        give_up_at = self._clock.now + COMMIT_RETRY_S
        step_s = COMMIT_RETRY_FIRST_S
        while not self._committed():
            self._trace.mark("commit failed")
            if self._clock.now >= give_up_at:
                self._give_up()
            self._clock.pass_time(step_s)
            step_s = min(step_s * 2, COMMIT_RETRY_STEP_MAX_S)
        self._checkers.committed(self.store)

    def _committed(self) -> bool:
        try:
            self.store.commit()
        except StoreFailedError:
            return False
        return True

    def _give_up(self) -> None:
        """As `Loop.run`: say why to everyone, drop what was queued, end the process."""
        line = encode("ERROR", ["The server cannot store anything and stops"])
        for connection in self._connections.values():
            try:
                connection.transport.write(line)
            except LinkLostError:
                continue
        raise KilledError("commit given up")

    def _flush(self, core: Core) -> None:
        dirty = core.outbox.dirty
        for count, session in enumerate(dirty):
            if count and self.kill_at == AMID_FLUSH:
                raise KilledError("killed amid flush")
            connection = self._connections.get(session.link)
            if session.out and connection is not None:
                data = b"".join(session.out)
                self._trace.data("->", session.link, data)
                self._checkers.flushed(session.link, data)
                self._write(core, connection, data)
            session.out.clear()
        dirty.clear()

    def _write(self, core: Core, connection: _Connection, data: bytes) -> None:
        session, transport = connection.session, connection.transport
        try:
            waiting = transport.write(data)
        except LinkLostError as lost:
            reason = str(lost)
        else:
            session.unsent_bytes = waiting
            if waiting:
                self._trace.mark("send queue clogged")
            if waiting <= self.settings.limits__send_queue_bytes:
                return
            self._trace.mark("send queue overflowed")
            reason = "Send queue exceeded"
        transport.drop_unsent()
        session.unsent_bytes = 0
        core.world.end_session(session, reason)

    def _reap(self, core: Core) -> None:
        closing = core.outbox.closing
        for session in closing:
            connection = self._connections.get(session.link)
            if connection is not None:
                connection.closing_due = self._clock.now + DRAIN_S
        closing.clear()
        for number, connection in list(self._connections.items()):
            due = connection.closing_due
            if due and (not connection.session.unsent_bytes or self._clock.now >= due):
                connection.transport.close()
                del self._connections[number]
                core.forget(connection.session)
                self._checkers.link_closed(number)


def _done(job: Job) -> object:
    """What the work gives or raises, as the threads of `server.jobs` hand it over."""
    try:
        return job.work()
    except Exception as error:  # whatever it is, the core is told
        return error
