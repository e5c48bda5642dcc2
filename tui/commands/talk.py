"""Commands on talking: messages to people, actions, notices, nicks, sending again."""

from common.casemap import fold
from tui.client.state import Delivery
from tui.commands.rooms import find_room
from tui.commands.table import Argument, ArgumentKind, Command, CommandRefused, Context, Where

CONVERSATION = Where.ROOM | Where.DIRECT


def _msg(context: Context, arguments: list[str]) -> None:
    target, *texts = arguments
    room = find_room(context.client.state, target) if target.startswith("#") else None
    if room is None:
        context.client.open_direct(target)
    key = fold(target) if room is None else room.key
    for text in texts:
        context.client.say(key, text)
    context.screen.show(key)


def _me(context: Context, arguments: list[str]) -> None:
    context.client.action(context.buffer, arguments[0])


def _notice(context: Context, arguments: list[str]) -> None:
    context.client.notice(arguments[0], arguments[1])


def _nick(context: Context, arguments: list[str]) -> None:
    context.client.change_nick(arguments[0])


def _raw(context: Context, arguments: list[str]) -> None:
    context.client.raw(arguments[0])


def _retry(context: Context, _: list[str]) -> None:
    items = [
        item.id
        for buffer, item in context.client.unsent
        if buffer == context.buffer and item.delivery is Delivery.UNSENT
    ]
    if not items:
        raise CommandRefused("Everything here was sent; there is nothing to send again.")
    for item_id in items:
        context.client.retry(context.buffer, item_id)


_PERSON = Argument("nick", ArgumentKind.PERSON)
_TEXT = Argument("text", ArgumentKind.TEXT)

ROWS = (
    Command(
        "msg",
        "Write to one person; without a text open the conversation",
        "Talk",
        arguments=(_PERSON, Argument("text", ArgumentKind.TEXT, required=False)),
        aliases=("query", "dm"),
        handler=_msg,
    ),
    Command(
        "me",
        "Say what you do: /me waves",
        "Talk",
        arguments=(_TEXT,),
        where=CONVERSATION,
        handler=_me,
    ),
    Command(
        "notice",
        "Send a notice to a person or room",
        "Talk",
        arguments=(Argument("target", ArgumentKind.PERSON | ArgumentKind.ROOM), _TEXT),
        handler=_notice,
    ),
    Command(
        "nick",
        "Take another nick",
        "Talk",
        arguments=(Argument("nick", ArgumentKind.WORD),),
        handler=_nick,
    ),
    Command(
        "retry",
        "Send again what was not sent here",
        "Talk",
        where=CONVERSATION,
        handler=_retry,
    ),
    Command(
        "raw",
        "Send a line of the protocol as it is",
        "Talk",
        arguments=(Argument("line", ArgumentKind.TEXT),),
        aliases=("quote",),
        palette=False,
        handler=_raw,
    ),
)
