"""What a person types to search: words, and filters such as ``from:ann`` or ``has:link``.

The words are those of `common.search_text`. A filter without its value is one that is still
being typed: it counts as not there yet.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from common.casemap import fold
from common.search_text import problem_of
from tui.client.intents import IntentRefused

FILTERS: Final = {
    "from": "from:ann",
    "in": "in:trail",
    "before": "before:2026-03-01",
    "after": "after:7d",
    "has": "has:link",
}
"""The filters there are, each by an example."""

TIME_MS_END: Final = 1 << 46
HOUR_MS: Final = 3_600_000
_DAYS_AGO: Final = {"today": 0, "yesterday": 1}
_HOURS: Final = {"h": 1, "d": 24, "w": 168}
_AGO: Final = re.compile(r"(\d{1,4})([hdw])")
_WORD: Final = re.compile(r'"[^"]*"?\S*|\S+')


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is sought: `room` and `nick` folded and ``""`` for any, times both included."""

    text: str = ""
    room: str = ""
    nick: str = ""
    after_ms: int = 0
    before_ms: int = TIME_MS_END
    has_link: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for; a room alone is nothing."""
        return self == SearchQuery(room=self.room)


def read_query(typed: str, now_ms: int, zone: tzinfo | None) -> SearchQuery:
    """What `typed` asks for. Raises `IntentRefused` with what is wrong and how it is written.

    Days are those of `zone`, None for the machine's own.
    """
    words: list[str] = []
    given: dict[str, str] = {}
    for word in _WORD.findall(typed):
        name, colon, value = word.partition(":")
        if colon and name.lower() in FILTERS:
            given.update({name.lower(): value.strip('"')} if value else {})
        else:
            words.append(word)
    text = " ".join(words)
    text += '"' * (text.count('"') % 2)  # a phrase that is still being typed
    problem = problem_of(text)
    if problem:
        raise IntentRefused(f"{problem}.")
    if not "link".startswith(given.get("has", "").lower()):
        raise IntentRefused("What a message may have is a link: has:link")
    return SearchQuery(
        text,
        fold(given.get("in", "")),
        fold(given.get("from", "").removeprefix("@")),
        _moment(given["after"], now_ms, zone) if "after" in given else 0,
        _moment(given["before"], now_ms, zone) - 1 if "before" in given else TIME_MS_END,
        given.get("has", "").lower() == "link",
    )


def _moment(value: str, now_ms: int, zone: tzinfo | None) -> int:
    """The start of a day, or so long ago, in milliseconds."""
    now = datetime.fromtimestamp(now_ms / 1000, zone)
    ago = _AGO.fullmatch(value.lower())
    if ago is not None:
        return now_ms - int(ago[1]) * _HOURS[ago[2]] * HOUR_MS
    try:
        day = now.date() - timedelta(days=_DAYS_AGO[value.lower()])
    except KeyError:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            text = f"“{value}” is no day; write 2026-03-01, yesterday, or 7d for a week ago."
            raise IntentRefused(text) from None
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
