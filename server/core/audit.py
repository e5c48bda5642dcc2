"""The audit log: what moderators did in their rooms, and operators to the server.

Rooms come through here by the events that `apply` carries out, so that no second way to do a
thing leaves no trace; commands of operators by the dispatcher, orders of the command line by
`administration`. Holds no secret: keys of rooms and passwords are never written down.
"""

from typing import Final

from common.modes import TAKES, read_changes, write_changes
from common.text import split_bytes
from server.core.channel import Channel
from server.core.world import World
from server.storage.ports import Deed, Event, Kind

TEXT_BYTES_MAX: Final = 300

LAST: Final = 1 << 62
"""Behind every number."""


def note(
    world: World, actor: str, action: str, target: str, text: str = "", channel_id: int = 0
) -> None:
    """Write down what somebody did."""
    shown = split_bytes(text, TEXT_BYTES_MAX)[0]
    deed = Deed(world.wall_ms, actor, action, target, shown, channel_id)
    world.store.moderation.note_deed(deed)


def note_event(world: World, channel: Channel, event: Event) -> None:
    """Write down what an event of a room does."""
    text = _without_keys(event.text) if event.kind is Kind.MODE else event.text
    note(world, event.source, event.kind.name, channel.record.name, text, channel.record.id)


def note_deletion(world: World, channel: Channel, actor: str, event: Event, reason: str) -> None:
    """Write down that a moderator deleted what somebody else had said; not what it was."""
    text = f"{event.source} {reason}".rstrip()
    note(world, actor, Kind.REDACT.name, channel.record.name, text, channel.record.id)


def _without_keys(text: str) -> str:
    letters, *parameters = text.split(" ")
    changes = read_changes(letters, parameters, TAKES)
    return write_changes(
        change._replace(parameter="*") if change.letter == "k" else change for change in changes
    )
