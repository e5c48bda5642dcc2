"""One heap of deadlines. Never reads a clock: it is told the time.

A timer that turns out to be early (there was traffic meanwhile) is armed again by its action,
so traffic itself never touches the heap.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Timers:
    """Actions by the time they are due, in seconds of the monotonic clock."""

    heap: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = field(
        default_factory=list
    )
    armed: int = 0  # breaks ties, so that equal deadlines keep their order

    def arm(self, due: float, action: Callable[..., None], *arguments: Any) -> None:
        """Run `action` once, at the first `fire` at or after `due`.

        Arguments take a third of what a `partial` does, and every link has a timer.
        """
        self.armed += 1
        heapq.heappush(self.heap, (due, self.armed, action, arguments))

    def fire(self, now: float) -> None:
        """Run everything that is due; what is armed meanwhile runs in a later tick."""
        due: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
        while self.heap and self.heap[0][0] <= now:
            due.append(heapq.heappop(self.heap)[2:])
        for action, arguments in due:
            action(*arguments)

    def next_deadline(self) -> float | None:
        """When `fire` has something to do next."""
        return self.heap[0][0] if self.heap else None
