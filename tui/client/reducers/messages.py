"""What people say: messages, actions, notices, and CTCP.

Specification: modern IRC "PRIVMSG", "NOTICE", CTCP; IRCv3 echo-message.
"""

from typing import Final

from common.capabilities import TAG_KEY
from common.text import CTCP, plain
from tui.client import buffers, composing, history, ignoring, pending, revising
from tui.client.core import Core
from tui.client.items import Arrival, build_item, has_item
from tui.client.reducers.table import on
from tui.client.state import Buffer, BufferKind

CTCP_INTERVAL_S: Final = 2.0
"""One answer in this time: nobody makes us flood the server by asking."""

CTCP_BYTES_MAX: Final = 100
PROGRAM: Final = "chat-tui"


@on("PRIVMSG", "NOTICE", params_min=2)
def said(core: Core, arrival: Arrival) -> None:
    """Someone, maybe we ourselves, said something."""
    if ignoring.is_ignored(core, arrival.nick):
        _drop(core, arrival)
        return
    if not has_item(arrival.message):
        _ctcp(core, arrival)
        return
    buffer = _buffer_of(core, arrival)
    if buffer.kind is BufferKind.STATUS:
        text = arrival.text(1).replace(CTCP, "")
        buffers.say_news(core, buffer, text, sender=arrival.nick)
    elif core.is_self(arrival.nick) or _answers_ours(core, arrival, buffer):
        _echoed(core, arrival, buffer)
    else:
        _deliver(core, arrival, buffer)


def _drop(core: Core, arrival: Arrival) -> None:
    """Of someone ignored: nothing is shown, but what has a number was received."""
    buffer = core.room(arrival.word(0))
    if buffer is not None and has_item(arrival.message):
        history.live_arrived(core, buffer, build_item(core, arrival))


def _buffer_of(core: Core, arrival: Arrival) -> Buffer:
    target, nick = arrival.word(0), arrival.nick
    bare = target.lstrip("".join(core.prefixes()))  # a message to part of a room
    if core.is_room(bare):
        return core.room(bare) or core.status
    from_person = "!" in arrival.message.source
    if core.is_self(nick):
        return buffers.open_buffer(core, target, BufferKind.DIRECT)
    if not from_person or not core.is_self(target):
        return core.status
    return buffers.open_buffer(core, nick, BufferKind.DIRECT)


def _answers_ours(core: Core, arrival: Arrival, buffer: Buffer) -> bool:
    """Whether it is a message of ours, sent again and stored under a nick we no longer have."""
    held = core.pending.get(arrival.request.item_id) if arrival.request is not None else None
    if held is None or held.buffer != buffer.key or buffer.kind is not BufferKind.ROOM:
        return False
    return build_item(core, arrival).text.strip() == held.item.text.strip()


def _echoed(core: Core, arrival: Arrival, buffer: Buffer) -> None:
    if "!" in arrival.message.source and core.is_self(arrival.nick):
        core.source = plain(arrival.message.source)
    item = build_item(core, arrival)
    item_id = arrival.request.item_id if arrival.request is not None else 0
    key = arrival.message.tags.get(TAG_KEY, "")
    held = pending.find_echoed(core, buffer.key, item, key, item_id)
    if held is not None:
        pending.confirm(core, held, item)
        history.live_arrived(core, buffer, item)
    elif not item_id:  # with one, it was found in a page of history before its echo came
        _deliver(core, arrival, buffer)


def _deliver(core: Core, arrival: Arrival, buffer: Buffer) -> None:
    item = build_item(core, arrival)
    composing.stopped(core, buffer, item.sender)
    if item.msgid and item.msgid in core.covered(buffer.key).known:
        return
    revising.lead_to_quoted(core, buffer, item)
    buffers.append(core, buffer, item)
    history.live_arrived(core, buffer, item)


def _ctcp(core: Core, arrival: Arrival) -> None:
    """A question or answer between programs: answered politely, told in the status buffer."""
    asked = arrival.text(1).strip(CTCP)
    word, _, argument = asked.partition(" ")
    told = f"asks for {plain(word)}" if arrival.message.command == "PRIVMSG" else plain(asked)
    buffers.say_news(core, core.status, told, sender=arrival.nick)
    answers = {
        "VERSION": PROGRAM,
        "PING": argument.encode()[:CTCP_BYTES_MAX].decode("utf-8", "ignore"),
    }
    answer = answers.get(word.upper())
    ours = core.is_self(arrival.nick) or not core.is_self(arrival.word(0))
    nick = arrival.message.nick
    nameless = not nick or nick.startswith(":")
    if answer is None or ours or nameless or arrival.message.command != "PRIVMSG":
        return
    last = core.session.ctcp_answered_at
    if last is not None and core.now < last + CTCP_INTERVAL_S:
        return
    core.session.ctcp_answered_at = core.now
    core.send("NOTICE", nick, f"{CTCP}{word.upper()} {answer}{CTCP}")
