"""Commands on messages that were said: the newest one, where it is not said which.

With the keys of a chosen message the same is done to any of them.
"""

from collections.abc import Callable

from tui.client.buffers import SPOKEN
from tui.client.state import Item
from tui.commands.table import Argument, ArgumentKind, Command, CommandRefused, Context
from tui.commands.talk import CONVERSATION


def newest(context: Context, fits: Callable[[Item], bool], what: str) -> Item:
    """The newest message that `fits`. Raises `CommandRefused` where there is none."""
    buffer = context.client.state.buffers.get(context.buffer)
    for item in reversed(buffer.items if buffer is not None else ()):
        if item.kind in SPOKEN and item.msgid and not item.redacted and fits(item):
            return item
    raise CommandRefused(f"There is no message {what} here.")


def _is_own(item: Item) -> bool:
    return item.own


def _is_someones(item: Item) -> bool:
    return not item.own


def _reply(context: Context, arguments: list[str]) -> None:
    item = newest(context, _is_someones, "of somebody else's to answer")
    context.client.reply(context.buffer, item.id, arguments[0])


def _edit(context: Context, arguments: list[str]) -> None:
    item = newest(context, _is_own, "of yours to edit")
    context.client.edit(context.buffer, item.id, arguments[0])


def _react(context: Context, arguments: list[str]) -> None:
    item = newest(context, _is_someones, "of somebody else's to react to")
    context.client.react(context.buffer, item.id, arguments[0])


ROWS = (
    Command(
        "reply",
        "Answer the newest message of somebody else's",
        "Messages",
        arguments=(Argument("text", ArgumentKind.TEXT),),
        where=CONVERSATION,
        handler=_reply,
    ),
    Command(
        "edit",
        "Give your newest message another text",
        "Messages",
        arguments=(Argument("text", ArgumentKind.TEXT),),
        where=CONVERSATION,
        handler=_edit,
        needs="chat-server/edit",
    ),
    Command(
        "react",
        "React to the newest message of somebody else's: /react 👍",
        "Messages",
        arguments=(Argument("emoji", ArgumentKind.WORD),),
        where=CONVERSATION,
        handler=_react,
    ),
    Command(
        "delete",
        "Delete your newest message, after a question",
        "Messages",
        aliases=("redact",),
        where=CONVERSATION,
        screen_action="delete_newest",
        needs="draft/message-redaction",
    ),
    Command(
        "select-message",
        "Choose a message, to answer it, react to it and more",
        "Messages",
        screen_action="select_message",
        keys=("ctrl+g",),
        slash=False,
    ),
    Command(
        "first-unread",
        "Go to the first message you have not read here",
        "Messages",
        where=CONVERSATION,
        screen_action="first_unread",
        keys=("alt+u",),
    ),
)
