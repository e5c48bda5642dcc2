"""Who is typing: told to others while the person writes, and kept of others until it is over.

Nothing is sent more often than the specification allows, whatever the person does.
Specification: IRCv3 typing.
"""

from typing import Final

from common.capabilities import LABELED_RESPONSE, MESSAGE_TAGS
from common.casemap import fold
from tui.client.core import Core
from tui.client.intents import IntentRefused
from tui.client.items import Arrival
from tui.client.session import Composing, Request, Typing
from tui.client.state import Buffer, BufferKind
from tui.client.updates import BufferChanged

TAG: Final = "+typing"

INTERVAL_S: Final = 3.0
"""Nothing is said more often of one conversation."""

PAUSE_S: Final = 5.0
"""After so long without a key one has paused."""

HELD_S: Final = {"active": 6.0, "paused": 30.0}
"""How long what others say of themselves is believed."""

TYPISTS_MAX: Final = 20
"""Of one conversation; nobody reads more names than that."""


def edited(core: Core, buffer: Buffer, text: str) -> None:
    """The person changed what is written in `buffer`; commands are nobody's business."""
    if not _may_tell(core, buffer):
        return
    is_command = text.startswith("/") and not text.startswith("//")
    if text.strip() and not is_command:
        composing = core.session.composing.setdefault(buffer.key, Composing())
        composing.wanted, composing.changed_at = Typing.ACTIVE, core.now
    elif buffer.key in core.session.composing:
        core.session.composing[buffer.key].wanted = Typing.DONE
    fire(core)


def sent(core: Core, buffer: Buffer) -> None:
    """A message is sent, which says enough: whoever sees it no longer waits for it."""
    composing = core.session.composing.get(buffer.key)
    if composing is not None:
        composing.wanted = composing.said = Typing.DONE


def _may_tell(core: Core, buffer: Buffer) -> bool:
    denied = core.state.isupport.get("CLIENTTAGDENY", "").split(",")
    is_denied = "typing" in denied or ("*" in denied and "-typing" not in denied)
    there = buffer.joined or buffer.kind is BufferKind.DIRECT
    return core.online and core.has(MESSAGE_TAGS) and there and not is_denied


def _next(composing: Composing) -> tuple[float, Typing] | None:
    """When to say what next; None while there is nothing to say."""
    earliest = composing.said_at + INTERVAL_S
    if composing.wanted is composing.said is Typing.DONE:
        return None
    if composing.wanted is Typing.DONE:
        return earliest, Typing.DONE
    if composing.said is Typing.DONE or composing.changed_at > composing.said_at:
        return earliest, Typing.ACTIVE
    if composing.said is Typing.ACTIVE:
        return max(earliest, composing.changed_at + PAUSE_S), Typing.PAUSED
    return None


def _say(core: Core, buffer: Buffer, typing: Typing) -> None:
    tags = {TAG: typing.value}
    if not core.has(LABELED_RESPONSE):
        core.send("TAGMSG", buffer.name, tags=tags)
        return
    request = Request("TAGMSG", buffer.key, buffer.key, quiet=True)  # refused, it is no news
    try:
        core.ask(request, "TAGMSG", buffer.name, tags=tags)
    except IntentRefused:  # a name of the server's that makes no line
        return


def arrived(core: Core, arrival: Arrival, buffer: Buffer) -> None:
    """A TAGMSG with `TAG`: someone else, or we on another device, types or stopped."""
    held_s = HELD_S.get(arrival.message.tags[TAG])
    if held_s is None:
        stopped(core, buffer, arrival.nick)
    elif not core.is_self(arrival.nick) and "!" in arrival.message.source:
        key = fold(arrival.nick)
        if key not in buffer.typing and len(buffer.typing) >= TYPISTS_MAX:
            return
        core.session.typing_until[buffer.key, key] = core.now + held_s
        if key not in buffer.typing:
            buffer.typing[key] = arrival.nick
            core.changes.add(BufferChanged(buffer.key))


def stopped(core: Core, buffer: Buffer, nick: str) -> None:
    """Someone said something, or stopped."""
    core.session.typing_until.pop((buffer.key, fold(nick)), None)
    if buffer.typing.pop(fold(nick), None) is not None:
        core.changes.add(BufferChanged(buffer.key))


def link_lost(core: Core) -> None:
    """Of nobody is it known any more."""
    for buffer in core.state.buffers.values():
        if buffer.typing:
            buffer.typing.clear()
            core.changes.add(BufferChanged(buffer.key))


def next_deadline(core: Core) -> float | None:
    """When there is something to say, or someone is no longer believed to type."""
    session = core.session
    said = (_next(each) for each in session.composing.values())
    due = [at for at, _ in filter(None, said)]
    return min([*due, *session.typing_until.values()], default=None)


def fire(core: Core) -> None:
    """Say what is due, and forget who has been silent."""
    for key, composing in core.session.composing.items():
        due = _next(composing)
        buffer = core.state.buffers.get(key)
        if due is not None and core.now >= due[0]:
            composing.said_at, composing.said = core.now, due[1]
            if buffer is not None:
                _say(core, buffer, due[1])
    for (key, nick), until in list(core.session.typing_until.items()):
        if core.now >= until:
            del core.session.typing_until[key, nick]
            buffer = core.state.buffers.get(key)
            if buffer is not None:
                stopped(core, buffer, nick)
