"""What operators of the server may do: OPER, KILL, WALLOPS, SETHOST, REHASH.

Who may become one is written in the settings. Specification: modern IRC "Operator Messages",
IRCv3 chghost.
"""

import hmac
import re
from functools import partial
from math import ceil
from typing import Final

from common.casemap import fold
from common.numerics import (
    ERR_NOOPERHOST,
    ERR_NOSUCHNICK,
    ERR_PASSWDMISMATCH,
    RPL_REHASHING,
    RPL_YOUREOPER,
)
from common.text import split_bytes
from common.wire import encode
from server.core import attempts
from server.core.accounts import cost_of
from server.core.apply import set_host
from server.core.attendance import take_away
from server.core.audit import note
from server.core.delivery import Outgoing, fan_out, fitted, tags_of
from server.core.dispatch import Failed, Refused, Request, command
from server.core.limits import block_of
from server.core.passwords import hash_of_nobody, is_password
from server.core.user import User

HASH_START: Final = "$argon2"
REASON_BYTES_MAX: Final = 300

_HOST: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:/-]{0,62}\Z")


@command(
    "OPER",
    group="operators",
    usage="OPER name password",
    summary="become an operator of the server",
    params_min=2,
    cost=10,
)
def oper(request: Request) -> None:
    name, password = request.params[:2]
    opers = dict(request.world.settings.opers)
    if not opers:
        raise Refused(ERR_NOOPERHOST)
    _check_throttle(request)
    stored = opers.get(name, "")
    if not stored and any(each.startswith(HASH_START) for each in opers.values()):
        stored = hash_of_nobody(cost_of(request.world))  # the time must not tell the names
    if stored.startswith(HASH_START):
        request.later(partial(is_password, stored, password), partial(_judge, request, name))
    else:
        right = hmac.compare_digest(stored.encode(), password.encode())
        _judge(request, name, right and stored != "")


def _judge(request: Request, name: str, right: bool) -> None:
    if not right:
        attempts.note_failure(request.world, _throttled(request))
        raise Refused(ERR_PASSWDMISMATCH)
    user = request.user
    request.world.set_user_modes(user, "".join(sorted({*user.modes, "o"})))
    user.oper = name
    note(request.world, user.source, "OPER", name)
    request.reply(RPL_YOUREOPER)
    line = encode("MODE", [user.nick, "+o"], user.source)
    fan_out(request.world, Outgoing(line, tags_of(request.world, user)), user.sessions)


def _check_throttle(request: Request) -> None:
    wait_s = attempts.wait_s(request.world, _throttled(request))
    if wait_s:
        text = f"Too many wrong passwords: try again in {ceil(wait_s)} seconds"
        raise Failed("TOO_MANY_ATTEMPTS", text)


def _throttled(request: Request) -> str:
    return f"oper {block_of(request.session.peer.host)}"


@command(
    "KILL",
    group="operators",
    usage="KILL nick [:reason]",
    summary="close every connection of someone",
    params_min=1,
    operators=True,
)
def kill(request: Request) -> None:
    target = _target(request, request.params[0])
    user = request.user
    reason = split_bytes(request.param(1) or user.nick, REASON_BYTES_MAX)[0]
    line = fitted("KILL", [target.nick, reason], user.source)
    fan_out(request.world, Outgoing(line, tags_of(request.world, user)), target.sessions)
    take_away(request.world, target, f"Killed ({user.nick} ({reason}))")


@command(
    "WALLOPS",
    group="operators",
    usage="WALLOPS :text",
    summary="tell something to everyone who wants to read it (user mode w)",
    params_min=1,
    operators=True,
)
def wallops(request: Request) -> None:
    world, user = request.world, request.user
    line = Outgoing(fitted("WALLOPS", [request.params[0]], user.source), tags_of(world, user))
    readers = [each for each in world.users.values() if "w" in each.modes]
    fan_out(world, line, [session for reader in readers for session in reader.sessions])


@command(
    "SETHOST",
    group="operators",
    usage="SETHOST nick host",
    summary="give someone another host to be shown",
    params_min=2,
    operators=True,
)
def sethost(request: Request) -> None:
    target, host = _target(request, request.params[0]), request.params[1]
    if not _HOST.match(host):
        text = "A host is up to 63 letters, digits, dots, dashes, slashes and colons"
        raise Failed("INVALID_HOST", text, host)
    set_host(request.world, target, host)
    request.note("HOST_SET", f"{target.nick} is shown as {target.source}", target.nick)


@command(
    "REHASH",
    group="operators",
    usage="REHASH",
    summary="read the settings file again",
    operators=True,
)
def rehash(request: Request) -> None:
    request.world.outbox.rehash.append(request.session)
    request.reply(RPL_REHASHING, "settings")


def _target(request: Request, nick: str) -> User:
    target = request.world.users.get(fold(nick))
    if target is None:
        raise Refused(ERR_NOSUCHNICK, nick)
    return target
