"""METADATA: what people and rooms say about themselves, and who is told.

Specification: IRCv3 draft/metadata-3.
"""

import pytest

from tests.conversation import Person, World, commands
from tests.server.logins import QUICK, log_in, register

ABLE = "batch standard-replies draft/metadata-3"


def room(*nicks: str) -> tuple[World, tuple[Person, ...]]:
    """People in a room that the first of them made."""
    world = World()
    return world, world.join(*nicks, capabilities=ABLE)


def value(person: Person, target: str, key: str) -> str | None:
    """What GET answers for one key; None where it is not set."""
    (answer,) = person.answer(f"METADATA {target} GET {key}")[1:-1]
    return answer.params[-1] if answer.command == "761" else None


def test_one_says_things_about_oneself_and_others_read_them() -> None:
    _, (ann, bob) = room("ann", "bob")
    ann.send("METADATA * SET display-name :Ann the First")
    ann.expect("761 ann ann display-name * Ann the First")
    assert value(bob, "ann", "display-name") == "Ann the First"
    ann.send("METADATA * SET display-name")
    ann.expect("766 ann ann display-name *")
    assert value(bob, "ann", "display-name") is None


def test_an_empty_value_is_a_value() -> None:
    _, (ann,) = room("ann")
    ann.send("METADATA * SET avatar :")
    ann.expect("761 ann ann avatar * ")
    assert value(ann, "*", "avatar") == ""


def test_those_who_asked_hear_of_changes_while_they_share_a_room() -> None:
    world, (ann, bob) = room("ann", "bob")
    bob.send("METADATA * SUB avatar display-name")
    bob.expect("770 bob avatar")
    bob.expect("770 bob display-name")
    bob.expect("774 bob #trail")
    stranger = world.connect("eve", ABLE)
    stranger.send("METADATA * SUB avatar")
    stranger.barrier()
    ann.send("METADATA * SET avatar :x", "METADATA * SET color :red")
    bob.expect("761 bob ann avatar * x")
    bob.nothing()
    stranger.nothing()
    bob.send("METADATA * UNSUB avatar", "METADATA * SUBS")
    bob.expect("771 bob avatar")
    bob.expect("BATCH * metadata-subs")
    bob.expect("772 bob display-name")


def test_who_enters_reads_what_they_asked_for() -> None:
    world, (ann,) = room("ann")
    ann.send("METADATA * SET avatar :mine", "METADATA #trail SET avatar :ours")
    bob = world.connect("bob", ABLE)
    bob.send("METADATA * SUB avatar")
    bob.barrier()
    told = [m.params[1:] for m in bob.answer("JOIN #trail") if m.command == "761"]
    assert told == [["#trail", "avatar", "*", "ours"], ["ann", "avatar", "*", "mine"]]
    told = [m.params[1:] for m in bob.answer("METADATA #trail SYNC") if m.command == "761"]
    assert len(told) == 2


def test_a_rooms_is_set_by_who_leads_it_and_survives() -> None:
    world, (ann, bob) = room("ann", "bob")
    bob.send("METADATA #trail SET avatar :x", "METADATA #trail CLEAR")
    bob.expect("FAIL METADATA KEY_NO_PERMISSION #trail avatar *")
    bob.expect("FAIL METADATA KEY_NO_PERMISSION #trail * *")
    ann.send("METADATA #trail SET avatar :x")
    world.restart()
    assert value(world.connect("eve", ABLE), "#trail", "avatar") == "x"


def test_an_accounts_survives_a_guests_ends() -> None:
    world = World(QUICK)
    register(world, "ann")
    ann, guest = log_in(world, "ann", capabilities=ABLE), world.connect("carl", ABLE)
    for person in (ann, guest):
        person.send("METADATA * SET avatar :x")
    world.restart()
    ann, guest = log_in(world, "ann", capabilities=ABLE), world.connect("carl", ABLE)
    ann.barrier()
    assert value(ann, "ann", "avatar") == "x"
    assert value(ann, "carl", "avatar") is None


def test_nobody_changes_another_persons() -> None:
    _, (ann, bob) = room("ann", "bob")
    bob.send("METADATA * SET avatar :x")
    ann.send("METADATA bob SET avatar :y", "METADATA bob CLEAR")
    ann.expect("FAIL METADATA KEY_NO_PERMISSION bob avatar *")
    ann.expect("FAIL METADATA KEY_NO_PERMISSION bob * *")
    bob.barrier()
    assert value(bob, "*", "avatar") == "x"


@pytest.mark.parametrize("modes", ["+s", "+i", "+k word", "+b eve"])
@pytest.mark.parametrize("query", ["GET avatar", "LIST", "SYNC", "SET avatar :x", "CLEAR"])
def test_a_room_one_may_not_enter_is_as_if_it_were_not_there(modes: str, query: str) -> None:
    world, (ann,) = room("ann")
    ann.send("METADATA #trail SET avatar :secret", f"MODE #trail {modes}")
    eve = world.connect("eve", ABLE)
    eve.send("METADATA * SUB avatar")
    eve.barrier()
    for target in ("#trail", "#nowhere"):
        eve.send(f"METADATA {target} {query}")
        eve.expect(f"FAIL METADATA INVALID_TARGET {target} *")
        eve.nothing()


def test_before_registration_one_speaks_of_oneself_only() -> None:
    world, (ann,) = room("ann")
    ann.send("METADATA #trail SET avatar :x")
    person = world.link()
    person.send("CAP LS 302", f"CAP REQ :{ABLE}", "METADATA * SET avatar :early")
    person.find("761 * * avatar * early")
    person.send("METADATA #trail LIST", "METADATA ann LIST")
    person.expect("FAIL METADATA INVALID_TARGET #trail *")
    person.expect("FAIL METADATA INVALID_TARGET ann *")
    person.send("NICK eve", "USER eve 0 * :eve", "CAP END")
    words = commands(person.barrier())
    assert words.index("BATCH") < words.index("761") < words.index("422")
    assert value(person, "eve", "avatar") == "early"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("SET Avatar :x", "KEY_INVALID Avatar *"),
        (f"SET {'k' * 33} :x", "KEY_INVALID * *"),
        ("SET avatar", "KEY_NOT_SET ann avatar *"),
        (f"SET avatar :{'x' * 301}", "INVALID_VALUE avatar *"),
        ("SUB $bad", "KEY_INVALID $bad *"),
        ("FROB", "SUBCOMMAND_INVALID FROB *"),
    ],
)
def test_what_cannot_be_done_is_said(line: str, answer: str) -> None:
    _, (ann,) = room("ann")
    ann.send(f"METADATA * {line}")
    ann.expect(f"FAIL METADATA {answer}")


def test_there_are_limits() -> None:
    _, (ann,) = room("ann")
    ann.send(*[f"METADATA * SET key{number} :x" for number in range(33)])
    assert ann.received[-1].params[:3] == ["METADATA", "LIMIT_REACHED", "ann"]
    ann.barrier()
    for start in range(0, 60, 10):
        ann.send(f"METADATA * SUB {' '.join(f'key{start + n}' for n in range(10))}")
    ann.barrier()
    ann.send("METADATA * SUB a b c d e f")
    assert commands(ann.received) == ["770"] * 4 + ["FAIL", "774"]
    assert ann.received[4].params[:3] == ["METADATA", "TOO_MANY_SUBS", "e"]


def test_clear_takes_everything_off() -> None:
    _, (ann,) = room("ann")
    ann.send("METADATA * SET a :1", "METADATA * SET b :2")
    ann.barrier()
    ann.send("METADATA * CLEAR")
    assert commands(ann.barrier()) == ["BATCH", "766", "766", "BATCH"]
    assert commands(ann.answer("METADATA * LIST")) == ["BATCH", "BATCH"]


def test_a_full_disk_keeps_what_is_there() -> None:
    world, (ann,) = room("ann")
    world.core.set_low_space(True)
    ann.send("METADATA #trail SET avatar :x")
    ann.expect("FAIL METADATA STORE_FULL #trail *")
    assert value(ann, "#trail", "avatar") is None


def test_in_an_auditorium_only_those_who_are_shown_are_synced() -> None:
    _, (ann, bob, eve) = room("ann", "bob", "eve")
    for person in (ann, bob):
        person.send("METADATA * SET avatar :x")
    ann.send("MODE #trail +u")
    eve.send("METADATA * SUB avatar")
    eve.barrier()
    told = [m.params[1] for m in eve.answer("METADATA #trail SYNC") if m.command == "761"]
    assert told == ["ann"]
