"""Erasing in the store in memory: by looking at everything."""

from collections.abc import Callable
from functools import partial

from common.casemap import fold
from server.storage.memory_state import State
from server.storage.ports import ACCOUNT_HOLDER, Event, Trace


class MemoryErasures:
    """The `Erasures` port."""

    def __init__(
        self, write: Callable[[Callable[[State], object]], None], read: Callable[[], State]
    ) -> None:
        self._write = write
        self._read = read

    def traces(self, holder: str, nick: str) -> Callable[[], list[Trace]]:
        return partial(self._find, holder, nick)

    def erase(self, trace: Trace) -> None:
        self._write(lambda data: data.erase(trace.log_id, trace.position))

    def forget(self, holder: str) -> None:
        self._write(lambda data: data.forget_holder(holder))

    def _find(self, holder: str, nick: str) -> list[Trace]:
        def fits(event: Event) -> bool:
            if holder:
                return event.holder == holder
            own = fold(event.source.partition("!")[0])
            return own == fold(nick) and not event.holder.startswith(ACCOUNT_HOLDER)

        return [
            Trace(event.channel_id, event.position, event.kind)
            for events in self._read().events.values()
            for event in events
            if fits(event)
        ]
