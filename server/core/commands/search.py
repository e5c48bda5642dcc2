"""SEARCH: messages by what they say, who said it, where and when.

Only what one may read is looked at, and whether one still may is asked again when the answer has
come. Specification: soju.im/search; what it leaves open: `docs/protocol.md`, search.
"""

from collections.abc import Callable, Iterator
from typing import Final

from common.capabilities import BATCH, MESSAGE_TAGS, SEARCH, TAG_HITS
from common.search_text import hits_of, parts_of, problem_of
from common.wire import encode, unescape_tag_value
from server.core.delivery import event_line, send, standard_reply
from server.core.dispatch import Failed, Request, command
from server.core.holders import is_account
from server.core.policy import readable_after
from server.core.reading import Readable, find_event, readable
from server.core.world import read_utc
from server.storage.ports import Event, Found, Query

ATTRIBUTES: Final = ("text", "in", "from", "after", "before", "has", "order", "limit")
CHOICES: Final = {"has": ("link",), "order": ("newest", "relevance")}
LINES_DEFAULT: Final = 50
LINES_MAX: Final = 100
"""A page of them. Each is looked up again before it is shown: 2 ms of the loop at most."""

WALL_MS_MAX: Final = 1 << 46
"""Behind every time that can be written."""


@command(
    "SEARCH",
    group="history",
    usage=(
        "SEARCH text=words;in=room|nick;from=nick;after=time;before=time;has=link;"
        "order=newest|relevance;limit=count"
    ),
    summary="find messages in what you may read",
    params_min=1,
    cost=10,
)
def search(request: Request) -> None:
    wanted = _attributes(request)
    problem = problem_of(wanted.get("text", ""))
    if problem:
        raise _invalid(problem, "text")
    request.spend("searches", request.world.settings.limits__searches_per_minute)
    logs = list(_logs(request, wanted.get("in", "")))
    query = Query(
        logs=tuple((log.log_id, log.after) for log in logs),
        text=wanted.get("text", ""),
        nick=wanted.get("from", ""),
        after_ms=_time(wanted, "after", 0),
        before_ms=_time(wanted, "before", WALL_MS_MAX),
        has_link=bool(wanted.get("has", "")),
        oldest="after" in wanted,
        limit=_limit(wanted),
        ranked=wanted.get("order", "") == "relevance",
    )
    request.later(request.world.store.search.find(query), _answer(request, wanted))


def _attributes(request: Request) -> dict[str, str]:
    """What is asked for, by name; written like message tags."""
    found: dict[str, str] = {}
    for item in " ".join(request.params).split(";"):
        name, _, value = item.partition("=")
        if name not in ATTRIBUTES:
            raise _invalid(
                f"What can be asked for is {', '.join(ATTRIBUTES)}, with ; between", item
            )
        if name in CHOICES and value not in CHOICES[name]:
            raise _invalid(f"Write {name}={' or '.join(CHOICES[name])}", name, value)
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
    return min(int(typed[:9]), LINES_MAX)


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


def _answer(request: Request, wanted: dict[str, str]) -> Callable[[Found], None]:
    """What to do with what was found: show what the asker may read now, as it reads now."""

    def answer(found: Found) -> None:
        logs = {log.log_id: log for log in _logs(request, wanted.get("in", ""))}
        shown: list[tuple[Event, str]] = []
        for event in found.events:
            log = logs.get(event.channel_id)
            now = find_event(request.world, request.user, log, event.msgid) if log else None
            if log is not None and now is not None:
                shown.append((now, log.name))
        _send(request, shown, wanted.get("text", ""))
        if not found.complete:
            text = "There may be more: the search took too long; ask for a room or a time"
            standard_reply(request.world, request.session, "WARN", "SEARCH", "INCOMPLETE", [], text)

    return answer


def _send(request: Request, found: list[tuple[Event, str]], text: str) -> None:
    world, session, server = request.world, request.session, request.world.settings.name
    in_batch = bool(session.capabilities & BATCH)
    reference = world.new_token()
    kind = "soju.im/search" if session.capabilities & SEARCH else "draft/search"
    if in_batch:
        send(world, session, encode("BATCH", [f"+{reference}", kind], server))
    parts = parts_of(text) if session.capabilities & MESSAGE_TAGS else []
    for event, name in found:
        event.account = world.account_of(event.holder)
        hits = ",".join(f"{hit.start}-{hit.end}" for hit in hits_of(parts, event.text))
        tags = [f"batch={reference}"] if in_batch else []
        tags += [f"{TAG_HITS}={hits}"] if hits else []
        send(world, session, event_line(event, name).encoded(session.variant, ";".join(tags)))
    if in_batch:
        send(world, session, encode("BATCH", [f"-{reference}"], server))


def _invalid(text: str, *context: str) -> Failed:
    return Failed("INVALID_PARAMS", text, *context)
