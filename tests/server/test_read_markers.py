"""How far someone has read: kept, the same on every device, never moved back, told nobody.

Specification: IRCv3 draft/read-marker.
"""

import pytest

from tests.conversation import Person, World
from tests.server.logins import QUICK, log_in, register

ABLE = "draft/read-marker chat-server/resend"
EARLY = "timestamp=2025-01-01T00:00:00.000Z"
LATE = "timestamp=2025-06-01T00:00:00.500Z"


def reader(world: World, nick: str = "ann") -> Person:
    """Someone with a device, who has made a room; everything read already."""
    person = world.connect(nick, ABLE, device=f"{nick}-has-a-device-of-their-own")
    person.send("CREATE #trail")
    person.barrier()
    return person


def test_a_marker_is_kept_and_never_moves_back() -> None:
    ann = reader(World())
    ann.send("MARKREAD #trail", f"MARKREAD #trail {LATE}", f"MARKREAD #trail {EARLY}")
    ann.expect("MARKREAD #trail *")
    ann.expect(f"MARKREAD #trail {LATE}")
    ann.expect(f"MARKREAD #trail {LATE}")


def test_nobody_has_read_what_is_still_to_come() -> None:
    ann = reader(World())
    ann.send("MARKREAD #trail timestamp=2100-01-01T00:00:00.000Z")
    ann.expect("MARKREAD #trail timestamp=2026-01-01T00:00:00.000Z")


def test_it_is_told_on_entering_before_the_end_of_names() -> None:
    world = World()
    ann = reader(world)
    ann.send(f"MARKREAD #trail {LATE}")
    world.restart()
    ann = world.connect("ann", ABLE, device="ann-has-a-device-of-their-own")
    words = [m.command for m in ann.answer("JOIN #trail")]
    assert words == ["JOIN", "MARKREAD", "353", "366"]
    ann.send("MARKREAD #trail")
    ann.expect(f"MARKREAD #trail {LATE}")


def test_a_renamed_room_keeps_it() -> None:
    ann = reader(World())
    ann.send(f"MARKREAD #trail {LATE}", "RENAME #trail #path")
    ann.barrier()
    ann.send("MARKREAD #path")
    ann.expect(f"MARKREAD #path {LATE}")


def test_other_devices_hear_of_it() -> None:
    world = World(QUICK)
    register(world, "ann")
    first, second = (log_in(world, "ann", capabilities=ABLE) for _ in range(2))
    first.barrier()
    second.barrier()
    first.send(f"MARKREAD bob {LATE}")
    for device in (first, second):
        device.expect(f"MARKREAD bob {LATE}")
    first.send(f"MARKREAD bob {EARLY}")  # changes nothing
    second.nothing()


def test_a_device_under_another_nick_hears_of_it_where_it_can_read() -> None:
    world = World(QUICK)
    register(world, "ann")
    first = log_in(world, "ann", capabilities=ABLE)
    other = log_in(world, "ann", nick="ann2", capabilities=ABLE)
    first.send("CREATE #trail", "CREATE #braid")
    other.send("JOIN #trail")
    first.barrier()
    other.barrier()
    first.send(f"MARKREAD bob {LATE}", f"MARKREAD #trail {LATE}", f"MARKREAD #braid {LATE}")
    for person in (first, other):
        person.expect(f"MARKREAD bob {LATE}")
        person.expect(f"MARKREAD #trail {LATE}")
    first.expect(f"MARKREAD #braid {LATE}")
    other.nothing()


def test_others_hear_nothing_and_have_their_own() -> None:
    world = World()
    ann, bob = reader(world), world.connect("bob", ABLE)
    bob.send("JOIN #trail")
    ann.send(f"MARKREAD #trail {LATE}")
    bob.barrier()
    bob.send("MARKREAD #trail")
    bob.expect("MARKREAD #trail *")
    bob.nothing()


def test_a_hidden_room_and_none_are_the_same() -> None:
    world = World()
    ann = reader(world)
    ann.send("MODE #trail +s")
    eve = world.connect("eve", ABLE)
    for target in ("#trail", "#nowhere"):
        eve.send(f"MARKREAD {target}")
        eve.expect(f"MARKREAD {target} *")
        eve.send(f"MARKREAD {target} {LATE}")
        eve.expect(f"FAIL MARKREAD INVALID_PARAMS {target} *")


@pytest.mark.parametrize("typed", ["*", "timestamp=*", "timestamp=yesterday", LATE[10:], "msgid=x"])
def test_a_time_is_a_time(typed: str) -> None:
    ann = reader(World())
    ann.send(f"MARKREAD #trail {typed}")
    ann.expect(f"FAIL MARKREAD INVALID_PARAMS #trail {typed} *")
    ann.send("MARKREAD")
    ann.expect("FAIL MARKREAD NEED_MORE_PARAMS *")


def test_there_is_a_limit_and_the_oldest_gives_way() -> None:
    world = World()
    ann = reader(world)
    ann.send(f"MARKREAD oldest {EARLY}")
    for number in range(1_000):
        ann.send(f"MARKREAD nick{number} {LATE}")
    ann.barrier()
    ann.send("MARKREAD oldest", "MARKREAD nick0")
    ann.expect("MARKREAD oldest *")
    ann.expect(f"MARKREAD nick0 {LATE}")
