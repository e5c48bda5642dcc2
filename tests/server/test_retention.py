"""What need not be kept is let go; the numbers go on, and nobody finds a hole."""

from server.settings import Settings
from tests.conversation import World

DAY_S = 24 * 3600.0
CAPABILITIES = "batch message-tags draft/chathistory chat-server/sequence"


def numbers(world: World, nick: str) -> list[str]:
    """The numbers that a newcomer reads in the room."""
    reader = world.connect(nick, CAPABILITIES)
    reader.send("JOIN #trail")
    reader.barrier()
    lines = reader.answer("CHATHISTORY LATEST #trail * 100")
    return [line.tags["chat-server/number"] for line in lines if line.command == "PRIVMSG"]


def test_so_many_days() -> None:
    world = World(Settings(rooms__keep_days=2))
    (ann,) = world.join("ann")
    for day in range(4):  # a room that everyone left; each of them comes for a day
        (guest,) = world.join(f"guest{day}") if day else (ann,)
        guest.send("JOIN #trail", f"PRIVMSG #trail :day {day}", "QUIT")
        world.pass_time(DAY_S)
    world.pass_time(1)
    assert numbers(world, "bob") == ["3", "4"]


def test_so_many_messages_in_more_than_one_slice() -> None:
    world = World(Settings(rooms__keep_messages=3))
    (ann,) = world.join("ann")
    for number in range(500):
        ann.send(f"PRIVMSG #trail :message {number}")
    for _ in range(9):
        ann.send("PING alive")
        world.pass_time(100)
    assert numbers(world, "bob") == ["498", "499", "500"]


def test_everything_unless_told() -> None:
    world = World()
    (ann,) = world.join("ann")
    ann.send("PRIVMSG #trail :kept")
    for _ in range(9):
        ann.send("PING alive")
        world.pass_time(100)
    assert numbers(world, "bob") == ["1"]


def test_a_store_that_fails_meanwhile_ends_nothing() -> None:
    world = World(Settings(rooms__keep_messages=1))
    (ann,) = world.join("ann")
    ann.send("PRIVMSG #trail :one", "PRIVMSG #trail :two")
    ann.barrier()
    world.memory.reads_to_fail = 1
    world.pass_time(100)
    for _ in range(14):
        ann.send("PING alive")
        world.pass_time(100)
    assert numbers(world, "bob") == ["2"]
