"""How messages that were said change: edits, redactions, reactions; and what a reply answers.

A change names its message by msgid. One whose message is not held waits until a page of history
brings it; live or from history, in any order, the message ends up the same.
Specification: docs/protocol.md "edit"; IRCv3 draft/message-redaction, draft/react, draft/reply.
"""

from typing import Final

from common.capabilities import TAG_NUMBER
from common.casemap import fold
from common.text import CTCP, action, plain
from tui.client import buffers, naming
from tui.client.cleaning import read_number, read_time
from tui.client.core import Change, ChangeKind, Core
from tui.client.items import TAG_REPLY, Arrival
from tui.client.state import Buffer, Item, Reaction
from tui.client.updates import BufferChanged

TAG_REACT: Final = "+draft/react"
TAG_UNREACT: Final = "+draft/unreact"

REACTION_CHARACTERS_MAX: Final = 32
"""A reaction is an emoji or a word; what is longer is cut."""

REACTIONS_MAX: Final = 20
REACTING_MAX: Final = 200
"""Different reactions to one message, and people behind one of them; more are not counted."""

WAITING_MAX: Final = 2_000
"""Messages not held of which something is known; the oldest give way."""

_REVISIONS: Final = {"EDIT": ChangeKind.EDIT, "REDACT": ChangeKind.REDACT}


def read_change(core: Core, arrival: Arrival) -> Change | None:
    """The change that a line of any kind tells of; None for every other line."""
    message = arrival.message
    kind = _REVISIONS.get(message.command)
    about, text = arrival.word(1), arrival.text(2)
    if message.command == "TAGMSG":
        kind = ChangeKind.REACT if TAG_REACT in message.tags else ChangeKind.UNREACT
        tag = TAG_REACT if kind is ChangeKind.REACT else TAG_UNREACT
        about = plain(message.tags.get(TAG_REPLY, ""))
        text = plain(message.tags.get(tag, ""))[:REACTION_CHARACTERS_MAX].strip()
        kind = kind if text else None
    if kind is None or not about:
        return None
    time_ms = read_time(message.tags["time"]) if "time" in message.tags else None
    return Change(
        kind=kind,
        about=about,
        nick=arrival.nick,
        text=text,
        msgid=plain(message.tags.get("msgid", "")),
        number=read_number(message.tags.get(TAG_NUMBER, "")),
        time_ms=core.wall_ms if time_ms is None else time_ms,
        own=core.is_self(arrival.nick),
    )


def apply(core: Core, buffer: Buffer, change: Change) -> None:
    """Change the message, or keep the change until the message is there."""
    coverage = core.covered(buffer.key)
    item = coverage.known.get(change.about)
    if item is not None:
        _apply_to(core, buffer, item, change)
        return
    waiting = coverage.waiting.setdefault(change.about, [])
    if all(each.msgid != change.msgid or not each.msgid for each in waiting):
        waiting.append(change)
        del waiting[:-REACTING_MAX]
    _bound(coverage.waiting)


def settle(core: Core, buffer: Buffer, fresh: list[Item]) -> None:
    """Messages came: do to them what was waiting, and lead replies to what they answer."""
    coverage = core.covered(buffer.key)
    for item in fresh:
        for change in coverage.waiting.pop(item.msgid, ()):
            _apply_to(core, buffer, item, change)
        for answer in coverage.unquoted.pop(item.msgid, ()):
            answer.quoted = item
            core.changes.item_changed(buffer.key, answer)
        lead_to_quoted(core, buffer, item)


def lead_to_quoted(core: Core, buffer: Buffer, item: Item) -> None:
    """Find what a reply answers, now or when a page brings it."""
    if not item.reply_to:
        return
    coverage = core.covered(buffer.key)
    item.quoted = coverage.known.get(item.reply_to)
    if item.quoted is None:
        answers = coverage.unquoted.setdefault(item.reply_to, [])
        answers.append(item)
        del answers[:-REACTING_MAX]
        _bound(coverage.unquoted)


def _bound(held: dict[str, list[Change]] | dict[str, list[Item]]) -> None:
    while len(held) > WAITING_MAX:
        del held[next(iter(held))]


def _apply_to(core: Core, buffer: Buffer, item: Item, change: Change) -> None:
    if not item.redacted and _CHANGES[change.kind](core, buffer, item, change):
        core.changes.item_changed(buffer.key, item)


def _edit(core: Core, _: Buffer, item: Item, change: Change) -> bool:
    acted = action(change.text)
    text = (change.text if acted is None else acted).replace(CTCP, "")
    if item.edited and item.text == text:
        return False
    item.text, item.edited = text, True
    item.mention = naming.is_meant(core, item)
    return True


def _redact(core: Core, buffer: Buffer, item: Item, change: Change) -> bool:
    _uncount(core, buffer, item)
    by = "" if fold(change.nick) == fold(item.sender) else f" by {change.nick}"
    reason = plain(change.text)
    item.redacted = f"deleted{by}{f': {reason}' if reason else ''}"
    item.text, item.reactions, item.mention = "", (), False
    return True


def _uncount(core: Core, buffer: Buffer, item: Item) -> None:
    """What is deleted before it was read is unread no more."""
    if item.own or item.kind not in buffers.SPOKEN or not buffer.unread:
        return
    for each in reversed(buffer.items):
        if each is item:
            buffer.unread -= 1
            buffer.mentions -= min(buffer.mentions, buffers.is_mention(buffer, item))
            core.changes.add(BufferChanged(buffer.key))
            return
        if each.id == buffer.first_unread_id:
            return


def _react(_: Core, __: Buffer, item: Item, change: Change) -> bool:
    found = next((each for each in item.reactions if each.text == change.text), None)
    if found is None:
        if len(item.reactions) >= REACTIONS_MAX:
            return False
        item.reactions += (Reaction(change.text, (change.nick,), change.own),)
        return True
    if _is_among(change.nick, found.nicks) or len(found.nicks) >= REACTING_MAX:
        return False
    more = Reaction(found.text, (*found.nicks, change.nick), found.own or change.own)
    item.reactions = tuple(more if each is found else each for each in item.reactions)
    return True


def _unreact(_: Core, __: Buffer, item: Item, change: Change) -> bool:
    found = next((each for each in item.reactions if each.text == change.text), None)
    if found is None or not _is_among(change.nick, found.nicks):
        return False
    nicks = tuple(nick for nick in found.nicks if fold(nick) != fold(change.nick))
    fewer = Reaction(found.text, nicks, found.own and not change.own)
    changed = (fewer if each is found else each for each in item.reactions)
    item.reactions = tuple(each for each in changed if each.nicks)
    return True


def _is_among(nick: str, nicks: tuple[str, ...]) -> bool:
    return any(fold(each) == fold(nick) for each in nicks)


_CHANGES: Final = {
    ChangeKind.EDIT: _edit,
    ChangeKind.REDACT: _redact,
    ChangeKind.REACT: _react,
    ChangeKind.UNREACT: _unreact,
}

assert set(_CHANGES) == set(ChangeKind)
