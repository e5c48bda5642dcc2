"""Who may write to someone: everyone, people they share a room with, people they accept.

Ours: `docs/protocol.md`, messages.
"""

import pytest

from tests.conversation import OUR_CLIENT, Person, World, commands
from tests.server.logins import QUICK, log_in, register


def wrote(sender: Person, recipient: Person, line: str = "PRIVMSG {} :hi") -> bool:
    """Whether a direct message arrives; else it is refused."""
    recipient.barrier()
    answers = commands(sender.answer(line.format(recipient.nick)))
    arrived = line.split()[0] in commands(recipient.barrier())
    assert arrived or "531" in answers
    return arrived


def with_accounts(*names: str, capabilities: str = OUR_CLIENT) -> tuple[World, list[Person]]:
    """People who are logged in."""
    world = World(QUICK)
    for name in names:
        register(world, name)
    return world, [log_in(world, name, capabilities=capabilities) for name in names]


def test_everyone_may_at_first() -> None:
    world = World()
    ann, bob = world.connect("ann", "standard-replies"), world.connect("bob")
    assert wrote(bob, ann)
    ann.send("WRITERS")
    ann.expect("NOTE WRITERS WRITERS everyone *")


def test_people_one_shares_a_room_with() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    ann.send("WRITERS rooms")
    assert not wrote(bob, ann)
    for person in (ann, bob):
        person.send("JOIN #trail")
    assert wrote(bob, ann)
    bob.send("PART #trail")
    assert not wrote(bob, ann)


@pytest.mark.parametrize("line", ["PRIVMSG {} :hi", "@+typing=active TAGMSG {}"])
def test_people_one_accepts(line: str) -> None:
    world = World()
    ann, bob = world.connect("ann", "message-tags"), world.connect("bob", "message-tags")
    ann.send("WRITERS accepted", "JOIN #trail")
    bob.send("JOIN #trail")
    assert commands(bob.answer(line.format("ann")))[-1] == "531"
    ann.barrier()
    ann.send("ACCEPT bob")
    bob.send(line.format("ann"))
    assert commands(ann.barrier()) == [line.replace("@+typing=active ", "").split()[0]]
    ann.send("ACCEPT -bob")
    assert commands(bob.answer(line.format("ann"))) == ["531"]


def test_whoever_one_writes_to_may_answer() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    ann.send("WRITERS accepted", "PRIVMSG bob :hi")
    assert wrote(bob, ann)


def test_a_notice_is_refused_without_an_answer() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    ann.send("WRITERS accepted")
    ann.barrier()
    assert not bob.answer("NOTICE ann :hi")
    ann.nothing()


def test_an_account_keeps_it_also_while_nobody_is_here() -> None:
    world, (ann, bob, eve) = with_accounts("ann", "bob", "eve")
    ann.send("WRITERS accepted", "ACCEPT bob", "QUIT")
    world.restart()
    bob, eve = log_in(world, "bob"), log_in(world, "eve")
    assert "531" in commands(eve.answer("PRIVMSG ann :hi"))
    assert "301" in commands(bob.answer("PRIVMSG ann :hi"))
    ann = log_in(world, "ann", capabilities=OUR_CLIENT)
    lines = ann.answer(
        "CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00Z timestamp=2030-01-01T00:00:00Z 9"
    )
    assert [m.params[1] for m in lines if m.command == "CHATHISTORY"] == ["bob"]
    assert not wrote(eve, ann)
    assert wrote(bob, ann)


def test_members_of_the_rooms_of_someone_absent_may_write() -> None:
    _, (ann, bob, eve) = with_accounts("ann", "bob", "eve", capabilities="")
    ann.send("WRITERS rooms", "JOIN #trail")
    bob.send("JOIN #trail")
    ann.send("QUIT")
    bob.barrier()
    assert "301" in commands(bob.answer("PRIVMSG ann :hi"))
    assert "531" in commands(eve.answer("PRIVMSG ann :hi"))


def test_an_edit_is_no_way_around_it() -> None:
    _, (ann, bob) = with_accounts("ann", "bob", capabilities=f"{OUR_CLIENT} chat-server/edit")
    bob.send("PRIVMSG ann :hi")
    said = bob.find("PRIVMSG ann hi").tags["msgid"]
    ann.send("WRITERS accepted")
    ann.barrier()
    bob.send(f"EDIT ann {said} :listen")
    bob.expect("531 bob ann *")
    ann.nothing()


def test_a_choice_that_is_none_changes_nothing() -> None:
    world = World()
    ann, bob = world.connect("ann", "standard-replies"), world.connect("bob")
    ann.send("WRITERS nobody")
    ann.expect("FAIL WRITERS INVALID_CHOICE nobody *")
    assert wrote(bob, ann)


def test_who_takes_the_name_of_a_deleted_account_inherits_nothing() -> None:
    world, (ann, bob) = with_accounts("ann", "bob")
    ann.send("WRITERS accepted", "NS DROP")
    code = ann.received[-1].params[1].split()[-1]
    ann.send(f"NS DROP {code}", "QUIT")
    register(world, "ann")
    ann = log_in(world, "ann")
    assert wrote(bob, ann)
