"""MODE: the modes of a room, its lists, the roles of its members; one's own user modes.

Specification: modern IRC "MODE message".
"""

from collections.abc import Callable
from typing import Final

from common.casemap import fold
from common.modes import (
    ROLE_LETTERS,
    TAKES,
    USER_LETTERS,
    USER_MODES,
    Change,
    Takes,
    read_changes,
    write_changes,
)
from common.numerics import (
    ERR_BANLISTFULL,
    ERR_CHANOPRIVSNEEDED,
    ERR_INVALIDMODEPARAM,
    ERR_NOSUCHNICK,
    ERR_UMODEUNKNOWNFLAG,
    ERR_UNKNOWNMODE,
    ERR_USERNOTINCHANNEL,
    ERR_USERSDONTMATCH,
    RPL_BANLIST,
    RPL_CHANNELMODEIS,
    RPL_CREATIONTIME,
    RPL_ENDOFBANLIST,
    RPL_ENDOFEXCEPTLIST,
    RPL_ENDOFINVEXLIST,
    RPL_EXCEPTLIST,
    RPL_INVEXLIST,
    RPL_UMODEIS,
)
from common.wire import encode
from server.core.channel import Channel
from server.core.channel_modes import modes_text
from server.core.delivery import send
from server.core.dispatch import Refused, Request, command
from server.core.finding import seen_room
from server.core.masks import complete_mask, is_valid_mask
from server.core.ownership import change_modes
from server.core.policy import can_see, may_change_mode
from server.core.slow_mode import SLOW_S_MAX
from server.core.user import User
from server.core.world import World

CHANGES_MAX: Final = 20
"""Changes in one MODE: the event they make stays within a line."""

KEY_CHARACTERS_MAX: Final = 32
MEMBERS_LIMIT_MAX: Final = 1_000_000
CHANGES_BYTES_MAX: Final = 300

_LIST_REPLIES: Final = {
    "b": (RPL_BANLIST, RPL_ENDOFBANLIST),
    "e": (RPL_EXCEPTLIST, RPL_ENDOFEXCEPTLIST),
    "I": (RPL_INVEXLIST, RPL_ENDOFINVEXLIST),
}


@command(
    "MODE",
    group="moderation",
    usage="MODE room|nick [changes [parameters…]]",
    summary="show or change the modes of a room, or your own",
    params_min=1,
)
def mode(request: Request) -> None:
    target = request.params[0]
    if not target.startswith("#"):
        _user_modes(request, target)
        return
    channel = seen_room(request, target)
    if len(request.params) == 1:
        _show(request, channel)
        return
    wanted = read_changes(request.params[1], request.params[2:], TAKES)[:CHANGES_MAX]
    changes: list[Change] = []
    for change in wanted:
        decided = _decide(request, channel, change)
        if decided and len(write_changes([*changes, decided]).encode()) <= CHANGES_BYTES_MAX:
            changes.append(decided)
    if changes:
        change_modes(request, channel, changes)


def _show(request: Request, channel: Channel) -> None:
    row = channel.record
    member = request.user in channel.members
    line = [request.session.target, row.name, *modes_text(request.world, channel, with_key=member)]
    server = request.world.settings.name
    send(request.world, request.session, encode(RPL_CHANNELMODEIS.code, line, server))
    request.reply(RPL_CREATIONTIME, row.name, str(row.created_ms // 1000))


def _decide(request: Request, channel: Channel, change: Change) -> Change | None:
    """The change as it will be made; None where it changes nothing or was answered."""
    rule = TAKES.get(change.letter)
    if rule is None:
        request.reply(ERR_UNKNOWNMODE, change.letter)
        return None
    if rule is Takes.LIST and not change.parameter:
        _show_list(request, channel, change.letter)
        return None
    if change.letter in ROLE_LETTERS:
        return _decide_role(request, channel, change)
    refusal = may_change_mode(request.user, channel, change.letter, None)
    if refusal:
        request.reply(refusal, channel.record.name)
        return None
    if rule is Takes.LIST:
        return _decide_mask(request, channel, change)
    if change.letter in _DECIDE_PARAMETER:
        return _DECIDE_PARAMETER[change.letter](request, channel, change)
    return change if change.adds != (change.letter in channel.record.modes) else None


def _decide_role(request: Request, channel: Channel, change: Change) -> Change | None:
    if not change.parameter:
        return None
    target = request.world.users.get(fold(change.parameter))
    if target is None:
        request.reply(ERR_NOSUCHNICK, change.parameter)
        return None
    if target not in channel.members:
        request.reply(ERR_USERNOTINCHANNEL, change.parameter, channel.record.name)
        return None
    refusal = may_change_mode(request.user, channel, change.letter, target)
    if refusal:
        request.reply(refusal, channel.record.name)
        return None
    if change.adds == (change.letter in channel.members[target].roles):
        return None
    return change._replace(parameter=target.nick)


def _decide_mask(request: Request, channel: Channel, change: Change) -> Change | None:
    mask = complete_mask(change.parameter)
    masks = channel.record.masks
    name = channel.record.name
    if not is_valid_mask(mask):
        why = "write nick!user@host, with * and ? for any"
        request.reply(ERR_INVALIDMODEPARAM, name, change.letter, change.parameter, why=why)
        return None
    if change.adds == ((change.letter, fold(mask)) in masks):
        return None
    if change.adds and len(masks) >= request.world.settings.limits__list_entries:
        request.reply(ERR_BANLISTFULL, name, change.letter)
        return None
    kept = masks.get((change.letter, fold(mask)))
    return change._replace(parameter=kept.mask if kept else mask)


def _decide_key(request: Request, channel: Channel, change: Change) -> Change | None:
    if not change.adds:
        return change._replace(parameter=channel.record.key) if channel.record.key else None
    key = change.parameter
    bad = not key or len(key) > KEY_CHARACTERS_MAX or any(c in key for c in " ,:\x07")
    if bad or not key.isprintable():
        why = f"a key is one word of at most {KEY_CHARACTERS_MAX} characters, without , and :"
        shown = key if len(key) <= KEY_CHARACTERS_MAX else "*"
        request.reply(ERR_INVALIDMODEPARAM, channel.record.name, "k", shown or "*", why=why)
        return None
    return change if key != channel.record.key else None


def _decide_limit(request: Request, channel: Channel, change: Change) -> Change | None:
    if not change.adds:
        return change if channel.record.limit else None
    text = change.parameter
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MEMBERS_LIMIT_MAX):
        why = f"a number from 1 to {MEMBERS_LIMIT_MAX}"
        request.reply(ERR_INVALIDMODEPARAM, channel.record.name, "l", text or "*", why=why)
        return None
    limit = int(text[:9])
    return change._replace(parameter=str(limit)) if limit != channel.record.limit else None


def _decide_slow_mode(request: Request, channel: Channel, change: Change) -> Change | None:
    if not change.adds:
        return change if channel.record.slow_s else None
    text = change.parameter
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= SLOW_S_MAX):
        why = f"a number of seconds from 1 to {SLOW_S_MAX}"
        request.reply(ERR_INVALIDMODEPARAM, channel.record.name, "W", text or "*", why=why)
        return None
    slow_s = int(text[:9])
    return change._replace(parameter=str(slow_s)) if slow_s != channel.record.slow_s else None


def _decide_forward(request: Request, channel: Channel, change: Change) -> Change | None:
    if not change.adds:
        return change if channel.record.forward else None
    target = request.world.channels.get(fold(change.parameter))
    if target is None or not can_see(request.user, target) or target is channel:
        why = "the name of another room that you may see"
        typed = change.parameter or "*"
        request.reply(ERR_INVALIDMODEPARAM, channel.record.name, "f", typed, why=why)
        return None
    if may_change_mode(request.user, target, "f", None):
        request.reply(ERR_CHANOPRIVSNEEDED, target.record.name)
        return None
    changes = target.record.id != channel.record.forward
    return change._replace(parameter=target.record.name) if changes else None


_DECIDE_PARAMETER: Final[dict[str, Callable[[Request, Channel, Change], Change | None]]] = {
    "k": _decide_key,
    "l": _decide_limit,
    "f": _decide_forward,
    "W": _decide_slow_mode,
}


def _show_list(request: Request, channel: Channel, letter: str) -> None:
    """A list, to anyone who may see the room: whom it keeps out is no secret from members."""
    line, end = _LIST_REPLIES[letter]
    if request.user in channel.members:
        for (entry_letter, _), entry in channel.record.masks.items():
            if entry_letter == letter:
                setter = entry.setter.partition("!")[0]
                time_s = str(entry.set_ms // 1000)
                request.reply(line, channel.record.name, entry.mask, setter, time_s)
    request.reply(end, channel.record.name)


def _user_modes(request: Request, target: str) -> None:
    user = request.world.users.get(fold(target))
    if user is None:
        raise Refused(ERR_NOSUCHNICK, target)
    if user is not request.user:
        raise Refused(ERR_USERSDONTMATCH)
    if len(request.params) == 1:
        request.reply(RPL_UMODEIS, f"+{user.modes}")
        return
    settable = {row.letter for row in USER_MODES if row.settable}
    made: list[Change] = []
    unknown = False
    for change in read_changes(request.params[1], [], {}):
        if change.letter not in USER_LETTERS:
            unknown = True
        elif change.adds != (change.letter in user.modes) and (
            change.letter in settable or not change.adds
        ):
            _set_user_mode(request.world, user, change)
            made.append(change)
    if unknown:
        request.reply(ERR_UMODEUNKNOWNFLAG)
    if made:
        params = [user.nick, write_changes(made)]
        for session in user.sessions:
            send(request.world, session, encode("MODE", params, user.source))


def _set_user_mode(world: World, user: User, change: Change) -> None:
    others = user.modes.replace(change.letter, "")
    world.set_user_modes(user, "".join(sorted(others + change.letter)) if change.adds else others)
