"""Search: what is sought, and what was found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from server.storage.ports.log import Event

RANKED_MAX: Final = 1_000
"""The hits that are compared where the best are wanted: the newest ones. To rank all of a common
word takes seconds in 10 million messages."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is sought. `logs` are the ids that may be searched, with the position behind which.

    `text` is as typed: see `common.search_text`. `nick` is who said it, ``""`` for anyone. The
    times are wall milliseconds, both included. At most `limit` are found: the newest, or with
    `oldest` the first, or with `ranked` those of the newest `RANKED_MAX` that fit best.
    """

    logs: tuple[tuple[int, int], ...]
    text: str
    nick: str
    after_ms: int
    before_ms: int
    has_link: bool
    oldest: bool
    limit: int
    ranked: bool = False


class Found(NamedTuple):
    """The events that a search found, the best or else the oldest first.

    Not `complete` where time ran out.
    """

    events: list[Event]
    complete: bool


class Kept(NamedTuple):
    """What a slice of upkeep gave: the logs it has not finished, and the last change taken in."""

    behind: list[int]
    changed: int


class Search(Protocol):
    """Full text. The work itself is done off the loop, and sees what was committed."""

    def find(self, query: Query) -> Callable[[], Found]:
        """The work of finding `SEARCHED` events; it raises `StoreFailedError`."""

    def upkeep(self) -> Callable[[], Kept] | None:
        """A slice of keeping the index, None where nothing is to be done; see `upkept`."""

    def upkept(self, kept: Kept) -> None:
        """Hand back what a slice gave."""
