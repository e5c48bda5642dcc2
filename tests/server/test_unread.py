"""What is new for one, found without reading all rooms: UNREAD and MENTIONS.

Ours: `docs/protocol.md`, unread; meanings: SEMANTICS, "Who may read".
"""

import pytest

from tests.conversation import OUR_CLIENT, Person, World, commands
from tests.server.logins import QUICK, log_in, register

CAPABILITIES = f"{OUR_CLIENT} draft/read-marker"


def people(world: World) -> tuple[Person, Person]:
    """Ann, who reads, and Bob, who writes: both with accounts and in #trail."""
    for name in ("ann", "bob"):
        register(world, name)
    ann, bob = (log_in(world, name, capabilities=CAPABILITIES) for name in ("ann", "bob"))
    ann.send("CREATE trail")
    bob.send("JOIN #trail")
    ann.barrier(), bob.barrier()
    return ann, bob


def unread(person: Person) -> list[list[str]]:
    """The answer to UNREAD: target, how many, the last number, the marker."""
    person.barrier()
    return [line.params for line in person.answer("UNREAD") if line.command == "UNREAD"]


def mentions(person: Person, query: str = "") -> list[str]:
    """The texts that MENTIONS finds."""
    person.barrier()
    lines = person.answer(f"MENTIONS {query}")
    assert commands(lines)[:1] == ["BATCH"], lines
    return [line.params[-1] for line in lines if line.command in ("PRIVMSG", "NOTICE")]


def test_unread_counts_by_numbers_from_the_marker_on() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    bob.send("PRIVMSG #trail :one", "PRIVMSG #trail :two", "PRIVMSG ann :psst")
    assert unread(ann) == [["#trail", "2", "2", "*"], ["bob", "1", "1", "*"]]
    ann.send("MARKREAD #trail timestamp=2026-01-01T00:00:00.000Z")
    world.pass_time(1)
    bob.send("PRIVMSG #trail :three", "JOIN #elsewhere")
    shown = unread(ann)
    assert shown[0] == ["#trail", "1", "3", "timestamp=2026-01-01T00:00:00.000Z"]
    ann.send("MARKREAD #trail timestamp=2027-01-01T00:00:00.000Z")
    ann.send("MARKREAD bob timestamp=2027-01-01T00:00:00.000Z")
    assert unread(ann) == []


def test_it_is_the_same_on_every_device_and_after_a_restart() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    bob.send("PRIVMSG #trail :one")
    second = log_in(world, "ann", capabilities=CAPABILITIES)
    assert unread(second) == unread(ann) == [["#trail", "1", "1", "*"]]
    second.send("MARKREAD #trail timestamp=2027-01-01T00:00:00.000Z")
    assert unread(ann) == []
    world.restart()
    ann = log_in(world, "ann", capabilities=CAPABILITIES)
    assert unread(ann) == []


def test_what_names_one_is_found_in_every_room_and_what_is_said_to_one_alone() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    bob.send("CREATE other", "PRIVMSG #trail :Ann: tea?", "PRIVMSG #trail :anniversary")
    ann.send("JOIN #other", "PRIVMSG #other :ann is me")
    world.pass_time(1)
    bob.send("NOTICE #other :hello ann")
    world.pass_time(1)
    bob.send("PRIVMSG ann :only for you")
    assert mentions(ann) == ["Ann: tea?", "hello ann", "only for you"]
    assert mentions(ann, "* 1") == ["only for you"]


def test_what_was_read_is_not_found_unless_asked_for_by_time() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    bob.send("PRIVMSG #trail :ann, early")
    world.pass_time(1)
    bob.send("PRIVMSG ann :early too")
    for target in ("#trail", "bob"):
        ann.send(f"MARKREAD {target} timestamp=2026-01-01T00:00:05.000Z")
    world.pass_time(10)
    bob.send("PRIVMSG #trail :ann, late")
    assert mentions(ann) == ["ann, late"]
    assert mentions(ann, "timestamp=2025-12-31T00:00:00.000Z") == [
        "ann, early",
        "early too",
        "ann, late",
    ]
    assert mentions(ann, "timestamp=2026-01-01T00:00:05.000Z") == ["ann, late"]


def test_someone_who_was_away_finds_it_on_return() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    ann.send("QUIT")
    bob.send("PRIVMSG #trail :where is ann?")
    world.pass_time(1)
    bob.send("PRIVMSG ann :call me")
    world.restart()
    ann = log_in(world, "ann", capabilities=CAPABILITIES)
    assert mentions(ann) == ["where is ann?", "call me"]
    assert [row[0] for row in unread(ann)] == ["#trail", "bob"]


def test_names_of_account_and_nick_both_count_once() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    ann.send("NICK annie")
    bob.send("PRIVMSG #trail :annie and ann", "PRIVMSG #trail :annie", "PRIVMSG #trail :ann")
    assert mentions(ann) == ["annie and ann", "annie", "ann"]


def test_nothing_is_told_of_what_one_may_not_read() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    bob.send("CREATE", "PRIVMSG @#trail :ann is no operator", "CREATE far")
    bob.send("PRIVMSG #far :ann is not here", "PRIVMSG #trail :ann, take it back")
    line = next(m for m in ann.barrier() if m.params[-1] == "ann, take it back")
    bob.send(f"REDACT #trail {line.tags['msgid']}")
    assert mentions(ann) == []
    ann.send(f"REDACT #trail {line.tags['msgid']}")
    eve = world.connect("eve", CAPABILITIES)
    assert mentions(eve) == []
    assert unread(eve) == []


def test_a_guest_has_markers_and_mentions_too() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=CAPABILITIES)
    bob.send("PRIVMSG #trail :hello ann")
    ann.barrier()
    assert mentions(ann) == ["hello ann"]
    ann.send("MARKREAD #trail timestamp=2027-01-01T00:00:00.000Z")
    assert mentions(ann) == []


@pytest.mark.parametrize("query", ["yesterday", "* none", "* 0", "timestamp=x"])
def test_what_cannot_be_read_is_refused(query: str) -> None:
    (ann,) = World().join("ann", capabilities=OUR_CLIENT)
    ann.send(f"MENTIONS {query}")
    ann.expect("FAIL MENTIONS INVALID_PARAMS * *")
    ann.nothing()
