"""How far one has read: counted here, and shared with one's other devices where a server can.

A read position is a time of the server's (`Buffer.read_to_ms`) and never goes back.
Specification: IRCv3 read-marker.
"""

from collections.abc import Iterable
from typing import Final

from common.capabilities import READ_MARKER
from tui.client import buffers
from tui.client.cleaning import time_tag
from tui.client.core import Core
from tui.client.intents import IntentRefused
from tui.client.session import Request
from tui.client.state import STATUS, Buffer, Delivery, Item
from tui.client.updates import BufferChanged

MARK_DELAY_S: Final = 2.0
"""Positions are sent at most so often for one conversation, however fast it is read."""


def mark_read(core: Core, buffer: Buffer) -> None:
    """Everything here has been read; the rule above the first unread stays."""
    if buffer.unread or buffer.mentions:
        buffer.unread = buffer.mentions = 0
        core.changes.add(BufferChanged(buffer.key))
    newest_ms = _newest_ms(buffer.items)
    if newest_ms > buffer.read_to_ms:
        buffer.read_to_ms = newest_ms
        if buffer.key != STATUS and core.online and core.has(READ_MARKER):
            core.session.marks_due.setdefault(buffer.key, core.now + MARK_DELAY_S)


def look(core: Core, looking: bool) -> None:
    """Whether what is new in the current buffer is seen: if it is, all of it is read."""
    core.state.looking = looking
    if looking:
        mark_read(core, core.state.buffers[core.state.current])


def _newest_ms(items: list[Item]) -> int:
    """When the newest message that the server knows was said; 0 where there is none."""
    for item in reversed(items):
        if item.kind in buffers.SPOKEN and item.delivery is Delivery.CONFIRMED:
            return item.time_ms
    return 0


def ask(core: Core, buffer: Buffer) -> None:
    """Ask how far a direct conversation was read elsewhere; of rooms the server tells by itself."""
    if core.online and core.has(READ_MARKER):
        _send(core, buffer, [])


def marker_arrived(core: Core, buffer: Buffer, read_to_ms: int) -> None:
    """The server knows how far was read, here or on another device: count again."""
    if read_to_ms <= buffer.read_to_ms:
        return
    buffer.read_to_ms = read_to_ms
    unread = _unread_of(buffer)
    if len(unread) >= buffer.unread:
        return
    buffer.unread = len(unread)
    buffer.mentions = min(buffer.mentions, sum(buffers.is_mention(buffer, item) for item in unread))
    buffer.first_unread_id = unread[-1].id if unread else 0
    core.changes.add(BufferChanged(buffer.key))


def _unread_of(buffer: Buffer) -> list[Item]:
    """What others said since the read position, newest first."""
    found: list[Item] = []
    for item in reversed(buffer.items):
        if item.kind in buffers.SPOKEN:
            if item.time_ms <= buffer.read_to_ms:
                break
            if not item.own:
                found.append(item)
    return found


def next_deadline(core: Core) -> float | None:
    """When the next read position is to be sent."""
    return min(core.session.marks_due.values(), default=None)


def fire(core: Core) -> None:
    """Send the read positions that are due."""
    due = [key for key, at in core.session.marks_due.items() if core.now >= at]
    for key in due:
        del core.session.marks_due[key]
        buffer = core.state.buffers.get(key)
        if buffer is not None:
            _send(core, buffer, [f"timestamp={time_tag(buffer.read_to_ms)}"])


def _send(core: Core, buffer: Buffer, position: Iterable[str]) -> None:
    request = Request("MARKREAD", buffer.key, buffer.key, quiet=True)
    try:
        core.ask(request, "MARKREAD", buffer.name, *position)
    except IntentRefused:  # a name of the server's that makes no line
        return
