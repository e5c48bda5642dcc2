"""The shelf: what of a server's conversations is kept for the next start, and beginning from it.

Kept is what the server has confirmed, the newest of each conversation, with how far it is proven
complete: the next link asks for what was missed since, and for nothing twice. Plain rows go out
and come in; who keeps them, and how, is not known here.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import Final, NamedTuple

from tui.client import buffers, missed, revising
from tui.client.core import Core, Coverage
from tui.client.order import rank
from tui.client.state import (
    PRESENCE,
    STATUS,
    Buffer,
    BufferKind,
    Delivery,
    Item,
    ItemKind,
    Reaction,
)
from tui.client.updates import Update

ROOMS_MAX: Final = 200
"""Conversations kept, those in which something was said last."""

ITEMS_MAX: Final = 10_000
ITEMS_PER_ROOM_MIN: Final = 50
"""Kept of one server in all, shared out evenly: the next start reads them before it draws."""

_OURS: Final = frozenset({ItemKind.NEWS, ItemKind.FAILURE, ItemKind.GREETING})
"""Lines that nobody said: they were for the moment."""


_KINDS: Final = dict(ItemKind.__members__)

_KEPT: Final = {
    BufferKind.ROOM: (Delivery.CONFIRMED,),
    BufferKind.DIRECT: (Delivery.CONFIRMED, Delivery.UNSTORED),
}
"""A room whose owner wants nothing kept is kept here neither; what guests say to one alone is."""


class KeptServer(NamedTuple):
    """What belongs to no conversation. `lost_ms`: nothing said before was missed."""

    network: str = ""
    lost_ms: int = 0


class KeptRoom(NamedTuple):
    """A conversation; `first_unread` is the place of an item in it, -1 for none.

    From `channel_id` on it is `Coverage`; `dropped_…` tell of its `dropped`, with 0 for none.
    """

    key: str
    name: str
    kind: str
    topic: str
    unread: int
    mentions: int
    first_unread: int
    read_to_ms: int
    at_start: bool
    channel_id: int
    known_to: int
    seen_to: int
    begins_at: int
    fetched: bool
    dropped_ms: int
    dropped_msgid: str
    dropped_number: int


class KeptItem(NamedTuple):
    """An item; within its conversation those of higher `place` come later.

    `reactions` is JSON, ``""`` for none. `hole`: something before it is not loaded.
    """

    place: int
    kind: str
    time_ms: int
    sender: str
    text: str
    msgid: str
    number: int
    own: bool
    mention: bool
    source: str
    reply_to: str
    edited: bool
    redacted: str
    reactions: str
    hole: bool
    unstored: bool


class Kept(NamedTuple):
    """Everything that was kept of a server, conversations in the order of their opening."""

    server: KeptServer = KeptServer()
    rooms: tuple[tuple[KeptRoom, list[KeptItem]], ...] = ()


class RoomChange(NamedTuple):
    """What to write of a conversation: its row; places of items that go; then items."""

    room: KeptRoom
    gone: list[int]
    items: list[KeptItem]


class Batch(NamedTuple):
    """What to write. `anew`: whatever is there goes first. `closed` are conversations to remove.

    `forgets`: something said is to be gone for good, not only to make room for what is newer.
    """

    anew: bool
    server: KeptServer
    closed: list[str]
    rooms: list[RoomChange]
    forgets: bool


class _Mark(NamedTuple):
    """Where an item is written, and as what."""

    place: int
    version: int
    hole: bool


@dataclass(slots=True)
class _Standing:
    """What is written of one conversation."""

    room: KeptRoom
    marks: dict[int, _Mark] = field(default_factory=dict)  # by item id
    next_place: int = 0


class Shelf:
    """Knows what is kept of one server, and so what has to be written next."""

    def __init__(self) -> None:
        self._server: KeptServer | None = None  # None: nothing is written, or nobody knows what
        self._standing: dict[str, _Standing] = {}
        self._touched: dict[str, None] = {}
        self._lost = False
        self._forgotten_to = 0

    def note(self, updates: Iterable[Update]) -> None:
        """Look at what changed when the next batch is made."""
        for update in updates:
            key = getattr(update, "buffer", STATUS)
            if key != STATUS:
                self._touched[key] = None

    def lose(self) -> None:
        """What is written is not known any more: the next batch holds everything."""
        self._server, self._lost = None, True
        self._standing.clear()

    def forget(self, core: Core) -> None:
        """Nothing is written any more; of what is held now nothing will be, only of what comes."""
        self._server, self._lost = None, False
        self._standing.clear()
        self._forgotten_to = core.items_made

    # -- what to write ---------------------------------------------------------------------------

    def take(self, core: Core, items_max: int) -> Batch | None:
        """What changed since the last batch; None where nothing did.

        Of a conversation `items_max` messages are kept, fewer where there are many.
        """
        kept = _kept_buffers(core)
        share = max(ITEMS_PER_ROOM_MIN, min(items_max, ITEMS_MAX // max(1, len(kept))))
        server = KeptServer(core.state.network, missed.up_to_ms(core))
        closed = [key for key in self._standing if key not in kept]
        for key in closed:
            del self._standing[key]
        forgets = bool(closed) or self._lost
        changes: list[RoomChange] = []
        for key, buffer in kept.items():
            if key in self._touched or key not in self._standing:
                forgets = self._compare(core, buffer, share, changes) or forgets
        self._touched.clear()
        if not (closed or changes or self._lost):
            return None
        batch = Batch(self._server is None, server, closed, changes, forgets)
        self._server, self._lost = server, False
        return batch

    def _compare(self, core: Core, buffer: Buffer, share: int, changes: list[RoomChange]) -> bool:
        """Add what changed in a conversation; whether something in it is to be forgotten."""
        items, is_cut = self._kept_items(core, buffer, share)
        standing = self._standing.get(buffer.key)
        before = standing.marks if standing is not None else {}
        next_place = standing.next_place if standing is not None else 0
        marks: dict[int, _Mark] = {}
        rows: list[KeptItem] = []
        last, forgets = -1, False
        for item in items:
            held = before.get(item.id)
            hole = item.id in buffer.holes
            if held is not None and held.place > last:
                mark = _Mark(held.place, item.version, hole)
            else:  # something new, and so everything behind it goes to new places
                mark = _Mark(next_place, item.version, hole)
                next_place += 1
            last, marks[item.id] = mark.place, mark
            if mark != held:
                rows.append(_row_of(item, mark))
                forgets = forgets or held is not None
        gone = [held.place for at, held in before.items() if held.place != _place(marks, at)]
        forgets = forgets or (bool(gone) and not is_cut)
        room = _room_row(core.covered(buffer.key), buffer, items, marks, is_cut)
        if standing is None or rows or gone or standing.room != room:
            changes.append(RoomChange(room, gone, rows))
        self._standing[buffer.key] = _Standing(room, marks, next_place)
        return forgets

    def _kept_items(self, core: Core, buffer: Buffer, share: int) -> tuple[list[Item], bool]:
        """The newest items that are kept, oldest first, and whether there are older ones."""
        log = core.covered(buffer.key).channel_id
        found: list[Item] = []
        spoken = 0
        for item in reversed(buffer.items):
            if item.delivery not in _KEPT[buffer.kind] or item.kind in _OURS:
                continue
            place = rank(item) if log else None
            is_of_another_log = place is not None and place[0] not in (0, log)
            is_enough = spoken >= share or len(found) >= 2 * share
            if is_enough or is_of_another_log or item.id <= self._forgotten_to:
                return found[::-1], True
            spoken += item.kind not in PRESENCE
            found.append(item)
        return found[::-1], False

    # -- beginning from what was written ---------------------------------------------------------

    def fill(self, core: Core, kept: Kept) -> None:
        """Open the conversations that were kept, as they were; before the first link.

        Raises `ValueError` for rows that are none of ours; then nothing was done.
        """
        filled = [(room, _items_of(core, rows), rows) for room, rows in kept.rooms]
        kinds = [BufferKind[room.kind] for room, _ in kept.rooms]
        core.state.network, core.lost_ms = kept.server.network, kept.server.lost_ms
        for (room, items, rows), kind in zip(filled, kinds, strict=True):
            buffer = buffers.open_buffer(core, room.name, kind)
            if buffer.kind is not kind:
                break
            marks = {
                item.id: _Mark(row.place, item.version, row.hole)
                for item, row in zip(items, rows, strict=True)
            }
            next_place = rows[-1].place + 1 if rows else 0
            self._standing[buffer.key] = _Standing(room, marks, next_place)
            _fill_buffer(core, buffer, room, items, marks)
        self._server = kept.server


def _kept_buffers(core: Core) -> Mapping[str, Buffer]:
    """The conversations that are kept, in their order."""
    found = {key: each for key, each in core.state.buffers.items() if key != STATUS}
    if len(found) <= ROOMS_MAX:
        return found
    newest = sorted(found.values(), key=_newest_ms, reverse=True)[:ROOMS_MAX]
    among = dict.fromkeys(buffer.key for buffer in newest)
    return {key: buffer for key, buffer in found.items() if key in among}


def _newest_ms(buffer: Buffer) -> int:
    return buffer.items[-1].time_ms if buffer.items else 0


def _place(marks: Mapping[int, _Mark], item_id: int) -> int:
    return marks[item_id].place if item_id in marks else -1


def _row_of(item: Item, mark: _Mark) -> KeptItem:
    reactions = [[each.text, each.nicks, each.own] for each in item.reactions]
    return KeptItem(
        mark.place,
        item.kind.name,
        item.time_ms,
        item.sender,
        item.text,
        item.msgid,
        item.number,
        item.own,
        item.mention,
        item.source,
        item.reply_to,
        item.edited,
        item.redacted,
        json.dumps(reactions, ensure_ascii=False) if reactions else "",
        mark.hole,
        item.delivery is Delivery.UNSTORED,
    )


def _room_row(
    coverage: Coverage,
    buffer: Buffer,
    items: list[Item],
    marks: Mapping[int, _Mark],
    is_cut: bool,
) -> KeptRoom:
    """The row of a conversation; what is known of its beginning is so of what is kept."""
    first = rank(items[0]) if items else None
    begins_at = items[0].number if is_cut and first is not None else coverage.begins_at
    dropped = coverage.dropped if not is_cut else None
    first_unread = _place(marks, buffer.first_unread_id)
    if buffer.first_unread_id and first_unread < 0 and items and is_cut:
        first_unread = marks[items[0].id].place
    return KeptRoom(
        buffer.key,
        buffer.name,
        buffer.kind.name,
        buffer.topic,
        buffer.unread,
        buffer.mentions,
        first_unread,
        buffer.read_to_ms,
        buffer.at_start and not is_cut,
        coverage.channel_id,
        coverage.known_to,
        coverage.seen_to,
        max(begins_at, coverage.begins_at),
        coverage.fetched,
        dropped.time_ms if dropped is not None else 0,
        dropped.msgid if dropped is not None else "",
        dropped.number if dropped is not None else 0,
    )


def _items_of(core: Core, rows: Iterable[KeptItem]) -> list[Item]:
    try:
        return [_item_of(core, row) for row in rows]
    except (KeyError, TypeError) as error:
        raise ValueError(f"no such item: {error}") from None


def _item_of(core: Core, row: KeptItem) -> Item:
    return Item(
        id=core.new_item_id(),
        kind=_KINDS[row.kind],
        time_ms=row.time_ms,
        sender=intern(row.sender),
        text=row.text,
        msgid=row.msgid,
        number=row.number,
        delivery=Delivery.UNSTORED if row.unstored else Delivery.CONFIRMED,
        own=bool(row.own),
        mention=bool(row.mention),
        source=intern(row.source),
        reply_to=row.reply_to,
        edited=bool(row.edited),
        redacted=row.redacted,
        reactions=_reactions_of(row.reactions) if row.reactions else (),
    )


def _reactions_of(text: str) -> tuple[Reaction, ...]:
    return tuple(Reaction(word, tuple(nicks), own) for word, nicks, own in json.loads(text))


def _fill_buffer(
    core: Core, buffer: Buffer, room: KeptRoom, items: list[Item], marks: Mapping[int, _Mark]
) -> None:
    buffer.items[:] = items
    buffer.topic, buffer.at_start = room.topic, bool(room.at_start)
    buffer.unread, buffer.mentions = room.unread, room.mentions
    buffer.read_to_ms = room.read_to_ms
    for item_id, mark in marks.items():
        if mark.hole:
            buffer.holes[item_id] = None
        if mark.place == room.first_unread:
            buffer.first_unread_id = item_id
    coverage = core.covered(buffer.key)
    coverage.known.update({item.msgid: item for item in items if item.msgid})
    coverage.channel_id, coverage.begins_at = room.channel_id, room.begins_at
    coverage.known_to, coverage.seen_to = room.known_to, room.seen_to
    coverage.fetched, coverage.returning = bool(room.fetched), True
    buffer.gap_free = buffer.kind is not BufferKind.ROOM
    if room.dropped_ms:
        coverage.dropped = Item(
            core.new_item_id(),
            ItemKind.MESSAGE,
            room.dropped_ms,
            "",
            "",
            room.dropped_msgid,
            room.dropped_number,
        )
    for item in items:
        if item.reply_to:
            revising.lead_to_quoted(core, buffer, item)
