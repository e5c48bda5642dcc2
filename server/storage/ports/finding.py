"""Search: what is sought, and what was found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from server.storage.ports.log import Event


@dataclass(frozen=True, slots=True)
class Query:
    """What is sought. `logs` are the ids that may be searched, with the position behind which.

    `text` is as typed: see `server.storage.words`. `nick` is who said it, ``""`` for anyone. The
    times are wall milliseconds, both included. At most `limit` are found: the newest, or with
    `oldest` the first.
    """

    logs: tuple[tuple[int, int], ...]
    text: str
    nick: str
    after_ms: int
    before_ms: int
    has_link: bool
    oldest: bool
    limit: int


class Found(NamedTuple):
    """The events that a search found, oldest first; not `complete` where time ran out."""

    events: list[Event]
    complete: bool


class Search(Protocol):
    """Full text. The work itself is done off the loop, and sees what was committed."""

    def find(self, query: Query) -> Callable[[], Found]:
        """The work of finding `SEARCHED` events; it raises `StoreFailedError`."""

    def upkeep(self) -> Callable[[], list[int]] | None:
        """A slice of keeping the index, None where nothing is to be done; see `upkept`."""

    def upkept(self, behind: list[int]) -> None:
        """Hand back what a slice gave: the logs it has not finished."""
