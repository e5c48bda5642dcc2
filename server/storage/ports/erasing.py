"""Erasing: where a person left something, and taking it out."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from server.storage.ports.log import Kind


class Trace(NamedTuple):
    """An event of somebody's: its place, and what it is."""

    log_id: int
    position: int
    kind: Kind


class Erasures(Protocol):
    """What is left of somebody, by holder, or for those without an account by nick."""

    def traces(self, holder: str, nick: str) -> Callable[[], list[Trace]]:
        """The work of finding every event of `holder`, or of guests under `nick`.

        It is done off the loop, sees what was committed, and raises `StoreFailedError`. One of the
        two is ``""``. What was erased before is not found.
        """

    def erase(self, trace: Trace) -> None:
        """Empty an event whole, with its earlier texts; its place and number stay."""

    def forget(self, holder: str) -> None:
        """Drop what belongs to `holder` beside events: re-send keys, first entries, markers."""
