"""*playback: history by way of messages, for programs made for the ZNC bouncer.

``PRIVMSG *playback :PLAY * 1767225600.5`` sends again what was said since then, in all rooms and
direct conversations; a room or a nick in place of ``*``, and a second time, narrow it down.
Specification: the ZNC module playback.
"""

import re
from typing import Final

from server.core.dispatch import Failed
from server.core.history import send_page
from server.core.reading import END, Readable, latest_messages, readable
from server.core.services import PLAYBACK, ServiceRequest, service_command
from server.storage.ports import MESSAGES, Event, View

_SECONDS: Final = re.compile(r"\d{1,11}(?:\.\d{1,9})?\Z", re.ASCII)

EVERYTHING: Final = "*"


@service_command(PLAYBACK, "PLAY *|room|nick [from [to]]", "show what was said, between times", 1)
def play(asked: ServiceRequest) -> None:
    request, target = asked.request, asked.word(0)
    start_ms = _wall_ms(asked.word(1, "0"))
    end_ms = _wall_ms(asked.word(2)) if asked.word(2) else None
    names = [target]
    if target == EVERYTHING:
        names = [name for name, _ in latest_messages(request.world, request.user)]
    request.session.turn_over = True
    left = request.world.settings.history__playback_lines
    for name in names:
        log = readable(request.world, request.user, name)
        if log is None:
            raise Failed("INVALID_TARGET", f"There is no history of {name} for you", name)
        events = _between(asked, log, start_ms, end_ms, left)
        send_page(request.world, request.session, log.name, events)
        left -= len(events)


def _between(
    asked: ServiceRequest, log: Readable, start_ms: int, end_ms: int | None, count: int
) -> list[Event]:
    """The newest messages of a log between two times, the first included, the second not."""
    store = asked.request.world.store.log
    after = max(log.after, store.position_at(log.log_id, start_ms) - 1)
    before = END if end_ms is None else store.position_at(log.log_id, end_ms)
    view = View(MESSAGES)
    return store.page(log.log_id, after, before, count, view, newest=True)


def _wall_ms(typed: str) -> int:
    """Milliseconds since the epoch of seconds since the epoch, rounded up."""
    if not _SECONDS.match(typed):
        raise Failed("INVALID_PARAMS", "A time is in seconds since 1970, e.g. 1767225600.5", typed)
    seconds, _, fraction = typed.partition(".")
    nanoseconds = int(fraction.ljust(9, "0") or "0")
    return int(seconds) * 1000 - (-nanoseconds // 1_000_000)
