"""Running a room in one's own words: BAN, UNBAN, TRANSFER, CLOSE, INVITATION.

Ours: `docs/protocol.md`, running a room.
"""

from common.casemap import fold
from common.modes import Change
from server.core.channel import Channel
from server.core.dispatch import Failed, Refused, Request, command
from server.core.durations import read_duration_ms
from server.core.entrance import tell_keeping
from server.core.finding import seen_room
from server.core.invitations import USES_MAX, invite_by_token, revoke_all, shown
from server.core.masks import complete_mask, is_valid_mask
from server.core.ownership import change_modes, choose_keeping, close, transfer
from server.core.policy import may_change_mode
from server.core.world import utc_text


@command(
    "BAN",
    group="moderation",
    usage="BAN room nick|mask [duration]",
    summary="keep someone out of a room, for a time like 30m, 2h or 7d, or until UNBAN",
    params_min=2,
)
def ban(request: Request) -> None:
    channel = _moderated_room(request)
    mask = _masks_of(request, channel, request.params[1])[0]
    if not is_valid_mask(mask):
        text = "A mask is nick!user@host with * and ? for any, or the name of someone here"
        raise Failed("INVALID_MASK", f"{text}; nothing was changed", request.params[1][:80])
    masks = channel.record.masks
    most = request.world.settings.limits__list_entries
    if ("b", fold(mask)) not in masks and len(masks) >= most:
        text = "The room's lists are full: take something off them first"
        raise Failed("LIST_FULL", text, channel.record.name)
    typed = request.param(2)
    until_ms = request.world.wall_ms + read_duration_ms(typed) if typed else 0
    change_modes(request, channel, [Change(True, "b", mask)], until_ms)
    end = utc_text(until_ms) if until_ms else "*"
    until = f"until {end}" if until_ms else "until UNBAN"
    request.note("BANNED", f"{mask} cannot enter or speak {until}", channel.record.name, mask, end)


@command(
    "UNBAN",
    group="moderation",
    usage="UNBAN room nick|mask",
    summary="let someone into a room again",
    params_min=2,
)
def unban(request: Request) -> None:
    channel, typed = _moderated_room(request), request.params[1]
    for mask in (*_masks_of(request, channel, typed), complete_mask(typed)):
        entry = channel.record.masks.get(("b", fold(mask)))
        if entry is not None:
            change_modes(request, channel, [Change(False, "b", entry.mask)])
            request.note("UNBANNED", f"{entry.mask} may enter again", channel.record.name)
            return
    text = "There is no such ban; MODE room +b lists those there are"
    raise Failed("NO_SUCH_BAN", text, channel.record.name, typed[:80])


@command(
    "TRANSFER",
    group="rooms",
    usage="TRANSFER room nick",
    summary="give your room to someone who is in it",
    params_min=2,
    cost=3,
)
def transfer_room(request: Request) -> None:
    channel = seen_room(request, request.params[0])
    target = request.world.users.get(fold(request.params[1]))
    if target is None or target not in channel.members:
        text = "They are not in that room"
        raise Failed("NOT_THERE", text, channel.record.name, request.params[1][:80])
    transfer(request, channel, target)
    text = f"The room belongs to {target.account} now"
    request.note("TRANSFERRED", text, channel.record.name, target.nick)


@command(
    "CLOSE",
    group="rooms",
    usage="CLOSE room [code]",
    summary="close your room for good, with all that was said; asks for a code first",
    params_min=1,
    cost=3,
)
def close_room(request: Request) -> None:
    channel = seen_room(request, request.params[0])
    name = channel.record.name
    code = close(request, channel, request.param(1))
    if code:
        text = f"This deletes the room and all that was said in it. To do it: CLOSE {name} {code}"
        request.note("CONFIRM", text, name, code)
    else:
        request.note("CLOSED", "The room was closed", name)


@command(
    "INVITATION",
    group="rooms",
    usage="INVITATION room [uses [duration]] | INVITATION room -",
    summary="make a word that lets people in, once or so many times, or until; - ends them all",
    params_min=1,
    cost=3,
)
def invitation(request: Request) -> None:
    channel = seen_room(request, request.params[0])
    name, wanted = channel.record.name, request.param(1, "1")
    if wanted == "-":
        count = revoke_all(request, channel)
        request.note("REVOKED", f"Invitations that have ended: {count}", name)
        return
    if not (wanted.isascii() and wanted.isdigit() and int(wanted[:9]) <= USES_MAX):
        text = f"Say how often it may be used: 1 to {USES_MAX}, or 0 for any number"
        raise Failed("INVALID_USES", text, name, wanted[:20])
    typed = request.param(2)
    duration_ms = read_duration_ms(typed) if typed else 0
    token, made = invite_by_token(request, channel, int(wanted[:9]), duration_ms)
    text = f"Friends enter with: join {name.removeprefix('#')} {token} ({shown(made)})"
    request.note("INVITATION_MADE", text, name, token)


@command(
    "RETENTION",
    group="rooms",
    usage="RETENTION room [forever|nothing|<days>d|<messages>]",
    summary="show, or as owner choose, how long a room keeps what is said in it",
    params_min=1,
)
def retention(request: Request) -> None:
    world, channel = request.world, seen_room(request, request.params[0])
    if len(request.params) == 1:
        tell_keeping(world, request.session, channel, "RETENTION")
    else:
        choose_keeping(request, channel, request.params[1])


def _moderated_room(request: Request) -> Channel:
    channel = seen_room(request, request.params[0])
    refusal = may_change_mode(request.user, channel, "b", None)
    if refusal:
        raise Refused(refusal, channel.record.name)
    return channel


def _masks_of(request: Request, channel: Channel, typed: str) -> list[str]:
    """The masks for what was typed, the one to ban by first: an account, or a host of one's own.

    A nick is changed in a moment; it is banned only where others there share the host.
    """
    user = request.world.users.get(fold(typed))
    if user is None:
        return [complete_mask(typed)]
    by_nick, by_host = complete_mask(user.nick), complete_mask(f"*@{user.host}")
    sharing = [member for member in channel.members if member.host == user.host]
    masks = [by_host, by_nick] if sharing == [user] else [by_nick, by_host]
    return [f"a:{user.account}", *masks] if user.account else masks
