"""Becoming someone: CAP, PASS, NICK, USER, DEVICE, PING, PONG, QUIT.

Specification: modern IRC "Connection Registration", IRCv3 capability-negotiation,
`docs/protocol.md` (resend).
"""

import hashlib
import re
from functools import lru_cache
from typing import Final

from common.capabilities import (
    BY_NAME,
    CAP_NOTIFY,
    MESSAGE_TAGS,
    RESEND,
    SEQUENCE,
    names_of,
    variant_of,
)
from common.casemap import fold, user_name
from common.numerics import (
    ERR_ALREADYREGISTERED,
    ERR_ERRONEUSNICKNAME,
    ERR_INVALIDCAPCMD,
    ERR_NEEDMOREPARAMS,
    ERR_NICKNAMEINUSE,
    ERR_NONICKNAMEGIVEN,
    ERR_NOORIGIN,
    ERR_SASLABORTED,
)
from common.wire import encode
from server.core.accounts import note_presence
from server.core.apply import rename
from server.core.attendance import attach, rejoin, settle_away
from server.core.delivery import fitted, send
from server.core.dispatch import Failed, Refused, Request, command
from server.core.door import offered, refusal_at_the_door, sts_policy
from server.core.holders import guest_holder
from server.core.liveness import doubt_predecessor
from server.core.monitors import tell_online
from server.core.names import is_valid_nick, nick_taken
from server.core.sanctions import ban_text
from server.core.session import Session
from server.core.user import User
from server.core.welcome import REALNAME_BYTES_MAX, welcome
from server.core.world import World

CAP_LINE_BYTES_MAX: Final = 400
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")


@command(
    "CAP",
    group="connection",
    usage="CAP LS|LIST|REQ|END [parameter]",
    summary="agree on capabilities",
    params_min=1,
    before_registration=True,
)
def cap(request: Request) -> None:
    subcommand = request.params[0].upper()
    handler = _CAP_SUBCOMMANDS.get(subcommand)
    if handler is None:
        raise Refused(ERR_INVALIDCAPCMD, request.params[0])
    handler(request)


def _cap_ls(request: Request) -> None:
    session = request.session
    version = request.param(1)
    if version.isascii() and version.isdigit():
        session.cap_version = max(session.cap_version, min(int(version[:9]), 302))
    if session.user is None:
        session.negotiating = True
    if session.cap_version >= 302:
        session.capabilities |= CAP_NOTIFY
    with_values = session.cap_version >= 302
    words = [
        f"{name}={value}" if value and with_values else name
        for name, value in offered(request.world).items()
    ]
    policy = sts_policy(session, request.world.settings)
    if policy and with_values:  # told and not negotiated: it is in no table
        words.append(f"sts={policy}")
    _send_cap_lines(request, "LS", words)


def _cap_list(request: Request) -> None:
    _send_cap_lines(request, "LIST", names_of(request.session.capabilities))


def _send_cap_lines(request: Request, subcommand: str, words: list[str]) -> None:
    """One line for old clients; as many as it takes, all but the last marked, for 302."""
    server, target = request.world.settings.name, request.session.target
    line: list[str] = []
    for word in words:
        full = sum(map(len, line)) + len(line) + len(word) > CAP_LINE_BYTES_MAX
        if full and request.session.cap_version < 302:
            break  # such a client reads one line: what comes last in the table is left out
        if full:
            params = [target, subcommand, "*", " ".join(line)]
            send(request.world, request.session, encode("CAP", params, server))
            line = []
        line.append(word)
    params = [target, subcommand, " ".join(line)]
    send(request.world, request.session, encode("CAP", params, server))


def _cap_req(request: Request) -> None:
    session = request.session
    if session.user is None:
        session.negotiating = True
    wanted = session.capabilities
    available = offered(request.world)
    words = request.param(1).split()
    for word in words:
        row = BY_NAME.get(word.removeprefix("-"))
        kept_on = word == "-cap-notify" and session.cap_version >= 302
        if row is None or row.name not in available or kept_on:
            _answer_req(request, "NAK")
            return
        wanted = wanted & ~row.bit if word.startswith("-") else wanted | row.bit
    too_long_to_repeat = len(request.param(1).encode()) > CAP_LINE_BYTES_MAX
    if too_long_to_repeat or (wanted & SEQUENCE and not wanted & MESSAGE_TAGS):
        _answer_req(request, "NAK")
        return
    session.capabilities = wanted
    session.variant = variant_of(wanted)
    _answer_req(request, "ACK")


def _answer_req(request: Request, answer: str) -> None:
    params = [request.session.target, answer, request.param(1)]
    send(request.world, request.session, fitted("CAP", params, request.world.settings.name))


def _cap_end(request: Request) -> None:
    request.session.negotiating = False
    complete_registration(request)


_CAP_SUBCOMMANDS: Final = {"LS": _cap_ls, "LIST": _cap_list, "REQ": _cap_req, "END": _cap_end}


@command(
    "PASS",
    group="connection",
    usage="PASS password",
    summary="give the server's password, before NICK and USER",
    params_min=1,
    before_registration=True,
)
def pass_(request: Request) -> None:
    if request.session.user:
        raise Refused(ERR_ALREADYREGISTERED)
    request.session.password = request.params[0]


@command(
    "DEVICE",
    group="connection",
    usage="DEVICE token",
    summary="name the device, so that a guest's rooms stay theirs",
    params_min=1,
    before_registration=True,
)
def device(request: Request) -> None:
    if request.session.user:
        raise Failed("TOO_LATE", "DEVICE is only possible before registration is complete")
    if not request.session.capabilities & RESEND or not _TOKEN.match(request.params[0]):
        raise Failed(
            "INVALID_TOKEN",
            "A device token is 16 to 64 letters, digits, - or _, sent after chat-server/resend "
            "was negotiated",
        )
    request.session.device = hashlib.sha256(request.params[0].encode()).hexdigest()[:32]
    doubt_predecessor(request.world, request.session)


@command(
    "NICK",
    group="connection",
    usage="NICK name",
    summary="choose or change your name",
    before_registration=True,
    cost=3,
)
def nick(request: Request) -> None:
    wanted = request.param(0)
    if not wanted:
        raise Refused(ERR_NONICKNAMEGIVEN)
    session = request.session
    if not is_valid_nick(request.world, wanted):
        raise Refused(ERR_ERRONEUSNICKNAME, wanted)
    taken = nick_taken(request.world, session, wanted)
    may_log_in_yet = session.user is None and session.negotiating
    if taken is not None and not (taken.by_account and may_log_in_yet):
        session.refused_nick = wanted
        raise Refused(ERR_NICKNAMEINUSE, wanted, hint=taken.hint)
    if session.user is None:
        session.nick = wanted
        complete_registration(request)
    elif session.user.nick != wanted:
        _check_ban(request, session.user, wanted)
        rename(request.world, session.user, wanted)
        for each in session.user.sessions:
            each.nick = wanted
        note_presence(request.world, session.user)


def _check_ban(request: Request, user: User, wanted: str) -> None:
    """Raise `Failed` where someone of this nick would be banned from the server."""
    source = f"{wanted}!{user.user_name}@{user.host}"
    banned = ban_text(request.world, request.session, source) if "o" not in user.modes else ""
    if banned:
        raise Failed("BANNED", f"{banned}; you keep your name", wanted)


@command(
    "USER",
    group="connection",
    usage="USER name 0 * :real name",
    summary="give a user name and a real name, when connecting",
    params_min=4,
    before_registration=True,
)
def user(request: Request) -> None:
    session = request.session
    if session.user or session.user_name:
        raise Refused(ERR_ALREADYREGISTERED)
    if not request.params[0] or not request.params[3]:
        raise Refused(ERR_NEEDMOREPARAMS, "USER", usage=request.row.usage)
    session.user_name = user_name(request.params[0])
    session.realname = request.params[3].encode()[:REALNAME_BYTES_MAX].decode(errors="ignore")
    complete_registration(request)


def complete_registration(request: Request) -> None:
    """Make the session a user, once everything needed has been given."""
    session, world = request.session, request.world
    if session.user or session.negotiating or not session.nick or not session.user_name:
        return
    refusal = refusal_at_the_door(world, session)
    if refusal:
        world.end_session(session, refusal)
        return
    taken = nick_taken(world, session, session.nick)
    if taken is not None:  # since NICK was sent, or by an account that was not logged in to
        session.refused_nick, session.nick = session.nick, ""
        raise Refused(ERR_NICKNAMEINUSE, session.refused_nick, hint=taken.hint)
    if session.exchange is not None:
        session.exchange = None
        request.reply(ERR_SASLABORTED)
    existing = world.users.get(fold(session.nick))
    if existing is None:
        existing = _come_in(world, session)
    else:
        attach(world, session, existing)
    note_presence(world, existing)


def _come_in(world: World, session: Session) -> User:
    """Make a new user of the session, in the rooms of the account if there is one."""
    account = world.store.accounts.get(session.account_id) if session.account_id else None
    newcomer = User(
        nick=session.nick,
        user_name=session.user_name,
        host=_host_word(session.peer.host),
        realname=session.realname,
        holder=account.holder if account else guest_holder(world, session),
        signon_ms=world.wall_ms,
        active_ms=world.wall_ms,
        secure=session.peer.secure,
        account=session.account,
        account_id=session.account_id,
        always_on=account.always_on if account else False,
        modes=_in_order(world.settings.default_user_modes),
        sessions={session: None},
    )
    session.user = newcomer
    world.add_user(newcomer)
    tell_online(world, newcomer)
    welcome(world, session)
    settle_away(world, session, newcomer)
    if account is not None:
        rejoin(world, newcomer)
    return newcomer


@lru_cache(maxsize=8)
def _in_order(letters: str) -> str:
    """Modes as they are kept: each once, in the order of the alphabet."""
    return "".join(sorted(set(letters)))


def _host_word(host: str) -> str:
    """A host as it can stand anywhere in a line: ``::1`` would begin a last parameter."""
    return f"0{host}" if host.startswith(":") else host


@command(
    "PING",
    group="connection",
    usage="PING token",
    summary="ask for a sign of life",
    before_registration=True,
    cost=0.5,
)
def ping(request: Request) -> None:
    if not request.param(0):
        raise Refused(ERR_NOORIGIN)
    server = request.world.settings.name
    line = fitted("PONG", [server, request.params[0]], server)
    send(request.world, request.session, line)


@command(
    "PONG",
    group="connection",
    usage="PONG token",
    summary="answer a PING",
    before_registration=True,
    cost=0.5,
)
def pong(request: Request) -> None:
    """Any input counts as alive, so there is nothing to do."""


@command(
    "QUIT",
    group="rooms",
    usage="QUIT [reason]",
    summary="leave every room and close the connection",
    before_registration=True,
)
def quit_(request: Request) -> None:
    given, session = request.param(0), request.session
    reason = f"Quit: {given}" if given else "Quit"
    if session.user is not None:  # others see it only when the last of one's sessions goes
        send(request.world, session, fitted("QUIT", [reason], session.user.source))
    request.world.end_session(session, reason)
