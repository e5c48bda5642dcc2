"""Paging end to end: whatever happened meanwhile, never a repeat and never a hole.

Equal times, a clock that jumps, renames, redactions and edits, presence, what only part of a room
may read, and whatever a client has negotiated. Specification: IRCv3 draft/chathistory.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.wire import Message
from tests.conversation import OUR_CLIENT, Person, World
from tests.server.logins import QUICK, log_in, register

ALL = OUR_CLIENT + (
    " draft/message-redaction chat-server/edit draft/channel-rename away-notify draft/multiline"
)
CAPABILITIES = (
    ALL,
    OUR_CLIENT,
    ALL.replace("draft/event-playback", ""),
    "batch message-tags server-time draft/chathistory chat-server/sequence",
    "batch message-tags server-time draft/chathistory draft/event-playback chat-server/sequence",
)
"""Clients that are shown everything, and some that are shown less of it."""

EVENTS_MAX = 40


@dataclass
class Room:
    """A room in which things happen: Ann owns it, Bob has no role, and someone reads."""

    world: World
    ann: Person
    bob: Person
    name: str = "#trail"
    renamed: int = 0

    def ids(self) -> list[str]:
        """What was said by Ann and may be changed: the ids of her own messages."""
        lines = self.ann.answer(f"CHATHISTORY LATEST {self.name} * 100")
        own = (line for line in lines if line.source.startswith("ann!"))
        return [line.tags["msgid"] for line in own if line.command == "PRIVMSG"]


def _rename(room: Room, _: int) -> None:
    room.world.pass_time(11)  # once in ten seconds
    room.renamed += 1
    new = f"#trail{room.renamed}"
    room.ann.send(f"RENAME {room.name} {new} :so")
    room.name = new


def _change(command: str) -> Callable[[Room, int], None]:
    def change(room: Room, which: int) -> None:
        ids = room.ids()
        if ids:
            room.ann.send(f"{command} {room.name} {ids[which % len(ids)]} :changed {which}")

    return change


def _jump(room: Room, how: int) -> None:
    room.world.wall_ms += (how - 2) * 3_600_000
    room.world.pass_time(0)


def _says(person: str, line: str) -> Callable[[Room, int], None]:
    def say(room: Room, which: int) -> None:
        getattr(room, person).send(line.format(room=room.name, which=which))

    return say


HAPPENINGS: dict[str, Callable[[Room, int], None]] = {
    "said": _says("ann", "PRIVMSG {room} :text {which}"),
    "answered": _says("bob", "NOTICE {room} :text {which}"),
    "reacted": _says("bob", "@+draft/react=x TAGMSG {room}"),
    "to operators": _says("bob", "PRIVMSG @{room} :only for some"),
    "topic": _says("ann", "TOPIC {room} :{which}"),
    "left": _says("bob", "PART {room}"),
    "came": _says("bob", "JOIN {room}"),
    "away": _says("ann", "AWAY :{which}"),
    "redacted": _change("REDACT"),
    "edited": _change("EDIT"),
    "renamed": _rename,
    "jumped": _jump,
    "a while": lambda room, which: room.world.pass_time(which),
}


def happened(*without: str) -> st.SearchStrategy[list[tuple[str, int]]]:
    """What may happen in a room, one after the other."""
    names = [name for name in HAPPENINGS if name not in without]
    return st.lists(st.tuples(st.sampled_from(names), st.integers(0, 4)), max_size=EVENTS_MAX)


def played(happenings: list[tuple[str, int]]) -> Room:
    """A room in which all of this happened."""
    world = World()
    ann = world.connect("ann", ALL, device="ann-has-a-device")
    ann.send("CREATE #trail")
    bob = world.connect("bob", ALL, device="bob-has-a-device")
    bob.send("JOIN #trail")
    ann.barrier()
    room = Room(world, ann, bob)
    for what, which in happenings:
        HAPPENINGS[what](room, which)
        ann.received.clear()
        bob.received.clear()
    return room


def page(reader: Person, query: str) -> list[Message]:
    """The lines of a page; what came before it is dropped."""
    reader.barrier()
    lines = reader.answer(f"CHATHISTORY {query}")
    assert [line.command for line in (lines[0], lines[-1])] == ["BATCH", "BATCH"], lines
    return lines[1:-1]


def ids_of(lines: list[Message]) -> list[str]:
    """Their ids, of which none may stand twice."""
    ids = [line.tags["msgid"] for line in lines]
    assert len(ids) == len(set(ids)), "a repeat"
    return ids


def forward(reader: Person, name: str, first: str, size: int) -> Iterator[Message]:
    """Page from a selector to the end; a page that is not full is the last."""
    selector = first
    while True:
        lines = page(reader, f"AFTER {name} {selector} {size}")
        yield from lines
        if len(lines) < size:
            return
        selector = f"msgid={lines[-1].tags['msgid']}"


def backward(reader: Person, name: str, size: int) -> list[Message]:
    """Page from the end to the beginning."""
    found = page(reader, f"LATEST {name} * {size}")
    full = len(found) == size
    while full:
        older = page(reader, f"BEFORE {name} msgid={found[0].tags['msgid']} {size}")
        found[:0] = older
        full = len(older) == size
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(happened(), st.sampled_from(CAPABILITIES), st.integers(1, 7))
def test_pages_follow_one_another(
    happenings: list[tuple[str, int]], capabilities: str, size: int
) -> None:
    room = played(happenings)
    reader = room.world.connect("reader", capabilities)
    reader.send(f"JOIN {room.name}")
    reader.barrier()
    whole = ids_of(page(reader, f"LATEST {room.name} * 1000"))
    assert whole == sorted(whole), "ids sort like the log"
    assert ids_of(list(forward(reader, room.name, "number=0", size))) == whole
    assert ids_of(backward(reader, room.name, size)) == whole
    for place, middle in enumerate(whole):
        around = ids_of(page(reader, f"AROUND {room.name} msgid={middle} {size}"))
        assert middle in around
        start = whole.index(around[0])
        assert around == whole[start : start + len(around)], "a hole"
        between = f"BETWEEN {room.name} msgid={middle} msgid={whole[-1]} {size}"
        assert ids_of(page(reader, between)) == whole[place + 1 : -1][:size]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(happened("redacted", "edited"), st.integers(1, 5))  # an empty place has a time too
def test_a_page_by_time_leads_to_all_that_was_said_at_it_or_later(
    happenings: list[tuple[str, int]], size: int
) -> None:
    room = played(happenings)
    whole = page(room.ann, f"LATEST {room.name} * 1000")
    high = ""
    for place, line in enumerate(whole):
        if line.tags["time"] > high:  # the first of its time, also where the clock went back
            high = line.tags["time"]
            earlier = page(room.ann, f"BEFORE {room.name} timestamp={high} 1000")
            assert ids_of(earlier) == ids_of(whole[:place])
            closer = page(room.ann, f"BEFORE {room.name} timestamp={high} {size}")
            assert ids_of(closer) == ids_of(whole[:place])[-size:]


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_a_direct_conversation_is_paged_in_the_same_way(size: int) -> None:
    world = World(QUICK)
    for name in ("ann", "bob"):
        register(world, name)
    ann, bob = (log_in(world, name, capabilities=ALL) for name in ("ann", "bob"))
    ann.barrier(), bob.barrier()
    for number in range(7):  # all of it at the same time
        ann.send(f"PRIVMSG bob :{number}")
        bob.send(f"PRIVMSG ann :answer {number}")
    (first, *_), (second, *_) = page(ann, "LATEST bob * 1"), page(ann, "AFTER bob number=0 1")
    ann.send(f"REDACT bob {second.tags['msgid']}", "NICK anna")
    ann.barrier()
    whole = ids_of(page(ann, "LATEST bob * 1000"))
    assert first.tags["msgid"] in whole
    assert second.tags["msgid"] not in whole
    assert ids_of(backward(ann, "bob", size)) == whole
    assert ids_of(list(forward(ann, "bob", "number=0", size))) == whole
    assert ids_of(backward(bob, "anna", size)) == whole


def test_a_full_page_is_full_whatever_is_left_out_of_it() -> None:
    """What a client cannot take does not count: an empty page means that there is no more."""
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    reader = world.connect("reader", "batch draft/chathistory draft/event-playback message-tags")
    reader.send("JOIN #trail")
    ann.send("PRIVMSG #trail :early")
    for _ in range(5):
        ann.send("AWAY :tea", "AWAY", "PRIVMSG @#trail :not for all")
    ann.barrier(), bob.barrier(), reader.barrier()
    (line,) = page(reader, "LATEST #trail * 1")
    assert line.params[-1] == "early"


def test_targets_lists_everything_once_between_two_times() -> None:
    world = World(QUICK)
    for name in ("ann", "bob"):
        register(world, name)
    ann, bob = (log_in(world, name, capabilities=ALL) for name in ("ann", "bob"))
    for number in range(5):
        ann.send(f"CREATE #room{number}", f"PRIVMSG #room{number} :x")
        world.pass_time(1 if number % 2 else 0)
    bob.send("PRIVMSG ann :hello")
    ann.barrier(), bob.barrier()
    early, late = "timestamp=2025-01-01T00:00:00.000Z", "timestamp=2027-01-01T00:00:00.000Z"

    def targets(start: str, end: str, count: int) -> list[str]:
        return [line.params[1] for line in page(ann, f"TARGETS {start} {end} {count}")]

    whole = targets(early, late, 100)
    assert sorted(whole) == ["#room0", "#room1", "#room2", "#room3", "#room4", "bob"]
    assert targets(early, late, 2) == whole[:2]
    assert targets(late, early, 2) == whole[-2:]
