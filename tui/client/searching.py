"""Searching: by the server where it can, else in what is held here, a little at a time.

One search is wanted at a time, the newest; one question is on its way at a time. Whatever is
found is in `State.search`, and `SearchChanged` says so.
Specification: soju.im/search; docs/protocol.md "search".
"""

import heapq
from collections.abc import Iterator
from datetime import tzinfo
from itertools import islice
from typing import Final

from common.capabilities import DRAFT_SEARCH, SEARCH, TAG_HITS, names_of
from common.casemap import fold
from common.search_text import HITS_MAX, hits_of, matches, parts_of, relevance
from common.wire import Message, escape_tag_value
from tui.client import buffers, ignoring
from tui.client.buffers import SPOKEN
from tui.client.cleaning import read_number, time_tag
from tui.client.core import Core, Ongoing
from tui.client.intents import IntentRefused
from tui.client.items import Arrival, build_item, has_item
from tui.client.search_query import TIME_MS_END, SearchQuery, read_query
from tui.client.session import OpenBatch, Request
from tui.client.state import BufferKind, Delivery, Hit, Item, Search, Stage
from tui.client.updates import SearchChanged

BATCH_KINDS: Final = (*names_of(SEARCH), *names_of(DRAFT_SEARCH), "search")
PAGE_HITS: Final = 50
FOUND_MAX: Final = 500
"""Hits held; who has not found it among so many searches for something narrower."""

RANKED_MAX: Final = 1_000
"""Hits compared where the best are wanted: the newest, as on our server."""

TIMEOUT_S: Final = 20.0
ITEMS_PER_SLICE: Final = 4_000
"""Looked at in one go of a search here: some 20 ms."""

_UNREACHED: Final = "The server did not answer; what is held here was searched."


def search(
    core: Core, typed: str, room: str, zone: tzinfo | None, *, best_first: bool = False
) -> None:
    """Search for what is `typed`, in the conversation `room` alone or, for ``""``, in all.

    A filter ``in:`` goes before `room`. Raises `IntentRefused` where it cannot be sought; what
    was found before stays.
    """
    query = read_query(typed, core.wall_ms, zone)
    if not query.room:
        query = _within(query, room)
    core.state.search = Search(typed, room, best_first=best_first, query=query)
    _begin(core)


def search_more(core: Core) -> None:
    """Search on behind the oldest hit; nothing happens where there is none."""
    found = core.state.search
    if found.stage is Stage.DONE and found.more and len(found.hits) < FOUND_MAX:
        oldest_ms = found.hits[-1].item.time_ms
        query = _within(found.query, found.query.room, before_ms=oldest_ms)
        found.stage = Stage.UNDER_WAY
        _ask(core, query, older=True)


def _within(query: SearchQuery, room: str, before_ms: int = TIME_MS_END) -> SearchQuery:
    before_ms = min(before_ms, query.before_ms)
    return SearchQuery(query.text, room, query.nick, query.after_ms, before_ms, query.has_link)


def _begin(core: Core) -> None:
    found = core.state.search
    core.changes.add(SearchChanged())
    if core.search is not None and core.search.request is not None:
        core.search.outdated = True  # one question at a time: this one waits for its answer
        found.stage = Stage.NOTHING if found.query.is_empty else Stage.UNDER_WAY
        return
    core.search = None
    if found.query.is_empty:
        return
    found.stage = Stage.UNDER_WAY
    if can_ask(core):
        _ask(core, found.query, older=False)
    else:
        _look_here(core, found.query)


# By the server


def can_ask(core: Core) -> bool:
    """Whether the server searches, and its answers can be told apart from live messages."""
    able = core.has(SEARCH) or core.has(DRAFT_SEARCH)
    return core.online and able and "batch" in core.state.capabilities


def can_rank(core: Core) -> bool:
    """Whether the server, or whoever searches, can give the best first."""
    return not can_ask(core) or "order" in _extras(core)


def _extras(core: Core) -> list[str]:
    (name,) = names_of(DRAFT_SEARCH)
    return core.state.offered.get(name, "").split(",")


def _ask(core: Core, query: SearchQuery, *, older: bool) -> None:
    request = Request("SEARCH", "", quiet=True)
    asked = ";".join(f"{name}={escape_tag_value(value)}" for name, value in _asked(core, query))
    try:
        core.ask(request, "SEARCH", asked)
    except IntentRefused as refusal:
        _fail(core, str(refusal))
        return
    core.search = Ongoing(query, request, core.now, older=older)
    core.changes.add(SearchChanged())


def _asked(core: Core, query: SearchQuery) -> list[tuple[str, str]]:
    extras = _extras(core)
    order = "relevance" if core.state.search.best_first else "newest"
    asked = {
        "text": query.text,
        "in": _room_asked(core, query.room),
        "from": query.nick,
        "after": time_tag(query.after_ms) if query.after_ms else "",
        "before": time_tag(query.before_ms) if query.before_ms < TIME_MS_END else "",
        "has": "link" if query.has_link and "has" in extras else "",
        "order": order if "order" in extras else "",
        "limit": str(PAGE_HITS),
    }
    return [(name, value) for name, value in asked.items() if value]


def _room_asked(core: Core, room: str) -> str:
    """A conversation as the server knows it: one that is open, or else a room, its sign added."""
    if not room:
        return ""
    buffer = core.state.buffers.get(room) or core.state.buffers.get(f"#{room}")
    if buffer is not None:
        return buffer.name
    return room if core.is_room(room) else f"#{room}"


def batch_arrived(core: Core, batch: OpenBatch) -> None:
    """The server has answered."""
    ongoing = core.search
    request = batch.request or core.session.take_oldest("SEARCH")
    if request is not None and request.draft:
        _say_found(core, request, batch)
    if ongoing is None or request is None or ongoing.request is not request:
        return
    ongoing.request = None
    if _is_outdated(core, ongoing):
        return
    hits = [hit for line in batch.lines if (hit := _hit_of(core, line, ongoing.query)) is not None]
    if not core.state.search.best_first:
        hits.reverse()  # they come oldest first
    _take(core, ongoing, hits, is_full=len(batch.lines) >= PAGE_HITS)


def _say_found(core: Core, request: Request, batch: OpenBatch) -> None:
    """Answer a search that was typed as the protocol writes it, in lines where it was typed."""
    found = [hit for line in batch.lines if (hit := _hit_of(core, line, SearchQuery())) is not None]
    for hit in found:
        moment = time_tag(hit.item.time_ms)[:16].replace("T", " ")
        room = hit.name.removeprefix("#")
        buffers.say_answer(core, request, f"{moment} {room}, {hit.item.sender}: {hit.item.text}")
    if not found:
        buffers.say_answer(core, request, "Nothing was found.")


def _is_outdated(core: Core, ongoing: Ongoing) -> bool:
    if ongoing.outdated:
        core.search = None
        _begin(core)
    return ongoing.outdated


def _hit_of(core: Core, line: Message, query: SearchQuery) -> Hit | None:
    arrival = Arrival(line)
    if not has_item(line) or not line.params or ignoring.is_ignored(core, arrival.nick):
        return None
    target = arrival.word(0).lstrip("".join(core.prefixes()))
    told_to_us = not core.is_room(target) and not core.is_self(arrival.nick)
    name = arrival.nick if told_to_us else target
    item = build_item(core, arrival)
    if query.has_link and "://" not in item.text:
        return None
    return Hit(fold(name), name, item, _marks(line, item, query))


def _marks(line: Message, item: Item, query: SearchQuery) -> list[tuple[int, int]]:
    told = line.tags.get(TAG_HITS)
    if told is None:
        return [(hit.start, hit.end) for hit in hits_of(parts_of(query.text), item.text)]
    pairs = [pair.partition("-") for pair in told.split(",")[:HITS_MAX]]
    return [(read_number(start), read_number(end)) for start, _, end in pairs]


def _take(core: Core, ongoing: Ongoing, hits: list[Hit], *, is_full: bool) -> None:
    found = core.state.search
    core.search = None
    known = {hit.item.msgid for hit in found.hits if hit.item.msgid} if ongoing.older else set()
    fresh = [hit for hit in hits if hit.item.msgid not in known]
    found.hits = [*found.hits, *fresh][:FOUND_MAX] if ongoing.older else hits[:FOUND_MAX]
    found.more = is_full and bool(fresh) and not found.best_first and bool(found.hits)
    found.stage = Stage.DONE
    core.changes.add(SearchChanged())


def incomplete(core: Core) -> None:
    """The server says that it ran out of time."""
    core.state.search.complete = False
    core.changes.add(SearchChanged())


def refused(core: Core, request: Request, text: str) -> None:
    """The server cannot or will not search this; `text` says why."""
    ongoing = core.search
    if ongoing is not None and ongoing.request is request:
        ongoing.request = None
        if not _is_outdated(core, ongoing):
            _fail(core, text)


def _fail(core: Core, text: str) -> None:
    found = core.state.search
    core.search = None
    found.stage, found.failure, found.more = Stage.DONE, text, False
    core.changes.add(SearchChanged())


# Here


def _look_here(core: Core, query: SearchQuery) -> None:
    core.search = Ongoing(query, local=_look_through(core, query), found=[])
    core.state.search.local = True


def _look_through(core: Core, query: SearchQuery) -> Iterator[Hit | None]:
    """Everything held that may be meant, newest first; None for what is not."""
    parts = parts_of(query.text)
    meant = [
        [(item, buffer) for item in reversed(buffer.items)]
        for buffer in core.state.buffers.values()
        if buffer.kind is not BufferKind.STATUS
        and query.room in ("", buffer.key, fold(buffer.title))
    ]
    for item, buffer in heapq.merge(*meant, key=lambda pair: -pair[0].time_ms):
        if _is_meant(item, query) and (not parts or matches(parts, item.text)):
            marks = [(hit.start, hit.end) for hit in hits_of(parts, item.text)]
            yield Hit(buffer.key, buffer.name, item, marks)
        else:
            yield None


def _is_meant(item: Item, query: SearchQuery) -> bool:
    return (
        item.kind in SPOKEN
        and item.delivery is not Delivery.PENDING
        and query.after_ms <= item.time_ms <= query.before_ms
        and (not query.nick or fold(item.sender) == query.nick)
        and (not query.has_link or "://" in item.text)
    )


def _look_on(core: Core, ongoing: Ongoing) -> None:
    assert ongoing.local is not None
    assert ongoing.found is not None
    best_first = core.state.search.best_first
    enough = RANKED_MAX if best_first else FOUND_MAX
    count = 0
    for hit in islice(ongoing.local, ITEMS_PER_SLICE):
        count += 1
        if hit is not None:
            ongoing.found.append(hit)
            if len(ongoing.found) == enough:
                break
    if count == ITEMS_PER_SLICE and len(ongoing.found) < enough:
        return
    if best_first:
        parts = parts_of(ongoing.query.text)
        ongoing.found.sort(key=lambda hit: -relevance(parts, hit.item.text))
    _take(core, ongoing, ongoing.found, is_full=False)


# Time, and the link


def link_lost(core: Core) -> None:
    """The server will not answer any more: what is held here is searched."""
    _give_up(core)


def _give_up(core: Core) -> None:
    if core.search is not None and core.search.request is not None:
        core.search = None
        core.state.search.failure = _UNREACHED
        core.state.search.stage = Stage.UNDER_WAY
        _look_here(core, core.state.search.query)


def next_deadline(core: Core) -> float | None:
    """When the next slice of a search here is due, or the server's answer given up."""
    if core.search is None:
        return None
    return core.now if core.search.local is not None else core.search.asked_at + TIMEOUT_S


def fire(core: Core) -> None:
    """Search on here, or give up an answer that does not come."""
    ongoing = core.search
    if ongoing is not None and ongoing.local is not None:
        _look_on(core, ongoing)
    elif ongoing is not None and core.now >= ongoing.asked_at + TIMEOUT_S:
        _give_up(core)
