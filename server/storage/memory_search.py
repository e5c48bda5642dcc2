"""Search in the store in memory: by looking at everything."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from server.storage.ports import RANKED_MAX, Event, Found, Kept, Query
from server.storage.words import ranked, wants


class MemorySearch:
    """The `Search` port; it is handed how to read the events by log."""

    def __init__(self, read: Callable[[], Mapping[int, list[Event]]]) -> None:
        self._read = read

    def find(self, query: Query) -> Callable[[], Found]:
        return partial(self._find, query)

    def upkeep(self) -> None:
        return None

    def upkept(self, kept: Kept) -> None:
        assert not kept.behind

    def _find(self, query: Query) -> Found:
        wanted = wants(query)
        found = [
            replace(event, key="", key_holder="")
            for log_id, after in query.logs
            for event in self._read().get(log_id, ())
            if event.position > after and wanted(event)
        ]
        found.sort(key=lambda event: event.wall_ms)
        limit = query.limit
        if query.ranked:
            return Found(ranked(query, found[-RANKED_MAX:]), True)
        return Found(found[:limit] if query.oldest else found[-limit:], True)
