"""Times and days as a person reads them.

A zone of None is the machine's own. Never reads the clock: what is shown was said at a time.
"""

from datetime import date, datetime, tzinfo
from typing import Final

MINUTE_S: Final = 60
HOUR_S: Final = 3_600
DAY_S: Final = 86_400


def time_of_day(time_ms: int, zone: tzinfo | None = None) -> str:
    """``"09:31"``: always five characters."""
    return datetime.fromtimestamp(time_ms / 1000, zone).strftime("%H:%M")


def time_shown(time_ms: int, zone: tzinfo | None, form: str) -> str:
    """The time of day as ``"24h"``, ``"12h"`` (``"09:31 am"``) or ``"none"`` has it."""
    if form == "12h":
        return datetime.fromtimestamp(time_ms / 1000, zone).strftime("%I:%M %p").lower()
    return time_of_day(time_ms, zone) if form == "24h" else ""


def day_of(time_ms: int, zone: tzinfo | None = None) -> date:
    """The calendar day of a moment."""
    return datetime.fromtimestamp(time_ms / 1000, zone).date()


def day_label(day: date, before: date | None) -> str:
    """``"Friday, March 6"``, with the year where it is not that of the day `before`."""
    label = f"{day:%A, %B} {day.day}"
    return label if before is not None and before.year == day.year else f"{label}, {day.year}"


def moment_words(time_ms: int, now_ms: int, zone: tzinfo | None) -> str:
    """A moment to come: ``"17:30"``, ``"tomorrow, 08:00"``, ``"Friday, March 6, 08:00"``."""
    day, today = day_of(time_ms, zone), day_of(now_ms, zone)
    time = time_of_day(time_ms, zone)
    if day == today:
        return time
    named = "tomorrow" if (day - today).days == 1 else day_label(day, today)
    return f"{named}, {time}"


def day_and_time(time_ms: int, zone: tzinfo | None) -> str:
    """``"March 6, 2026, 06:53"``; "" for a time that makes no sense."""
    try:
        day = day_of(time_ms, zone)
    except (ValueError, OverflowError, OSError):
        return ""
    return f"{day_label(day, None).partition(', ')[2]}, {time_of_day(time_ms, zone)}"


def how_long(seconds: int) -> str:
    """How long, in one word and a number: ``"12 s"``, ``"5 min"``, ``"3 h"``, ``"2 days"``."""
    if seconds < 2 * MINUTE_S:
        return f"{seconds} s"
    if seconds < 2 * HOUR_S:
        return f"{seconds // MINUTE_S} min"
    if seconds < 2 * DAY_S:
        return f"{seconds // HOUR_S} h"
    return f"{seconds // DAY_S} days"


def countdown(seconds: float) -> str:
    """How long still: ``"now"``, ``"8 s"``, ``"2 min"``; never a negative number."""
    whole = max(0, round(seconds))
    if whole == 0:
        return "now"
    return f"{whole} s" if whole < 2 * MINUTE_S else f"{whole // MINUTE_S} min"
