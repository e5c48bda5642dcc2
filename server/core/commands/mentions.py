"""MENTIONS and UNREAD: what is new for one, without reading all rooms.

Ours: `docs/protocol.md`, unread.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import Final

from common.capabilities import BATCH
from common.casemap import fold
from common.msgid import number_at
from common.wire import encode
from server.core.delivery import as_middle, batch, event_line, send
from server.core.dispatch import Failed, Request, command
from server.core.reading import Readable, find_event, timestamp_of
from server.core.unread import readable_logs, unread_logs
from server.core.user import User
from server.core.welcome import HISTORY_LINES_MAX
from server.core.world import World, utc_text
from server.storage.ports import Event, Found, Query

MENTIONS_DEFAULT: Final = 50
WALL_MS_MAX: Final = 1 << 46
"""Behind every time that can be written."""


@command(
    "UNREAD",
    group="history",
    usage="UNREAD",
    summary="show in which rooms and direct conversations there is something new, and how much",
)
def unread(request: Request) -> None:
    world, session = request.world, request.session
    session.turn_over = True
    shown = 0
    with batch(world, session, "chat-server/unread"):
        for each in unread_logs(world, request.user):
            count = number_at(each.last_position) - number_at(each.log.after)
            if count:
                shown += 1
                read = f"timestamp={utc_text(each.read_ms)}" if each.read_ms else "*"
                last = str(number_at(each.last_position))
                words = [as_middle(each.log.name), str(count), last, read]
                send(world, session, encode("UNREAD", words, world.settings.name))
    _end(request, f"Rooms and conversations with something new: {shown}")


@command(
    "MENTIONS",
    group="history",
    usage="MENTIONS [*|timestamp=TIME [count]]",
    summary="find messages that name you, and direct ones, since you have read or since a time",
)
def mentions(request: Request) -> None:
    world, user = request.world, request.user
    typed, count = request.param(0, "*"), _count(request)
    if typed == "*":
        logs = [each.log for each in unread_logs(world, user)]
        after_ms = 0
    else:
        after_ms = timestamp_of(typed) + 1
        logs = [log for log, _ in readable_logs(world, user)]
    works = [
        world.store.search.find(_query(kept, text, after_ms, count))
        for kept, text in _sought(user, logs)
        if kept
    ]
    request.later(partial(_find_all, works), _answer(request, logs, count))


def _count(request: Request) -> int:
    typed = request.param(1, str(MENTIONS_DEFAULT))
    if not (typed.isascii() and typed.isdigit() and int(typed[:9]) > 0):
        raise Failed("INVALID_PARAMS", "The count must be a number above 0", typed)
    return min(int(typed[:9]), HISTORY_LINES_MAX)


def _sought(user: User, logs: Sequence[Readable]) -> list[tuple[list[Readable], str]]:
    """Which words are sought where: each name of theirs in rooms, anything said to them alone."""
    rooms = [log for log in logs if log.channel]
    names = dict.fromkeys((fold(user.nick), fold(user.account)))
    by_name = [(rooms, f'"{name}"') for name in names if any(map(str.isalnum, name))]
    return [*by_name, ([log for log in logs if not log.channel], "")]


def _query(logs: Sequence[Readable], text: str, after_ms: int, limit: int) -> Query:
    return Query(
        logs=tuple((log.log_id, log.after) for log in logs),
        text=text,
        nick="",
        after_ms=after_ms,
        before_ms=WALL_MS_MAX,
        has_link=False,
        oldest=False,
        limit=limit,
    )


def _find_all(works: Sequence[Callable[[], Found]]) -> Found:
    """What several searches find together, off the loop; a message once."""
    found = [work() for work in works]
    events = {event.msgid: event for event in chain.from_iterable(each.events for each in found)}
    in_order = sorted(events.values(), key=lambda event: (event.wall_ms, event.msgid))
    return Found(in_order, all(each.complete for each in found))


def _answer(request: Request, logs: Sequence[Readable], count: int) -> Callable[[Found], None]:
    """What to do with what was found: show what the asker may read now, as it reads now."""
    world, user, session = request.world, request.user, request.session
    by_id = {log.log_id: log for log in logs}

    def answer(found: Found) -> None:
        shown = [
            (event, by_id[event.channel_id].name)
            for each in found.events
            if each.holder != user.holder or not user.holder
            if (event := _as_it_is(world, user, by_id[each.channel_id], each)) is not None
        ]
        with batch(world, session, "chat-server/mentions"):
            for event, name in shown[-count:]:
                event.account = world.account_of(event.holder)
                send(world, session, event_line(event, name).encoded(session.variant))
        _end(request, f"Messages to you that were found: {len(shown[-count:])}")

    return answer


def _end(request: Request, text: str) -> None:
    """Say that an answer is over to programs for which it was no batch."""
    if not request.session.capabilities & BATCH:
        request.note("FOUND", text)


def _as_it_is(world: World, user: User, log: Readable, event: Event) -> Event | None:
    """The event as it reads now, if they may still read it."""
    if log.channel and log.channel not in user.channels:
        return None
    return find_event(world, user, log, event.msgid)
