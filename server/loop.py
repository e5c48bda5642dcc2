"""The loop: one thread, one selector, the phases of a tick in a fixed order.

poll, advance, accept, read, timers, **commit, flush**, reap: the disk comes before the
replies, so whoever sees a message, it is stored. Owns sockets and clocks; knows no command.
Signals only wake the selector.
"""

import contextlib
import logging
import selectors
import signal
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from common.wire import encode
from server.accepting import Acceptor
from server.admin import AdminDoor
from server.committing import COMMIT_RETRY_S, CommitGaveUpError, commit
from server.connection import Connection, peer_at
from server.core.administration import Answer, Order
from server.core.core import Core
from server.core.session import UNSENT_BYTES_PAUSE
from server.giving_way import GivingWay
from server.greetings import Greetings
from server.jobs import Jobs
from server.metrics import measure
from server.settings import Settings, SettingsError
from server.space import Space
from server.storage.ports import Store
from server.transport.errors import LinkEndedError, LinkLostError
from server.transport.link import Gateway, Link
from server.transport.listeners import is_loopback
from server.transport.proxy import is_trusted, read_networks
from server.transport.tls import Certificate

TURN_S_MAX: Final = 0.025
"""How long a tick takes lines in before commit and flush, which may take as long again; the rest
comes first in the next."""

DRAIN_S: Final = 5.0
"""How long the last lines may take to reach a link that is being closed."""

CERTIFICATE_CHECK_S: Final = 1.0
HANG_UP: Final = getattr(signal, "SIGHUP", None)  # reads the settings again; not on Windows

logger = logging.getLogger(__name__)

_READ: Final = selectors.EVENT_READ
_WRITE: Final = selectors.EVENT_WRITE


class Loop:
    """Runs a core over listening sockets until a signal, `stop`, or a commit that cannot be had.

    `free_bytes` tells the disk space left where the store lies; without a `certificate`
    there is no TLS.
    """

    def __init__(
        self,
        core: Core,
        store: Store,
        listeners: Sequence[socket.socket],
        free_bytes: Callable[[], int],
        certificate: Certificate | None = None,
        commit_retry_s: float = COMMIT_RETRY_S,
        door: AdminDoor | None = None,
        read_settings: Callable[[], Settings] | None = None,
        giving_way: GivingWay | None = None,
    ) -> None:
        self.longest_tick_s = 0.0
        self._core = core
        self._store = store
        self._space = Space(free_bytes, core.world.settings.limits__reserve_mib << 20)
        self._certificate = certificate
        self._gateways = read_networks(core.world.settings.proxy__trusted)
        self._door = door
        self._jobs = Jobs(self._wake)
        self._send_queue_bytes_max = core.world.settings.limits__send_queue_bytes
        self._commit_retry_s = commit_retry_s
        self._read_settings = read_settings
        self._giving_way = giving_way or GivingWay()
        self._selector = selectors.DefaultSelector()
        self._connections: dict[int, Connection] = {}
        self._at_end: dict[int, Connection] = {}
        self._draining: dict[int, tuple[Connection, float]] = {}
        self._paused: dict[int, Connection] = {}  # not read while earlier lines wait
        self._greetings = Greetings()
        self._late: dict[Connection, None] = {}  # ready in an earlier tick, which had no time left
        self._turn_over_at = 0.0
        self._acceptor = Acceptor(listeners, self._selector)
        self._check_certificate_at = 0.0
        self._next_link = 1
        self._stopping = False
        self._hung_up = False  # asked by a signal to read the settings again
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._selector.register(self._woken, _READ)
        if door:
            self._selector.register(door.listener, _READ, door)

    # From start to stop

    def run(self) -> int:
        """Serve until told to stop; returns the exit status."""
        core = self._core
        core.start(time.monotonic(), _wall_ms())
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in filter(None, (signal.SIGINT, signal.SIGTERM, HANG_UP)):
            signal.signal(number, self._on_signal)
        try:
            while not self._stopping:
                self.tick()
            core.advance(time.monotonic(), _wall_ms())
            core.shut_down("The server is stopping")
            self._commit()
            self._flush()
            self._reap()
            self._drain()
        except CommitGaveUpError as error:
            logger.critical("nothing can be stored: %s", error)
            self._tell_all("The server cannot store anything and stops; what you saw is stored")
            return 1
        finally:
            signal.set_wakeup_fd(-1)
            self._close_everything()
        return 0

    def stop(self) -> None:
        """Have `run` end after this tick; may be called from anywhere."""
        self._stopping = True
        self._wake()

    def _wake(self) -> None:
        """Have the selector return; called from signals and from the threads of jobs too."""
        with contextlib.suppress(OSError):  # full: awake anyway; closed: it has ended by itself
            self._waker.send(b"\0")

    def _on_signal(self, number: int, _frame: object) -> None:
        if number == HANG_UP:
            self._hung_up = True
        else:
            self._stopping = True

    # One tick

    def tick(self) -> None:
        """One turn of everything, in the order that promises depend on."""
        ready = self._selector.select(self._timeout_s())
        self._giving_way.busy = True
        started = time.monotonic()
        self._turn_over_at = started + TURN_S_MAX
        self._core.advance(started, _wall_ms())
        self._look_around(started)
        self._accept_and_read(ready)
        self._take_jobs()
        self._core.run_backlog(self._has_time)
        self._read_on()
        self._end_finished()
        self._end_greetings(started)
        self._core.fire_timers()
        self._start_jobs()
        self._reread_settings()
        self._commit()
        self._flush()
        self._reap()
        self.longest_tick_s = max(self.longest_tick_s, time.monotonic() - started)
        self._giving_way.busy = False

    def _has_time(self) -> bool:
        return time.monotonic() < self._turn_over_at

    def _timeout_s(self) -> float | None:
        if self._late:
            return 0.0
        deadlines = [due for _, due in self._draining.values()]
        deadlines += self._greetings.next_due()
        if (core_due := self._core.next_deadline()) is not None:
            deadlines.append(core_due)
        if self._acceptor.again_at:
            deadlines.append(self._acceptor.again_at)
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _look_around(self, now: float) -> None:
        """At the disk, at files that may have been replaced, at what was put off."""
        waiting = (session.lines for session in self._core.backlog)
        self._core.set_low_space(self._space.is_low(now, waiting))
        if self._certificate and now >= self._check_certificate_at:
            self._check_certificate_at = now + CERTIFICATE_CHECK_S
            self._certificate.keep_fresh()
        self._acceptor.look_again(now)

    # Accept

    def _accept_and_read(self, ready: list[tuple[selectors.SelectorKey, int]]) -> None:
        late, self._late = self._late, {}
        for connection in late:
            if connection.session.link in self._connections:
                self._read(connection)
        for key, events in ready:
            subject = key.data
            if isinstance(subject, Connection):
                if events & _WRITE:
                    self._write(subject, b"")
                if events & _READ and subject not in late:
                    self._read(subject)
            elif isinstance(subject, AdminDoor):
                self._take_order(subject, key.fileobj)
            elif subject is not None:
                for accepted, address in self._acceptor.accept(subject):
                    self._welcome(accepted, address)
            else:
                self._drop_wake_ups()

    def _drop_wake_ups(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._woken.recv(512):
                pass

    def _welcome(self, accepted: socket.socket, address: tuple[str, int] | str) -> None:
        number = self._next_link
        self._next_link += 1
        new_layer = self._certificate.new_layer if self._certificate else None
        host = "localhost" if isinstance(address, str) else address[0]
        peer = peer_at(host, local=isinstance(address, str))
        read_bytes = self._core.world.settings.limits__read_bytes
        link = Link(accepted, new_layer, self._gateway(host), read_bytes)
        session = self._core.connected(number, peer)
        connection = self._connections[number] = Connection(link, session)
        session.connection = connection
        self._selector.register(link.socket, _READ, connection)

    def _gateway(self, host: str) -> Gateway:
        if not self._gateways or not is_trusted(host, self._gateways):
            return Gateway.NONE
        required = self._core.world.settings.proxy__required
        return Gateway.REQUIRED if required else Gateway.ALLOWED

    # Read

    def _read(self, connection: Connection) -> None:
        session = connection.session
        if not self._has_time():
            self._late[connection] = None
            return
        if session.closing:
            self._discard_input(connection)
            return
        if session in self._core.backlog:
            self._paused[session.link] = connection
            self._watch(connection)
            return
        try:
            data = connection.link.read()
        except LinkEndedError as ended:
            connection.at_end = str(ended)
            self._at_end[session.link] = connection
            self._watch(connection)
        except LinkLostError as lost:
            self._core.disconnected(session.link, str(lost))
        else:
            if data:
                if not connection.link.is_plain:
                    self._identify(connection)
                if self._space.read(data):
                    self._core.set_low_space(True)
                self._core.received(session.link, data)
            elif connection.link.greeting:
                due = time.monotonic() + self._core.world.settings.limits__handshake_s
                self._greetings.begin(session.link, connection, due)

    def _identify(self, connection: Connection) -> None:
        """Tell the core what the first bytes have shown of the other end."""
        link, peer = connection.link, connection.session.peer
        if link.source and link.source != peer.host:
            peer = replace(peer, host=link.source, loopback=is_loopback(link.source))
        if link.secure and not peer.secure:
            peer = replace(peer, secure=True, certificate=link.certificate)
        if peer is not connection.session.peer:
            self._core.identified(connection.session.link, peer)

    def _discard_input(self, connection: Connection) -> None:
        """Read what a closing link still sends, so that its last lines are not reset away."""
        try:
            connection.link.read()
        except LinkLostError as lost:
            connection.at_end = str(lost)
            self._watch(connection)

    def _read_on(self) -> None:
        """Watch those again whose earlier lines have been handled."""
        for number, connection in list(self._paused.items()):
            if connection.session not in self._core.backlog:
                del self._paused[number]
                self._watch(connection)

    def _end_greetings(self, now: float) -> None:
        for number in self._greetings.take_overdue(now):
            self._core.disconnected(number, "The connection was not set up in time")

    def _end_finished(self) -> None:
        """Disconnect links whose peer is done, once their last lines have been handled."""
        for number, connection in list(self._at_end.items()):
            if connection.session not in self._core.backlog:
                del self._at_end[number]
                if not connection.session.closing:
                    self._core.disconnected(number, connection.at_end)

    # Jobs and orders

    def _take_jobs(self) -> None:
        for number, result in self._jobs.take_finished():
            self._core.finished(number, result)

    def _take_order(self, door: AdminDoor, ready: object) -> None:
        """Something happens at the door: someone comes, or says something."""
        if ready is door.listener:
            connection = door.accept()
            if connection is not None:
                self._selector.register(connection, _READ, door)
        elif isinstance(ready, socket.socket):
            data, more = door.read(ready)
            if not more:
                self._selector.unregister(ready)
                door.carry_out(ready, data, self._administer)

    def _administer(self, order: Order) -> Answer:
        """Carry out an order; how the loop itself does is asked here."""
        if order.get("do") != "status":
            return self._core.administer(order)
        values = measure(self._core, self.longest_tick_s)
        self.longest_tick_s = 0.0
        return {"ok": True, "values": values}

    def _start_jobs(self) -> None:
        for job in self._core.outbox.jobs:
            self._jobs.start(job)
        self._core.outbox.jobs.clear()

    def _reread_settings(self) -> None:
        if not self._core.outbox.rehash and not self._hung_up:
            return
        self._hung_up = False
        try:
            if self._read_settings is None:
                raise SettingsError("This server was started without a settings file")
            self._core.settings_read(self._read_settings())
        except SettingsError as error:
            self._core.settings_read(error)

    # Commit

    def _commit(self) -> None:
        if self._store.dirty:
            commit(self._store, self._commit_retry_s, lambda: self._stopping)
            self._space.committed()

    # Flush

    def _flush(self) -> None:
        """Hand over what the tick made, one write for each session.

        Of a plain link that nothing waits for, at once and without a call in between: the last
        of a hundred recipients waits for a hundred of these turns.
        """
        dirty = self._core.outbox.dirty
        for session in dirty:
            out = session.out
            connection = session.connection
            if out and connection is not None:
                data = out[0] if len(out) == 1 else b"".join(out)
                link = connection.link
                try:
                    if session.unsent_bytes or not link.is_plain:
                        self._write(connection, data)
                    elif (sent := link.socket.send(data)) != len(data):
                        self._write(connection, data[sent:])
                except BlockingIOError:
                    self._write(connection, data)
                except OSError as error:
                    self._give_up(connection, error.strerror or "Connection lost")
            out.clear()
        dirty.clear()
        if self._door:
            self._door.flush()

    def _write(self, connection: Connection, data: bytes) -> None:
        session = connection.session
        try:
            waiting = connection.link.write(data)
            if waiting > self._send_queue_bytes_max:
                logger.info("link %d closed: %d bytes unread", session.link, waiting)
                raise LinkLostError("Send queue exceeded")
        except LinkLostError as lost:
            self._give_up(connection, str(lost))
            return
        if waiting != session.unsent_bytes:
            session.unsent_bytes = waiting
            self._watch(connection)

    def _give_up(self, connection: Connection, reason: str) -> None:
        connection.link.drop_unsent()
        connection.session.unsent_bytes = 0
        self._core.world.end_session(connection.session, reason)

    def _watch(self, connection: Connection) -> None:
        """Watch for what the link can use: no input from one that does not read its output."""
        interest = 0
        session = connection.session
        is_read = not connection.at_end and session.link not in self._paused
        if is_read and session.unsent_bytes < UNSENT_BYTES_PAUSE:
            interest |= _READ
        if session.unsent_bytes:
            interest |= _WRITE
        if interest == connection.interest:
            return
        link = connection.link.socket
        if not interest:
            self._selector.unregister(link)
        elif not connection.interest:
            self._selector.register(link, interest, connection)
        else:
            self._selector.modify(link, interest, connection)
        connection.interest = interest

    # Reap

    def _reap(self) -> None:
        """Close the links of sessions that ended, when their last lines are out or time is up."""
        closing = self._core.outbox.closing
        if closing:
            now = time.monotonic()
            for session in closing:
                self._draining[session.link] = self._connections[session.link], now + DRAIN_S
            closing.clear()
        for number, (connection, due) in list(self._draining.items()):
            if not connection.session.unsent_bytes or time.monotonic() >= due:
                del self._draining[number]
                self._close(number, connection)

    def _close(self, number: int, connection: Connection) -> None:
        if connection.interest:
            self._selector.unregister(connection.link.socket)
        connection.link.close()
        del self._connections[number]
        connection.session.connection = None
        self._at_end.pop(number, None)
        self._paused.pop(number, None)
        self._greetings.forget(number)
        self._core.forget(connection.session)

    def _drain(self) -> None:
        """At the stop: let the last lines out, for a bounded time."""
        while self._draining:
            for key, events in self._selector.select(self._timeout_s()):
                if isinstance(key.data, Connection) and events & _WRITE:
                    self._write(key.data, b"")
            self._reap()

    def _tell_all(self, text: str) -> None:
        """Drop everything that was queued, because it was never stored, and say why."""
        line = encode("ERROR", [text])
        for connection in self._connections.values():
            connection.session.out.clear()
            with contextlib.suppress(LinkLostError):
                connection.link.write(line)

    def _close_everything(self) -> None:
        for connection in self._connections.values():
            connection.link.close()
        self._connections.clear()
        self._acceptor.close()
        if self._door:
            self._door.close()
        self._jobs.close()
        self._selector.close()
        self._woken.close()
        self._waker.close()


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
