"""Going to a message, wherever it is: held already, or somewhere in the history of its room.

The one way to a message for search, mentions and replies. It ends in `MessageFound`, or in a
sentence that says why not. What is loaded around it never claims to reach up to what was held
before: see `holes`.
"""

from common.casemap import fold
from tui.client import history
from tui.client.core import Core
from tui.client.intents import IntentRefused
from tui.client.session import Direction
from tui.client.state import Buffer, BufferKind
from tui.client.talking import find_buffer, open_direct, require_online
from tui.client.updates import MessageFound, Told

_GONE = "That message is no longer there."


def show_message(core: Core, name: str, msgid: str) -> None:
    """Show the message `msgid` of a conversation, loading what is around it if need be.

    The conversation of that name or key is opened, if it is one with a person.
    """
    key = fold(name)
    if key not in core.state.buffers and name and not core.is_room(name):
        open_direct(core, name, focus=False)
    buffer = find_buffer(core, key)
    if _found(core, buffer, msgid):
        return
    if buffer.kind is BufferKind.STATUS or not msgid:
        raise IntentRefused(_GONE)
    require_online(core)
    if not core.has_history:
        raise IntentRefused("That message is not held here, and this server keeps no history.")
    core.session.sought[key] = msgid
    history.ask_around(core, buffer, msgid)


def page_arrived(core: Core, key: str, answered: Direction | None) -> None:
    """A page of a room was merged; `answered` is what it was asked for."""
    msgid = core.session.sought.get(key, "")
    buffer = core.state.buffers.get(key)
    if not msgid or buffer is None:
        return
    if _found(core, buffer, msgid):
        del core.session.sought[key]
    elif answered is Direction.AROUND:
        del core.session.sought[key]
        core.changes.add(Told(_GONE, failure=True, buffer=core.state.current))
    else:
        history.ask_around(core, buffer, msgid)


def _found(core: Core, buffer: Buffer, msgid: str) -> bool:
    item = core.covered(buffer.key).known.get(msgid)
    if item is None:
        return False
    core.changes.add(MessageFound(buffer.key, item.id))
    return True
