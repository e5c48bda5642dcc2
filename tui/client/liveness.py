"""Whether the link lives: pings, losing it, and when to try again.

Specification: modern IRC "PING message". Delays grow with every failure and carry jitter, so
that a restarted server is not met by everyone at once.
"""

import math
import zlib
from typing import Final

from tui.client import composing, history, missed, pending, registration, searching
from tui.client.cleaning import cleaned
from tui.client.core import Core
from tui.client.session import Session
from tui.client.state import BufferKind, Connection
from tui.client.updates import BufferChanged, ConnectionChanged, MembersChanged, NickRefused, Told

QUIET_S: Final = 45.0
"""A link silent for so long is asked whether it lives."""

PONG_TIMEOUT_S: Final = 20.0
WAKE_TIMEOUT_S: Final = 8.0
"""The same after a sleep: the link is most likely dead, and someone is waiting."""

ECHO_S: Final = 6.0
"""A message without an echo for so long, on a link silent since: the network may have changed."""

SLEEP_S: Final = 30.0
"""Time that passed beyond what was slept for on purpose: the machine was asleep."""

RETRY_S: Final = 1.0
RETRY_S_MAX: Final = 60.0
DOUBLINGS_MAX: Final = 6
STABLE_S: Final = 30.0
"""A link that held so long was a good one: the next failure starts from the first delay."""


def begin(core: Core) -> None:
    """The person wants to be connected: open a link, unless the nick could never be said."""
    nick = core.nick_wanted
    if registration.is_one_word(nick):
        want(core)
        return
    reason = "A nick is one word without spaces."
    core.state.reason = reason
    suggestion = "_".join(cleaned(nick).replace(":", " ").split())
    core.changes.add(NickRefused(nick, reason, suggestion))
    core.changes.add(ConnectionChanged())


def want(core: Core) -> None:
    """Open a link as soon as the shell can."""
    core.state.connection = Connection.CONNECTING
    core.state.retry_at = 0.0
    core.changes.add(ConnectionChanged())


def lost(core: Core, reason: str) -> None:
    """The link is gone, or could not be opened: wait and try again, unless that is useless."""
    state, session = core.state, core.session
    stable = core.online and core.now - session.opened_at >= STABLE_S
    core.attempts = 1 if stable else core.attempts + 1
    reason = session.fatal or reason
    end_link(core)
    core.outgoing.clear()  # it was meant for the link that is gone
    if session.fatal:
        state.connection = Connection.OFFLINE
        core.changes.add(Told(reason, failure=True))
    else:
        state.connection = Connection.WAITING
        state.retry_at = core.now + delay_s(core.attempts, core.new_token())
    state.reason = reason
    core.changes.add(ConnectionChanged())


def give_up(core: Core) -> None:
    """Use this link no further, and open no other by ourselves."""
    end_link(core)
    core.outgoing.clear()
    core.state.connection, core.state.reason = Connection.OFFLINE, ""
    core.changes.add(ConnectionChanged())


def forbid(core: Core, reason: str) -> None:
    """The link must not be used: off line, until the person wants to try again.

    What was queued for it, e.g. that a login is broken off, is still written where it is open.
    """
    core.session.fatal = reason
    last_words = list(core.outgoing)
    lost(core, reason)
    core.outgoing += last_words


def delay_s(attempts: int, token: str) -> float:
    """Seconds to wait after `attempts` failures: doubling, capped, between half and whole."""
    full = min(RETRY_S * 2.0 ** min(attempts, DOUBLINGS_MAX), RETRY_S_MAX)
    return full * (0.5 + 0.5 * zlib.crc32(token.encode()) / 2**32)


def end_link(core: Core) -> None:
    """Forget everything that was true of the link only."""
    missed.link_lost(core)
    history.link_lost(core)
    pending.link_lost(core)
    composing.link_lost(core)
    searching.link_lost(core)
    core.session = Session()
    core.state.capabilities = frozenset()
    for buffer in core.state.buffers.values():
        if buffer.kind is BufferKind.ROOM and buffer.joined:
            buffer.joined = False
            buffer.members.clear()
            core.changes.add(MembersChanged(buffer.key))
        core.changes.add(BufferChanged(buffer.key))


def passed(core: Core, asleep_s: float) -> None:
    """Time moved: see to the link. `asleep_s` is how much of it nobody meant to pass."""
    state, session = core.state, core.session
    if state.connection is Connection.WAITING and core.now >= state.retry_at:
        want(core)
    elif state.connection is Connection.REGISTERING:
        deadline = registration.next_deadline(core)
        if deadline is not None and core.now >= deadline:
            lost(core, "the server did not answer the greeting in time")
    elif core.online:
        _see_to_pings(core, session, asleep_s)


def _see_to_pings(core: Core, session: Session, asleep_s: float) -> None:
    if asleep_s >= SLEEP_S:
        _ping(core, session, WAKE_TIMEOUT_S)
    elif session.ping_sent_at is not None:
        if core.now >= session.ping_sent_at + session.ping_timeout_s:
            lost(core, f"no answer from the server for {round(core.now - session.last_heard)} s")
    elif core.now >= _echo_deadline(core):
        _ping(core, session, WAKE_TIMEOUT_S)
    elif core.now >= session.last_heard + QUIET_S:
        _ping(core, session, PONG_TIMEOUT_S)


def _echo_deadline(core: Core) -> float:
    """When a message on its way makes the link doubtful; never, where none is."""
    sent_at = pending.unanswered_since(core, core.session.last_heard)
    return math.inf if sent_at is None else sent_at + ECHO_S


def _ping(core: Core, session: Session, timeout_s: float) -> None:
    session.ping_sent_at, session.ping_timeout_s = core.now, timeout_s
    core.send("PING", "alive")


def heard(core: Core) -> None:
    """Bytes came in: the link lives."""
    core.session.last_heard = core.now
    core.session.ping_sent_at = None


def next_deadline(core: Core) -> float | None:
    """When `passed` has something to do."""
    state, session = core.state, core.session
    if state.connection is Connection.WAITING:
        return state.retry_at
    if not core.online:
        return None
    if session.ping_sent_at is not None:
        return session.ping_sent_at + session.ping_timeout_s
    return min(_echo_deadline(core), session.last_heard + QUIET_S)
