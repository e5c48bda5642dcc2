"""History: what to ask for, and how pages and live messages prove that nothing is missing.

One page per buffer is on its way at a time. A room is *gap-free* when every number up to the
newest seen is held or known to be an empty place: pages say that of what they span, live
messages by following one another.
Specification: IRCv3 chathistory; docs/protocol.md "sequence".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from common.capabilities import SEQUENCE, SERVER_TIME
from common.msgid import decode_msgid, number_at
from common.wire import Message
from tui.client import buffers, holes, ignoring, pending, revising
from tui.client.cleaning import read_number, time_tag
from tui.client.core import Change, Core
from tui.client.intents import IntentRefused
from tui.client.items import Arrival, build_item, has_item
from tui.client.order import Placed, Rank, comes_after, rank
from tui.client.session import Ask, Direction, OpenBatch, Request
from tui.client.state import PRESENCE, Buffer, BufferKind, Delivery, Item, ItemKind
from tui.client.updates import BufferChanged, ItemsReordered, Told

PAGE_ITEMS_MAX: Final = 100
PAGE_TIMEOUT_S: Final = 60.0
"""A page that takes longer is taken for lost, so that the next one may be asked for."""

_CONTEXT: Final = "draft/chathistory-context"
_LOCAL: Final = (ItemKind.NEWS, ItemKind.FAILURE)


def page_items(core: Core) -> int:
    """How many items to ask for: what the server allows, at most `PAGE_ITEMS_MAX`."""
    allowed = read_number(core.state.isupport.get("CHATHISTORY", ""))
    return min(allowed or PAGE_ITEMS_MAX, PAGE_ITEMS_MAX)


def catch_up(core: Core, buffer: Buffer) -> None:
    """Ask for what was said while we were not there: the latest page the first time."""
    if not core.has_history:
        return
    newest = _reference(core, reversed(buffer.items))
    if not core.covered(buffer.key).fetched or newest is None:
        _ask(core, buffer, Direction.LATEST, "*")
        return
    coverage = core.covered(buffer.key)
    coverage.reached = None
    if core.has(SEQUENCE) and coverage.channel_id:  # from 0 on where nothing had a number yet
        _ask(core, buffer, Direction.AFTER, f"number={coverage.known_to}")
    else:
        _ask(core, buffer, Direction.AFTER, _selector(core, newest))


def load_older(core: Core, buffer: Buffer) -> None:
    """Ask for the page before the oldest item held."""
    oldest = _older(_reference(core, buffer.items), core.covered(buffer.key).dropped)
    if oldest is None:
        _ask(core, buffer, Direction.LATEST, "*")
    else:
        _ask(core, buffer, Direction.BEFORE, _selector(core, oldest))


def ask_around(core: Core, buffer: Buffer, msgid: str) -> None:
    """Ask for the page with a message in its middle; not while another page is on its way."""
    if buffer.key not in core.session.asking:
        _ask(core, buffer, Direction.AROUND, f"msgid={msgid}")


def fill_hole(core: Core, buffer: Buffer, hole: int, *, downward: bool) -> None:
    """Ask for the next page of a hole, from its upper or (not `downward`) its lower edge."""
    at = next((at for at, item in enumerate(buffer.items) if item.id == hole), -1)
    if hole not in buffer.holes or at < 0 or buffer.key in core.session.asking:
        return
    edge = _edge(core, buffer, at, downward=downward)
    if edge is None:  # nothing there that one could ask from
        del buffer.holes[hole]
        core.changes.add(ItemsReordered(buffer.key))
        return
    direction = Direction.AFTER if downward else Direction.BEFORE
    _ask(core, buffer, direction, _selector(core, edge), hole)


def _edge(core: Core, buffer: Buffer, at: int, *, downward: bool) -> Item | None:
    """The item next to the hole above index `at` from which a page can be asked for."""
    side = reversed(buffer.items[:at]) if downward else buffer.items[at:]
    return _reference(core, side)


def _reference(core: Core, items: Iterable[Item]) -> Item | None:
    """The first item that the server can be asked from; a time only where nothing has an id."""
    timed: Item | None = None
    for item in items:
        if item.kind in _LOCAL or item.delivery is not Delivery.CONFIRMED:
            continue
        if item.msgid or item.number:
            return item
        timed = timed or item
    return timed if core.has(SERVER_TIME) else None


def _older(left: Item | None, right: Item | None) -> Item | None:
    if left is None or right is None:
        return left or right
    after = comes_after(left, right)
    later = left.time_ms > right.time_ms if after is None else after
    return right if later else left


def _selector(core: Core, item: Placed) -> str:
    if item.number and core.has(SEQUENCE):
        return f"number={item.number}"
    types = core.state.isupport.get("MSGREFTYPES", "msgid,timestamp").split(",")
    if item.msgid and "msgid" in types and " " not in item.msgid:
        return f"msgid={item.msgid}"
    return f"timestamp={time_tag(item.time_ms)}"


def _ask(core: Core, buffer: Buffer, direction: Direction, selector: str, hole: int = 0) -> None:
    session = core.session
    if buffer.key in session.asking:
        if direction is not Direction.BEFORE:
            session.fill_wanted[buffer.key] = None
        return
    limit = page_items(core)
    quiet = direction is not Direction.AROUND
    request = Request("CHATHISTORY", buffer.key, buffer.key, quiet=quiet)
    try:
        core.ask(request, "CHATHISTORY", direction.value, buffer.name, selector, str(limit))
    except IntentRefused:  # a name or msgid of the server's that makes no line: no history here
        buffer.at_start = True
        return
    session.asking[buffer.key] = Ask(direction, limit, selector, core.now, request, hole)
    buffer.filling = hole
    buffer.loading_older = not hole and direction in (Direction.LATEST, Direction.BEFORE)
    core.changes.add(BufferChanged(buffer.key))


def page_arrived(core: Core, batch: OpenBatch) -> Direction | None:
    """A chathistory batch has closed: merge it, and ask on while there is more.

    Returns what it was asked for, None where it was not asked for.
    """
    buffer = core.state.buffers.get(batch.target)
    if buffer is None:
        return None
    ask = _take_ask(core, buffer, batch.request)
    dropped = core.covered(buffer.key).dropped
    page = _read_page(core, buffer, batch.lines)
    fresh = page.fresh
    if fresh:
        buffers.merge(core, buffer, fresh)
        revising.settle(core, buffer, fresh)
    for change in page.changes:
        revising.apply(core, buffer, change)
    counted = sum(_CONTEXT not in line.tags for line in batch.lines)
    if ask is None:
        return None
    short = counted < ask.limit and not batch.overflowed
    buffer.loading_older, buffer.filling = False, 0
    core.changes.add(BufferChanged(buffer.key))
    if ask.hole:
        _hole_filled(core, buffer, ask, page, short)
    elif ask.direction is Direction.AROUND:
        _place(core, buffer, page.placed, fresh)
    elif ask.direction is Direction.AFTER:
        buffers.count_missed(core, buffer, fresh)
        _after_filled(core, buffer, ask, short, page.last)
    elif ask.direction is Direction.LATEST:
        if not short:  # what is held from before it may not reach up to it; it can be loaded again
            first = _first_place(batch.lines)
            buffers.drop_before(core, buffer, first)
            core.covered(buffer.key).begins_at = number_at(first[1]) if first is not None else 0
        buffer.at_start = buffer.at_start or short
        if buffer.read_to_ms or core.covered(buffer.key).returning:
            buffers.count_missed(core, buffer, fresh)
        _proven(core, buffer)
    else:
        went_on = bool(fresh) or core.covered(buffer.key).dropped is not dropped
        buffer.at_start = short or not went_on
    _run_wanted_fill(core, buffer)
    return ask.direction


def _hole_filled(core: Core, buffer: Buffer, ask: Ask, page: "_Page", short: bool) -> None:
    """A page from the edge of a hole is merged: it goes on to it, and maybe across it."""
    at = next((at for at, item in enumerate(buffer.items) if item.id == ask.hole), -1)
    downward = ask.direction is Direction.AFTER
    edge = _edge(core, buffer, at, downward=downward) if at >= 0 else None
    if short or edge is None:
        buffer.holes.pop(ask.hole, None)
        core.changes.add(ItemsReordered(buffer.key))
        return
    if not page.placed:  # only what is ignored
        end = page.last if downward else page.first
        assert end is not None, "a page that is not short has lines"
        _ask(core, buffer, ask.direction, _selector(core, end), ask.hole)
        return
    placed = [edge, *page.placed] if downward else [*page.placed, edge]
    _place(core, buffer, placed, page.fresh)


def _place(core: Core, buffer: Buffer, page: list[Item], fresh: list[Item]) -> None:
    if page and holes.page_placed(buffer, page, fresh):
        core.changes.add(ItemsReordered(buffer.key))


def _take_ask(core: Core, buffer: Buffer, answered: Request | None) -> Ask | None:
    """What a page answers; None for one given up, or asked for by someone else.

    Without labels it is whatever was asked of the room last.
    """
    ask = core.session.asking.get(buffer.key)
    if ask is None or (answered is not None and answered is not ask.request):
        return None
    core.session.take(buffer.key, ("CHATHISTORY",))
    return core.session.asking.pop(buffer.key)


@dataclass(slots=True)
class _Page:
    """What a page of history holds, in order: the items that are not held yet, those that then
    stand in the buffer, held before or not, what happened to messages, and its two ends.
    """

    fresh: list[Item] = field(default_factory=list)
    placed: list[Item] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    first: Placed | None = None
    last: Placed | None = None

    def reach(self, placed: Placed) -> None:
        """Take note of how far the page goes."""
        if self.last is None or comes_after(self.last, placed) is not True:
            self.last = placed
        if self.first is None or comes_after(self.first, placed) is True:
            self.first = placed


def _read_page(core: Core, buffer: Buffer, lines: list[Message]) -> _Page:
    """Build what the lines of a page hold, and tell which of it is new."""
    known = core.covered(buffer.key).known
    page = _Page()
    fresh, placed = page.fresh, page.placed
    # A live QUIT or NICK is one line for several rooms, so it comes without a msgid of each.
    unmarked = {_mark(item): None for item in buffer.items if not item.msgid}
    for line in lines:
        if not has_item(line):
            _read_change(core, buffer, line, page)
            continue
        item = build_item(core, Arrival(line))
        page.reach(item)
        _note_seen(core, buffer, item)
        if item.kind in buffers.SPOKEN and ignoring.is_ignored(core, item.sender):
            coverage = core.covered(buffer.key)
            coverage.dropped = _older(item, coverage.dropped)
            continue
        identified = bool(item.msgid) and item.kind not in PRESENCE
        if item.msgid in known or (not identified and _mark(item) in unmarked):
            placed += [known[item.msgid]] if item.msgid in known else []
            continue
        lost = pending.find_lost(core, buffer.key, item)
        if lost is not None:
            pending.confirm(core, lost, item)
            placed.append(lost.item)
        else:
            fresh.append(item)
            placed.append(item)
            known.update({item.msgid: item} if item.msgid else {})
    _sort(fresh)
    _sort(placed)
    return page


def _sort(items: list[Item]) -> None:
    """By their places in the log, where all have one."""
    if all(rank(item) is not None for item in items):
        items.sort(key=rank)  # type: ignore[arg-type]  # none is None here


def _read_change(core: Core, buffer: Buffer, line: Message, page: _Page) -> None:
    change = revising.read_change(core, Arrival(line))
    if change is None:
        return
    page.reach(change)
    _note_seen(core, buffer, change)
    if not ignoring.is_ignored(core, change.nick):
        page.changes.append(change)


def _first_place(lines: list[Message]) -> Rank | None:
    """Where in the log a page begins; None where the server gives no places."""
    places = [decode_msgid(line.tags.get("msgid", "")) for line in lines]
    return min((place for place in places if place is not None), default=None)


Mark = tuple[ItemKind, int, str, str]


def _mark(item: Item) -> Mark:
    return (item.kind, item.time_ms, item.sender, item.text)


def _after_filled(core: Core, buffer: Buffer, ask: Ask, short: bool, last: Placed | None) -> None:
    """A page of what was missed is merged: a short one was the last, a full one leads on."""
    coverage = core.covered(buffer.key)
    if short or last is None:
        _proven(core, buffer)
        return
    reached = rank(last)
    if reached is None:
        leads_on = _selector(core, last) != ask.selector
    else:
        leads_on = coverage.reached is None or reached > coverage.reached
        coverage.reached = reached
        coverage.known_to = max(coverage.known_to, number_at(reached[1]))
    if leads_on:
        _ask(core, buffer, Direction.AFTER, _selector(core, last))
    else:  # asking on would never end
        coverage.known_to = coverage.seen_to


def _proven(core: Core, buffer: Buffer) -> None:
    """Everything said up to now has been read."""
    coverage = core.covered(buffer.key)
    coverage.fetched, coverage.returning = True, False
    coverage.known_to = coverage.seen_to
    _set_gap_free(core, buffer, True)


def _set_gap_free(core: Core, buffer: Buffer, gap_free: bool) -> None:
    if buffer.gap_free != gap_free:
        buffer.gap_free = gap_free
        core.changes.add(BufferChanged(buffer.key))


def note_log(core: Core, buffer: Buffer, item: Placed) -> None:
    """See from an item's id whether the room was closed and made anew: it counts from one again."""
    coverage = core.covered(buffer.key)
    decoded = decode_msgid(item.msgid)
    if decoded is None or decoded[0] == coverage.channel_id:
        return
    if coverage.channel_id:
        coverage.known_to, coverage.seen_to, coverage.fetched = 0, 0, False
        coverage.begins_at = 0
    coverage.channel_id = decoded[0]


def _note_seen(core: Core, buffer: Buffer, item: Placed) -> None:
    """Keep the newest number seen; the place of presence tells of the number before it."""
    note_log(core, buffer, item)
    coverage = core.covered(buffer.key)
    place = rank(item)
    number = number_at(place[1]) if place is not None else item.number
    coverage.seen_to = max(coverage.seen_to, number)


def live_arrived(core: Core, buffer: Buffer, item: Placed) -> None:
    """Something was delivered live: if its number does not follow, the hole is filled."""
    if not item.number or buffer.kind is not BufferKind.ROOM:
        return
    _note_seen(core, buffer, item)
    coverage = core.covered(buffer.key)
    if item.number < coverage.begins_at:  # sent again, it was stored long before what is held
        coverage.begins_at = coverage.known_to = item.number
        _set_gap_free(core, buffer, False)
        catch_up(core, buffer)
    elif item.number == coverage.known_to + 1 or not (coverage.known_to or core.has_history):
        coverage.known_to = item.number
    elif item.number > coverage.known_to and buffer.key not in core.session.asking:
        _set_gap_free(core, buffer, False)
        catch_up(core, buffer)


def _run_wanted_fill(core: Core, buffer: Buffer) -> None:
    coverage = core.covered(buffer.key)
    wanted = core.session.fill_wanted
    if buffer.key in wanted and buffer.key not in core.session.asking:
        del wanted[buffer.key]
        catch_up(core, buffer)
    elif coverage.seen_to > coverage.known_to and buffer.key not in core.session.asking:
        catch_up(core, buffer)


def put_off(core: Core, key: str) -> None:
    """The server cannot read its history now: what we missed is asked for again in a while."""
    buffer = core.state.buffers.get(key)
    ask = core.session.asking.get(key)
    if buffer is None or ask is None:
        return
    if not _goes_on(ask):
        del core.session.asking[key]
    core.session.sought.pop(key, None)
    buffer.loading_older, buffer.filling = False, 0
    core.changes.add(BufferChanged(key))


def _goes_on(ask: Ask) -> bool:
    """Whether a page that did not come is asked for again: what the person scrolls for is not."""
    return ask.direction in (Direction.LATEST, Direction.AFTER) and not ask.hole


def refused(core: Core, key: str) -> None:
    """The server gives no history here: there is nothing older to load, and nothing to prove."""
    buffer = core.state.buffers.get(key)
    ask = core.session.asking.pop(key, None)
    core.session.fill_wanted.pop(key, None)
    core.session.sought.pop(key, None)
    if buffer is None or ask is None:
        return
    buffer.loading_older, buffer.filling = False, 0
    if ask.hole:
        buffer.holes.pop(ask.hole, None)
        core.changes.add(ItemsReordered(key))
    elif ask.direction is not Direction.AROUND:
        buffer.at_start = buffer.at_start or ask.direction is not Direction.AFTER
        if ask.direction is not Direction.BEFORE:
            _proven(core, buffer)
    core.changes.add(BufferChanged(key))


def link_lost(core: Core) -> None:
    """What comes from now on is missed until it has been asked for."""
    for buffer in core.state.buffers.values():
        buffer.loading_older, buffer.filling = False, 0
        if buffer.kind is BufferKind.ROOM and buffer.joined:
            buffer.gap_free = False
            core.covered(buffer.key).returning = True


def next_deadline(core: Core) -> float | None:
    """When the oldest page on its way is taken for lost."""
    asked = [ask.asked_at + PAGE_TIMEOUT_S for ask in core.session.asking.values()]
    return min(asked, default=None)


def fire(core: Core) -> None:
    """Give up pages that did not come. What was missed is asked for again; the rest on a wish."""
    for key, ask in list(core.session.asking.items()):
        if core.now >= ask.asked_at + PAGE_TIMEOUT_S:
            del core.session.asking[key]
            buffer = core.state.buffers.get(key)
            if buffer is not None:
                buffer.loading_older, buffer.filling = False, 0
                core.changes.add(BufferChanged(key))
                if _goes_on(ask):
                    _ask(core, buffer, ask.direction, ask.selector)
            if ask.direction is Direction.AROUND:
                core.session.sought.pop(key, None)
                text = "The server did not send what is around that message; try again."
                core.changes.add(Told(text, failure=True, buffer=core.state.current))
