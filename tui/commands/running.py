"""Commands of those who run a room, and on who may write to one: what our own server adds."""

from tui.client.serving import OURS
from tui.commands.table import Argument, ArgumentKind, Command, Context, Handler, Where


def _for_room(command: str, word: str) -> Handler:
    """Sends `command` about this room, with what was typed behind /`word`."""

    def handler(context: Context, arguments: list[str]) -> None:
        draft = " ".join([f"/{word}", *arguments])
        context.client.order_for_room(context.buffer, draft, command, *arguments)

    return handler


def _for_self(command: str, word: str) -> Handler:
    """The same without a room."""

    def handler(context: Context, arguments: list[str]) -> None:
        draft = " ".join([f"/{word}", *arguments])
        context.client.order(context.buffer, draft, command, *arguments)

    return handler


def _word(name: str, *, required: bool = False) -> Argument:
    return Argument(name, ArgumentKind.WORD, required)


_PERSON = Argument("nick", ArgumentKind.PERSON)

ROWS = (
    Command(
        "rename",
        "Give this room another name; people and history stay",
        "Rooms",
        arguments=(
            _word("name", required=True),
            Argument("reason", ArgumentKind.TEXT, required=False),
        ),
        where=Where.ROOM,
        handler=_for_room("RENAME", "rename"),
        needs=OURS,
    ),
    Command(
        "retention",
        "Say how long this room keeps what is said, or choose: forever, nothing, 30d, 5000",
        "Rooms",
        arguments=(_word("how-long"),),
        where=Where.ROOM,
        handler=_for_room("RETENTION", "retention"),
        needs=OURS,
    ),
    Command(
        "transfer",
        "Give your room to someone in it who has an account",
        "Rooms",
        arguments=(_PERSON,),
        where=Where.ROOM,
        handler=_for_room("TRANSFER", "transfer"),
        needs=OURS,
    ),
    Command(
        "close-room",
        "Delete your room with all that was said in it; asks for a code first",
        "Rooms",
        arguments=(_word("code"),),
        where=Where.ROOM,
        handler=_for_room("CLOSE", "close-room"),
        needs=OURS,
    ),
    Command(
        "writers",
        "Say who may write to you: everyone, rooms (people you share one with), accepted",
        "People",
        arguments=(_word("everyone|rooms|accepted"),),
        handler=_for_self("WRITERS", "writers"),
        needs=OURS,
    ),
    Command(
        "accept",
        "Let someone write to you whoever else may",
        "People",
        arguments=(_PERSON,),
        handler=_for_self("ACCEPT", "accept"),
        needs=OURS,
    ),
)
