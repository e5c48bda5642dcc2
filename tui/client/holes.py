"""Holes: places in a buffer where messages are not loaded, and may be.

A page from the middle of a log is put where it belongs; what lies between it and what was held
before is a hole, until pages fill it. A hole is named by the item below it.
"""

from collections.abc import Sequence

from common.msgid import is_numbered, number_at
from tui.client.order import index_of, rank
from tui.client.state import Buffer, Item


def page_placed(buffer: Buffer, page: Sequence[Item], fresh: Sequence[Item]) -> bool:
    """A page stands in its buffer: within it nothing is missing, at a new end something may be.

    `fresh` are those of `page` that were not held. Returns whether any hole came or went.
    """
    items, before = buffer.items, list(buffer.holes)
    first, last = index_of(items, page[0]), index_of(items, page[-1])
    if first < 0 or last < 0:  # let go again, because there was too much
        return False
    for item in items[first + 1 : last + 1]:
        buffer.holes.pop(item.id, None)
    ends = {fresh[0].id, fresh[-1].id} if fresh else set()
    if page[0].id in ends and first > 0 and not _follows(items[first - 1], page[0]):
        buffer.holes[page[0].id] = None
    below = last + 1
    if page[-1].id in ends and below < len(items) and not _follows(page[-1], items[below]):
        buffer.holes[items[below].id] = None
    return list(buffer.holes) != before


def missing_between(above: Item, below: Item) -> int:
    """How many numbered messages lie between two items; -1 where that is not known."""
    upper, lower = rank(above), rank(below)
    if upper is None or lower is None or upper[0] != lower[0]:
        return -1
    last = number_at(lower[1]) - is_numbered(lower[1])  # presence stands behind its number
    return max(0, last - number_at(upper[1]))


def _follows(above: Item, below: Item) -> bool:
    return missing_between(above, below) == 0
