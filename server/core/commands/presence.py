"""Who is there: AWAY, WHO with WHOX, USERHOST, ISON.

Specification: modern IRC "User-Based Queries", IRCv3 whox, away-notify.
"""

from collections.abc import Callable, Iterator
from typing import Final

from common.capabilities import MULTI_PREFIX, PRE_AWAY
from common.casemap import fold
from common.modes import signs
from common.numerics import (
    ERR_NOTREGISTERED,
    RPL_ENDOFWHO,
    RPL_ISON,
    RPL_NOWAWAY,
    RPL_UNAWAY,
    RPL_USERHOST,
    RPL_WHOREPLY,
    RPL_WHOSPCRPL,
)
from common.text import split_bytes
from common.wire import encode
from server.core.apply import set_away
from server.core.channel import Channel
from server.core.delivery import send
from server.core.dispatch import Refused, Request, command
from server.core.masks import matches
from server.core.policy import can_see, can_see_member
from server.core.user import User

AWAY_BYTES_MAX: Final = 300
USERHOST_NICKS_MAX: Final = 5  # modern IRC
ISON_NICKS_MAX: Final = 50
WHO_REPLIES_MAX: Final = 1_000
"""Lines of one WHO: some 150 KiB at the most."""


@command(
    "AWAY",
    group="people",
    usage="AWAY [:reason]",
    summary="say that you are away, or without a reason that you are back",
    before_registration=True,
    cost=2,
)
def away(request: Request) -> None:
    reason = split_bytes(request.param(0), AWAY_BYTES_MAX)[0]
    if request.session.user is None:
        if not request.session.capabilities & PRE_AWAY:
            raise Refused(ERR_NOTREGISTERED)
        request.session.away = reason
        request.reply(RPL_NOWAWAY if reason else RPL_UNAWAY)
        return
    if reason != request.user.away:
        set_away(request.world, request.user, reason)
    request.reply(RPL_NOWAWAY if reason else RPL_UNAWAY)


@command(
    "USERHOST",
    group="people",
    usage="USERHOST nick[ nick…]",
    summary="show the hosts of up to five people",
    params_min=1,
)
def userhost(request: Request) -> None:
    words = []
    for nick in request.params[:USERHOST_NICKS_MAX]:
        user = request.world.users.get(fold(nick))
        if user is not None:
            star = "*" if "o" in user.modes else ""
            sign = "-" if user.away else "+"
            words.append(f"{user.nick}{star}={sign}{user.user_name}@{user.host}")
    request.reply(RPL_USERHOST, " ".join(words))


@command(
    "ISON",
    group="people",
    usage="ISON nick[ nick…]",
    summary="show which of these people are here",
    params_min=1,
)
def ison(request: Request) -> None:
    nicks = " ".join(request.params).split()[:ISON_NICKS_MAX]
    found = [user.nick for nick in nicks if (user := request.world.users.get(fold(nick)))]
    request.reply(RPL_ISON, " ".join(found))


@command(
    "WHO",
    group="people",
    usage="WHO room|nick|mask [%fields[,token]]",
    summary="list people: of a room, or by a mask",
    cost=4,
)
def who(request: Request) -> None:
    mask = request.param(0) or "*"
    options, _, fields = request.param(1).partition("%")
    fields, _, given = fields.partition(",")
    token = given if given.isascii() and given.isdigit() and len(given) <= 3 else "0"  # whox
    shown = 0
    for user, channel in _people(request, mask):
        if "o" in options and "o" not in user.modes:
            continue
        if shown == WHO_REPLIES_MAX:
            request.note("WHO_CUT", f"Only the first {WHO_REPLIES_MAX} people are shown")
            break
        shown += 1
        if fields:
            _send_whox(request, user, channel, fields, token)
        else:
            _send_who(request, user, channel)
    request.reply(RPL_ENDOFWHO, mask)
    request.session.turn_over = True


def _people(request: Request, mask: str) -> Iterator[tuple[User, Channel | None]]:
    """The people a WHO is about, as far as the asker may see them."""
    world, asker = request.world, request.user
    channel = world.channels.get(fold(mask))
    if channel is not None:
        if can_see(asker, channel):
            for member in channel.members:
                if can_see_member(asker, channel, member):
                    yield member, channel
        return
    exact = world.users.get(fold(mask))
    if exact is not None:
        yield exact, _room_in_common(asker, exact)
        return
    pattern = fold(mask)
    for user in world.users.values():
        common = _room_in_common(asker, user)
        if user is not asker and common is None and "i" in user.modes:
            continue
        words = (user.nick, user.user_name, user.host, user.realname)
        if any(matches(pattern, fold(word)) for word in words):
            yield user, common


def _room_in_common(asker: User, user: User) -> Channel | None:
    return next(
        (
            channel
            for channel in user.channels
            if channel in asker.channels and can_see_member(asker, channel, user)
        ),
        None,
    )


def _flags(request: Request, user: User, channel: Channel | None) -> str:
    flags = "G" if user.away else "H"
    if "o" in user.modes:
        flags += "*"
    if "B" in user.modes:
        flags += "B"
    if channel is not None:
        every = bool(request.session.capabilities & MULTI_PREFIX)
        flags += signs(channel.members[user].roles, every)
    return flags


def _send_who(request: Request, user: User, channel: Channel | None) -> None:
    request.reply(
        RPL_WHOREPLY,
        channel.record.name if channel else "*",
        user.user_name,
        user.host,
        request.world.settings.name,
        user.nick,
        _flags(request, user, channel),
        f"0 {user.realname}",
    )


def _send_whox(
    request: Request, user: User, channel: Channel | None, fields: str, token: str
) -> None:
    values = [
        _WHOX_FIELDS[letter](request, user, channel, token)
        for letter in _WHOX_FIELDS
        if letter in fields
    ]
    line = [request.session.target, *values]
    server = request.world.settings.name
    send(request.world, request.session, encode(RPL_WHOSPCRPL.code, line, server))


def _idle_s(request: Request, user: User) -> str:
    return str(max(0, request.world.wall_ms - user.active_ms) // 1000)


_WHOX_FIELDS: Final[dict[str, Callable[[Request, User, Channel | None, str], str]]] = {
    "t": lambda _request, _user, _channel, token: token,
    "c": lambda _request, _user, channel, _token: channel.record.name if channel else "*",
    "u": lambda _request, user, _channel, _token: user.user_name,
    "i": lambda _request, user, _channel, _token: user.host,
    "h": lambda _request, user, _channel, _token: user.host,
    "s": lambda request, _user, _channel, _token: request.world.settings.name,
    "n": lambda _request, user, _channel, _token: user.nick,
    "f": lambda request, user, channel, _token: _flags(request, user, channel),
    "d": lambda _request, _user, _channel, _token: "0",
    "l": lambda request, user, _channel, _token: _idle_s(request, user),
    "a": lambda _request, user, _channel, _token: user.account or "0",
    "o": lambda _request, _user, _channel, _token: "n/a",
    "r": lambda _request, user, _channel, _token: user.realname,
}
"""The fields of WHOX in the order in which they are sent, whatever order was asked for."""
