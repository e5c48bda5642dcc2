"""Commands that keep order in a room. Who may use them is for the server to say."""

import re
from typing import Final

from tui.commands.table import (
    Argument,
    ArgumentKind,
    Command,
    CommandRefused,
    Context,
    Handler,
    Where,
)

DURATION: Final = re.compile(r"\d{1,9}[smhdw]\Z")
"""As our server reads it; any other second word of /ban begins the reason."""


def _kick(context: Context, arguments: list[str]) -> None:
    context.client.kick(context.buffer, *arguments)


def _ban(context: Context, arguments: list[str]) -> None:
    who, *words = arguments
    duration = words.pop(0) if words and DURATION.match(words[0]) else ""
    context.client.ban(context.buffer, who, " ".join(words), duration)


def _unban(context: Context, arguments: list[str]) -> None:
    context.client.unban(context.buffer, arguments[0])


def _bans(context: Context, _: list[str]) -> None:
    context.client.list_bans(context.buffer)


def _invite(context: Context, arguments: list[str]) -> None:
    if len(arguments) == 1 and not context.buffer:
        raise CommandRefused("Say which room too: /invite nick room")
    context.client.invite(context.buffer, *arguments)


def _role(role: str, gives: bool) -> Handler:
    def handler(context: Context, arguments: list[str]) -> None:
        context.client.set_role(context.buffer, arguments[0], role, gives)

    return handler


def _quiet(mutes: bool) -> Handler:
    def handler(context: Context, arguments: list[str]) -> None:
        context.client.mute(context.buffer, arguments[0], mutes)

    return handler


def _invitation(context: Context, arguments: list[str]) -> None:
    context.client.make_invitation(context.buffer, *arguments)


def _mode(context: Context, arguments: list[str]) -> None:
    context.client.set_modes(context.buffer, *arguments)


_PERSON = Argument("nick", ArgumentKind.PERSON)
_REASON = Argument("reason", ArgumentKind.TEXT, required=False)
_ROOM = Argument("room", ArgumentKind.ROOM, required=False)
_CHANGES = Argument("changes", ArgumentKind.TEXT, required=False)

_GROUP = "Order"


def _row(
    name: str, summary: str, handler: Handler, *arguments: Argument, where: Where = Where.ROOM
) -> Command:
    return Command(name, summary, _GROUP, arguments=arguments, where=where, handler=handler)


ROWS = (
    _row("invite", "Invite someone into a room", _invite, _PERSON, _ROOM, where=Where.ANYWHERE),
    _row("kick", "Remove someone from this room", _kick, _PERSON, _REASON),
    _row(
        "ban",
        "Keep someone out of this room, removing them if they are here: /ban ann 2h spam",
        _ban,
        _PERSON,
        Argument("duration", ArgumentKind.WORD, required=False),
        _REASON,
    ),
    _row("unban", "Let someone in again", _unban, _PERSON),
    _row("bans", "Say who is banned from this room", _bans),
    _row(
        "invitation",
        "Show a link that lets friends in: once, or so often, for so long; - ends all",
        _invitation,
        Argument("times", ArgumentKind.WORD, required=False),
        Argument("duration", ArgumentKind.WORD, required=False),
    ),
    _row("silence", "Let someone read here and say nothing", _quiet(True), _PERSON),
    _row("unsilence", "Let someone speak here again", _quiet(False), _PERSON),
    _row("op", "Make someone an operator of this room", _role("operator", True), _PERSON),
    _row("deop", "Take the operator's role from someone", _role("operator", False), _PERSON),
    _row("voice", "Let someone speak in a moderated room", _role("voice", True), _PERSON),
    _row("devoice", "Take voice from someone", _role("voice", False), _PERSON),
    _row(
        "mode", "Show how this room is set, or change it: /mode +m, /mode +k key", _mode, _CHANGES
    ),
)
