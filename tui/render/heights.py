"""The heights of many entries: from a line to an entry and back, quickly.

Heights are kept in chunks with their sums, so that neither appending nor a corrected height
walks over everything. A height is an estimate until it is `set`.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Final

CHUNK_ENTRIES: Final = 256
_HEIGHT_MAX: Final = 65_535
"""What an array of unsigned shorts holds; more lines than any message has."""


class Heights:
    """Heights in lines, by index."""

    __slots__ = ("_exact", "_heights", "_sums", "_tops")

    def __init__(self, estimates: Iterable[int] = ()) -> None:
        self._heights = _bounded(estimates)
        self._exact = bytearray(len(self._heights))
        self._sums: list[int] = []
        self._tops: list[int] | None = None
        self._add_up(0)

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> int:
        """All lines together."""
        return self._chunk_ends()[-1] if self._sums else 0

    def is_exact(self, index: int) -> bool:
        """Whether the height at `index` was set, not estimated."""
        return bool(self._exact[index])

    def height(self, index: int) -> int:
        """The lines of the entry at `index`."""
        return self._heights[index]

    def set(self, index: int, height: int) -> int:
        """The true height of an entry; returns by how much it differs from what was assumed."""
        height = min(height, _HEIGHT_MAX)
        difference = height - self._heights[index]
        self._exact[index] = 1
        if difference:
            self._heights[index] = height
            self._sums[index // CHUNK_ENTRIES] += difference
            self._tops = None
        return difference

    def forget(self, index: int) -> None:
        """Take the height at `index` for an estimate again."""
        self._exact[index] = 0

    def append(self, estimates: Iterable[int]) -> None:
        """More entries at the end."""
        start = len(self._heights)
        self._heights.extend(_bounded(estimates))
        self._exact.extend(bytes(len(self._heights) - start))
        self._add_up(start // CHUNK_ENTRIES)

    def prepend(self, estimates: Iterable[int]) -> int:
        """More entries at the front; returns how many lines they take."""
        front = _bounded(estimates)
        self._heights = front + self._heights
        self._exact = bytearray(len(front)) + self._exact
        self._add_up(0)
        return sum(front)

    def top(self, index: int) -> int:
        """The line at which the entry at `index` begins."""
        chunk = index // CHUNK_ENTRIES
        before = self._chunk_ends()[chunk - 1] if chunk else 0
        return before + sum(self._heights[chunk * CHUNK_ENTRIES : index])

    def locate(self, line: int) -> tuple[int, int] | None:
        """The entry at `line` and the line within it; None outside of everything."""
        ends = self._chunk_ends()
        if line < 0 or not ends or line >= ends[-1]:
            return None
        chunk = bisect_right(ends, line)
        within = line - (ends[chunk - 1] if chunk else 0)
        index = chunk * CHUNK_ENTRIES
        while within >= self._heights[index]:
            within -= self._heights[index]
            index += 1
        return index, within

    def _chunk_ends(self) -> list[int]:
        if self._tops is None:
            self._tops = list(accumulate(self._sums))
        return self._tops

    def _add_up(self, chunk: int) -> None:
        del self._sums[chunk:]
        for start in range(chunk * CHUNK_ENTRIES, len(self._heights), CHUNK_ENTRIES):
            self._sums.append(sum(self._heights[start : start + CHUNK_ENTRIES]))
        self._tops = None


def _bounded(estimates: Iterable[int]) -> "array[int]":
    heights = list(estimates)
    if max(heights, default=0) > _HEIGHT_MAX:
        heights = [min(height, _HEIGHT_MAX) for height in heights]
    return array("H", heights)
