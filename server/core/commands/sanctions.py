"""Keeping people out of the server, or silent: UBAN, UMUTE, FILTER, LOCKDOWN; and AUDIT.

Ours: `docs/protocol.md`, moderating the server.
"""

from typing import Final

from common.casemap import fold
from common.numerics import ERR_CHANOPRIVSNEEDED, ERR_NOPRIVILEGES
from server.core.attendance import take_away
from server.core.audit import LAST
from server.core.dispatch import Failed, Refused, Request, command
from server.core.durations import is_duration, read_duration_ms
from server.core.finding import seen_room
from server.core.limits import block_of
from server.core.masks import complete_mask, is_valid_mask
from server.core.policy import can_see, may_moderate
from server.core.sanctions import (
    BAN,
    FILTER,
    MUTE,
    SANCTIONS_MAX,
    concerns,
    impose,
    lift,
    read_network,
    set_lockdown,
    why,
)
from server.core.world import utc_text
from server.storage.ports import Deed, Sanction

PATTERN_CHARACTERS: Final = range(3, 201)
"""A pattern is found anywhere in a text; one of fewer letters would be found in most of them."""

DEEDS_SHOWN: Final = 20
DEEDS_MAX: Final = 100
DEED_PAGES_MAX: Final = 20
"""Pages looked through for those that may be shown."""

REASON_DEFAULT: Final = "emergency"


@command(
    "UBAN",
    group="operators",
    usage="UBAN ADD|DEL|LIST [nick|mask|address|a:account [duration] [:reason]]",
    summary="keep someone out of the server, by account, address, network or mask",
    params_min=1,
    operators=True,
)
def uban(request: Request) -> None:
    _sanction(request, BAN)


@command(
    "UMUTE",
    group="operators",
    usage="UMUTE ADD|DEL|LIST [nick|mask|address|a:account [duration] [:reason]]",
    summary="let someone say nothing on the whole server",
    params_min=1,
    operators=True,
)
def umute(request: Request) -> None:
    _sanction(request, MUTE)


@command(
    "FILTER",
    group="operators",
    usage="FILTER ADD|DEL|LIST [pattern [duration] [:reason]]",
    summary="refuse messages that hold a text; * and ? stand for any letters",
    params_min=1,
    operators=True,
)
def filter_(request: Request) -> None:
    _sanction(request, FILTER)


@command(
    "LOCKDOWN",
    group="operators",
    usage="LOCKDOWN ON|OFF [:reason]",
    summary="in an emergency: only people with an account come in, speak and make rooms",
    params_min=1,
    operators=True,
)
def lockdown(request: Request) -> None:
    wanted = request.params[0].upper()
    if wanted == "ON":
        set_lockdown(request.world, request.param(1) or REASON_DEFAULT)
        request.note("LOCKED", "Only people with an account come in and speak, until LOCKDOWN OFF")
    elif wanted == "OFF":
        set_lockdown(request.world, "")
        request.note("OPENED", "The server is open again")
    else:
        raise Failed("INVALID_PARAMS", "Write LOCKDOWN ON or LOCKDOWN OFF", wanted)


def _sanction(request: Request, kind: str) -> None:
    action = request.params[0].upper()
    if action == "LIST":
        _list(request, kind)
    elif action not in ("ADD", "DEL"):
        raise Failed("INVALID_PARAMS", "Write ADD, DEL or LIST", action)
    elif not request.param(1):
        raise Failed("INVALID_PARAMS", f"Of whom, or what? {request.row.usage}", action)
    elif action == "ADD":
        _add(request, kind)
    else:
        _drop(request, kind)


def _add(request: Request, kind: str) -> None:
    world, (typed, *rest) = request.world, request.params[1:]
    mask = _pattern(typed) if kind == FILTER else _mask_of(request, typed)
    if len(world.sanctions[kind]) >= SANCTIONS_MAX and fold(mask) not in world.sanctions[kind]:
        raise Failed("LIST_FULL", f"There are {SANCTIONS_MAX} already: take some off first", typed)
    until_ms = 0
    if rest and is_duration(rest[0]):
        until_ms = world.wall_ms + read_duration_ms(rest.pop(0))
    made = Sanction(kind, mask, request.user.source, world.wall_ms, until_ms, " ".join(rest))
    impose(world, made)
    ended = _end_sessions(request, made) if kind == BAN else 0
    closed = f"; connections closed: {ended}" if kind == BAN else ""
    request.note("ADDED", f"{kind} of {mask}{why(made)}{closed}", mask)


def _end_sessions(request: Request, ban: Sanction) -> int:
    """End the connections of those who are banned now, but those of operators."""
    world, reason = request.world, f"Banned from this server{why(ban)}"
    ended = 0
    for session in list(world.sessions.values()):
        user = session.user
        if (user and "o" in user.modes) or not concerns(ban, session):
            continue
        ended += 1
        if user is not None and len(user.sessions) == 1:
            take_away(world, user, reason)
        world.end_session(session, reason)
    return ended


def _drop(request: Request, kind: str) -> None:
    typed = request.params[1]
    network = read_network(typed)
    names = [typed, str(network) if network else complete_mask(typed)]
    for name in dict.fromkeys(names):
        if lift(request.world, kind, name):
            request.note("DROPPED", f"The {kind} of {name} has ended", name)
            return
    raise Failed("NO_SUCH_ENTRY", f"There is no such {kind}; LIST shows them", typed)


def _list(request: Request, kind: str) -> None:
    found = request.world.sanctions[kind].values()
    for each in found:
        setter, since = each.setter.partition("!")[0], utc_text(each.set_ms)[:16]
        text = f"{kind} of {each.mask}{why(each)} (by {setter}, {since}Z)"
        request.note("ENTRY", text, each.mask)
    request.note("END", f"{kind}s: {len(found)}")


def _pattern(typed: str) -> str:
    if len(typed.replace("*", "").replace("?", "")) not in PATTERN_CHARACTERS:
        text = "A pattern has 3 to 200 letters beside * and ?"
        raise Failed("INVALID_MASK", text, typed)
    return typed


def _mask_of(request: Request, typed: str) -> str:
    """The mask for what was typed: of someone here their account, or else their address."""
    user = request.world.users.get(fold(typed))
    if user is not None:
        peers = [session.peer for session in user.sessions]
        if user.account:
            return f"a:{user.account}"
        if peers and not peers[0].loopback:
            return block_of(peers[0].host)
    network = read_network(typed)
    if network is not None:
        return str(network.network_address) if network.num_addresses == 1 else str(network)
    mask = complete_mask(typed)
    if not is_valid_mask(mask) or set(mask) <= set("*?!@"):
        text = "Write a nick, an address, a network, a:ACCOUNT or nick!user@host"
        raise Failed("INVALID_MASK", text, typed)
    return mask


@command(
    "AUDIT",
    group="moderation",
    usage="AUDIT [room] [count]",
    summary="what moderators did in your room; for operators, what was done to the server",
)
def audit(request: Request) -> None:
    typed = request.param(0)
    is_operator = "o" in request.user.modes
    channel_id = 0
    if typed.startswith("#"):
        channel = seen_room(request, typed)
        if not is_operator and not may_moderate(request.user, channel):
            raise Refused(ERR_CHANOPRIVSNEEDED, channel.record.name)
        channel_id = channel.record.id
    elif not is_operator:
        raise Refused(ERR_NOPRIVILEGES)
    count = request.params[-1] if request.params else ""
    is_count = count.isascii() and count.isdigit() and int(count[:6]) > 0
    deeds = _deeds(request, channel_id, min(int(count[:6]), DEEDS_MAX) if is_count else DEEDS_SHOWN)
    for deed in reversed(deeds):
        when = utc_text(deed.wall_ms)
        words = [when, deed.actor, deed.action, deed.target, deed.text]
        request.note("ENTRY", " ".join(filter(None, words)), when, deed.action)
    request.note("END", f"Entries shown: {len(deeds)}")


def _deeds(request: Request, channel_id: int, count: int) -> list[Deed]:
    """The newest that may be shown, the newest first.

    Of rooms that an operator may not see, they learn nothing here either: the command line, for
    whoever has the machine, shows everything.
    """
    world, found, before = request.world, list[Deed](), LAST
    for _ in range(DEED_PAGES_MAX):
        page = world.store.moderation.deeds(before, DEEDS_MAX, channel_id)
        for deed in page:
            channel = world.channels_by_id.get(deed.channel_id)
            if not deed.channel_id or (channel and can_see(request.user, channel)):
                found.append(deed)
        if len(found) >= count or len(page) < DEEDS_MAX:
            break
        before = page[-1].number
    return found[:count]
