"""What happens to messages that were said: edits, redactions, reactions; and typing, before.

Specification: docs/protocol.md "edit"; IRCv3 draft/message-redaction, draft/react, typing.
"""

from common.casemap import fold
from tui.client import composing, history, ignoring, revising
from tui.client.core import Core
from tui.client.items import Arrival
from tui.client.reducers.table import on
from tui.client.state import Buffer


@on("EDIT", params_min=3)
@on("REDACT", params_min=2)
@on("TAGMSG", params_min=1)
def changed(core: Core, arrival: Arrival) -> None:
    """EDIT target msgid :text; REDACT target msgid [:reason]; TAGMSG target, all in its tags."""
    buffer = _conversation(core, arrival)
    if composing.TAG in arrival.message.tags:
        if buffer is not None and not ignoring.is_ignored(core, arrival.nick):
            composing.arrived(core, arrival, buffer)
        return
    change = revising.read_change(core, arrival)
    if change is None or buffer is None:
        return
    if not ignoring.is_ignored(core, change.nick):
        revising.apply(core, buffer, change)
    history.live_arrived(core, buffer, change)


def _conversation(core: Core, arrival: Arrival) -> Buffer | None:
    """The conversation a change belongs to, where it is open: a change opens none."""
    target = arrival.word(0).lstrip("".join(core.prefixes()))
    if core.is_room(target):
        return core.room(target)
    other = target if core.is_self(arrival.nick) else arrival.nick
    return core.state.buffers.get(fold(other))
