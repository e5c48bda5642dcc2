"""A wall clock that jumps, and a server that stood still: nothing is lost by it.

Meanings: SEMANTICS, "Rooms".
"""

import pytest

from server.settings import Settings
from tests.conversation import World
from tests.server.test_retention import DAY_S, numbers

HOUR_S = 3_600


def left_room(world: World) -> None:
    """#trail, made and left."""
    (ann,) = world.join("ann")
    ann.send("PRIVMSG #trail :hello", "QUIT")


def is_there(world: World) -> bool:
    """Whether there is still a room #trail."""
    guest = world.connect("guest", "chat-server/rooms")
    entered = any(m.command == "JOIN" for m in guest.answer("JOIN #trail"))
    guest.send("QUIT")
    return entered


@pytest.mark.parametrize("jump_days", [31, 400, -400])
def test_a_clock_that_jumps_closes_no_room(jump_days: int) -> None:
    world = World()
    left_room(world)
    world.wall_ms += round(jump_days * DAY_S * 1000)
    for _ in range(5):
        world.pass_time(HOUR_S)
    assert is_there(world)


def test_days_are_counted_behind_a_jump_as_before_it() -> None:
    world = World(Settings(rooms__empty_days=10))
    left_room(world)
    world.pass_time(6 * DAY_S)
    world.wall_ms += round(31 * DAY_S * 1000)
    world.pass_time(HOUR_S)
    world.pass_time(5 * DAY_S)
    assert not is_there(world)


@pytest.mark.parametrize("stopped_days", [31, -31])
def test_days_on_which_no_server_ran_do_not_count(stopped_days: int) -> None:
    world = World()
    left_room(world)
    ann = world.connect("ann")
    ann.send("CREATE busy")
    world.pass_time(1)
    world.wall_ms += round(stopped_days * DAY_S * 1000)
    world.restart()
    world.pass_time(HOUR_S)
    assert is_there(world)
    guest = world.connect("guest", "chat-server/rooms")
    assert "JOIN" in [m.command for m in guest.answer("JOIN #busy")]


def test_a_jump_lets_no_history_go_and_no_key_be_forgotten() -> None:
    world = World(Settings(rooms__keep_days=2, limits__ping_s=3_600))
    (ann,) = world.join("ann")
    ann.send("PRIVMSG #trail :hello")
    world.wall_ms += round(30 * DAY_S * 1000)  # somebody set the clock wrong
    world.pass_time(1_800)
    world.wall_ms -= round(30 * DAY_S * 1000)  # and right again
    for _ in range(9):
        ann.send("PING alive")
        world.pass_time(1_800)
    assert numbers(world, "bob") == ["1"]
