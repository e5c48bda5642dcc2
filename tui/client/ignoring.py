"""Whom the person does not want to read: their messages and invitations are dropped on arrival.

What was dropped still counts as received: numbers stay proven, pages go on behind it.
"""

from typing import Final

from common.casemap import fold
from tui.client.core import Core
from tui.client.intents import IntentRefused, require_nick
from tui.client.state import BufferKind
from tui.client.updates import BufferChanged, KeptChanged

IGNORED_MAX: Final = 1_000


def ignore(core: Core, nick: str) -> None:
    """Read nothing of `nick` any more; what is on the screen stays."""
    require_nick(nick, is_room=core.is_room(nick))
    if core.is_self(nick):
        raise IntentRefused("That is you; one cannot ignore oneself.")
    ignored = core.state.ignored
    if len(ignored) >= IGNORED_MAX:
        raise IntentRefused(f"{IGNORED_MAX} people are ignored already; unignore one first.")
    ignored[fold(nick)] = nick
    buffer = core.state.buffers.get(fold(nick))
    if buffer is not None and buffer.kind is BufferKind.DIRECT:
        buffer.unread = buffer.mentions = 0
        core.changes.add(BufferChanged(buffer.key))
    core.changes.add(KeptChanged())


def unignore(core: Core, nick: str) -> None:
    """Read `nick` again. What was dropped comes back when a room is entered anew."""
    if core.state.ignored.pop(fold(nick), None) is None:
        raise IntentRefused(f"{nick} is not ignored; /ignore alone shows who is.")
    core.changes.add(KeptChanged())


def is_ignored(core: Core, nick: str) -> bool:
    """Whether nothing of `nick` is to be read."""
    return bool(core.state.ignored) and fold(nick) in core.state.ignored
