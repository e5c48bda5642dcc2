"""CHATHISTORY: LATEST, BEFORE, AFTER, by message id, time or number.

Specification: IRCv3 draft/chathistory; the `number=` selector: `docs/protocol.md`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from common.capabilities import CHATHISTORY, EVENT_PLAYBACK, SEQUENCE
from common.casemap import fold
from common.msgid import decode_msgid, position_of
from server.core.channel import Channel
from server.core.dispatch import Failed, Request, command
from server.core.history import send_page
from server.core.policy import readable_after
from server.core.welcome import HISTORY_LINES_MAX
from server.storage.ports import Event

END: Final = 1 << 62
"""Behind every position there can be."""

NUMBER_DIGITS_MAX: Final = 10


@command(
    "CHATHISTORY",
    group="history",
    usage="CHATHISTORY LATEST|BEFORE|AFTER room selector count",
    summary="read what was said in a room you are in",
    params_min=4,
)
def chathistory(request: Request) -> None:
    subcommand = request.params[0].upper()
    target, limit = request.params[1], request.params[-1]
    handler = _SUBCOMMANDS.get(subcommand)
    if not request.session.capabilities & CHATHISTORY:
        raise _invalid("Negotiate draft/chathistory first", subcommand)
    if handler is None:
        raise _invalid("There are LATEST, BEFORE and AFTER", subcommand)
    if not (limit.isascii() and limit.isdigit() and int(limit[:9]) > 0):
        raise _invalid("The count must be a number above 0", subcommand)
    channel = request.world.channels.get(fold(target))
    floor = readable_after(request.world, request.user, channel) if channel else None
    if channel is None or floor is None:
        raise Failed(
            "INVALID_TARGET", f"There is no history of {target} for you", subcommand, target
        )
    count = min(int(limit[:9]), HISTORY_LINES_MAX)
    events = handler(request, channel, floor, count)
    send_page(request.world, request.session, channel.record.name, events)
    request.session.turn_over = True


def _latest(request: Request, channel: Channel, floor: int, count: int) -> list[Event]:
    after = floor
    if request.params[2] != "*":
        after = max(floor, _after(request, channel))
    return _page(request, channel, after, END, count, newest=True)


def _before(request: Request, channel: Channel, floor: int, count: int) -> list[Event]:
    return _page(request, channel, floor, _first(request, channel), count, newest=True)


def _after_(request: Request, channel: Channel, floor: int, count: int) -> list[Event]:
    after = max(floor, _after(request, channel))
    return _page(request, channel, after, END, count, newest=False)


_SUBCOMMANDS: Final[dict[str, Callable[[Request, Channel, int, int], list[Event]]]] = {
    "LATEST": _latest,
    "BEFORE": _before,
    "AFTER": _after_,
}


def _page(
    request: Request, channel: Channel, after: int, before: int, count: int, *, newest: bool
) -> list[Event]:
    events = bool(request.session.capabilities & EVENT_PLAYBACK)
    log = request.world.store.log
    return log.page(channel.record.id, after, before, count, newest=newest, events=events)


def _first(request: Request, channel: Channel) -> int:
    """The first position that the selector names."""
    return _select(request, channel)[0]


def _after(request: Request, channel: Channel) -> int:
    """The last position that the selector names: reading on begins behind it."""
    return _select(request, channel)[1]


def _select(request: Request, channel: Channel) -> tuple[int, int]:
    """First and last position of what the selector names; raises `Failed` for a bad one."""
    key, _, value = request.params[2].partition("=")
    if key == "timestamp":
        position_at = request.world.store.log.position_at
        wall_ms = _read_time(request, value)
        first, behind = (position_at(channel.record.id, ms) for ms in (wall_ms, wall_ms + 1))
        return first, behind - 1
    if key == "msgid":
        found = decode_msgid(value)
        if found is not None and found[0] == channel.record.id:
            return found[1], found[1]
    is_number = value.isascii() and value.isdigit() and len(value) <= NUMBER_DIGITS_MAX
    if key == "number" and is_number and request.session.capabilities & SEQUENCE:
        return position_of(int(value)), position_of(int(value))
    raise _invalid("The selector is *, msgid=ID or timestamp=TIME", request.params[0])


def _read_time(request: Request, value: str) -> int:
    """Milliseconds since the epoch of a server-time text."""
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise _invalid("A time is written 2026-11-22T15:02:50.123Z", request.params[0]) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def _invalid(text: str, *context: str) -> Failed:
    return Failed("INVALID_PARAMS", text, *context)
