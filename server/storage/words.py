"""Which stored events a query asks for; what is a word: see `common.search_text`."""

from collections.abc import Callable, Iterable

from common.casemap import fold
from common.search_text import matches, parts_of, relevance
from server.storage.ports import SEARCHED, Event, Query


def wants(query: Query) -> Callable[[Event], bool]:
    """Whether an event is one that `query` asks for; its log is not looked at."""
    parts, nick = parts_of(query.text), fold(query.nick)

    def fits(event: Event) -> bool:
        return (
            event.kind in SEARCHED
            and query.after_ms <= event.wall_ms <= query.before_ms
            and (not nick or nick == nick_in(event.source))
            and (not query.has_link or has_link(event.text))
            and (not parts or matches(parts, event.text))
        )

    return fits


def nick_in(source: str) -> str:
    """Who said it, folded."""
    return fold(source.partition("!")[0])


def has_link(text: str) -> bool:
    """Whether there is an address in the text."""
    return "://" in text


def ranked(query: Query, found: Iterable[Event]) -> list[Event]:
    """What fits best first, of equals the newest; at most `Query.limit`."""
    parts = parts_of(query.text)

    def order(event: Event) -> tuple[float, int]:
        return -relevance(parts, event.text), -event.wall_ms

    return sorted(found, key=order)[: query.limit]
