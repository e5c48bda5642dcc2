"""The server without its sockets: bytes, time and chance go in, bytes and closings come out.

The shell calls `advance`, `connected`, `received`, `disconnected`, `run_backlog`, `fire_timers`
in the order of its tick, commits the store, and then takes what `outbox` names. Nothing in
here reads a clock, a socket or a random source.
"""

import logging
from collections.abc import Callable
from typing import Final

from server.core import addresses, attempts, erasing, liveness, sanctions
from server.core import commands as _commands  # noqa: F401 - completes the table
from server.core.accounts import prepare_secret, renew_skeletons
from server.core.administration import Answer, Order, administer
from server.core.attendance import release, wake_always_on
from server.core.delivery import fitted, send
from server.core.dispatch import go_on, take_line
from server.core.holders import drop_links
from server.core.housekeeping import Housekeeping
from server.core.indexing import IndexUpkeep
from server.core.limits import credit_due, refill
from server.core.ownership import lift_due_bans, next_lift
from server.core.reloading import take_settings
from server.core.runs import take_run
from server.core.session import UNSENT_BYTES_PAUSE, Peer, Session
from server.core.world import Outbox, World
from server.settings import Settings, SettingsError
from server.storage.ports import Store, StoreFailedError

LINES_PER_TURN_MAX: Final = 256
"""Lines of one session in one tick: what a flooder sends beyond waits while others are served."""

ENDINGS_PER_TICK_COST: Final = 200_000
"""Of sessions that end in one tick, by `_ending_cost`: some 20 ms, as of 180 in 10 rooms of 100."""

NO_LIMIT: Final = 1 << 62

FULL: Final = "This server has as many connections as it may have; try again later"

logger = logging.getLogger(__name__)


class Core:
    """One server. `random_int(n)` gives a random number below n; `strict` lets bugs propagate."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        version: str,
        random_int: Callable[[int], int],
        *,
        strict: bool = False,
    ) -> None:
        self.world = World(settings, store, version, random_int)
        self.backlog: dict[Session, None] = {}  # sessions with lines left from an earlier tick
        self._turns: dict[Session, None] = {}  # those of them that may go on in the next one
        self._endings_left = 0
        self._index = IndexUpkeep()
        self._housekeeping = Housekeeping()
        self._strict = strict
        self.world.load_channels()
        self.world.load_metadata()

    @property
    def outbox(self) -> Outbox:
        """What the core wants done."""
        return self.world.outbox

    # Time

    def start(self, now: float, wall_ms: int) -> None:
        """The first reading of the clocks; before anything else is told."""
        self.advance(now, wall_ms)
        self.world.started_ms = wall_ms
        self._housekeeping.begin(self.world)
        for channel in self.world.channels.values():  # after a crash nobody is in any room
            if not channel.record.empty_since_ms:
                channel.record.empty_since_ms = wall_ms
                self.world.store.channels.save(channel.record)
        drop_links(self.world)
        prepare_secret(self.world)
        attempts.load(self.world)
        sanctions.load(self.world)
        renew_skeletons(self.world)
        wake_always_on(self.world)
        erasing.resume(self.world)

    def advance(self, now: float, wall_ms: int) -> None:
        """The only way time moves: monotonic seconds and wall milliseconds."""
        self.world.now = now
        self.world.wall_ms = wall_ms
        self._endings_left = ENDINGS_PER_TICK_COST

    def fire_timers(self) -> None:
        """Do what has become due."""
        self.world.timers.fire(self.world.now)
        lift_due_bans(self.world)
        self._index.look_after(self.world)
        self._end_closing()

    def next_deadline(self) -> float | None:
        """When the core has something to do by itself; now, while there is a backlog."""
        if self.world.ending:
            return self.world.now
        if any(map(_can_go_on, self._turns)):
            return self.world.now
        deadlines = (self.world.timers.next_deadline(), next_lift(self.world))
        return min((due for due in deadlines if due is not None), default=None)

    def set_low_space(self, low: bool) -> None:
        """Whether the disk is too full to take anything new in."""
        self.world.low_space = low

    # Links

    def connected(self, link: int, peer: Peer) -> Session:
        """A link was opened; its session counts as alive from now."""
        world = self.world
        session = Session(link, peer, connected_at=world.now, last_heard=world.now)
        session.credit, session.credit_at = world.settings.limits__cost_burst, world.now
        full = len(world.sessions) >= world.settings.limits__links
        world.sessions[link] = session
        world.unregistered[session] = None
        refusal = FULL if full else addresses.settle(world, session)
        if refusal:
            world.end_session(session, refusal)
            self._end_closing()
        else:
            _check_registration(world, link)
        return session

    def identified(self, link: int, peer: Peer) -> None:
        """More is known of the other end: where it comes from, or that it is encrypted."""
        session = self.world.sessions[link]
        session.peer = peer
        refusal = addresses.settle(self.world, session)
        if refusal:
            self.world.end_session(session, refusal)
            self._end_closing()

    def received(self, link: int, data: bytes) -> None:
        """Bytes from a link; complete lines are handled, within the session's turn."""
        session = self.world.sessions[link]
        if session.closing:
            return
        session.last_heard = self.world.now
        session.ping_sent = False
        session.lines.feed(data)
        if session not in self.backlog:
            self._take_turn(session)

    def finished(self, job: int, result: object) -> None:
        """A job of the outbox is done; `result` is what its work gave, or raised."""
        if chore := self.world.chores.pop(job, None):
            chore(result)
            return
        session = self.world.jobs.pop(job)
        if not session.closing:
            go_on(self.world, session, result, strict=self._strict)
            self._take_turn(session)

    def administer(self, order: Order) -> Answer:
        """Carry out an order of the operator; the answer may be shown after the commit."""
        answer = administer(self.world, order)
        self._end_closing()
        return answer

    def settings_read(self, read: Settings | SettingsError) -> None:
        """The settings were read again, because `outbox.rehash` holds who asked for it."""
        take_settings(self.world, read)

    def run_backlog(self, has_time: Callable[[], bool] = lambda: True) -> None:
        """Give every session that had lines left another turn, where it has credit for it.

        In turn, while `has_time`: the others come first the next time.
        """
        for session in list(self._turns):
            if not has_time():
                return
            self._turns.pop(session, None)  # to the end, where it still has lines after this
            self._take_turn(session)

    def disconnected(self, link: int, reason: str) -> None:
        """A link is gone, or is to be given up; nothing is sent to it any more."""
        session = self.world.sessions[link]
        self.world.end_session(session, reason)
        self._end_closing()

    def forget(self, session: Session) -> None:
        """The link behind a session that ended was closed."""
        addresses.leave(self.world, session)
        self.world.sessions.pop(session.link, None)

    def shut_down(self, reason: str) -> None:
        """End every session, as at a stop of the server."""
        for session in list(self.world.sessions.values()):
            self.world.end_session(session, reason)
        self._endings_left = NO_LIMIT
        self._end_closing()
        for channel in self.world.channels.values():
            if channel.unkept:  # has its end stored, so that the next start goes on right behind it
                self.world.store.floors.discard(channel.record.id, on=False)

    def _take_turn(self, session: Session) -> None:
        lines = session.lines
        session.turn_over = session.unsent_bytes >= UNSENT_BYTES_PAUSE
        refill(session, self.world.now, self.world.settings)
        budget = run_max = LINES_PER_TURN_MAX
        while (
            lines
            and budget
            and session.credit > 0.0
            and not session.turn_over
            and session.waiting is None
        ):
            taken = take_run(self.world, session, min(budget, run_max), strict=self._strict)
            if not taken:
                taken = run_max = 1  # the same lines are not looked at again and again
                take_line(self.world, session, lines.pop(), strict=self._strict)
            budget -= taken
        if (lines or session.waiting is not None) and not session.closing:
            self._wait(session)
        else:
            self._end_wait(session)
        self._end_closing()

    def _wait(self, session: Session) -> None:
        """Keep a session that has lines left, until its next turn, its job, or its credit."""
        self.backlog[session] = None
        if session.waiting is not None or session.credit <= 0.0:
            self._turns.pop(session, None)
        else:
            self._turns[session] = None
        if session.waiting is None and session.credit <= 0.0:
            due = credit_due(session, self.world.settings)
            self.world.timers.arm(due, self._has_credit, session)

    def _end_wait(self, session: Session) -> None:
        if session in self.backlog:
            del self.backlog[session]
            self._turns.pop(session, None)

    def _has_credit(self, session: Session) -> None:
        if session in self.backlog and session.waiting is None:
            self._turns[session] = None

    def _end_closing(self) -> None:
        """Say goodbye for sessions that are to close, and take their users out of the world.

        Where thousands end at once, so many in one tick that nobody else waits long for it.
        """
        ending = self.world.ending
        while ending and self._endings_left > 0:
            session = ending[0]
            self._endings_left -= _ending_cost(session)
            self._end_wait(session)
            try:
                release(self.world, session, session.closing)
            except StoreFailedError as error:  # nothing was changed: the next tick tries again
                logger.warning("link %d not ended yet: %s", session.link, error)
                return
            ending.popleft()
            session.said_goodbye = True
            line = fitted("ERROR", [f"Closing link: {session.closing}"], "")
            send(self.world, session, line)
            self.outbox.closing.append(session)


def _ending_cost(session: Session) -> int:
    """What taking a session out costs, a line queued for someone being 1."""
    channels = session.user.channels if session.user else ()
    return 500 + sum(50 + len(channel.sessions) for channel in channels)


def _check_registration(world: World, link: int) -> None:
    """Whether someone has come in by now: then silence is counted, else the time to come in."""
    session = world.sessions.get(link)
    if session is None or session.closing:
        return
    due = session.connected_at + world.settings.limits__registration_s
    if session.user is not None:
        liveness.check(world, link)
    elif world.now >= due:
        world.end_session(session, "No name was given in time")
    else:
        due = min(due, world.now + world.settings.limits__ping_s)
        world.timers.arm(due, _check_registration, world, link)


def _can_go_on(session: Session) -> bool:
    """Whether a session that has a turn can take it now: what it asked for was read."""
    return session.unsent_bytes < UNSENT_BYTES_PAUSE
