"""The checks at rest: every client holds what the server has and what the ledger says."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.casemap import fold
from common.modes import signs
from common.msgid import decode_msgid, is_numbered, number_at
from common.text import ACTION_START, CTCP
from server.core.channel import Channel
from server.core.multiline import NEW_LINE, split_lines
from server.core.user import User
from server.core.world import World
from server.storage.ports import Event, Kind
from tests.simulation.ledger import Ledger, Room
from tests.simulation.people import Person
from tests.simulation.streams import Seat
from tui.client.cleaning import cleaned
from tui.client.pending import LOST
from tui.client.state import PRESENCE, Buffer, Delivery, Item, ItemKind

if TYPE_CHECKING:
    from tests.simulation.simulator import Simulator

_SHOWN = (Kind.PRIVMSG, Kind.NOTICE, Kind.TOPIC, Kind.MODE, Kind.KICK)


def check(run: "Simulator") -> None:
    """Compare everything; raises `AssertionError` with what differs."""
    assert run.server.core is not None
    world = run.server.core.world
    run.checkers.check_answered()
    for text in run.checkers.once:
        assert len(run.checkers.ledger.texts.get(text, [])) <= 1, f"{text!r} is stored twice"
    for person in run.people:
        person.check_buffers()
        user = _user_of(world, person)
        _check_rooms(person, user)
        _check_own(person, run.checkers.ledger, run.checkers.once)
        assert person.link is not None
        seats = run.checkers.seats_of(person.link.number)
        assert set(seats) == set(person.rooms), f"{person.name} was shown to be in {set(seats)}"
        for key, seat in seats.items():
            buffer = person.client.state.buffers[key]
            _check_history(person, buffer, seat)
            _check_presence(person, buffer, run.checkers.ledger)


def _user_of(world: World, person: Person) -> User:
    nick = person.client.state.nick
    user = world.users.get(fold(nick))
    assert user is not None, f"{person.name} believes to be {nick}, whom nobody knows"
    assert user.nick == nick
    assert person.link is not None
    assert [each.link for each in user.sessions] == [person.link.number], f"{nick} is another"
    return user


def _check_rooms(person: Person, user: User) -> None:
    """The same rooms, people, signs and topics on both sides."""
    theirs = {fold(channel.record.name): channel for channel in user.channels}
    assert set(person.rooms) == set(theirs), f"{person.name} is in {set(theirs)}"
    for key, channel in theirs.items():
        buffer = person.client.state.buffers[key]
        topic = cleaned(channel.record.topic).replace(CTCP, "")
        assert buffer.topic == topic, f"{person.name}: topic of {key}"
        held = {each.nick: each.signs for each in buffer.members.values()}
        assert held == _roster(channel), f"{person.name}: {key}: {held} and {_roster(channel)}"


def _roster(channel: Channel) -> dict[str, str]:
    return {
        user.nick: signs(membership.roles, every=True)
        for user, membership in channel.members.items()
    }


def _check_own(person: Person, ledger: Ledger, once: dict[str, None]) -> None:
    """Nothing waits any more, and what is said to be lost is not stored in its room."""
    for buffer in person.client.state.buffers.values():
        for item in buffer.items:
            where = f"{person.name}: {buffer.key}: {item.text!r}"
            assert item.delivery is not Delivery.PENDING, f"{where} is pending at rest"
            if item.reason == LOST and item.text in once and buffer.joined:
                room = ledger.by_name[buffer.key]
                stored = [event.channel_id for event in ledger.texts.get(item.text, [])]
                assert room.id not in stored, f"{where} is stored, and called unsent"


def _check_history(person: Person, buffer: Buffer, seat: Seat) -> None:
    """What is readable from the oldest number held on is there, holes aside, and as stored."""
    where = f"{person.name}: {buffer.key}"
    assert buffer.gap_free, f"{where} has a gap"
    if seat.room.unkept:
        return
    held = {item.number: item for item in buffer.items if _is_of(item, seat.room)}
    first = min(held, default=0)
    stored = {
        number_at(event.position): event
        for event in seat.room.events.values()
        if is_numbered(event.position) and event.position > seat.room.floor and _is_shown(event)
    }
    begin = seat.first_position if seat.room.was_ever_unlisted else 0
    readable = {number: event for number, event in stored.items() if event.position >= begin}
    not_held = [number for number in readable if number >= first and number not in held]
    missing = sorted(set(not_held).difference(_in_holes(buffer, seat.room)))
    begin = number_at(seat.room.floor)
    surplus = sorted(number for number in held if number > begin and number not in stored)
    assert held or not readable, f"{where} holds nothing of {len(readable)}"
    assert not missing, f"{where} misses {missing}"
    assert not surplus, f"{where} holds {surplus}, which are not stored"
    for number, item in held.items():
        if number <= begin:
            continue
        event = stored[number]
        assert item.msgid == event.msgid, f"{where}: {item} and {event}"
        assert item.sender == event.source.partition("!")[0], f"{where}: {item} and {event}"
        if event.kind in (Kind.PRIVMSG, Kind.NOTICE):
            assert item.text == _said(item, event), f"{where}: {item} and {event}"


def _in_holes(buffer: Buffer, room: Room) -> Iterator[int]:
    """The numbers that the person is shown to be missing."""
    above = 0
    is_open = False
    for item in buffer.items:
        is_open |= item.id in buffer.holes
        if _is_of(item, room):
            yield from range(above + 1, item.number) if is_open else ()
            above, is_open = item.number, False


def _said(item: Item, event: Event) -> str:
    """What a person should read of a stored message."""
    text = event.text.removeprefix(ACTION_START) if item.kind is ItemKind.ACTION else event.text
    said = ""
    for number, line in enumerate(split_lines(text)):
        said += "" if line.concatenated or number == 0 else NEW_LINE
        said += cleaned(line.text).replace(CTCP, "")
    return said


def _is_of(item: Item, room: Room) -> bool:
    """Whether an item is a numbered one of this room, not of one that had its name before."""
    place = decode_msgid(item.msgid)
    return item.number > 0 and place is not None and place[0] == room.id


def _is_shown(event: Event) -> bool:
    """Whether our client makes an item of it: not of questions between programs."""
    if event.kind is Kind.PRIVMSG and event.text.startswith(CTCP):
        return event.text.startswith(ACTION_START)
    return event.kind in _SHOWN


def _check_presence(person: Person, buffer: Buffer, ledger: Ledger) -> None:
    """Coming and going is shown once each, of all rooms that ever had the name.

    One's own going may be told by an answer without the log's time.
    """
    if any(buffer.key in room.names and room.unkept for room in ledger.rooms.values()):
        return
    held = Counter(
        (item.kind.name, item.sender, item.time_ms)
        for item in buffer.items
        if item.kind in PRESENCE and not item.own
    )
    stored = Counter(
        (event.kind.name, event.source.partition("!")[0], event.wall_ms)
        for room in ledger.rooms.values()
        if buffer.key in room.names
        for event in room.events.values()
        if not is_numbered(event.position)
    )
    surplus = held - stored
    assert not surplus, f"{person.name}: {buffer.key} shows {surplus} too often"
