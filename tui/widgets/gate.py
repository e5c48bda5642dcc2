"""Lets work through at most so many times a second: at once when idle, else gathered."""

from collections.abc import Callable
from typing import Final

from textual.timer import Timer
from textual.widget import Widget

PASSES_PER_S: Final = 25
"""Faster than the eye follows text, and slow enough to leave time for keys."""


class Gate:
    """Runs `work` soon after each `request`, several requests together when they come fast."""

    def __init__(self, widget: Widget, work: Callable[[], None]) -> None:
        self._widget = widget
        self._work = work
        self._timer: Timer | None = None
        self._requested = False

    def request(self) -> None:
        """Something changed."""
        if self._timer is not None:
            self._requested = True
            return
        self._work()
        self._timer = self._widget.set_timer(1 / PASSES_PER_S, self._open)

    def _open(self) -> None:
        self._timer = None
        if self._requested:
            self._requested = False
            self.request()
