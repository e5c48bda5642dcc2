"""Intents on a message that was said: answer it, edit it, delete it, react to it.

Each raises `IntentRefused`, and then has done nothing. What was asked for is seen when the server
has stored it and tells everyone.
"""

from common.capabilities import ECHO_MESSAGE, EDIT, MESSAGE_TAGS, REDACTION
from common.text import ACTION_START, CTCP, plain
from tui.client import revising, talking
from tui.client.cleaning import cleaned
from tui.client.core import Change, ChangeKind, Core
from tui.client.intents import IntentRefused
from tui.client.items import TAG_REPLY
from tui.client.session import Request
from tui.client.state import Buffer, Delivery, Item, ItemKind

_SAID = (ItemKind.MESSAGE, ItemKind.ACTION, ItemKind.NOTICE)


def find(core: Core, key: str, item_id: int) -> tuple[Buffer, Item]:
    """A message that the server knows. Raises `IntentRefused` where nothing can be done to it."""
    buffer = talking.find_buffer(core, key)
    talking.require_online(core)
    item = next((each for each in reversed(buffer.items) if each.id == item_id), None)
    if item is None or item.redacted or item.kind not in _SAID:
        raise IntentRefused("This message is not there any more.")
    if not item.msgid or " " in item.msgid:
        waits = item.delivery in (Delivery.PENDING, Delivery.UNSENT)
        why = "It was not sent yet" if waits else "This server gives messages no ids"
        raise IntentRefused(f"{why}, so nothing can refer to it.")
    return buffer, item


def reply(core: Core, key: str, item_id: int, text: str) -> None:
    """Say `text` in answer to a message; where tags do not pass, it is said all the same."""
    _, item = find(core, key, item_id)
    talking.say(core, key, text, ItemKind.MESSAGE, reply_to=item.msgid)


def edit(core: Core, key: str, item_id: int, text: str) -> None:
    """Give a message of ours another text, of one line."""
    buffer, item = find(core, key, item_id)
    if not core.has(EDIT):
        raise IntentRefused("This server knows no edits; send the correction as a message.")
    if not item.own:
        raise IntentRefused("Only one's own messages can be edited.")
    words = cleaned(text).replace(CTCP, "").strip()
    if not words:
        raise IntentRefused("Nothing is left of the message; delete it instead.")
    if "\n" in text.strip():
        raise IntentRefused("An edited message is one line; take the line breaks out.")
    if words == item.text:
        raise IntentRefused("That is what the message says already.")
    body = f"{ACTION_START}{words}{CTCP}" if item.kind is ItemKind.ACTION else words
    request = Request("EDIT", key, key, words)
    core.ask(request, "EDIT", buffer.name, item.msgid, body)


def redact(core: Core, key: str, item_id: int, reason: str = "") -> None:
    """Delete a message, for everyone: one's own, or as a moderator anyone's."""
    buffer, item = find(core, key, item_id)
    if not core.has(REDACTION):
        raise IntentRefused("This server cannot delete messages.")
    words = cleaned(reason).strip()
    request = Request("REDACT", key, key)
    core.ask(request, "REDACT", buffer.name, item.msgid, *filter(None, [words]))


def react(core: Core, key: str, item_id: int, reaction: str) -> None:
    """React to a message, or take one's own reaction back."""
    buffer, item = find(core, key, item_id)
    if not core.has(MESSAGE_TAGS):
        raise IntentRefused("This server passes no reactions on; answer with a message.")
    text = plain(cleaned(reaction)).strip()
    if not text or len(text) > revising.REACTION_CHARACTERS_MAX:
        raise IntentRefused("A reaction is an emoji or a short word.")
    takes_back = any(each.text == text and each.own for each in item.reactions)
    tag = revising.TAG_UNREACT if takes_back else revising.TAG_REACT
    request = Request("TAGMSG", key, key)
    core.ask(request, "TAGMSG", buffer.name, tags={tag: text, TAG_REPLY: item.msgid})
    if not core.has(ECHO_MESSAGE):
        _count_own(core, buffer, item, text, takes_back)


def _count_own(core: Core, buffer: Buffer, item: Item, text: str, takes_back: bool) -> None:
    """Without an echo what was sent is what is."""
    kind = ChangeKind.UNREACT if takes_back else ChangeKind.REACT
    change = Change(kind, item.msgid, core.state.nick, text, "", 0, core.wall_ms, own=True)
    revising.apply(core, buffer, change)
