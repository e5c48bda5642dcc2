"""Intents that ask the server for something: rooms, topics, nicks, lists, raw lines.

Each raises `IntentRefused`, and then has done nothing.
"""

from typing import Final

from common.capabilities import ROOMS
from common.casemap import fold
from common.wire import BadLineError, parse
from tui.client import buffers, registration, talking
from tui.client.cleaning import cleaned
from tui.client.core import LINE_BYTES_SENT_MAX, Core
from tui.client.intents import IntentRefused
from tui.client.session import Request
from tui.client.state import BufferKind, Connection
from tui.client.updates import ConnectionChanged

LISTING_TIMEOUT_S: Final = 30.0
"""A list that takes longer is taken for lost, and may be asked for again."""


def room_name(core: Core, typed: str) -> str:
    """What a person typed as a room, as the server wants it; its sign may be left out.

    Raises `IntentRefused` where it cannot be a room.
    """
    name = typed.strip()
    if not name or any(mark in name for mark in " ,\a\r\n\0") or cleaned(name) != name:
        raise IntentRefused("The name of a room is one word, without spaces and commas.")
    return name if core.is_room(name) else f"#{name}"


def create(core: Core, typed: str) -> None:
    """Make a room; without a name an unlisted one. Other servers make it by JOIN."""
    talking.require_online(core)
    here = core.state.current
    if not core.has(ROOMS):
        if not typed:
            raise IntentRefused("This server needs a name for a new room: create NAME")
        room = room_name(core, typed)
        request = Request("JOIN", fold(room), here, f"/create {typed}", focus=True)
        core.ask(request, "JOIN", room)
        return
    room = room_name(core, typed) if typed else ""
    request = Request("CREATE", fold(room), here, f"/create {typed}".strip(), focus=True)
    core.ask(request, "CREATE", *filter(None, [room]))


def join(core: Core, typed: str, key: str = "") -> None:
    """Enter a room there is, by its `key` if it has one; nothing happens to one who is in it."""
    talking.require_online(core)
    room = room_name(core, typed)
    buffer = core.room(room)
    if buffer is None or not buffer.joined:
        here = core.state.current
        request = Request("JOIN", fold(room), here, f"/join {typed}", focus=True)
        core.ask(request, "JOIN", room, *filter(None, [key]))
        core.room_keys.pop(fold(room), None)
        core.room_keys.update({fold(room): key} if key else {})


def leave(core: Core, key: str, reason: str) -> None:
    """Leave a room, whose buffer closes when the server agrees; a conversation closes at once."""
    buffer = talking.find_buffer(core, key)
    if buffer.kind is BufferKind.STATUS:
        raise IntentRefused("This is the lobby; there is nothing to leave. quit ends the program.")
    if buffer.kind is BufferKind.DIRECT or not buffer.joined or not core.online:
        buffers.close_buffer(core, buffer)
        return
    request = Request("PART", key, key, f"/exit {reason}".strip())
    core.ask(request, "PART", buffer.name, *filter(None, [cleaned(reason)]))
    core.session.leaving[key] = None


def set_topic(core: Core, key: str, text: str) -> None:
    """Set the topic of a room; an empty text takes it off."""
    buffer = talking.find_buffer(core, key)
    if buffer.kind is not BufferKind.ROOM:
        raise IntentRefused("Only rooms have a topic; go to a room first.")
    talking.require_online(core)
    request = Request("TOPIC", key, key, f"/topic {text}")
    core.ask(request, "TOPIC", buffer.name, cleaned(text))


def change_nick(core: Core, nick: str) -> None:
    """Ask for another nick; off line it is the one to connect under."""
    if not registration.is_one_word(nick):
        raise IntentRefused("A nick is one word without spaces; write it again.")
    state, session = core.state, core.session
    if state.connection in (Connection.ONLINE, Connection.REGISTERING):
        request = Request("NICK", fold(nick), state.current, f"/nick {nick}")
        core.ask(request, "NICK", nick)
    else:
        core.nick_wanted = nick
    if state.connection is not Connection.ONLINE:
        state.nick = core.nick_wanted = nick
        session.nick_with_person = False
        session.opened_at = core.now
        core.changes.add(ConnectionChanged())


def whois(core: Core, nick: str) -> None:
    """Ask who someone is; the answer comes where it was asked."""
    talking.require_online(core)
    core.ask(Request("WHOIS", fold(nick), core.state.current, f"/whois {nick}"), "WHOIS", nick)


def refresh_lobby(core: Core) -> None:
    """Read the list of rooms anew, unless it is being read or there is no link."""
    session = core.session
    recent = session.listing_since is not None and (
        core.now < session.listing_since + LISTING_TIMEOUT_S
    )
    if core.online and not recent:
        session.listing_since = core.now
        session.listings.clear()
        core.ask(Request("LIST", quiet=True), "LIST")


def raw(core: Core, line: str) -> None:
    """Send a line as it was typed; its answer goes to the buffer it was typed in."""
    talking.require_online(core)
    encoded = line.encode()
    if "\n" in line or len(encoded) + 2 > LINE_BYTES_SENT_MAX:
        raise IntentRefused("A raw line is one line of at most 510 bytes; shorten it.")
    try:
        message = parse(encoded)
    except BadLineError as error:
        raise IntentRefused(f"{error}; write COMMAND parameters.") from None
    target = fold(message.params[0]) if message.params else ""
    core.ask(
        Request(message.command, target, core.state.current, f"/raw {line}"),
        message.command,
        *message.params,
        tags=message.tags,
    )
