"""Links whose greeting, of TLS, WebSocket or PROXY, has begun and is not complete: for how long?

All have the same time, so the first that began is the first to be given up.
"""

from collections.abc import Iterator
from itertools import islice

from server.connection import Connection


class Greetings:
    """The links and when their time is over, the oldest first."""

    def __init__(self) -> None:
        self._due: dict[int, tuple[Connection, float]] = {}

    def begin(self, number: int, connection: Connection, due: float) -> None:
        """A greeting has begun, or goes on: the time is that of its beginning."""
        self._due.setdefault(number, (connection, due))

    def forget(self, number: int) -> None:
        """The link is gone."""
        self._due.pop(number, None)

    def next_due(self) -> list[float]:
        """When there is something to give up next; empty for never."""
        return [due for _, due in islice(self._due.values(), 1)]

    def take_overdue(self, now: float) -> Iterator[int]:
        """The links to be given up: their time is over and their greeting is not."""
        while self._due:
            number, (connection, due) = next(iter(self._due.items()))
            if due > now:
                return
            del self._due[number]
            if connection.link.greeting and not connection.session.closing:
                yield number
