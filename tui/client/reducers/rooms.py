"""Rooms: who is in them, their topics and modes.

Specification: modern IRC "Channel Operations", IRCv3 multi-prefix.
"""

from dataclasses import replace
from typing import Final

from common.capabilities import AWAY_NOTIFY
from common.casemap import fold
from common.modes import Change, read_changes
from common.text import CTCP, plain
from tui.client import buffers, cards, history, pending, registration, room_settings
from tui.client.core import Core
from tui.client.items import Arrival, build_item, takes
from tui.client.reducers.table import on
from tui.client.session import Request
from tui.client.state import Buffer, BufferKind, Item, Member
from tui.client.updates import BufferChanged, BufferOpened, MembersChanged, Told

_MISSING: Final = "What was said meanwhile is missing here: this server keeps no history."

MEMBERS_MAX: Final = 20_000
"""People kept of one room; a longer list is cut."""

WHO_MEMBERS_MAX: Final = 100
"""Of larger rooms we do not ask who is away; news of it come all the same."""


def _record(core: Core, arrival: Arrival, buffer: Buffer) -> None:
    """Add the line's item, unless a page of history has brought it already."""
    _add(core, buffer, build_item(core, arrival))


def _add(core: Core, buffer: Buffer, item: Item) -> None:
    if item.msgid and item.msgid in core.covered(buffer.key).known:
        return
    buffers.append(core, buffer, item)
    history.live_arrived(core, buffer, item)


@on("JOIN", params_min=1)
def join(core: Core, arrival: Arrival) -> None:
    """Someone came into a room; if it is us, the room opens."""
    room, nick = arrival.word(0), arrival.nick
    if core.is_self(nick):
        _enter(core, arrival, room)
        return
    buffer = core.room(room)
    if buffer is None or not buffer.joined or len(buffer.members) >= MEMBERS_MAX:
        return
    buffer.members[fold(nick)] = Member(nick, host=plain(arrival.message.source.partition("!")[2]))
    core.changes.add(MembersChanged(buffer.key))
    _record(core, arrival, buffer)


def _enter(core: Core, arrival: Arrival, room: str) -> None:
    session = core.session
    request = arrival.request or session.take(fold(room), ("JOIN", "CREATE"))
    request = request or session.take("", ("CREATE",))
    renames = request is not None and request.command == "RENAME"
    focus = request is not None and (request.focus or renames)
    held = core.room(room)
    buffer = buffers.open_buffer(core, room, BufferKind.ROOM, focus)
    if held is not None and focus and request is not None and request.buffer != held.key:
        core.changes.add(BufferOpened(held.key, focus))  # asked for from elsewhere
    if buffer.kind is not BufferKind.ROOM:
        text = "Too many conversations are open to show this room; leave one."
        core.changes.add(Told(text, failure=True))
        return
    if "!" in arrival.message.source:
        core.source = plain(arrival.message.source)
    if not buffer.joined:
        buffer.joined, buffer.name = True, room
        buffer.topic = ""  # 332 follows, and where none is set, nothing
        buffer.modes = buffer.bans = None
        buffer.members = {fold(core.state.nick): Member(core.state.nick)}
    core.rejoin[buffer.key] = room
    session.who_wanted[buffer.key] = None
    core.changes.add(BufferChanged(buffer.key))
    core.changes.add(MembersChanged(buffer.key))
    item = build_item(core, arrival)
    history.note_log(core, buffer, item)
    history.catch_up(core, buffer)  # from what was held before this entry
    if core.covered(buffer.key).returning and buffer.items and not core.has_history:
        core.covered(buffer.key).returning = False
        buffers.say_news(core, buffer, _MISSING)
    _add(core, buffer, item)
    pending.room_entered(core, buffer)
    left = core.room(request.target) if request is not None and renames else None
    if left is not None and not left.joined:  # the same room under the name it had
        buffers.close_buffer(core, left)


def _left(core: Core, buffer: Buffer, nick: str) -> None:
    """Take `nick` out of the room; if it is us, we are outside and stay there."""
    buffer.members.pop(fold(nick), None)
    if core.is_self(nick):
        buffer.joined = False
        buffer.members.clear()
        core.rejoin.pop(buffer.key, None)
        core.changes.add(BufferChanged(buffer.key))
    core.changes.add(MembersChanged(buffer.key))


@on("PART", params_min=1)
def part(core: Core, arrival: Arrival) -> None:
    """Someone left a room; if we asked to, its buffer closes."""
    buffer = core.room(arrival.word(0))
    if buffer is None:
        return
    core.session.take(buffer.key, ("PART",))
    if core.is_self(arrival.nick) and buffer.key in core.session.leaving:
        buffers.close_buffer(core, buffer)
        return
    _left(core, buffer, arrival.nick)
    _record(core, arrival, buffer)


@on("KICK", params_min=2)
def kick(core: Core, arrival: Arrival) -> None:
    """Someone was removed from a room."""
    buffer, nick = core.room(arrival.word(0)), arrival.word(1)
    if buffer is None:
        return
    _left(core, buffer, nick)
    _record(core, arrival, buffer)
    if core.is_self(nick):
        reason = arrival.word(2)
        because = f": {reason}" if reason else ""
        title = buffer.title
        text = f"{arrival.nick} removed you from {title}{because}. join {title} goes back."
        core.changes.add(Told(text, failure=True, buffer=buffer.key))


@on("QUIT")
def quit_(core: Core, arrival: Arrival) -> None:
    """Someone's connection ended: they are gone from every room."""
    nick = arrival.nick
    registration.nick_given_up(core, nick)
    cards.gone(core, nick)
    item = replace(build_item(core, arrival), msgid="", number=0)  # one line for many rooms
    for buffer in core.state.buffers.values():
        if fold(nick) in buffer.members:
            _left(core, buffer, nick)
        elif buffer.kind is not BufferKind.DIRECT or buffer.key != fold(nick):
            continue
        buffers.append(core, buffer, replace(item, id=core.new_item_id()))


@on("NICK", params_min=1)
def nick_changed(core: Core, arrival: Arrival) -> None:
    """Someone has another nick."""
    old, new = arrival.nick, arrival.word(0)
    if not new:
        return
    asked = arrival.request is not None and arrival.request.command == "NICK"
    ours = asked or core.is_self(old)
    if ours:  # InspIRCd 3 names us by the new nick already in the answer to what we asked
        old = core.state.nick
    item = replace(build_item(core, arrival), sender=old, own=ours, msgid="", number=0)
    cards.renamed(core, old, new)
    for buffer in list(core.state.buffers.values()):
        member = buffer.members.pop(fold(old), None)
        if member is not None:
            member.nick = new
            buffer.members[fold(new)] = member
            core.changes.add(MembersChanged(buffer.key))
        elif buffer.kind is BufferKind.DIRECT and buffer.key == fold(old):
            buffers.rename_buffer(core, buffer, new)
        else:
            continue
        buffers.append(core, buffer, replace(item, id=core.new_item_id()))
    if ours:
        request = arrival.request or core.session.take(fold(new), ("NICK",))
        registration.nick_taken(core, new, wanted=request is not None)
    else:
        registration.nick_given_up(core, old)


@on("TOPIC", params_min=2)
def topic(core: Core, arrival: Arrival) -> None:
    """The topic was set, or taken off."""
    buffer = core.room(arrival.word(0))
    if buffer is not None:
        core.session.take(buffer.key, ("TOPIC",))
        _set_topic(core, buffer, arrival.text(1))
        _record(core, arrival, buffer)


def _set_topic(core: Core, buffer: Buffer, text: str) -> None:
    buffer.topic = text.replace(CTCP, "")  # a mark of messages, and a control character
    core.changes.add(BufferChanged(buffer.key))


@on("332", params_min=3)
def topic_is(core: Core, arrival: Arrival) -> None:
    """RPL_TOPIC."""
    buffer = core.room(arrival.word(1))
    if buffer is not None:
        _set_topic(core, buffer, arrival.text(2))


@on("331", params_min=2)
def no_topic(core: Core, arrival: Arrival) -> None:
    """RPL_NOTOPIC."""
    buffer = core.room(arrival.word(1))
    if buffer is not None:
        _set_topic(core, buffer, "")


@on("333")
def topic_set_by(core: Core, arrival: Arrival) -> None:
    """RPL_TOPICWHOTIME: follows 332; nothing shows it yet."""


@on("353", params_min=4)
def names(core: Core, arrival: Arrival) -> None:
    """RPL_NAMREPLY: the first one of a list starts it anew."""
    buffer = core.room(arrival.word(2))
    if buffer is None or not buffer.joined:
        return
    if buffer.key not in core.session.names_arriving:
        core.session.names_arriving[buffer.key] = None
        buffer.members.clear()
    signs = "".join(core.prefixes())
    for word in arrival.last.split():
        nick, _, host = word.lstrip(signs).partition("!")
        if nick and len(buffer.members) < MEMBERS_MAX:
            held = word[: len(word) - len(word.lstrip(signs))]
            buffer.members[fold(nick)] = Member(nick, held, host=host)


@on("366", params_min=2)
def names_end(core: Core, arrival: Arrival) -> None:
    """RPL_ENDOFNAMES."""
    buffer = core.room(arrival.word(1))
    if buffer is not None:
        core.session.names_arriving.pop(buffer.key, None)
        core.changes.add(MembersChanged(buffer.key))
        _ask_who(core, buffer)


def _ask_who(core: Core, buffer: Buffer) -> None:
    """Learn once who is away already: later changes come by themselves (away-notify)."""
    wanted = buffer.key in core.session.who_wanted
    core.session.who_wanted.pop(buffer.key, None)
    if wanted and core.has(AWAY_NOTIFY) and len(buffer.members) <= WHO_MEMBERS_MAX:
        core.ask(Request("WHO", buffer.key, buffer.key, quiet=True), "WHO", buffer.name)


@on("MODE", params_min=2)
def mode(core: Core, arrival: Arrival) -> None:
    """Modes of a room, roles among them, or our own."""
    buffer = core.room(arrival.word(0))
    if buffer is None:
        if core.is_self(arrival.word(0)):
            _change_own(core, arrival.word(1))
        text = f"mode {' '.join(arrival.word(at) for at in range(len(arrival.message.params)))}"
        buffers.say_news(core, core.status, text, sender=arrival.nick)
        return
    core.session.take(buffer.key, ("MODE",))
    arguments = [arrival.word(at) for at in range(2, len(arrival.message.params))]
    changes = read_changes(arrival.word(1), arguments, takes(core))
    for change in changes:
        _change_role(core, buffer, change)
    room_settings.changed(core, buffer, changes, arrival.nick)
    _record(core, arrival, buffer)


def _change_own(core: Core, modes: str) -> None:
    for change in read_changes(modes, (), {}):
        if change.letter == "o":
            core.state.operator = change.adds


def _change_role(core: Core, buffer: Buffer, change: Change) -> None:
    signs = {role: sign for sign, role in core.prefixes().items()}
    member, sign = buffer.members.get(fold(change.parameter)), signs.get(change.letter)
    if member is None or sign is None:
        return
    held = member.signs.replace(sign, "") + (sign if change.adds else "")
    member.signs = "".join(each for each in core.prefixes() if each in held)
    core.changes.add(MembersChanged(buffer.key))
