"""About people and about the server: WHOIS, HELP, MOTD.

Specification: modern IRC "User-Based Queries", "Optional messages".
"""

from typing import Final

from common.capabilities import METADATA
from common.casemap import fold
from common.modes import signs
from common.numerics import (
    ERR_HELPNOTFOUND,
    ERR_NONICKNAMEGIVEN,
    ERR_NOSUCHNICK,
    RPL_AWAY,
    RPL_ENDOFHELP,
    RPL_ENDOFWHOIS,
    RPL_HELPSTART,
    RPL_HELPTXT,
    RPL_WHOISACCOUNT,
    RPL_WHOISACTUALLY,
    RPL_WHOISBOT,
    RPL_WHOISCHANNELS,
    RPL_WHOISIDLE,
    RPL_WHOISKEYVALUE,
    RPL_WHOISOPERATOR,
    RPL_WHOISSECURE,
    RPL_WHOISSERVER,
    RPL_WHOISUSER,
)
from common.text import split_bytes
from server.core.dispatch import COMMANDS, Refused, Request, command
from server.core.metadata import EVERYONE, values_of
from server.core.policy import can_see, can_see_member
from server.core.user import User
from server.core.welcome import send_motd

FIVE_WORDS: Final = ("CREATE", "JOIN", "EXIT", "HELP", "QUIT")
"""The commands of the original program: what a newcomer is shown first."""

HELP_LINE_BYTES_MAX: Final = 75
"""A line of HELP fits a terminal: netcat wraps nothing."""

WHOIS_CHANNELS_BYTES_MAX: Final = 340


@command(
    "WHOIS",
    group="people",
    usage="WHOIS nick",
    summary="show who someone is, and the rooms you may both see",
    cost=2,
)
def whois(request: Request) -> None:
    if not request.params:
        raise Refused(ERR_NONICKNAMEGIVEN)
    typed = request.params[-1]  # an IRC program may name a server first
    user = request.world.users.get(fold(typed))
    if user is None:
        request.reply(ERR_NOSUCHNICK, typed)
    else:
        _describe(request, user)
    request.reply(RPL_ENDOFWHOIS, typed)


def _describe(request: Request, user: User) -> None:
    settings = request.world.settings
    request.reply(RPL_WHOISUSER, user.nick, user.user_name, user.host, "*", user.realname)
    words = [
        signs(membership.roles, every=True) + channel.record.name
        for channel, membership in user.channels.items()
        if can_see(request.user, channel) and can_see_member(request.user, channel, user)
    ]
    for piece in split_bytes(" ".join(words), WHOIS_CHANNELS_BYTES_MAX):
        if piece:
            request.reply(RPL_WHOISCHANNELS, user.nick, piece)
    if user.account:
        request.reply(RPL_WHOISACCOUNT, user.nick, user.account)
    if user.away:
        request.reply(RPL_AWAY, user.nick, user.away)
    if "o" in user.modes:
        request.reply(RPL_WHOISOPERATOR, user.nick)
    if "B" in user.modes:
        request.reply(RPL_WHOISBOT, user.nick)
    if request.session.capabilities & METADATA:
        for key, value in values_of(request.world, user).items():
            request.reply(RPL_WHOISKEYVALUE, user.nick, key, EVERYONE, value)
    request.reply(RPL_WHOISSERVER, user.nick, settings.name, settings.network)
    if user.secure:
        request.reply(RPL_WHOISSECURE, user.nick)
    _describe_origin(request, user)
    idle_s = max(0, request.world.wall_ms - user.active_ms) // 1000
    request.reply(RPL_WHOISIDLE, user.nick, str(idle_s), str(user.signon_ms // 1000))


def _describe_origin(request: Request, user: User) -> None:
    """Where they connect from: for themselves and for operators of the server."""
    if user is not request.user and "o" not in request.user.modes:
        return
    for address in {session.peer.host: None for session in user.sessions}:
        host = f"{user.user_name}@{user.host}"
        request.reply(RPL_WHOISACTUALLY, user.nick, host, address)


@command(
    "HELP",
    group="rooms",
    usage="HELP [word]",
    summary="list the commands, or explain one",
    before_registration=True,
    cost=2,
)
def help_(request: Request) -> None:
    _explain(request)


@command(
    "HELPOP",
    group="server",
    usage="HELPOP [word]",
    summary="the same as HELP, as some programs call it",
    before_registration=True,
    cost=2,
)
def helpop(request: Request) -> None:
    _explain(request)


def _explain(request: Request) -> None:
    word = request.param(0)
    if not word:
        _list_commands(request)
        return
    row = COMMANDS.get(word.upper())
    if row is None:
        raise Refused(ERR_HELPNOTFOUND, word)
    request.reply(RPL_HELPSTART, row.name, row.usage)
    request.reply(RPL_HELPTXT, row.name, row.summary)
    request.reply(RPL_ENDOFHELP, row.name)


def _list_commands(request: Request) -> None:
    request.reply(RPL_HELPSTART, "*", "The five words to begin with:")
    for name in FIVE_WORDS:
        request.reply(RPL_HELPTXT, "*", f"{COMMANDS[name].usage:<24} {COMMANDS[name].summary}")
    others = " ".join(sorted(name for name in COMMANDS if name not in FIVE_WORDS))
    request.reply(RPL_HELPTXT, "*", "There are more; HELP word explains each:")
    for piece in split_bytes(others, HELP_LINE_BYTES_MAX):
        request.reply(RPL_HELPTXT, "*", piece)
    request.reply(RPL_ENDOFHELP, "*")


@command("MOTD", group="server", usage="MOTD", summary="show the message of the day")
def motd(request: Request) -> None:
    send_motd(request.world, request.session)
