"""Keeping people out of the server, or silent: UBAN, UMUTE, FILTER, LOCKDOWN; and AUDIT.

Ours: `docs/protocol.md`, moderating the server.
"""

from typing import Final

from common.numerics import ERR_CHANOPRIVSNEEDED, ERR_NOPRIVILEGES
from server.core.audit import LAST
from server.core.dispatch import Failed, Refused, Request, command
from server.core.durations import is_duration, read_duration_ms
from server.core.finding import seen_room
from server.core.policy import can_see, may_moderate
from server.core.sanctioning import add, drop, entries, lock, unlock
from server.core.sanctions import BAN, FILTER, MUTE
from server.core.world import utc_text
from server.storage.ports import Deed

DEEDS_SHOWN: Final = 20
DEEDS_MAX: Final = 100
DEED_PAGES_MAX: Final = 20
"""Pages looked through for those that may be shown."""


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
        request.note("LOCKED", lock(request.world, request.param(1)))
    elif wanted == "OFF":
        request.note("OPENED", unlock(request.world))
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
        mask, text = drop(request.world, kind, request.params[1])
        request.note("DROPPED", text, mask)


def _add(request: Request, kind: str) -> None:
    typed, *rest = request.params[1:]
    duration_ms = read_duration_ms(rest.pop(0)) if rest and is_duration(rest[0]) else 0
    setter, reason = request.user.source, " ".join(rest)
    mask, text = add(request.world, kind, setter, typed, duration_ms, reason)
    request.note("ADDED", text, mask)


def _list(request: Request, kind: str) -> None:
    found = list(entries(request.world, kind))
    for mask, text in found:
        request.note("ENTRY", text, mask)
    request.note("END", f"{kind}s: {len(found)}")


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
