"""Who is told, by MONITOR, that someone came or went; and who else hears what changed about them.

The index of who watches whom is the world's. Specification: IRCv3 monitor, extended-monitor.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from common.capabilities import EXTENDED_MONITOR
from common.casemap import fold
from common.numerics import RPL_MONOFFLINE, RPL_MONONLINE, Numeric
from server.core.delivery import numeric
from server.core.session import Session
from server.core.user import User
from server.core.world import World

TARGETS_BYTES_MAX: Final = 380
"""Targets on one numeric: with server and nick it stays within 512 bytes."""


def tell_online(world: World, user: User) -> None:
    """Tell those who watch this nick that someone has it now."""
    for session in world.monitors.get(fold(user.nick), {}):
        numeric(world, session, RPL_MONONLINE, user.source)


def tell_offline(world: World, nick: str) -> None:
    """Tell those who watch this nick that nobody has it any more."""
    for session in world.monitors.get(fold(nick), {}):
        numeric(world, session, RPL_MONOFFLINE, nick)


def tell_renamed(world: World, user: User, old: str) -> None:
    """Tell of a change of nick as of someone going and another coming."""
    if fold(old) != fold(user.nick):
        tell_offline(world, old)
        tell_online(world, user)


def watchers(world: World, user: User) -> list[Session]:
    """The sessions that hear what changes about someone they watch (extended-monitor)."""
    watching = world.monitors.get(fold(user.nick), {})
    return [session for session in watching if session.capabilities & EXTENDED_MONITOR]


def send_targets(world: World, session: Session, row: Numeric, targets: Iterable[str]) -> None:
    """Targets behind commas, on as many lines as it takes."""
    for line in _lines(targets):
        numeric(world, session, row, ",".join(line))


def _lines(targets: Iterable[str]) -> Sequence[list[str]]:
    lines: list[list[str]] = []
    length = 0
    for target in targets:
        length += len(target.encode()) + 1
        if not lines or length > TARGETS_BYTES_MAX:
            lines.append([])
            length = len(target.encode()) + 1
        lines[-1].append(target)
    return lines
