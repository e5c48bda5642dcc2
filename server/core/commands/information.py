"""About people and about the server: WHOIS, HELP, MOTD.

Specification: modern IRC "User-Based Queries", "Optional messages".
"""

from typing import Final

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
    RPL_WHOISBOT,
    RPL_WHOISCHANNELS,
    RPL_WHOISIDLE,
    RPL_WHOISSECURE,
    RPL_WHOISSERVER,
    RPL_WHOISUSER,
)
from common.text import split_bytes
from server.core.dispatch import COMMANDS, Refused, Request, command
from server.core.policy import can_see
from server.core.user import User
from server.core.welcome import send_motd

FIVE_WORDS: Final = ("CREATE", "JOIN", "EXIT", "HELP", "QUIT")
"""The commands of the original program: what a newcomer is shown first."""

WHOIS_CHANNELS_BYTES_MAX: Final = 340


@command(
    "WHOIS",
    group="people",
    usage="WHOIS nick",
    summary="show who someone is, and the rooms you may both see",
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
        if can_see(request.user, channel)
    ]
    for piece in split_bytes(" ".join(words), WHOIS_CHANNELS_BYTES_MAX):
        if piece:
            request.reply(RPL_WHOISCHANNELS, user.nick, piece)
    if user.away:
        request.reply(RPL_AWAY, user.nick, user.away)
    if "B" in user.modes:
        request.reply(RPL_WHOISBOT, user.nick)
    request.reply(RPL_WHOISSERVER, user.nick, settings.name, settings.network)
    if user.secure:
        request.reply(RPL_WHOISSECURE, user.nick)
    idle_s = max(0, request.world.wall_ms - user.active_ms) // 1000
    request.reply(RPL_WHOISIDLE, user.nick, str(idle_s), str(user.signon_ms // 1000))


@command(
    "HELP",
    group="rooms",
    usage="HELP [word]",
    summary="list the commands, or explain one",
    before_registration=True,
)
def help_(request: Request) -> None:
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
    request.reply(RPL_HELPTXT, "*", "All others:")
    for name, row in sorted(COMMANDS.items()):
        if name not in FIVE_WORDS:
            request.reply(RPL_HELPTXT, "*", f"{row.usage:<24} {row.summary}")
    request.reply(RPL_ENDOFHELP, "*")


@command("MOTD", group="server", usage="MOTD", summary="show the message of the day")
def motd(request: Request) -> None:
    send_motd(request.world, request.session)
