"""About the server: LUSERS, VERSION, ADMIN, INFO, TIME, STATS, LINKS, ISUPPORT.

Specification: modern IRC "Server Queries and Commands", IRCv3 draft/extended-isupport.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from common.capabilities import EXTENDED_ISUPPORT
from common.casemap import fold
from common.numerics import (
    ERR_NOADMININFO,
    ERR_NOPRIVILEGES,
    ERR_NOSUCHSERVER,
    ERR_NOTREGISTERED,
    RPL_ADMINEMAIL,
    RPL_ADMINLOC1,
    RPL_ADMINLOC2,
    RPL_ADMINME,
    RPL_ENDOFINFO,
    RPL_ENDOFLINKS,
    RPL_ENDOFSTATS,
    RPL_INFO,
    RPL_STATSCOMMANDS,
    RPL_STATSOLINE,
    RPL_STATSUPTIME,
    RPL_TIME,
    RPL_VERSION,
)
from server.core.dispatch import Refused, Request, command
from server.core.masks import matches
from server.core.welcome import send_isupport, send_lusers
from server.core.world import utc_text


def check_server(request: Request, index: int) -> None:
    """Refuse a command that names another server, by a mask or by someone who is not here."""
    typed = request.param(index)
    here = request.world.settings.name
    if typed and not matches(fold(typed), fold(here)) and fold(typed) not in request.world.users:
        raise Refused(ERR_NOSUCHSERVER, typed, here=here)


@command("LUSERS", group="server", usage="LUSERS", summary="show how many people are here")
def lusers(request: Request) -> None:
    send_lusers(request.world, request.session)


@command(
    "VERSION",
    group="server",
    usage="VERSION [server]",
    summary="show which program this is, and what it supports",
)
def version(request: Request) -> None:
    check_server(request, 0)
    settings = request.world.settings
    request.reply(RPL_VERSION, request.world.version, settings.name, settings.network)
    send_isupport(request.world, request.session)


@command(
    "ADMIN",
    group="server",
    usage="ADMIN [server]",
    summary="show who runs this server",
)
def admin(request: Request) -> None:
    check_server(request, 0)
    settings = request.world.settings
    lines = settings.admin.splitlines()
    if not lines:
        raise Refused(ERR_NOADMININFO, settings.name)
    request.reply(RPL_ADMINME, settings.name)
    rows = (RPL_ADMINLOC1, RPL_ADMINLOC2, RPL_ADMINEMAIL)
    for row, line in zip(rows, lines, strict=False):
        request.reply(row, line)


@command("INFO", group="server", usage="INFO [server]", summary="show about this server")
def info(request: Request) -> None:
    check_server(request, 0)
    world = request.world
    request.reply(RPL_INFO, f"{world.version}: rooms whose history is kept, over IRCv3")
    request.reply(RPL_INFO, f"Up since {utc_text(world.started_ms)}")
    request.reply(RPL_ENDOFINFO)


@command("TIME", group="server", usage="TIME [server]", summary="show the server's time")
def time(request: Request) -> None:
    check_server(request, 0)
    request.reply(RPL_TIME, request.world.settings.name, utc_text(request.world.wall_ms))


@command(
    "LINKS",
    group="server",
    usage="LINKS [mask]",
    summary="list linked servers: there is only this one, so none is shown",
)
def links(request: Request) -> None:
    request.reply(RPL_ENDOFLINKS, request.params[-1] if request.params else "*")


@command(
    "ISUPPORT",
    group="server",
    usage="ISUPPORT",
    summary="show what this server supports",
    before_registration=True,
)
def isupport(request: Request) -> None:
    if request.session.user is None and not request.session.capabilities & EXTENDED_ISUPPORT:
        raise Refused(ERR_NOTREGISTERED)
    send_isupport(request.world, request.session)


class _Report(NamedTuple):
    """One letter of STATS. `operators` only may read it."""

    operators: bool
    show: Callable[[Request], None]


@command(
    "STATS",
    group="server",
    usage="STATS u|o|m [server]",
    summary="show how long the server is up; to operators: operators, and commands used",
    params_min=1,
    cost=2,
)
def stats(request: Request) -> None:
    check_server(request, 1)
    letter = request.params[0][:1]
    report = _REPORTS.get(letter)
    if report is not None:
        if report.operators and "o" not in request.user.modes:
            raise Refused(ERR_NOPRIVILEGES)
        report.show(request)
    request.reply(RPL_ENDOFSTATS, letter)


def _uptime(request: Request) -> None:
    world = request.world
    minutes, seconds = divmod(max(0, world.wall_ms - world.started_ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    request.reply(RPL_STATSUPTIME, uptime=f"{days} days {hours}:{minutes:02}:{seconds:02}")


def _operators(request: Request) -> None:
    for name, _ in request.world.settings.opers:
        request.reply(RPL_STATSOLINE, "O", "*@*", "*", name)


def _commands(request: Request) -> None:
    for name, count in sorted(request.world.commands_run.items()):
        request.reply(RPL_STATSCOMMANDS, name, str(count))


_REPORTS: Final = {
    "u": _Report(False, _uptime),
    "o": _Report(True, _operators),
    "m": _Report(True, _commands),
}
