"""People beyond who is here: WHOWAS, SETNAME, ACCEPT.

Specification: modern IRC "WHOWAS message", IRCv3 setname; ACCEPT as Ergo describes it.
"""

from itertools import islice

from common.casemap import fold
from common.numerics import (
    ERR_NONICKNAMEGIVEN,
    ERR_NOSUCHNICK,
    ERR_WASNOSUCHNICK,
    RPL_ENDOFWHOWAS,
    RPL_WHOISSERVER,
    RPL_WHOWASUSER,
)
from server.core.apply import set_realname
from server.core.dispatch import Failed, Refused, Request, command
from server.core.speaking import accept
from server.core.welcome import REALNAME_BYTES_MAX
from server.core.world import utc_text


@command(
    "WHOWAS",
    group="people",
    usage="WHOWAS nick [count]",
    summary="show who had a nick lately",
)
def whowas(request: Request) -> None:
    if not request.param(0):
        raise Refused(ERR_NONICKNAMEGIVEN)
    world, nick, count = request.world, request.params[0], request.param(1)
    limit = int(count[:9]) if count.isascii() and count.isdigit() else 0
    found = (each for each in reversed(world.departed) if fold(each.nick) == fold(nick))
    shown = list(islice(found, limit or None))
    for each in shown:
        request.reply(RPL_WHOWASUSER, each.nick, each.user_name, each.host, "*", each.realname)
        request.reply(RPL_WHOISSERVER, each.nick, world.settings.name, utc_text(each.left_ms))
    if not shown:
        request.reply(ERR_WASNOSUCHNICK, nick)
    request.reply(RPL_ENDOFWHOWAS, nick)
    request.session.turn_over = True


@command(
    "SETNAME",
    group="people",
    usage="SETNAME :real name",
    summary="change your real name",
    params_min=1,
)
def setname(request: Request) -> None:
    realname = request.params[0]
    if not realname or len(realname.encode()) > REALNAME_BYTES_MAX:
        text = f"A real name has 1 to {REALNAME_BYTES_MAX} bytes; yours was not changed"
        raise Failed("INVALID_REALNAME", text)
    set_realname(request.world, request.user, realname)


@command(
    "ACCEPT",
    group="people",
    usage="ACCEPT nick[,-nick…]",
    summary="let someone write to you in spite of your user mode R, or with - no longer",
    params_min=1,
)
def accept_(request: Request) -> None:
    for word in request.params[0].split(","):
        other = request.world.users.get(fold(word.removeprefix("-")))
        if other is None:
            request.reply(ERR_NOSUCHNICK, word.removeprefix("-"))
        elif word.startswith("-"):
            request.user.accepted.pop(other, None)
        else:
            accept(request.user, other)
