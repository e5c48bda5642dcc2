"""Whether the other end of a link still lives: asked when it is silent, or when it is doubted.

Any input counts as alive. Specification: modern IRC "PING message".
"""

from typing import Final

from common.casemap import fold
from common.wire import encode
from server.core.delivery import send
from server.core.holders import device_holder
from server.core.session import Session
from server.core.world import World

DOUBT_S: Final = 5.0
"""How long a link may take to answer when its own device says hello on another one."""


def check(world: World, link: int) -> None:
    """Ask a session that has been silent, end one that did not answer, and look again later.

    The timer knows the link only: who has left is not kept in memory until it is due.
    """
    session = world.sessions.get(link)
    if session is None or session.closing:
        return
    wait_s = world.settings.limits__ping_s
    silent_s = world.now - session.last_heard
    if silent_s < wait_s:
        due = session.last_heard + wait_s
    elif session.ping_sent:
        world.end_session(session, f"Ping timeout: {round(silent_s)} seconds")
        return
    else:
        _ask(world, session)
        due = world.now + wait_s
    world.timers.arm(due, check, world, link)


def doubt_predecessor(world: World, session: Session) -> None:
    """The device of `session` was refused a nick that it holds on an older link: is that dead?

    A network that changed leaves such a link behind; without this it keeps the nick for minutes.
    """
    user = world.users.get(fold(session.refused_nick))
    if user is None or user.account_id or user.holder != device_holder(session):
        return
    for each in user.sessions:
        _ask(world, each)
        world.timers.arm(world.now + DOUBT_S, _end_if_silent, world, each, world.now)


def _ask(world: World, session: Session) -> None:
    session.ping_sent = True
    send(world, session, encode("PING", [world.settings.name], world.settings.name))


def _end_if_silent(world: World, session: Session, asked_at: float) -> None:
    if session.last_heard <= asked_at and not session.closing:
        world.end_session(session, "No answer, and the same device has come again")
