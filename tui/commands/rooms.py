"""Commands on rooms: make, enter, leave, list, topic, names."""

from common.casemap import fold
from tui.client.state import STATUS, Buffer, BufferKind, State
from tui.commands.table import Argument, ArgumentKind, Command, CommandRefused, Context, Where


def find_room(state: State, typed: str) -> Buffer | None:
    """The open room a person means by `typed`, its sign given or left out."""
    for key in (fold(typed), fold(f"#{typed}")):
        found = state.buffers.get(key)
        if found is not None and found.kind is BufferKind.ROOM:
            return found
    return None


def _create(context: Context, arguments: list[str]) -> None:
    context.client.create(*arguments)


def _join(context: Context, arguments: list[str]) -> None:
    room = find_room(context.client.state, arguments[0])
    if room is not None and room.joined:
        context.screen.show(room.key)
    else:
        context.client.join(*arguments)


def _exit(context: Context, arguments: list[str]) -> None:
    named = find_room(context.client.state, arguments[0]) if arguments else None
    reason = " ".join(arguments if named is None else arguments[1:])
    buffer = context.buffer if named is None else named.key
    if buffer == STATUS and arguments:
        raise CommandRefused(f"You are in no room {arguments[0]}. The rooms list shows yours.")
    context.client.leave(buffer, reason)


def _list(context: Context, _: list[str]) -> None:
    context.client.refresh_lobby()
    context.screen.show(STATUS)


def _topic(context: Context, arguments: list[str]) -> None:
    if arguments:
        context.client.set_topic(context.buffer, arguments[0])
        return
    buffer = context.client.state.buffers[context.buffer]
    context.screen.tell(buffer.topic or f"{buffer.title} has no topic. /topic text sets one.")


def _motd(context: Context, _: list[str]) -> None:
    context.client.motd()


def _clear(context: Context, _: list[str]) -> None:
    context.client.clear(context.buffer)


def _names(context: Context, _: list[str]) -> None:
    buffer = context.client.state.buffers[context.buffer]
    names = sorted(f"{member.signs[:1]}{member.nick}" for member in buffer.members.values())
    context.screen.tell(f"{len(names)} here: {', '.join(names)}")


_NAME = Argument("name", ArgumentKind.WORD, required=False)
_ROOM = Argument("room", ArgumentKind.ROOM)
_KEY = Argument("key", ArgumentKind.WORD, required=False)
_ROOM_HERE = Argument("room", ArgumentKind.ROOM, required=False)
_REASON = Argument("reason", ArgumentKind.TEXT, required=False)
_TOPIC = Argument("text", ArgumentKind.TEXT, required=False)

ROWS_FIRST = (
    Command(
        "create",
        "Make a room; without a name an unlisted one, with an ID to pass on",
        "Rooms",
        arguments=(_NAME,),
        handler=_create,
    ),
    Command(
        "join",
        "Go into a room by its name or ID, with its key if it has one",
        "Rooms",
        arguments=(_ROOM, _KEY),
        aliases=("j",),
        handler=_join,
    ),
    Command(
        "exit",
        "Leave this room, or the one named",
        "Rooms",
        arguments=(_ROOM_HERE, _REASON),
        aliases=("part", "leave", "close"),
        handler=_exit,
    ),
)
"""The rooms' share of the five words: they open the table."""

ROWS = (
    Command("list", "Show the rooms there are", "Rooms", handler=_list),
    Command(
        "topic",
        "Show this room's topic, or set it",
        "Rooms",
        arguments=(_TOPIC,),
        aliases=("t",),
        where=Where.ROOM,
        handler=_topic,
    ),
    Command(
        "room-settings",
        "Show how this room is set, who is banned, and change what you may",
        "Rooms",
        where=Where.ROOM,
        screen_action="room_settings",
        keys=("alt+s",),
    ),
    Command("names", "Say who is here", "Rooms", where=Where.ROOM, handler=_names),
    Command(
        "clear",
        "Empty this view; what was said stays on the server",
        "Rooms",
        where=Where.ROOM | Where.DIRECT,
        handler=_clear,
    ),
    Command("motd", "Show the server's message of the day", "Rooms", handler=_motd),
)
