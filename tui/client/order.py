"""Reading order: where an item belongs among the items of its buffer.

Stored items sort by their place in the log; items of servers without such places sort by time
when they come from history, and stay where they are said when they are live.
"""

from typing import Protocol

from common.msgid import decode_msgid, position_of
from tui.client.state import Delivery, Item, ItemKind

Rank = tuple[int, int]


class Placed(Protocol):
    """What has a place in a log: an item, or a change of one."""

    msgid: str
    number: int
    time_ms: int


def rank(item: Placed) -> Rank | None:
    """The item's place in the room's log, or None where the server gives none."""
    decoded = decode_msgid(item.msgid) if item.msgid else None
    if decoded is not None:
        return decoded
    return (0, position_of(item.number)) if item.number else None


def _is_local(item: Item) -> bool:
    return item.kind in (ItemKind.NEWS, ItemKind.FAILURE) or item.delivery in (
        Delivery.PENDING,
        Delivery.UNSENT,
    )


def comes_after(left: Placed, right: Placed) -> bool | None:
    """Whether the log has `left` behind `right`; None where it does not tell.

    The log of a room that was closed tells nothing of the one made anew under its name.
    """
    left_rank, right_rank = rank(left), rank(right)
    if left_rank is None or right_rank is None or left_rank[0] != right_rank[0]:
        return None
    return left_rank > right_rank


def place(items: list[Item], new: Item, end: int | None = None) -> int:
    """The index at which `new` belongs: before the first of the later items at the end.

    From `end` on, everything is known to be later.
    """
    index = len(items) if end is None else end
    if rank(new) is None:
        return index
    for at in range(index - 1, -1, -1):
        later = comes_after(items[at], new)
        if later:
            index = at
        elif later is False:
            break
    return index


def place_old(items: list[Item], new: Item, end: int | None = None) -> int:
    """The same for an item of a page of history: where the log does not tell, times do.

    What is said live comes after what is there, whatever its clock says; so `place` has no
    such rule.
    """
    index = at = place(items, new, end)
    while at > 0:
        before = items[at - 1]
        if _is_local(before):
            at -= 1
        elif comes_after(before, new) is None and before.time_ms > new.time_ms:
            at -= 1
            index = at
        else:
            break
    return index


def is_older(new: Item, items: list[Item]) -> bool:
    """Whether `new` comes before everything in `items`."""
    for item in items:
        after = comes_after(item, new)
        if after is not None:
            return after
        if rank(item) is not None and rank(new) is not None:  # in the log of another room
            return item.time_ms > new.time_ms and not any(comes_after(new, each) for each in items)
    first = next((item for item in items if not _is_local(item)), None)
    return first is not None and first.time_ms > new.time_ms


def is_settled(items: list[Item], at: int) -> bool:
    """Whether the item at index `at` stands in order among its neighbours."""
    item = items[at]
    if any(comes_after(item, items[later]) for later in range(at + 1, len(items))):
        return False
    for earlier in range(at - 1, -1, -1):
        after = comes_after(items[earlier], item)
        if after is not None:
            return not after
    return True


def item_before(items: list[Item], item: Item) -> Item | None:
    """What stands before `item`; None where it is the first, or not there."""
    at = index_of(items, item)
    return items[at - 1] if at > 0 else None


def index_of(items: list[Item], item: Item) -> int:
    """Where `item` itself is, searched from the end; -1 when it is not there."""
    for at in range(len(items) - 1, -1, -1):
        if items[at] is item:
            return at
    return -1
