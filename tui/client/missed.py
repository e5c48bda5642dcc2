"""Direct conversations after a lost link: which had news meanwhile, and what it was.

Rooms are filled in when they are entered again; conversations are not entered, so they are asked
for here. Servers without history of them refuse, which is no news to the person.
Specification: IRCv3 chathistory, "TARGETS".
"""

from typing import Final

from common.capabilities import LABELED_RESPONSE
from tui.client import buffers, history
from tui.client.cleaning import time_tag
from tui.client.core import Core
from tui.client.session import Request
from tui.client.state import STATUS, Buffer, BufferKind, Delivery

TARGETS_MAX: Final = 50
CLOCK_DIFFERENCE_MS: Final = 60_000
"""How much later than our own clock a server's may be."""


def link_lost(core: Core) -> None:
    """Remember up to when we had everything."""
    core.lost_ms = up_to_ms(core)


def up_to_ms(core: Core) -> int:
    """Up to when we have everything, on the server's clock; 0 before the first link."""
    if not core.online or _is_asking(core):
        return core.lost_ms
    times = [_newest_ms(buffer) for key, buffer in core.state.buffers.items() if key != STATUS]
    return max(times, default=0) or core.wall_ms


def _is_asking(core: Core) -> bool:
    """Whether it is still to be answered who wrote while the link before was lost."""
    open_requests = core.session.requests.values()
    asked = any(each.command == "CHATHISTORY" and not each.target for each in open_requests)
    return asked and core.has(LABELED_RESPONSE)


def _newest_ms(buffer: Buffer) -> int:
    for item in reversed(buffer.items):
        if item.kind in buffers.SPOKEN and item.delivery is Delivery.CONFIRMED:
            return item.time_ms
    return 0


def ask(core: Core) -> None:
    """The link is there again: fill in the open conversations, and ask who else has written."""
    if not core.lost_ms or not core.has_history:
        return
    for buffer in list(core.state.buffers.values()):
        if buffer.kind is BufferKind.DIRECT:
            core.covered(buffer.key).returning = True
            history.catch_up(core, buffer)
    span = [time_tag(core.lost_ms), time_tag(core.wall_ms + CLOCK_DIFFERENCE_MS)]
    request = Request("CHATHISTORY", quiet=True)
    moments = [f"timestamp={moment}" for moment in span]
    core.ask(request, "CHATHISTORY", "TARGETS", *moments, str(TARGETS_MAX))


def wrote(core: Core, name: str) -> None:
    """Someone has written to us, or we from another device, while this link was lost."""
    if core.is_room(name) or not core.lost_ms:
        return
    count = len(core.state.buffers)
    buffer = buffers.open_buffer(core, name, BufferKind.DIRECT)
    if len(core.state.buffers) > count:
        buffer.read_to_ms = core.lost_ms
        core.covered(buffer.key).returning = True
        history.catch_up(core, buffer)
