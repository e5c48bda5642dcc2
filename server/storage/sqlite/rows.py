"""How an event stands in a row of the table `events`."""

from collections.abc import Sequence
from typing import Any, Final

from server.storage.ports import Event, Kind

Row = Sequence[Any]

EVENT: Final = "channel_id, kind, source, text, wall_ms, tags, holder, position, target, refers"


def event_of(row: Row) -> Event:
    """The event in a row of the columns `EVENT`."""
    channel_id, kind, source, text, wall_ms, tags, holder, position, *rest = row
    return Event(channel_id, Kind(kind), source, text, wall_ms, tags, holder, "", position, *rest)


def in_list(kinds: Sequence[Kind]) -> str:
    """Kinds as the right side of an SQL ``IN``."""
    return f"({', '.join(str(int(kind)) for kind in kinds)})"
