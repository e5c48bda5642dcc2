"""When something fails or runs out: time, disk, the store, our own code, patience.

Meanings: `SEMANTICS`, "The echo"; `GUARANTEES` 5.
"""

import pytest

from server.core.core import LINES_PER_TURN_MAX
from server.settings import Settings
from server.storage.memory import MemoryStore
from server.storage.ports import Event, View
from tests.conversation import OUR_CLIENT, Person, World, commands
from tests.server.logins import QUICK, log_in, register

DAY_S = 24 * 3600.0
DEVICE = "ann-has-a-device"


def test_an_order_that_meets_a_broken_store_ends_nothing() -> None:
    world = World(QUICK)
    register(world, "ann")
    world.memory.reads_to_fail = 1
    answer = world.core.administer({"do": "account suspend", "name": "ann"})
    assert not answer["ok"]
    assert "does not answer" in answer["text"]
    assert world.core.administer({"do": "account suspend", "name": "ann"})["ok"]


# Time


def test_a_link_that_gives_no_name_is_closed() -> None:
    world = World(Settings(limits__registration_s=60))
    idle, slow = world.link(), world.link()
    world.pass_time(59)
    slow.send("NICK slow", "USER slow 0 * :slow")
    idle.nothing()
    world.pass_time(1)
    idle.expect("ERROR *")
    assert idle.closed
    assert not slow.closed


def test_silence_is_pinged_and_then_closed() -> None:
    world = World(Settings(limits__ping_s=120))
    ann, bob = world.join("ann", "bob")
    ann.barrier()
    world.pass_time(100)
    bob.send("PING awake")
    bob.barrier()
    world.pass_time(20)
    ann.expect("PING chat.local")
    bob.nothing()
    world.pass_time(119)
    assert not ann.closed
    bob.send("PONG any word will do")
    world.pass_time(1)
    ann.expect("ERROR Closing link: Ping timeout: 240 seconds")
    assert ann.closed
    bob.find("QUIT Ping timeout: 240 seconds")


def test_silence_counts_from_the_last_line_also_right_after_coming_in() -> None:
    world = World(Settings(limits__ping_s=10, limits__registration_s=60))
    ann = world.connect("ann")
    for second in range(10):
        world.pass_time(1)
        assert bool(ann.received) == (second == 9)
    ann.expect("PING chat.local")
    slow = world.link()
    world.pass_time(11)
    slow.send("NICK slow", "USER slow 0 * :slow")
    slow.barrier()
    world.pass_time(9)
    slow.nothing()
    world.pass_time(1)
    slow.expect("PING chat.local")


def come_again(world: World, device: str) -> Person:
    """Say hello from a new link as ann, who is refused her nick, and take another."""
    again = world.link()
    again.send("CAP LS 302", f"CAP REQ :{OUR_CLIENT}", "NICK ann", f"DEVICE {device}")
    again.send("NICK ann_", "USER ann 0 * :ann", "CAP END")
    again.nick = "ann_"
    again.barrier()
    return again


def test_a_dead_link_gives_its_nick_up_when_its_device_comes_again() -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    again = come_again(world, DEVICE)
    ann.expect("PING chat.local")
    world.pass_time(4)
    assert not ann.closed
    world.pass_time(1)
    assert ann.closed
    again.send("NICK ann")
    again.find("NICK ann")


def test_a_link_that_answers_keeps_its_nick() -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    come_again(world, DEVICE)
    world.pass_time(4)
    ann.send("PONG chat.local")
    world.pass_time(1)
    assert not ann.closed


def test_another_device_cannot_have_a_link_doubted() -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    come_again(world, "another-device-0123456789")
    ann.nothing()
    world.pass_time(5)
    assert not ann.closed


def test_any_input_counts_as_alive() -> None:
    world = World(Settings(limits__ping_s=120))
    ann = world.connect("ann")
    for _ in range(50):
        world.pass_time(60)
        ann.send("LIST")
    assert not ann.closed
    assert "PING" not in commands(ann.barrier())


@pytest.mark.parametrize(("create", "days"), [("CREATE trail", 30), ("CREATE", 7)])
def test_a_room_nobody_is_in_is_closed_after_some_days(create: str, days: int) -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    room = next(m for m in ann.answer(create) if m.command == "JOIN").params[0]
    ann.send(f"TOPIC {room} :kept", f"EXIT {room}")
    ann.hang_up()
    world.pass_time(days * DAY_S)
    bob = world.connect("bob", OUR_CLIENT)
    bob.send(f"JOIN {room}")
    bob.find(f"332 bob {room} kept")
    bob.hang_up()
    world.pass_time(days * DAY_S + 601)
    eve = world.connect("eve", OUR_CLIENT)
    eve.send(f"JOIN {room}")
    eve.expect(f"FAIL JOIN NO_SUCH_ROOM {room} *")
    world.restart()
    eve = world.connect("eve", OUR_CLIENT)
    eve.send(f"JOIN {room}")
    eve.expect(f"FAIL JOIN NO_SUCH_ROOM {room} *")


def test_after_a_crash_nobody_is_in_any_room() -> None:
    world = World()
    ann = world.connect("ann")
    ann.send("CREATE trail")
    world.restart()
    world.pass_time(30 * DAY_S + 601)
    world.pass_time(601)
    bob = world.connect("bob", OUR_CLIENT)
    bob.send("JOIN trail")
    bob.expect("FAIL JOIN NO_SUCH_ROOM trail *")


def test_a_room_someone_is_in_stays_open() -> None:
    world = World()
    (ann,) = world.join("ann")
    for _ in range(40):
        for _ in range(20):
            world.pass_time(DAY_S / 20 / 40)
            ann.send("PONG here")
        world.wall_ms += round(DAY_S * 1000)
    ann.barrier()
    ann.send("NAMES #trail")
    ann.expect("353 ann = #trail ~ann")


# Disk and store


def test_while_space_is_low_senders_are_refused_and_reading_goes_on() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    ann.send("PRIVMSG #trail :kept")
    ann.barrier(), bob.barrier()
    world.core.set_low_space(True)
    ann.send("@label=7 PRIVMSG #trail :lost?")
    refused = ann.expect("FAIL PRIVMSG STORE_FULL #trail *")
    assert refused.tags["label"] == "7"
    refused_lines = ("NOTICE #trail :x", "CREATE x", "TOPIC #trail :x", "MODE #trail +m")
    for line in (*refused_lines, "RENAME #trail #x", "PRIVMSG @#trail :x"):
        ann.send(line)
        ann.expect(f"FAIL {line.split()[0]} STORE_FULL …")
    ann.send("TOPIC #trail", "MODE #trail", "MARKREAD #trail", "NS HELP")
    assert "FAIL" not in commands(ann.barrier())
    assert "PRIVMSG" in commands(ann.answer("CHATHISTORY LATEST #trail * 5"))
    bob.nothing()
    world.core.set_low_space(False)
    ann.send("PRIVMSG #trail :again")
    ann.expect("PRIVMSG #trail again")


def test_while_space_is_low_one_may_still_connect_and_leave() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.barrier()
    world.core.set_low_space(True)
    eve = world.link()
    eve.send("NICK eve", "USER e 0 * :e")
    eve.expect("001 eve *")
    eve.barrier()
    eve.send("JOIN #trail", "NICK eva", "AWAY :tea", "@+typing=active TAGMSG #trail")
    for line in ("JOIN #trail", "NICK eva"):
        ann.expect(line)
    ann.send("KICK #trail eva")
    ann.expect("KICK #trail eva ann")
    bob.send("PART #trail")
    ann.expect("PART #trail")
    eve.barrier()
    eve.send("JOIN #new", "JOIN #trail")
    eve.find("JOIN #trail")
    eve.send("QUIT")
    ann.find("QUIT *")


def test_while_space_is_low_nothing_is_begun_that_would_have_to_be_stored() -> None:
    world = World(QUICK)
    register(world, "ann")
    register(world, "bob")
    ann, bob = log_in(world, "ann", capabilities="draft/read-marker"), log_in(world, "bob")
    ann.send("CREATE trail")
    ann.barrier(), bob.barrier()
    world.core.set_low_space(True)
    for line in (
        "MARKREAD #trail timestamp=2026-01-01T00:00:00.000Z",
        "PRIVMSG bob :hello",
    ):
        ann.send(line)
        ann.expect(f"FAIL {line.split()[0]} STORE_FULL …")
    eve = world.connect("eve", OUR_CLIENT)
    eve.send("REGISTER * * :correct horse")
    eve.expect("FAIL REGISTER STORE_FULL …")
    bob.nothing()


def test_a_store_that_cannot_be_read_is_an_answer_and_not_the_end() -> None:
    world = World()
    (ann,) = world.join("ann", capabilities=OUR_CLIENT)
    world.memory.reads_to_fail = 1
    ann.send("@label=7 CHATHISTORY LATEST #trail * 5")
    assert ann.expect("FAIL CHATHISTORY STORE_FAILED LATEST *").tags["label"] == "7"
    world.memory.reads_to_fail = 1
    ann.send("PRIVMSG #trail :hello")
    ann.expect("FAIL PRIVMSG STORE_FAILED #trail *")
    ann.send("PRIVMSG #trail :hello")
    assert ann.expect("PRIVMSG #trail hello").tags["chat-server/number"] == "1"


class BrokenStore(MemoryStore):
    """A store with a bug of ours in it."""

    def page(
        self, channel_id: int, after: int, before: int, limit: int, view: View, *, newest: bool
    ) -> list[Event]:
        raise RuntimeError("a bug")


def test_a_bug_ends_the_session_that_met_it_and_nothing_else() -> None:
    world = World(store=BrokenStore(), strict=False)
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    bob.barrier()
    ann.send("CHATHISTORY LATEST #trail * 5")
    ann.find("ERROR *")
    assert ann.closed
    bob.expect("QUIT *")
    bob.send("PRIVMSG #trail :still here")
    bob.expect("PRIVMSG #trail still here")


# Many lines at once


def test_a_flooder_takes_turns_with_the_others() -> None:
    world = World()
    flooder, bob = world.join("flooder", "bob", capabilities=OUR_CLIENT)
    flooder.barrier(), bob.barrier()
    lines = 3 * LINES_PER_TURN_MAX
    flooder.begin(*(f"PRIVMSG #trail {number}" for number in range(lines)))
    bob.begin("PRIVMSG #trail :may I?")
    while world.core.backlog:
        world.tick()
    world.tick()
    said = [m.params[1] for m in bob.barrier()]
    assert said.index("may I?") == LINES_PER_TURN_MAX
    assert [text for text in said if text != "may I?"] == [str(n) for n in range(lines)]


def test_a_costly_command_ends_the_turn() -> None:
    world = World()
    ann = world.connect("ann")
    ann.begin("LIST", "PING behind")
    bob = world.connect("bob")  # ends the tick
    bob.barrier()
    assert commands(ann.received) == ["321", "323", "PONG"]
    ann.received.clear()
    ann.begin("LIST", "PING behind")
    world.flush()
    assert commands(ann.received) == ["321", "323"]


def test_the_core_asks_to_be_called_again_while_lines_are_waiting() -> None:
    world = World()
    ann = world.connect("ann")
    world.pass_time(1)
    assert (world.core.next_deadline() or 0) > world.now
    ann.begin(*["PING x"] * (LINES_PER_TURN_MAX + 1))
    assert world.core.next_deadline() == world.now


# kill -9


def test_rooms_topics_owners_bans_and_talk_survive_a_crash() -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    ann.send("CREATE trail", "TOPIC #trail :hills", "PRIVMSG #trail :hello")
    ann.send("MODE #trail +b eve", "MODE #trail +k sesame")
    ann.barrier()
    world.restart()
    assert ann.closed
    again = world.connect("ann", OUR_CLIENT, device=DEVICE)
    again.send("JOIN #trail")
    again.expect("JOIN #trail")
    again.expect("332 ann #trail hills")
    again.expect("333 ann #trail ann 1767225600")
    again.expect("353 ann = #trail ~ann")
    again.barrier()
    history = again.answer("CHATHISTORY LATEST #trail number=0 9")
    assert [m.params[-1] for m in history if m.command == "PRIVMSG"] == ["hello"]
    again.send("PRIVMSG #trail :again")
    assert again.expect("PRIVMSG #trail again").tags["chat-server/number"] == "5"
    bob, eve = world.connect("bob"), world.connect("eve")
    bob.send("JOIN #trail", "JOIN #trail sesame")
    bob.expect("475 bob #trail *")
    bob.expect("JOIN #trail")
    eve.send("JOIN #trail sesame")
    eve.expect("474 eve #trail *")


def test_what_was_not_committed_is_gone_and_its_numbers_with_it() -> None:
    world = World()
    (ann,) = world.join("ann", capabilities=OUR_CLIENT)
    ann.send("PRIVMSG #trail :kept")
    ann.barrier()
    ann.begin("PRIVMSG #trail :never shown")
    world.restart()
    ann.nothing()
    bob = world.connect("bob", OUR_CLIENT)
    bob.send("JOIN #trail")
    history = bob.answer("CHATHISTORY LATEST #trail * 9")
    assert [m.params[-1] for m in history if m.command == "PRIVMSG"] == ["kept"]
    bob.send("PRIVMSG #trail :next")
    assert bob.expect("PRIVMSG #trail next").tags["chat-server/number"] == "2"
