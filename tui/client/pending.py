"""Messages of ours on their way: sent, confirmed by their echo, given up, sent again.

An echo means stored. It is matched by its label, by the message's key, or by its text.
Where the server has no echo-message, a PING sent behind the messages is the barrier: a server
answers in order, so when its PONG comes without a refusal before it, they were accepted.
Specification: IRCv3 echo-message, labeled-response; docs/protocol.md "resend".
"""

from typing import Final

from common.capabilities import ECHO_MESSAGE, MESSAGE_TAGS, RESEND, TAG_KEY
from common.casemap import fold
from common.text import ACTION_START, CTCP
from tui.client import buffers, multiline
from tui.client.core import LINE_BYTES_SENT_MAX, Core, Pending
from tui.client.intents import IntentRefused
from tui.client.items import TAG_REPLY
from tui.client.order import index_of, is_settled, place
from tui.client.session import Request
from tui.client.state import Buffer, BufferKind, Delivery, Item, ItemKind
from tui.client.updates import ItemsReordered

PENDING_MAX: Final = 500
"""Unconfirmed messages held; more are refused, their text staying with the person."""

ANSWER_TIMEOUT_S: Final = 90.0
"""How long a live server may leave a message without an echo before we say so.

Longer than it takes to find out that the link is dead: what was lost with it is sent again.
"""

KEY_LIFETIME_MS: Final = 23 * 3600 * 1000
"""Servers keep keys for 24 hours; an hour is left for clocks that differ."""

SOURCE_BYTES_RESERVED: Final = 32 + 1 + 16 + 1 + 64
"""Room kept for nick!user@host while the server has not shown us ours."""

TEXT_BYTES_MIN: Final = 80
"""With less than this for the text, the name before it is no name to write to."""

LOST: Final = "the connection was lost before the server confirmed it"
NO_ANSWER: Final = "the server did not confirm it"
ONE_LINE_ONLY: Final = "the server takes no message of several lines now; copy it to send it anew"

_COMMANDS: Final = {ItemKind.NOTICE: "NOTICE"}


def text_bytes_max(core: Core, kind: ItemKind, target: str) -> int:
    """How many bytes of text fit into one message to `target`, as others will receive it.

    Raises `IntentRefused` where the name leaves no room for text.
    """
    source = len(core.source.encode()) if core.source else SOURCE_BYTES_RESERVED
    frame = len(f":  {_COMMANDS.get(kind, 'PRIVMSG')} {target} :\r\n".encode())
    around = len(ACTION_START + CTCP) if kind is ItemKind.ACTION else 0
    left = LINE_BYTES_SENT_MAX - source - frame - around
    if left < TEXT_BYTES_MIN:
        raise IntentRefused("This name is too long to write to; check its spelling.")
    return left


def add(core: Core, buffer: Buffer, kind: ItemKind, lines: list[str], reply_to: str = "") -> None:
    """Send `lines` to `buffer`, in as few messages as the server allows.

    The first of them answers `reply_to`, the msgid of a message ("": none).
    Raises `IntentRefused` before anything is sent when there are too many.
    """
    bytes_max = text_bytes_max(core, kind, buffer.name)
    pieces = multiline.messages_of(core, kind, lines, bytes_max)
    if len(pieces) > multiline.MESSAGES_MAX:
        raise IntentRefused(
            f"That is {len(pieces)} messages; send at most {multiline.MESSAGES_MAX} at a time."
        )
    if len(core.pending) + len(pieces) > PENDING_MAX:
        raise IntentRefused(
            f"More than {PENDING_MAX} messages wait to be confirmed; wait, or send less."
        )
    for piece in pieces:
        answers, reply_to = reply_to, ""
        item = Item(
            id=core.new_item_id(),
            kind=kind,
            time_ms=core.wall_ms,
            sender=core.state.nick,
            text=piece,
            delivery=Delivery.PENDING,
            own=True,
            source=core.source,
            key=core.new_token()[:64] if buffer.kind is BufferKind.ROOM else "",
            reply_to=answers,
            quoted=core.covered(buffer.key).known.get(answers),
        )
        core.pending[item.id] = Pending(buffer.key, item, core.now, core.wall_ms)
        buffers.append(core, buffer, item)
        transmit(core, buffer, core.pending[item.id])


def transmit(core: Core, buffer: Buffer, held: Pending) -> None:
    """Write a pending message to the link, under its key where the server remembers keys."""
    item = held.item
    tags: dict[str, str] = {}
    held.keyed = bool(item.key) and core.session.device_sent and core.has(RESEND)
    if held.keyed:
        tags[TAG_KEY] = item.key
    if item.reply_to and core.has(MESSAGE_TAGS):
        tags[TAG_REPLY] = item.reply_to
    held.sent_at = core.now
    held.awaits_rejoin = False
    bytes_max = text_bytes_max(core, item.kind, buffer.name)
    if item.kind is ItemKind.ACTION or multiline.is_one_line(item.text, bytes_max):
        _write_line(core, buffer, held, tags)
    elif multiline.limits(core) is not None:
        _write_batch(core, buffer, held, tags)
    else:
        give_up(core, held, ONE_LINE_ONLY)
        return
    if not core.has(ECHO_MESSAGE) and not core.session.barriers:
        raise_barrier(core)


def _write_line(core: Core, buffer: Buffer, held: Pending, tags: dict[str, str]) -> None:
    item = held.item
    text = f"{ACTION_START}{item.text}{CTCP}" if item.kind is ItemKind.ACTION else item.text
    command = _COMMANDS.get(item.kind, "PRIVMSG")
    request = Request(command, buffer.key, buffer.key, item.text, item_id=item.id)
    held.label = core.ask(request, command, buffer.name, text, tags=tags)


def _write_batch(core: Core, buffer: Buffer, held: Pending, tags: dict[str, str]) -> None:
    item = held.item
    command = _COMMANDS.get(item.kind, "PRIVMSG")
    bytes_max = text_bytes_max(core, item.kind, buffer.name)
    request = Request("BATCH", buffer.key, buffer.key, item.text, item_id=item.id)
    reference = f"m{item.id}"
    kind = multiline.BATCH_KIND
    held.label = core.ask(request, "BATCH", f"+{reference}", kind, buffer.name, tags=tags)
    for goes_on, text in multiline.wire_lines(item.text, bytes_max):
        line_tags = {"batch": reference} | ({multiline.CONCAT_TAG: ""} if goes_on else {})
        core.send(command, buffer.name, text, tags=line_tags)
    core.send("BATCH", f"-{reference}")


def raise_barrier(core: Core) -> None:
    """Ask for a PONG behind everything written, when something there waits for it."""
    waiting = [held.item.id for held in core.pending.values() if _waits_for_answer(held)]
    if waiting:
        token = f"barrier-{core.new_token()}"
        core.session.barriers[token] = waiting
        core.send("PING", token)


def barrier_passed(core: Core, token: str) -> None:
    """The PONG came: what was written before it and not refused was accepted."""
    for item_id in core.session.barriers.pop(token, ()):
        held = core.pending.get(item_id)
        if held is not None and held.item.delivery is Delivery.PENDING:
            confirm(core, held, None)
    raise_barrier(core)


def find_echoed(core: Core, buffer: str, echo: Item, key: str, item_id: int) -> Pending | None:
    """The pending message that `echo` answers: by label, by key, else by text."""
    labelled = core.pending.get(item_id)
    if labelled is not None:
        return labelled
    for held in core.pending.values():
        if held.buffer == buffer and key and held.item.key == key:
            return held
    for held in core.pending.values():
        if _waits_for_answer(held) and held.buffer == buffer and _same_words(held.item, echo):
            return held
    return None


def find_lost(core: Core, buffer: str, stored: Item) -> Pending | None:
    """The message whose echo a lost link swallowed, found stored in the room's history.

    We may have had another nick when we sent it, or when it arrived.
    """
    for held in core.pending.values():
        lost = held.awaits_rejoin or held.keyed or held.item.reason == LOST
        if (
            lost
            and (stored.own or _same_person(held.item, stored))
            and held.buffer == buffer
            and _same_words(held.item, stored)
        ):
            return held
    return None


def _waits_for_answer(held: Pending) -> bool:
    return held.item.delivery is Delivery.PENDING and not held.awaits_rejoin


def unanswered_since(core: Core, heard_at: float) -> float | None:
    """When the first message was written of those after which nothing was heard; None: no such."""
    waiting = [
        held.sent_at
        for held in core.pending.values()
        if _waits_for_answer(held) and held.sent_at >= heard_at
    ]
    return min(waiting, default=None)


def _same_person(item: Item, other: Item) -> bool:
    place, other_place = item.source.partition("!")[2], other.source.partition("!")[2]
    return fold(item.sender) == fold(other.sender) or (place != "" and place == other_place)


def _same_words(item: Item, other: Item) -> bool:
    return item.kind is other.kind and item.text.strip() == other.text.strip()


def confirm(core: Core, held: Pending, echo: Item | None) -> None:
    """The message is stored (or accepted): take over what the echo says and put it in place."""
    del core.pending[held.item.id]
    core.session.requests.pop(held.label, None)
    item, buffer = held.item, core.state.buffers[held.buffer]
    item.delivery, item.reason = Delivery.CONFIRMED, ""
    if echo is not None:
        item.delivery, item.time_ms = echo.delivery, echo.time_ms
        item.msgid, item.number, item.source = echo.msgid, echo.number, echo.source
        item.sender = echo.sender
        _take_place(core, buffer, item)
    core.changes.item_changed(buffer.key, item)


def _take_place(core: Core, buffer: Buffer, item: Item) -> None:
    """Move a confirmed item to where the log has it; the page may have brought it already."""
    known = core.covered(buffer.key).known
    double = known.get(item.msgid)
    if double is not None and double is not item:
        del buffer.items[index_of(buffer.items, double)]
        core.changes.add(ItemsReordered(buffer.key))
    if item.msgid:
        known[item.msgid] = item
    at = index_of(buffer.items, item)
    if not is_settled(buffer.items, at):
        del buffer.items[at]
        buffer.items.insert(place(buffer.items, item), item)
        core.changes.add(ItemsReordered(buffer.key))


def give_up(core: Core, held: Pending, reason: str) -> None:
    """Mark a message unsent; it stays in its buffer and can be sent again."""
    held.awaits_rejoin = False
    held.item.delivery, held.item.reason = Delivery.UNSENT, reason
    core.changes.item_changed(held.buffer, held.item)


def retry(core: Core, buffer: Buffer, item_id: int) -> None:
    """Send an unsent message again, under the key it has; it moves to the end.

    Raises `IntentRefused` where there is no such message.
    """
    held = core.pending.get(item_id)
    if held is None or held.buffer != buffer.key or held.item.delivery is not Delivery.UNSENT:
        raise IntentRefused("This message does not wait to be sent again.")
    item = held.item
    item.delivery, item.reason = Delivery.PENDING, ""
    held.sent_wall_ms = core.wall_ms
    del buffer.items[index_of(buffer.items, item)]
    buffer.items.append(item)
    core.changes.add(ItemsReordered(buffer.key))
    core.changes.item_changed(buffer.key, item)
    transmit(core, buffer, held)


def link_lost(core: Core) -> None:
    """What can safely be sent again waits for it; the rest is marked unsent."""
    for held in core.pending.values():
        if held.item.delivery is not Delivery.PENDING:
            continue
        if (held.keyed or held.awaits_rejoin) and held.buffer in core.rejoin:
            held.awaits_rejoin = True
        else:
            give_up(core, held, LOST)


def room_entered(core: Core, buffer: Buffer) -> None:
    """Send again what waited for this room."""
    for held in list(core.pending.values()):
        if not held.awaits_rejoin or held.buffer != buffer.key:
            continue
        fresh = core.wall_ms - held.sent_wall_ms < KEY_LIFETIME_MS
        if fresh and core.session.device_sent and core.has(RESEND):
            transmit(core, buffer, held)
        else:
            give_up(core, held, LOST)


def room_refused(core: Core, key: str, reason: str) -> None:
    """The room cannot be entered again: what waited for it is unsent."""
    for held in core.pending.values():
        if held.awaits_rejoin and held.buffer == key:
            give_up(core, held, reason)


def next_deadline(core: Core) -> float | None:
    """When the oldest unanswered message is given up."""
    times = [
        held.sent_at + ANSWER_TIMEOUT_S for held in core.pending.values() if _waits_for_answer(held)
    ]
    return min(times, default=None) if core.online else None


def fire(core: Core) -> None:
    """Give up what a live server has left without an answer."""
    for held in core.pending.values():
        if core.online and _waits_for_answer(held) and core.now >= held.sent_at + ANSWER_TIMEOUT_S:
            give_up(core, held, NO_ANSWER)
