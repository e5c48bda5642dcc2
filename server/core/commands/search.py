"""SEARCH: messages by what they say, who said it, where and when.

Only what one may read is looked at, and whether one still may is asked again when the answer has
come. Specification: soju.im/search; what it leaves open: `docs/protocol.md`, search.
"""

from collections.abc import Callable, Iterator
from typing import Final

from common.capabilities import BATCH, SEARCH
from common.wire import encode, unescape_tag_value
from server.core.delivery import event_line, send, standard_reply
from server.core.direct import is_account
from server.core.dispatch import Failed, Request, command
from server.core.policy import readable_after
from server.core.reading import Readable, find_event, readable
from server.core.welcome import HISTORY_LINES_MAX
from server.core.world import read_utc
from server.storage.ports import Event, Found, Query

ATTRIBUTES: Final = ("text", "in", "from", "after", "before", "has", "limit")
TEXT_CHARACTERS_MAX: Final = 200
LINES_DEFAULT: Final = 50
WALL_MS_MAX: Final = 1 << 46
"""Behind every time that can be written."""


@command(
    "SEARCH",
    group="history",
    usage="SEARCH text=words;in=room|nick;from=nick;after=time;before=time;has=link;limit=count",
    summary="find messages in what you may read",
    params_min=1,
)
def search(request: Request) -> None:
    wanted = _attributes(request)
    logs = list(_logs(request, wanted.get("in", "")))
    query = Query(
        logs=tuple((log.log_id, log.after) for log in logs),
        text=wanted.get("text", "")[:TEXT_CHARACTERS_MAX],
        nick=wanted.get("from", ""),
        after_ms=_time(wanted, "after", 0),
        before_ms=_time(wanted, "before", WALL_MS_MAX),
        has_link=bool(wanted.get("has", "")),
        oldest="after" in wanted,
        limit=_limit(wanted),
    )
    request.later(request.world.store.search.find(query), _answer(request, wanted.get("in", "")))


def _attributes(request: Request) -> dict[str, str]:
    """What is asked for, by name; written like message tags."""
    found: dict[str, str] = {}
    for item in " ".join(request.params).split(";"):
        name, _, value = item.partition("=")
        if name not in ATTRIBUTES or (name == "has" and value != "link"):
            known = ", ".join(ATTRIBUTES)
            raise _invalid(f"What can be asked for is {known} (has=link), with ; between", item)
        found[name] = unescape_tag_value(value)
    return found


def _time(wanted: dict[str, str], name: str, missing: int) -> int:
    try:
        return read_utc(wanted[name]) if name in wanted else missing
    except ValueError:
        raise _invalid("A time is written 2026-11-22T15:02:50.123Z", name, wanted[name]) from None


def _limit(wanted: dict[str, str]) -> int:
    typed = wanted.get("limit", str(LINES_DEFAULT))
    if not (typed.isascii() and typed.isdigit() and int(typed[:9]) > 0):
        raise _invalid("The limit must be a number above 0", "limit", typed)
    return min(int(typed[:9]), HISTORY_LINES_MAX)


def _logs(request: Request, typed: str) -> Iterator[Readable]:
    """What may be searched: the one named, or everything the asker may read."""
    world, user = request.world, request.user
    if typed:
        log = readable(world, user, typed)
        if log is None:
            raise _invalid(f"There is no history of {typed} for you", "in", typed)
        yield log
        return
    for channel in user.channels:
        after = readable_after(world, user, channel)
        if after is not None:
            yield Readable(channel.record.id, channel.record.name, after, channel)
    if is_account(user.holder):
        for log_id, other in world.store.conversations.of_holder(user.holder).items():
            yield Readable(log_id, other, 0, None)


def _answer(request: Request, typed: str) -> Callable[[Found], None]:
    """What to do with what was found: show what the asker may read now, as it reads now."""

    def answer(found: Found) -> None:
        logs = {log.log_id: log for log in _logs(request, typed)}
        shown: list[tuple[Event, str]] = []
        for event in found.events:
            log = logs.get(event.channel_id)
            now = find_event(request.world, request.user, log, event.msgid) if log else None
            if log is not None and now is not None:
                shown.append((now, log.name))
        _send(request, shown)
        if not found.complete:
            text = "There may be more: the search took too long; ask for a room or a time"
            standard_reply(request.world, request.session, "WARN", "SEARCH", "INCOMPLETE", [], text)

    return answer


def _send(request: Request, found: list[tuple[Event, str]]) -> None:
    world, session, server = request.world, request.session, request.world.settings.name
    in_batch = bool(session.capabilities & BATCH)
    reference = world.new_token()
    kind = "soju.im/search" if session.capabilities & SEARCH else "draft/search"
    if in_batch:
        send(world, session, encode("BATCH", [f"+{reference}", kind], server))
    for event, name in found:
        event.account = world.account_of(event.holder)
        tag = f"batch={reference}" if in_batch else ""
        send(world, session, event_line(event, name).encoded(session.variant, tag))
    if in_batch:
        send(world, session, encode("BATCH", [f"-{reference}"], server))


def _invalid(text: str, *context: str) -> Failed:
    return Failed("INVALID_PARAMS", text, *context)
