"""What need not be kept is let go; the numbers go on, and nobody finds a hole."""

from dataclasses import replace

import pytest

from server.settings import Settings
from tests.conversation import OUR_CLIENT, Person, World, commands
from tests.server.logins import QUICK, log_in, register

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


def test_of_fewer_messages_than_are_kept_nothing_is_let_go() -> None:
    world = World()
    (ann,) = world.join("ann", capabilities=OUR_CLIENT)
    ann.send("RETENTION #trail 3")
    world.pass_time(1)
    lines = ann.answer("CHATHISTORY LATEST #trail * 100")
    assert "JOIN" in commands(lines)


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


# Chosen by the owner of a room


OUR = f"{OUR_CLIENT} draft/message-redaction"


def owned(world: World, choice: str = "") -> tuple[Person, Person]:
    """Ann's #trail with Bob in it, which keeps what is said as she chose."""
    ann = world.connect("ann", OUR, device="ann-has-a-device")
    ann.send("CREATE trail")
    bob = world.connect("bob", OUR, device="bob-has-a-device")
    bob.send("JOIN #trail")
    if choice:
        ann.send(f"RETENTION trail {choice}")
    ann.barrier(), bob.barrier()
    return ann, bob


def told(person: Person) -> list[list[str]]:
    """What someone was told about keeping, without the words."""
    notes = [m.params for m in person.barrier() if m.command == "NOTE"]
    return [words[:-1] for words in notes if words[1] == "RETENTION"]


def history(person: Person) -> list[str]:
    """The texts in the history of the room."""
    person.barrier()
    lines = person.answer("CHATHISTORY LATEST #trail * 100")
    return [m.params[-1] for m in lines if m.command == "PRIVMSG"]


@pytest.mark.parametrize(
    ("choice", "shown"), [("30d", "30d"), ("1000", "1000"), ("NOTHING", "nothing")]
)
def test_the_owner_chooses_and_everyone_is_told(choice: str, shown: str) -> None:
    world = World()
    ann, bob = owned(world)
    ann.send(f"RETENTION #trail {choice}")
    for person in (ann, bob):
        assert told(person) == [["RETENTION", "RETENTION", "#trail", shown]]
    eve = world.connect("eve", OUR)
    eve.send("JOIN #trail")
    assert told(eve) == [["JOIN", "RETENTION", "#trail", shown]]
    world.restart()
    ann = world.connect("ann", OUR, device="ann-has-a-device")
    ann.send("JOIN #trail")
    assert told(ann) == [["JOIN", "RETENTION", "#trail", shown]]
    ann.send("RETENTION #trail forever")
    assert told(ann) == [["RETENTION", "RETENTION", "#trail", "forever"]]
    ann.send("RETENTION #trail")
    assert told(ann) == [["RETENTION", "RETENTION", "#trail", "forever"]]


def test_of_nothing_the_numbers_are_left() -> None:
    world = World()
    ann, bob = owned(world, "nothing")
    bob.send("PART #trail", "JOIN #trail")
    assert not any("chat-server/unstored" in line.tags for line in ann.barrier())
    bob.barrier()
    echoes = []
    for number in range(3):
        ann.send(f"PRIVMSG #trail :secret {number}")
        echoes.append(ann.expect(f"PRIVMSG #trail secret {number}"))
        bob.expect(f"PRIVMSG #trail secret {number}")
    assert [echo.tags["chat-server/number"] for echo in echoes] == ["1", "2", "3"]
    assert all("chat-server/unstored" in echo.tags for echo in echoes)
    assert history(ann) == []
    ann.send(f"REDACT #trail {echoes[0].tags['msgid']}")
    ann.expect("FAIL REDACT UNKNOWN_MSGID …")
    world.restart()
    ann = world.connect("ann", OUR, device="ann-has-a-device")
    ann.send("JOIN #trail", "PRIVMSG #trail :on we go")
    after_a_kill = int(ann.find("PRIVMSG #trail *").tags["chat-server/number"])
    assert after_a_kill > 3  # what was reserved is left out, and nothing is given twice
    assert history(ann) == []
    world.core.shut_down("enough")
    world.memory.commit()
    world.restart()
    ann = world.connect("ann", OUR, device="ann-has-a-device")
    ann.send("JOIN #trail", "PRIVMSG #trail :and on")
    assert int(ann.find("PRIVMSG #trail *").tags["chat-server/number"]) == after_a_kill + 1


def test_where_nothing_is_kept_a_message_writes_nothing() -> None:
    world = World()
    ann, bob = owned(world, "nothing")
    ann.send("PRIVMSG #trail :the first has numbers reserved")
    bob.expect("PRIVMSG #trail the first has numbers reserved")
    commits = world.commits
    ann.send("PRIVMSG #trail :the second", "@+draft/react=x;+draft/reply=y TAGMSG #trail")
    bob.expect("PRIVMSG #trail the second")
    assert world.commits == commits


def test_what_was_said_before_goes_too() -> None:
    world = World()
    ann, bob = owned(world)
    bob.send("PRIVMSG #trail :early")
    assert history(ann) == ["early"]
    ann.send("RETENTION #trail nothing")
    assert history(ann) == []
    ann.send("PRIVMSG #trail :not kept", "RETENTION #trail forever", "PRIVMSG #trail :kept")
    assert history(bob) == ["kept"]


def test_sending_again_is_answered_with_the_place_it_got() -> None:
    world = World()
    ann, bob = owned(world, "nothing")
    for _ in range(2):
        ann.send("@chat-server/key=k1 PRIVMSG #trail :once")
        echo = ann.expect("PRIVMSG #trail once")
        assert echo.tags["chat-server/number"] == "1"
        assert "chat-server/unstored" in echo.tags
    bob.expect("PRIVMSG #trail once")
    bob.nothing()


def test_a_room_keeps_so_many_messages() -> None:
    world = World()
    ann, _ = owned(world, "2")
    for number in range(4):
        ann.send(f"PRIVMSG #trail :{number}")
    for _ in range(9):
        ann.send("PING alive")
        world.pass_time(100)
    assert history(ann) == ["2", "3"]


def test_a_room_may_keep_less_than_the_server_and_never_more() -> None:
    world = World(Settings(rooms__keep_messages=2, rooms__keep_days=9))
    ann, _ = owned(world)
    for choice, shown in (("5000d", "9d"), ("3d", "3d"), ("100", "9d"), ("nothing", "nothing")):
        ann.send(f"RETENTION trail {choice}")
        assert told(ann) == [["RETENTION", "RETENTION", "#trail", shown]]


def test_a_server_may_keep_nothing_at_all() -> None:
    world = World(Settings(rooms__keep=False))
    ann, bob = owned(world)
    bob.send("PRIVMSG #trail :gone with the wind")
    assert history(ann) == []
    eve = world.connect("eve", OUR)
    eve.send("JOIN #trail")
    assert told(eve) == [["JOIN", "RETENTION", "#trail", "nothing"]]


@pytest.mark.parametrize("choice", ["0", "0d", "-1", "soon", "5w", "1.5d", "99999999999", "٣"])
def test_what_is_no_choice_changes_nothing(choice: str) -> None:
    ann, _ = owned(World())
    ann.send(f"RETENTION trail {choice}")
    ann.expect("FAIL RETENTION INVALID_RETENTION #trail * *")
    ann.nothing()


def test_only_the_owner_chooses() -> None:
    world = World()
    ann, bob = owned(world)
    ann.send("MODE #trail +o bob")
    ann.barrier(), bob.barrier()
    bob.send("RETENTION trail nothing")
    bob.expect("FAIL RETENTION NOT_YOURS #trail *")
    ann.nothing()


def test_chanserv_knows_it_too() -> None:
    ann, bob = owned(World())
    ann.send("CS RETENTION #trail 7d")
    assert told(bob) == [["RETENTION", "RETENTION", "#trail", "7d"]]


def test_direct_conversations_are_kept_for_so_many_days() -> None:
    world = World(replace(QUICK, history__direct_days=2, limits__ping_s=3_600))
    for name in ("ann", "bob"):
        register(world, name)
    ann, bob = (log_in(world, name, capabilities=OUR) for name in ("ann", "bob"))
    ann.send("PRIVMSG bob :old")
    ann.barrier()
    for _ in range(2 * 24 + 1):
        for person in (ann, bob):
            person.send("PING alive")
        world.pass_time(3_600)
    bob.send("PRIVMSG ann :new")
    ann.barrier()
    lines = ann.answer("CHATHISTORY LATEST bob * 10")
    assert [m.params[-1] for m in lines if m.command == "PRIVMSG"] == ["new"]
