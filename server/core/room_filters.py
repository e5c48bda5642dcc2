"""The conditions of LIST (ELIST): names, masks, people, age and topic time.

Reads them once; whether a room may be seen at all is not asked here.
Specification: modern IRC "LIST message", "ELIST Parameter".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from common.casemap import channel_name, fold
from server.core.channel import Channel
from server.core.masks import matches

CONDITIONS_MAX: Final = 20
"""Conditions of one LIST: each is asked of every room."""

MINUTE_MS: Final = 60_000

_COMPARISON: Final = re.compile(r"([CT]?)([<>])(\d{1,9})\Z")


@dataclass(slots=True)
class RoomFilter:
    """What LIST was asked for: one of `names` (where there are any), and every condition."""

    names: list[str] = field(default_factory=list)
    conditions: list[Callable[[Channel, int], bool]] = field(default_factory=list)

    def lets_through(self, channel: Channel, wall_ms: int) -> bool:
        """Whether the room is one of those asked for."""
        name = fold(channel.record.name)
        named = not self.names or any(matches(pattern, name) for pattern in self.names)
        return named and all(condition(channel, wall_ms) for condition in self.conditions)


def read_filter(text: str) -> RoomFilter:
    """The parameter of LIST: names and conditions, with commas between."""
    found = RoomFilter()
    for word in [word for word in text.split(",") if word][:CONDITIONS_MAX]:
        comparison = _COMPARISON.match(word)
        if comparison:
            subject, sign, number = comparison.groups()
            found.conditions.append(_compare(subject, sign == ">", int(number)))
        elif word.startswith("!"):
            found.conditions.append(_without(fold(word[1:])))
        else:
            found.names.append(fold(word if "*" in word or "?" in word else channel_name(word)))
    return found


def _without(pattern: str) -> Callable[[Channel, int], bool]:
    return lambda channel, _wall_ms: not matches(pattern, fold(channel.record.name))


def _compare(subject: str, more: bool, number: int) -> Callable[[Channel, int], bool]:
    measure = _MEASURES[subject]

    def compare(channel: Channel, wall_ms: int) -> bool:
        value = measure(channel, wall_ms)
        return value is not None and (value > number if more else value < number)

    return compare


def _people(channel: Channel, _wall_ms: int) -> float | None:
    return len(channel.members)


def _age_minutes(channel: Channel, wall_ms: int) -> float | None:
    return (wall_ms - channel.record.created_ms) / MINUTE_MS


def _topic_age_minutes(channel: Channel, wall_ms: int) -> float | None:
    return (wall_ms - channel.record.topic_ms) / MINUTE_MS if channel.record.topic else None


_MEASURES: Final = {"": _people, "C": _age_minutes, "T": _topic_age_minutes}
