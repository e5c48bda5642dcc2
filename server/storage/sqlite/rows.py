"""How an event stands in a row of the table `events`."""

from collections.abc import Sequence
from typing import Any, Final

from server.storage.ports import Event, Kind, View

Row = Sequence[Any]

EVENT: Final = "channel_id, kind, source, text, wall_ms, tags, holder, position, target, refers"


def event_of(row: Row) -> Event:
    """The event in a row of the columns `EVENT`."""
    channel_id, kind, source, text, wall_ms, tags, holder, position, *rest = row
    return Event(channel_id, Kind(kind), source, text, wall_ms, tags, holder, "", position, *rest)


def in_list(kinds: Sequence[Kind]) -> str:
    """Kinds as the right side of an SQL ``IN``."""
    return f"({', '.join(str(int(kind)) for kind in kinds)})"


def page_of(view: View, *, newest: bool) -> tuple[str, Sequence[str]]:
    """The statement for a page, and the values behind its log and bounds and before its limit."""
    shown, values = _shown_by(view)
    sql = (
        f"SELECT {EVENT} FROM events WHERE channel_id = ? AND position > ? AND position < ?"
        f" AND {shown} ORDER BY position {'DESC' if newest else 'ASC'} LIMIT ?"
    )
    return sql, values


def _shown_by(view: View) -> tuple[str, Sequence[str]]:
    """The condition for what a view shows, and the values that it takes."""
    shown = f"kind IN {in_list(view.kinds)}"
    if not view.partial:
        return shown, ()
    marks = ", ".join("?" * len(view.audiences))
    own = "(holder = ? AND holder <> '')"
    whole = f"kind NOT IN {in_list(view.partial)}"
    return f"{shown} AND ({whole} OR target IN ({marks}) OR {own})", (*view.audiences, view.holder)
