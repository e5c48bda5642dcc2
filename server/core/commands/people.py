"""People beyond who is here: WHOWAS, SETNAME, ACCEPT, WRITERS.

Specification: modern IRC "WHOWAS message", IRCv3 setname; ACCEPT as Ergo describes it.
"""

from itertools import islice
from typing import Final

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
from server.core.welcome import REALNAME_BYTES_MAX
from server.core.world import utc_text
from server.core.writers import CHOICES, accept_for_good, choice_of, choose, drop

_MEANINGS: Final = dict(
    zip(
        CHOICES,
        (
            "Everyone may write to you",
            "People you share a room with, and those you ACCEPT, may write to you",
            "Only people you ACCEPT, or have written to, may write to you",
        ),
        strict=True,
    )
)


@command(
    "WHOWAS",
    group="people",
    usage="WHOWAS nick [count]",
    summary="show who had a nick lately",
    cost=2,
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
    cost=3,
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
    summary="let someone write to you whoever else may, or with - no longer",
    params_min=1,
)
def accept_(request: Request) -> None:
    for word in request.params[0].split(","):
        other = request.world.users.get(fold(word.removeprefix("-")))
        if other is None:
            request.reply(ERR_NOSUCHNICK, word.removeprefix("-"))
        elif word.startswith("-"):
            drop(request.world, request.user, other)
        else:
            accept_for_good(request.world, request.user, other)


@command(
    "WRITERS",
    group="people",
    usage="WRITERS [everyone|rooms|accepted]",
    summary="say who may write to you: everyone, people you share a room with, or whom you ACCEPT",
)
def writers(request: Request) -> None:
    typed = request.param(0).lower()
    if typed and typed not in CHOICES:
        text = f"There are {', '.join(CHOICES)}; nothing was changed"
        raise Failed("INVALID_CHOICE", text, typed[:40])
    if typed:
        choose(request.world, request.user, typed)
    chosen = choice_of(request.world, request.user)
    request.note("WRITERS", _MEANINGS[chosen], chosen)
