"""The `Moderation` port in memory: see `server.storage.memory`."""

from collections.abc import Callable
from dataclasses import replace

from common.casemap import fold
from server.storage.memory_state import State
from server.storage.ports import Deed, Sanction


class MemoryModeration:
    """The `Moderation` port; it is handed how to write and how to read."""

    def __init__(
        self,
        write: Callable[[Callable[[State], object]], None],
        reading: Callable[[], State],
    ) -> None:
        self._write = write
        self._reading = reading

    def load_sanctions(self) -> list[Sanction]:
        found = sorted(
            self._reading().sanctions.items(), key=lambda item: (item[1].set_ms, item[0])
        )
        return [replace(sanction) for _, sanction in found]

    def save_sanction(self, sanction: Sanction) -> None:
        name, stored = (sanction.kind, fold(sanction.mask)), replace(sanction)
        self._write(lambda data: data.sanctions.__setitem__(name, stored))

    def drop_sanction(self, kind: str, mask: str) -> None:
        self._write(lambda data: data.sanctions.pop((kind, fold(mask)), None))

    def note_deed(self, deed: Deed) -> None:
        stored = replace(deed)
        self._write(lambda data: data.note_deed(stored))

    def deeds(self, before: int, limit: int, channel_id: int = 0) -> list[Deed]:
        found = [
            replace(deed)
            for deed in reversed(self._reading().deeds)
            if deed.number < before and channel_id in (0, deed.channel_id)
        ]
        return found[:limit]

    def forget_deeds(self, before_ms: int) -> None:
        self._write(lambda data: data.forget_deeds(before_ms))
