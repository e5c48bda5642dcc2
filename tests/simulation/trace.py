"""What a run leaves behind: a hash of everything, its last lines in words, the marks it reached.

Two runs of one seed have the same hash, or something outside the seed has a say. Marks keep a
run from being green because nothing happened in it.
"""

from collections import Counter, deque
from hashlib import blake2b
from typing import Final

TAIL_LINES_MAX: Final = 120
"""Lines kept for the report of a failure: some ticks of a busy run."""

SHOWN_BYTES_MAX: Final = 220

PHASES: Final = (
    "advance",
    "read",
    "jobs",
    "backlog",
    "timers",
    "start",
    "commit",
    "flush",
    "reap",
)
"""Of a tick, in order; `start` hands out slow work, `jobs` takes in what is done."""

MARKS: Final = frozenset(
    {
        # links
        "reconnected",
        "link reset",
        "link went silent",
        "peer finished in order",
        "connection refused",
        "server found a silent peer",
        "client found a silent server",
        "registration timed out",
        "line cut between two chunks",
        # slow and hostile peers
        "send queue clogged",
        "send queue overflowed",
        "reading paused for unread output",
        "flooder waited",
        "lines waited for credit",
        "bytes that are no line",
        "over-long line refused",
        # operators
        "ban in force",
        "mute in force",
        "filter in force",
        "deed noted",
        "settings read again",
        # people
        "nick collision",
        "nick reclaimed",
        "client started anew",
        "client started with what it had kept",
        "person quit",
        "intent refused",
        "direct message",
        "room without a name",
        "near match told",
        "names of a friend's room used",
        # messages and history
        "cut between write and echo",
        "resent under key",
        "answered with the stored message",
        "unsent message retried",
        "message of several lines",
        "page after gap",
        "several pages after gap",
        "older page loaded",
        "presence in a page",
        "shown and kept nowhere",
        "found by a search",
        "went to what was found",
        # clocks
        "wall clock went back",
        "wall clock jumped ahead",
        "long pause",
        "room expired",
        # the machine
        "slow work done",
        "commit failed",
        "commit given up",
        "store read failed",
        "low space refused",
        "restarted",
        "uncommitted lost in a kill",
        *(f"killed after {phase}" for phase in PHASES),
        "killed amid flush",
    }
)
"""Everything that the fixed seeds together must reach."""


class Trace:
    """The record of one run."""

    def __init__(self) -> None:
        self.marks: Counter[str] = Counter()
        self.tail: deque[str] = deque(maxlen=TAIL_LINES_MAX)
        self._hash = blake2b(digest_size=16)

    def note(self, text: str) -> None:
        """Something happened, in words."""
        self._hash.update(text.encode() + b"\n")
        self.tail.append(text)

    def data(self, what: str, link: int, data: bytes) -> None:
        """Bytes went over a link."""
        self._hash.update(f"{what} {link} ".encode() + data)
        self.tail.append(f"{what} {link} {data[:SHOWN_BYTES_MAX]!r}")

    def mark(self, name: str) -> None:
        """The run got to `name`."""
        assert name in MARKS, f"{name!r} is not in the table"
        self.marks[name] += 1

    @property
    def digest(self) -> str:
        """The hash of everything so far."""
        return self._hash.hexdigest()
