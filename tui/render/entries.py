"""What the timeline lists: items, with neighbouring joins and leaves gathered into runs.

An entry is an item or a run. What is drawn above and beside it (date, nick, time) depends on
the entry before it, and is worked out here as its `Setting`.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Final, NamedTuple, TypeAlias

from tui.client.holes import missing_between
from tui.client.state import PRESENCE, Item, ItemKind
from tui.render.clock import day_of, time_of_day

SAME_SPEAKER_MS: Final = 120_000
"""Within two minutes a person need not be named again."""

RUN_ITEMS_MAX: Final = 200
"""Bounds what is gone through to draw one line."""

HEARD_ENTRIES: Final = 40
"""So far back one remembers who was speaking."""

_SPOKEN: Final = frozenset({ItemKind.MESSAGE, ItemKind.NOTICE})


@dataclass(slots=True)
class Run:
    """Joins and leaves with nothing between them; never empty."""

    items: list[Item] = field(default_factory=list)
    heard: frozenset[str] = frozenset()  # who spoke shortly before: they are named first


Entry: TypeAlias = Item | Run


class Setting(NamedTuple):
    """What an entry shows besides its words. `day` is the label of a date rule, "" for none.

    `missing` messages are not loaded above it; 0 for none, -1 for an unknown number.
    """

    day: date | None
    day_before: date | None
    fresh: bool  # the new-messages rule is above it
    nick: bool
    time: bool
    missing: int = 0


def first_item(entry: Entry) -> Item:
    """The item that gives an entry its time and identity."""
    return entry.items[0] if isinstance(entry, Run) else entry


def last_item(entry: Entry) -> Item:
    """The latest item of an entry."""
    return entry.items[-1] if isinstance(entry, Run) else entry


def identity(entry: Entry) -> tuple[int, int]:
    """A key that changes whenever the entry looks different: id and version."""
    if isinstance(entry, Run):
        last = entry.items[-1]
        return entry.items[0].id, last.id + sum(item.version for item in entry.items)
    quoted = entry.quoted.version if entry.quoted is not None else 0
    return entry.id, entry.version + quoted  # both only grow


def gather(items: Iterable[Item], entries: list[Entry], holes: Container[int] = ()) -> int:
    """Append `items` to `entries`; the index of the first entry that is new or changed.

    No run goes on across one of the `holes`, which are named by the item below.
    """
    changed = len(entries)
    for item in items:
        if item.kind not in PRESENCE or item.own:
            entries.append(item)
            continue
        last = entries[-1] if entries else None
        has_room = isinstance(last, Run) and len(last.items) < RUN_ITEMS_MAX
        if has_room and item.id not in holes:
            assert isinstance(last, Run)
            changed = min(changed, len(entries) - 1)
            last.items.append(item)
        else:
            entries.append(Run([item], _heard(entries)))
    return changed


def _heard(entries: list[Entry]) -> frozenset[str]:
    """Who spoke in the last few entries."""
    return frozenset(
        entry.sender
        for entry in entries[-HEARD_ENTRIES:]
        if not isinstance(entry, Run) and entry.kind in _SPOKEN
    )


def setting_of(
    entry: Entry,
    before: Entry | None,
    first_unread_id: int,
    zone: tzinfo | None,
    holes: Container[int] = (),
) -> Setting:
    """What `entry` shows, given the entry `before` it and where the unread ones begin."""
    item = first_item(entry)
    day = day_of(item.time_ms, zone)
    fresh = bool(first_unread_id) and item.id == first_unread_id
    if before is None:
        return Setting(day, None, fresh, nick=True, time=True)
    previous = last_item(before)
    day_before = day_of(previous.time_ms, zone)
    new_day = day != day_before
    missing = (missing_between(previous, item) or -1) if item.id in holes else 0
    ruled = new_day or fresh or bool(missing)
    nick = ruled or not _continues(entry, before)
    same_minute = time_of_day(item.time_ms, zone) == time_of_day(previous.time_ms, zone)
    return Setting(
        day if new_day else None, day_before, fresh, nick, ruled or not same_minute, missing
    )


def _continues(entry: Entry, before: Entry) -> bool:
    """Whether `entry` goes on with what the same person said just before."""
    return (
        not isinstance(entry, Run)
        and not isinstance(before, Run)
        and entry.kind in _SPOKEN
        and entry.kind is before.kind
        and entry.sender == before.sender
        and 0 <= entry.time_ms - before.time_ms <= SAME_SPEAKER_MS
    )
