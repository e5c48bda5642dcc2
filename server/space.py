"""Whether there is room on the disk for what is new: looked at often enough that none is missed.

A look tells how much may still be written before the reserve is reached. What is read and
committed is taken off that, generously, and before it is used up a new look is taken: however
fast somebody sends, low space is noticed before anything is appended that would not fit. What
other programs write is seen a second later at most. Meaning: `SEMANTICS`, "The echo".
"""

import logging
from collections.abc import Callable, Iterable, Sized
from typing import Final

from common.wire import BODY_BYTES_MAX

SPACE_CHECK_S: Final = 1.0

WRITTEN_PER_BYTE: Final = 4
"""Of a text: in the write-ahead log, in its place, and in the index twice."""

WRITTEN_PER_LINE: Final = 2 << 10
"""What a line may make beside its text: rows of several tables, and their indexes."""

WRITTEN_PER_WAITING_LINE: Final = WRITTEN_PER_LINE + WRITTEN_PER_BYTE * BODY_BYTES_MAX

WRITTEN_PER_COMMIT: Final = 64 << 10
"""The write-ahead log takes whole pages: a dozen for a single message, with some to spare."""


logger = logging.getLogger(__name__)


class Space:
    """The room that is left. `free_bytes` asks the system, and may raise `OSError`."""

    def __init__(self, free_bytes: Callable[[], int], reserve_bytes: int) -> None:
        self._free_bytes = free_bytes
        self._reserve_bytes = reserve_bytes
        self._spare_bytes = 0
        self._look_at = 0.0

    def is_low(self, now: float, waiting: Iterable[Sized]) -> bool:
        """At the begin of a tick: whether nothing new may be taken in.

        `waiting` are the lines that were read before and wait for their turn, by who sent them.
        """
        if now >= self._look_at or self._spare_bytes <= 0:
            self._look_at = now + SPACE_CHECK_S
            lines = sum(map(len, waiting))
            self._spare_bytes = self._look() - lines * WRITTEN_PER_WAITING_LINE
        return self._spare_bytes <= 0

    def read(self, data: bytes) -> bool:
        """Lines were read that may be stored; whether there may be too little room for them."""
        lines = data.count(b"\n") + 1
        self._spare_bytes -= WRITTEN_PER_BYTE * len(data) + WRITTEN_PER_LINE * lines
        return self._spare_bytes <= 0

    def committed(self) -> None:
        """Something was written."""
        self._spare_bytes -= WRITTEN_PER_COMMIT

    def _look(self) -> int:
        try:
            return self._free_bytes() - self._reserve_bytes
        except OSError as error:
            logger.error("the free space of the data folder cannot be told: %s", error)
            return 0
