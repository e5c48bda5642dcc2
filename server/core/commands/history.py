"""CHATHISTORY: pages of a log, by message id, time or number; and which logs there are.

Specification: IRCv3 draft/chathistory; the `number=` selector: `docs/protocol.md`.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from common.capabilities import SEQUENCE
from common.msgid import decode_msgid, position_of
from common.wire import encode
from server.core.delivery import batch, send
from server.core.dispatch import Failed, Request, command
from server.core.history import send_page, view_for
from server.core.reading import END, Readable, latest_messages, readable, timestamp_of
from server.core.welcome import HISTORY_LINES_MAX
from server.core.world import utc_text
from server.storage.ports import Event

NUMBER_DIGITS_MAX: Final = 10


class Span(NamedTuple):
    """First and last position that a selector names: equal times have several."""

    first: int
    last: int


class Subcommand(NamedTuple):
    """One row: how many selectors it takes, and the events it finds."""

    selectors: int
    find: "Callable[[Request, Readable, list[Span], int], list[Event]]"


@command(
    "CHATHISTORY",
    group="history",
    usage="CHATHISTORY LATEST|BEFORE|AFTER|AROUND|BETWEEN|TARGETS room|nick selector… count",
    summary="read what was said in a room you are in, or between you and someone",
    params_min=4,
    cost=2,
)
def chathistory(request: Request) -> None:
    subcommand = request.params[0].upper()
    count = _count(request, subcommand)
    request.spend("pages of history", request.world.settings.limits__history_per_minute)
    request.session.turn_over = True
    if subcommand == "TARGETS":
        _targets(request, count)
        return
    row = _SUBCOMMANDS.get(subcommand)
    if row is None:
        raise _invalid(f"There are {', '.join(_SUBCOMMANDS)} and TARGETS", subcommand)
    if len(request.params) != row.selectors + 3:
        raise _invalid(f"It takes a target, {row.selectors} selectors and a count", subcommand)
    target = request.params[1]
    log = readable(request.world, request.user, target)
    if log is None:
        text = f"There is no history of {target} for you"
        raise Failed("INVALID_TARGET", text, subcommand, target)
    is_open = subcommand == "LATEST" and request.params[2] == "*"
    typed = [] if is_open else request.params[2:-1]
    selected = [_select(request, log, text) for text in typed]
    events = row.find(request, log, selected, count)
    send_page(request.world, request.session, log.name, events)


def _count(request: Request, subcommand: str) -> int:
    typed = request.params[-1]
    if not (typed.isascii() and typed.isdigit() and int(typed[:9]) > 0):
        raise _invalid("The count must be a number above 0", subcommand)
    return min(int(typed[:9]), HISTORY_LINES_MAX)


def _latest(request: Request, log: Readable, selected: list[Span], count: int) -> list[Event]:
    after = selected[0].last if selected else log.after
    return _page(request, log, after, END, count, newest=True)


def _before(request: Request, log: Readable, selected: list[Span], count: int) -> list[Event]:
    return _page(request, log, log.after, selected[0].first, count, newest=True)


def _after(request: Request, log: Readable, selected: list[Span], count: int) -> list[Event]:
    return _page(request, log, selected[0].last, END, count, newest=False)


def _around(request: Request, log: Readable, selected: list[Span], count: int) -> list[Event]:
    """The selected one in the middle, or as near to it as the ends of the log allow."""
    middle = selected[0].first
    older = _page(request, log, log.after, middle, count // 2, newest=True)
    newer = _page(request, log, middle - 1, END, count - len(older), newest=False)
    return older + newer


def _between(request: Request, log: Readable, selected: list[Span], count: int) -> list[Event]:
    """Counted from the first selector, which may be the later one."""
    start, end = selected
    if start.first <= end.first:
        return _page(request, log, start.last, end.first, count, newest=False)
    return _page(request, log, end.last, start.first, count, newest=True)


_SUBCOMMANDS: Final = {
    "LATEST": Subcommand(1, _latest),
    "BEFORE": Subcommand(1, _before),
    "AFTER": Subcommand(1, _after),
    "AROUND": Subcommand(1, _around),
    "BETWEEN": Subcommand(2, _between),
}


def _page(
    request: Request, log: Readable, after: int, before: int, count: int, *, newest: bool
) -> list[Event]:
    view = view_for(request.session, request.user, log.channel)
    page = request.world.store.log.page
    return page(log.log_id, max(after, log.after), before, count, view, newest=newest)


def _targets(request: Request, count: int) -> None:
    """Whom and what there is news of: by the newest message, between two times."""
    if len(request.params) != 4:
        raise _invalid("It takes two times and a count", "TARGETS")
    start, end = (timestamp_of(text, request.params[0]) for text in request.params[1:3])
    low, high = sorted((start, end))
    latest = latest_messages(request.world, request.user)
    found = sorted((ms, name) for name, ms in latest if low < ms < high)
    chosen = found[:count] if start <= end else found[-count:]
    world = request.world
    with batch(world, request.session, "draft/chathistory-targets"):
        for wall_ms, name in chosen:
            words = ["TARGETS", name, utc_text(wall_ms)]
            send(world, request.session, encode("CHATHISTORY", words, world.settings.name))


def _select(request: Request, log: Readable, typed: str) -> Span:
    """The positions that a selector names; raises `Failed` for a bad one."""
    key, _, value = typed.partition("=")
    if key == "timestamp":
        position_at = request.world.store.log.position_at
        wall_ms = timestamp_of(typed, request.params[0])
        first, behind = (position_at(log.log_id, ms) for ms in (wall_ms, wall_ms + 1))
        return Span(first, behind - 1)
    if key == "msgid":
        found = decode_msgid(value)
        if found is not None and found[0] == log.log_id:
            return Span(found[1], found[1])
    is_number = value.isascii() and value.isdigit() and len(value) <= NUMBER_DIGITS_MAX
    if key == "number" and is_number and request.session.capabilities & SEQUENCE:
        return Span(position_of(int(value)), position_of(int(value)))
    raise _invalid("The selector is msgid=ID or timestamp=TIME", request.params[0], typed)


def _invalid(text: str, *context: str) -> Failed:
    return Failed("INVALID_PARAMS", text, *context)
