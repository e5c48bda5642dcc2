"""Buffers and their items: opening, closing, renaming, adding, counting what is unread.

The one owner of `State.buffers` and of every bound on what is held in memory.
"""

from typing import Final

from common.casemap import fold
from common.text import plain
from tui.client import attention
from tui.client.core import Core
from tui.client.order import Rank, is_older, place, place_old, rank
from tui.client.session import Request
from tui.client.state import (
    STATUS,
    Buffer,
    BufferKind,
    Delivery,
    Item,
    ItemKind,
)
from tui.client.updates import (
    BufferChanged,
    BufferClosed,
    BufferOpened,
    ItemsPrepended,
    ItemsReordered,
    Told,
)

ITEMS_MAX: Final = 100_000
"""Items held of one buffer, some 50 MB (measured: 500 bytes each); beyond it the older half goes,
so that this is done rarely."""

BUFFERS_MAX: Final = 1_000
"""Open conversations; a stranger cannot open more by writing under many names."""

SPOKEN: Final = frozenset({ItemKind.MESSAGE, ItemKind.ACTION, ItemKind.NOTICE})
"""What counts as unread."""

_ON_ITS_WAY: Final = (Delivery.PENDING, Delivery.UNSENT)


def open_buffer(core: Core, name: str, kind: BufferKind, focus: bool = False) -> Buffer:
    """The buffer called `name`, made if it is new; the status buffer when there are too many."""
    key = fold(name)
    found = core.state.buffers.get(key)
    if found is not None:
        return found
    if len(core.state.buffers) >= BUFFERS_MAX:
        return core.status
    buffer = core.state.buffers[key] = Buffer(key, name, kind)
    core.changes.add(BufferOpened(key, focus))
    return buffer


def close_buffer(core: Core, buffer: Buffer) -> None:
    """Forget `buffer`. What was not sent there goes back to the person as a draft."""
    lost = [held for held in core.pending.values() if held.buffer == buffer.key]
    for held in lost:
        del core.pending[held.item.id]
    del core.state.buffers[buffer.key]
    core.coverage.pop(buffer.key, None)
    core.rejoin.pop(buffer.key, None)
    names = (buffer.key, fold(buffer.title))
    core.options.autojoin = tuple(room for room in core.options.autojoin if fold(room) not in names)
    core.room_keys.pop(buffer.key, None)
    core.session.asking.pop(buffer.key, None)
    core.session.leaving.pop(buffer.key, None)
    if core.state.current == buffer.key:
        core.state.current = STATUS
    core.changes.add(BufferClosed(buffer.key))
    if lost:
        draft = "\n".join(held.item.text for held in lost)
        text = f"{buffer.title} is closed. What was not sent there is back in the command bar."
        core.changes.add(Told(text, failure=True, buffer=STATUS, draft=draft))


def rename_buffer(core: Core, buffer: Buffer, name: str) -> None:
    """Give a direct conversation the person's new nick, unless one by that name is open."""
    key, old = fold(name), buffer.key
    if key == old:
        buffer.name = name
        core.changes.add(BufferChanged(key))
        return
    if key in core.state.buffers:
        return
    buffer.key, buffer.name = key, name
    core.state.buffers = {each.key: each for each in core.state.buffers.values()}
    attention.renamed(core, old, key)
    if old in core.coverage:
        core.coverage[key] = core.coverage.pop(old)
    for held in core.pending.values():
        if held.buffer == old:
            held.buffer = key
    focus = core.state.current == old
    if focus:
        core.state.current = key
    core.changes.add(BufferClosed(old))
    core.changes.add(BufferOpened(key, focus))


def append(core: Core, buffer: Buffer, item: Item) -> None:
    """Add an item said just now, at the end or, by its place in the log, before it."""
    items = buffer.items
    index = place(items, item)
    if index == len(items):
        items.append(item)
        core.changes.appended(buffer.key, [item])
    else:
        items.insert(index, item)
        core.changes.add(ItemsReordered(buffer.key))
    if item.msgid:
        core.covered(buffer.key).known[item.msgid] = item
    count_unread(core, buffer, [item])
    bound(core, buffer)


def merge(core: Core, buffer: Buffer, fresh: list[Item]) -> None:
    """Put a page of history, in its own order and new throughout, where it belongs."""
    items = buffer.items
    known = core.covered(buffer.key).known
    known.update({item.msgid: item for item in fresh if item.msgid})
    if is_older(fresh[-1], items):
        items[:0] = fresh
        core.changes.add(ItemsPrepended(buffer.key, len(fresh)))
        return
    if place_old(items, fresh[0]) == len(items):
        items.extend(fresh)
        core.changes.appended(buffer.key, fresh)
    else:
        _weave(items, fresh)
        core.changes.add(ItemsReordered(buffer.key))
    bound(core, buffer)


def _weave(items: list[Item], fresh: list[Item]) -> None:
    """Put a page among `items`, from its end on, so that the way is gone once only."""
    end = place_old(items, fresh[-1])
    last = len(fresh)
    for at in range(len(fresh) - 2, -1, -1):
        index = place_old(items, fresh[at], end)
        if index != end:
            items[end:end] = fresh[at + 1 : last]
            end, last = index, at + 1
    items[end:end] = fresh[:last]


def drop_before(core: Core, buffer: Buffer, first: Rank | None) -> None:
    """Let go of what the log has before `first`."""
    gone = [item for item in buffer.items if _is_before(rank(item), first)]
    if not gone:
        return
    known = core.covered(buffer.key).known
    for item in gone:
        known.pop(item.msgid, None)
        buffer.holes.pop(item.id, None)
    buffer.items[:] = [item for item in buffer.items if not _is_before(rank(item), first)]
    buffer.at_start = False
    core.changes.add(ItemsReordered(buffer.key))


def _is_before(place: Rank | None, first: Rank | None) -> bool:
    return place is not None and first is not None and place[0] == first[0] and place < first


def clear(core: Core, buffer: Buffer) -> None:
    """Empty the view, except of what was not sent; older pages stay away until it is reopened."""
    coverage = core.covered(buffer.key)
    coverage.known.clear()
    coverage.waiting.clear()
    coverage.unquoted.clear()
    coverage.cleared = True
    buffer.holes.clear()
    buffer.items[:] = [item for item in buffer.items if item.delivery in _ON_ITS_WAY]
    buffer.unread = buffer.mentions = buffer.first_unread_id = 0
    core.changes.add(ItemsReordered(buffer.key))
    core.changes.add(BufferChanged(buffer.key))


def count_unread(core: Core, buffer: Buffer, items: list[Item]) -> None:
    """Note what others said just now, and count it where nobody looks at it.

    The rule stands above the first that was not seen; one that was drawn for what is read by now
    has served.
    """
    spoken = [item for item in items if item.kind in SPOKEN and not item.own]
    for item in spoken:
        core.changes.said(buffer.key, item, is_mention(buffer, item))
    if spoken and not _is_looked_at(core, buffer):
        if not buffer.unread:
            buffer.first_unread_id = spoken[0].id
        _count(core, buffer, spoken)


def count_missed(core: Core, buffer: Buffer, fresh: list[Item]) -> None:
    """Count what a page of history brought that was not read here or on another device.

    Where one looks only the rule is drawn, above what was missed while the link was lost.
    """
    spoken = [
        item
        for item in fresh
        if item.kind in SPOKEN and not item.own and item.time_ms > buffer.read_to_ms
    ]
    if not spoken:
        return
    if not _is_looked_at(core, buffer):
        _count(core, buffer, spoken)
    elif not core.covered(buffer.key).returning:
        return
    buffer.first_unread_id = _earlier(buffer, spoken[0].id, buffer.first_unread_id)
    core.changes.add(BufferChanged(buffer.key))


def _is_looked_at(core: Core, buffer: Buffer) -> bool:
    return buffer.key == core.state.current and core.state.looking


def _count(core: Core, buffer: Buffer, spoken: list[Item]) -> None:
    buffer.unread += len(spoken)
    buffer.mentions += sum(is_mention(buffer, item) for item in spoken)
    core.changes.add(BufferChanged(buffer.key))


def is_mention(buffer: Buffer, item: Item) -> bool:
    """Whether the item is meant for us: everything said to us alone is."""
    return item.mention or buffer.kind is BufferKind.DIRECT


def _earlier(buffer: Buffer, new_id: int, held_id: int) -> int:
    """Which of two items stands first; what is no longer there does not count."""
    found = [item.id for item in reversed(buffer.items) if item.id in (new_id, held_id)]
    return found[-1] if found else new_id


def bound(core: Core, buffer: Buffer) -> None:
    """Let the older half of an overfull buffer go, except what was never sent."""
    if len(buffer.items) <= ITEMS_MAX:
        return
    cut = len(buffer.items) - ITEMS_MAX // 2
    gone, kept = buffer.items[:cut], buffer.items[cut:]
    known = core.covered(buffer.key).known
    for item in gone:
        known.pop(item.msgid, None)
        buffer.holes.pop(item.id, None)
    buffer.items[:] = [item for item in gone if item.delivery in _ON_ITS_WAY] + kept
    buffer.at_start = False
    core.changes.add(ItemsReordered(buffer.key))
    core.changes.add(BufferChanged(buffer.key))


def say_news(
    core: Core, buffer: Buffer, text: str, failure: bool = False, sender: str = ""
) -> None:
    """Add a line of information, not said by anyone in the conversation."""
    kind = ItemKind.FAILURE if failure else ItemKind.NEWS
    item = Item(core.new_item_id(), kind, core.wall_ms, sender, plain(text))
    append(core, buffer, item)


def say_greeting(core: Core, text: str) -> None:
    """Add a line that a server says of itself, for whoever wants to know."""
    item = Item(core.new_item_id(), ItemKind.GREETING, core.wall_ms, "", plain(text))
    append(core, core.status, item)


def say_answer(core: Core, request: Request | None, text: str) -> None:
    """Add a line of information where it was asked for, else where the person is."""
    asked_in = request.buffer if request is not None else core.state.current
    say_news(core, news_buffer(core, asked_in), text)


def news_buffer(core: Core, key: str) -> Buffer:
    """The buffer `key` for an answer to what was asked there, or the status buffer."""
    return core.state.buffers.get(key, core.status)
