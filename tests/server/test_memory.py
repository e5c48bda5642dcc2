"""What is over takes no memory: a server that people come to and leave for weeks does not grow."""

import gc

from server.core.session import Session
from server.core.user import User
from tests.conversation import World


def alive() -> int:
    gc.collect()
    return sum(isinstance(each, Session | User) for each in gc.get_objects())


def test_who_has_left_is_not_kept_until_their_timers_are_due() -> None:
    world = World()
    before = alive()
    for number in range(20):
        person = world.connect(f"guest{number}")
        person.send("CREATE", "QUIT :bye")
    del person
    world.connect("last").barrier()
    assert alive() - before <= 4
