"""MONITOR: be told when certain people come and go.

Specification: IRCv3 monitor.
"""

from collections.abc import Callable
from typing import Final

from common.casemap import fold, is_nick
from common.numerics import (
    ERR_MONLISTFULL,
    ERR_NEEDMOREPARAMS,
    RPL_ENDOFMONLIST,
    RPL_MONLIST,
    RPL_MONOFFLINE,
    RPL_MONONLINE,
)
from server.core.dispatch import Refused, Request, command
from server.core.monitors import send_targets


@command(
    "MONITOR",
    group="people",
    usage="MONITOR +|-|C|L|S [nick[,nick…]]",
    summary="be told when people come and go: add, drop, clear, list, show",
    params_min=1,
    cost=2,
)
def monitor(request: Request) -> None:
    handler = _SUBCOMMANDS.get(request.params[0].upper())
    if handler is None:
        raise Refused(ERR_NEEDMOREPARAMS, "MONITOR", usage=request.row.usage)
    handler(request)


def _add(request: Request) -> None:
    beyond_ascii = request.world.settings.names__beyond_ascii
    most = request.world.settings.limits__monitor
    nicks = [nick for nick in _typed(request) if is_nick(nick, beyond_ascii=beyond_ascii)]
    added: list[str] = []
    left_over: list[str] = []
    for nick in nicks:
        if fold(nick) in request.session.monitoring:
            added.append(nick)
        elif len(request.session.monitoring) < most:
            request.world.watch(request.session, nick)
            added.append(nick)
        else:
            left_over.append(nick)
    _show(request, added)
    if left_over:
        request.reply(ERR_MONLISTFULL, str(most), ",".join(left_over))


def _drop(request: Request) -> None:
    for nick in _typed(request):
        request.world.unwatch(request.session, fold(nick))


def _clear(request: Request) -> None:
    for folded in list(request.session.monitoring):
        request.world.unwatch(request.session, folded)


def _list(request: Request) -> None:
    nicks = request.session.monitoring.values()
    send_targets(request.world, request.session, RPL_MONLIST, nicks)
    request.reply(RPL_ENDOFMONLIST)


def _status(request: Request) -> None:
    _show(request, list(request.session.monitoring.values()))


def _typed(request: Request) -> list[str]:
    return [nick for nick in request.param(1).split(",") if nick]


def _show(request: Request, nicks: list[str]) -> None:
    """Who of these is here, and who is not."""
    world, session = request.world, request.session
    here = [user.source for nick in nicks if (user := world.users.get(fold(nick)))]
    gone = [nick for nick in nicks if fold(nick) not in world.users]
    send_targets(world, session, RPL_MONONLINE, here)
    send_targets(world, session, RPL_MONOFFLINE, gone)


_SUBCOMMANDS: Final[dict[str, Callable[[Request], None]]] = {
    "+": _add,
    "-": _drop,
    "C": _clear,
    "L": _list,
    "S": _status,
}
