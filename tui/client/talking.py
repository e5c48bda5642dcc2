"""Intents on what is said and read: messages, notices, retries, older pages, read positions.

Each raises `IntentRefused`, and then has done nothing.
"""

from typing import Final

from common.text import CTCP
from tui.client import buffers, composing, history, multiline, pending, reading
from tui.client.cleaning import cleaned
from tui.client.core import Core
from tui.client.intents import IntentRefused
from tui.client.state import STATUS, Buffer, BufferKind, ItemKind
from tui.client.updates import BufferChanged

DRAFTS_MAX: Final = 200
DRAFT_CHARACTERS_MAX: Final = 20_000
"""What is kept for the next start; what is written on stays whole on the screen."""


def require_online(core: Core) -> None:
    """Refuse what needs the server while it cannot be reached."""
    if not core.online:
        raise IntentRefused("Not connected right now; your text stays here until you are.")


def find_buffer(core: Core, key: str) -> Buffer:
    """The conversation `key`. Raises `IntentRefused` where there is none."""
    buffer = core.state.buffers.get(key)
    if buffer is None:
        raise IntentRefused("This conversation is closed; open it again first.")
    return buffer


def find_room(core: Core, key: str) -> Buffer:
    """The room `key`, in which we are. Raises `IntentRefused`."""
    buffer = find_buffer(core, key)
    if buffer.kind is not BufferKind.ROOM:
        raise IntentRefused("This is not a room; go to the room first.")
    require_online(core)
    if not buffer.joined:
        raise IntentRefused(f"You are not in {buffer.title}; join {buffer.title} first.")
    return buffer


def say(core: Core, key: str, text: str, kind: ItemKind, reply_to: str = "") -> None:
    """Say `text` in a buffer: one message where the server takes several lines as one."""
    buffer = find_buffer(core, key)
    if buffer.kind is BufferKind.STATUS:
        raise IntentRefused("Nobody reads here; go to a room first, or join one.")
    require_online(core)
    if buffer.kind is BufferKind.ROOM and not buffer.joined:
        raise IntentRefused(f"You are not in {buffer.title}; join {buffer.title} first.")
    lines = [cleaned(line).replace(CTCP, "") for line in text.splitlines()]
    if not any(line.strip() for line in lines):
        raise IntentRefused("There is no text to send.")
    pending.add(core, buffer, kind, lines, reply_to)
    composing.sent(core, buffer)


def cuts(core: Core, key: str, text: str) -> list[int]:
    """Where in `text` another message would begin, because one cannot hold it all."""
    buffer = core.state.buffers.get(key)
    if buffer is None or buffer.kind is BufferKind.STATUS:
        return []
    try:
        bytes_max = pending.text_bytes_max(core, ItemKind.MESSAGE, buffer.name)
    except IntentRefused:
        return []
    if multiline.is_one_line(text, bytes_max):
        return []
    found, at = [], 0
    for message in multiline.messages_of(core, ItemKind.MESSAGE, text.split("\n"), bytes_max):
        for number, line in enumerate(message.split("\n")):
            place = text.find(line, at)
            found += [place] if not number else []
            at = place + len(line)
    return found[1:]


def notice(core: Core, target: str, text: str) -> None:
    """Send a notice to a room one is in, or to a person, whose conversation opens."""
    require_online(core)
    if core.is_room(target):
        buffer = core.room(target)
        if buffer is None:
            raise IntentRefused(f"You are not in {target.removeprefix('#')}; join it first.")
    else:
        buffer = open_direct(core, target, focus=False)
    say(core, buffer.key, text, ItemKind.NOTICE)


def open_direct(core: Core, nick: str, focus: bool = True) -> Buffer:
    """Open the conversation with `nick`, reading its history where the server keeps one."""
    if not nick or any(mark in nick for mark in " ,*?!@:\r\n\0") or core.is_room(nick):
        raise IntentRefused(f"{nick or 'Nothing'} is not a nick; write one nick.")
    pending.text_bytes_max(core, ItemKind.MESSAGE, nick)
    count = len(core.state.buffers)
    buffer = buffers.open_buffer(core, nick, BufferKind.DIRECT, focus)
    if buffer.kind is not BufferKind.DIRECT:
        raise IntentRefused("Too many conversations are open; leave one first.")
    if len(core.state.buffers) > count and core.online:
        history.catch_up(core, buffer)
        reading.ask(core, buffer)
    return buffer


def retry(core: Core, key: str, item_id: int) -> None:
    """Send an unsent message again."""
    buffer = find_buffer(core, key)
    require_online(core)
    if buffer.kind is BufferKind.ROOM and not buffer.joined:
        raise IntentRefused(f"You are not in {buffer.title}; join {buffer.title} first.")
    pending.retry(core, buffer, item_id)


def load_older(core: Core, key: str) -> None:
    """Load the page before the oldest item; nothing happens where there is none to load."""
    buffer = find_buffer(core, key)
    cleared = core.covered(key).cleared
    if buffer.at_start or buffer.loading_older or cleared or not core.online:
        return
    if buffer.kind is BufferKind.STATUS or not core.has_history:
        buffer.at_start = True
        core.changes.add(BufferChanged(key))
        return
    if len(buffer.items) >= buffers.ITEMS_MAX:
        raise IntentRefused(f"Only the newest {buffers.ITEMS_MAX} entries are shown here.")
    history.load_older(core, buffer)


def fill_hole(core: Core, key: str, hole: int, *, downward: bool) -> None:
    """Load the next page of a hole; nothing happens without a link."""
    buffer = find_buffer(core, key)
    if core.online and core.has_history:
        history.fill_hole(core, buffer, hole, downward=downward)


def show(core: Core, key: str) -> None:
    """The person looks at this buffer now; STATUS is the lobby."""
    core.state.current = key if key in core.state.buffers else STATUS


def mark_read(core: Core, key: str) -> None:
    """Everything here has been read; the rule above the first unread stays."""
    buffer = core.state.buffers.get(key)
    if buffer is not None:
        reading.mark_read(core, buffer)


def clear(core: Core, key: str) -> None:
    """Empty the view of a conversation; nothing is lost on the server."""
    buffers.clear(core, find_buffer(core, key))


def keep_draft(core: Core, key: str, text: str) -> None:
    """Keep what is written and not sent in a conversation; an empty text forgets it.

    No news: it comes from who keeps it, who would write the file anew with every letter.
    """
    drafts = core.state.drafts
    drafts.pop(key, "")
    if text.strip():
        drafts[key] = text[:DRAFT_CHARACTERS_MAX]
        for oldest in list(drafts)[:-DRAFTS_MAX]:
            del drafts[oldest]


def clear_unread_rule(core: Core, key: str) -> None:
    """Take the new-messages rule away."""
    buffer = core.state.buffers.get(key)
    if buffer is not None and buffer.first_unread_id:
        buffer.first_unread_id = 0
        core.changes.add(BufferChanged(key))
