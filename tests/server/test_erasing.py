"""Erasing a person: emptied everywhere, with places and numbers left; the others keep theirs.

Meanings: SEMANTICS, "Erasing a person".
"""

from dataclasses import replace

from common.wire import Message
from server.core.erasing import EVENTS_PER_SLICE
from tests.conversation import OUR_CLIENT, Person, World
from tests.server.logins import QUICK, log_in, register

UNHURRIED = replace(QUICK, limits__cost_per_second=0)
CAPABILITIES = (
    f"{OUR_CLIENT} draft/message-redaction chat-server/edit draft/read-marker draft/search"
)


def people(world: World) -> tuple[Person, Person]:
    """Ann, who goes, and Bob, who stays: both with accounts and in his #trail."""
    for name in ("ann", "bob"):
        register(world, name)
    bob, ann = (log_in(world, name, capabilities=CAPABILITIES) for name in ("bob", "ann"))
    bob.send("CREATE trail", "MODE #trail -t")
    ann.send("JOIN #trail")
    bob.barrier(), ann.barrier()
    return ann, bob


def erase(world: World, **order: str) -> str:
    """Give the order and wait until it is done; the report."""
    answer = world.core.administer({"do": "erase", **order})
    assert answer["ok"], answer
    for _ in range(100):
        world.pass_time(0.1)
        report = world.core.administer({"do": "erase report", "who": answer["who"]})
        if report["text"]:
            return str(report["text"])
    raise AssertionError("erasing does not end")


def page(person: Person, target: str = "#trail") -> list[Message]:
    """What is in a history."""
    person.barrier()
    return [m for m in person.answer(f"CHATHISTORY LATEST {target} * 100") if m.command != "BATCH"]


def texts(messages: list[Message]) -> list[str]:
    """What was said in it."""
    return [m.params[-1] for m in messages if m.command in ("PRIVMSG", "NOTICE", "EDIT")]


def test_what_they_wrote_and_did_is_gone_and_numbers_stay() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    ann.send("PRIVMSG #trail :one", "@+draft/react=x TAGMSG #trail", "TOPIC #trail :hers")
    ann.send("PRIVMSG #trail :frist")
    frist = next(m for m in ann.barrier() if m.params[-1] == "frist")
    ann.send(f"EDIT #trail {frist.tags['msgid']} :first", "NOTICE bob :psst", "AWAY :tea")
    bob.send("PRIVMSG #trail :mine", "PRIVMSG ann :to you")
    report = erase(world, name="ann")
    assert "3 messages, 1 reactions, 1 edits" in report
    assert "in 1 rooms and 1 direct conversations" in report
    assert "Backups" in report
    left = page(bob)
    assert texts(left) == ["mine"]
    assert not any(m.source.startswith("ann!") for m in left)
    (mine,) = (m for m in left if m.params[-1] == "mine")
    assert mine.tags["chat-server/number"] == "7"
    bob.send("PRIVMSG #trail :next")
    assert bob.find("PRIVMSG #trail next").tags["chat-server/number"] == "8"


def test_nothing_of_them_is_left_in_the_store() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    ann.send("PRIVMSG #trail :xylophone", "TOPIC #trail :hills", "MODE #trail +b x")
    ann.send("MARKREAD #trail timestamp=2027-01-01T00:00:00.000Z", "PRIVMSG bob :marimba")
    bob.send("MODE #trail +o ann")
    ann.send("MODE #trail +b eve", "@chat-server/key=k PRIVMSG #trail :again")
    erase(world, name="ann")
    assert ann.closed
    survivor = world.memory.crash()
    (room,) = survivor.channels.load()
    assert (room.topic, room.topic_source) == ("hills", "chat.local")
    assert [entry.setter for entry in room.masks.values()] == ["chat.local"]
    assert not room.roles
    assert survivor.accounts.named("ann") is None
    bob.barrier()
    for query in ("text=xylophone", "text=marimba"):
        assert texts(bob.answer(f"SEARCH {query}")) == []
    assert "406" in [m.command for m in bob.answer("WHOWAS ann")]


def test_it_goes_on_in_slices_while_others_talk() -> None:
    world = World(UNHURRIED)
    ann, bob = people(world)
    for number in range(2 * EVENTS_PER_SLICE + 1):
        ann.send(f"PRIVMSG #trail :{number}")
    bob.barrier()
    answer = world.core.administer({"do": "erase", "name": "ann"})
    for _ in range(3):
        world.pass_time(0.06)
        bob.send("PRIVMSG #trail :still here")
        bob.find("PRIVMSG #trail *")
    assert not world.core.administer({"do": "erase report", "who": answer["who"]})["text"]
    for _ in range(10):
        world.pass_time(0.06)
    assert world.core.administer({"do": "erase report", "who": answer["who"]})["text"]
    assert texts(page(bob)) == ["still here"] * 3


def test_a_crash_meanwhile_does_not_end_it() -> None:
    world = World(UNHURRIED)
    ann, bob = people(world)
    for number in range(2 * EVENTS_PER_SLICE):
        ann.send(f"PRIVMSG #trail :{number}")
    world.core.administer({"do": "erase", "name": "ann"})
    world.pass_time(0.1)
    world.restart()
    for _ in range(20):
        world.pass_time(0.1)
    bob = log_in(world, "bob", capabilities=CAPABILITIES)
    assert texts(page(bob)) == []
    world.restart()
    world.pass_time(1)
    assert not world.core.world.erasures


def test_a_store_that_cannot_be_read_is_asked_again() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    ann.send("PRIVMSG #trail :one")
    world.core.administer({"do": "erase", "name": "ann"})
    world.memory.reads_to_fail = 1
    world.pass_time(0.1)
    for _ in range(14):
        bob.send("PING alive")
        world.pass_time(10)
    assert texts(page(bob)) == []


def test_guests_are_erased_by_the_nick_they_had() -> None:
    world = World(QUICK)
    _, bob = people(world)
    guest = world.connect("Guest", CAPABILITIES)
    guest.send("JOIN #trail", "PRIVMSG #trail :from a guest", "QUIT")
    other = world.connect("guest2", CAPABILITIES)
    other.send("JOIN #trail", "PRIVMSG #trail :from another")
    bob.send("NICK guest", "PRIVMSG #trail :with an account", "NICK bob")
    report = erase(world, nick="guest")
    assert "1 messages" in report
    assert texts(page(bob)) == ["from another", "with an account"]


def test_what_cannot_be_erased_is_said() -> None:
    world = World(QUICK)
    for order in ({"name": "nobody"}, {"nick": "no nick"}, {}):
        answer = world.core.administer({"do": "erase", **order})
        assert not answer["ok"]
        assert answer["text"]
    assert not world.core.administer({"do": "erase report", "who": "account:1"})["ok"]


def test_people_erase_themselves_and_say_so_twice() -> None:
    world = World(QUICK)
    ann, bob = people(world)
    ann.send("PRIVMSG #trail :xylophone", "ACCOUNT ERASE")
    assert texts(page(bob)) == ["xylophone"]
    ann.send("ACCOUNT ERASE wrong")
    ann.barrier()
    code = next(m for m in ann.answer("ACCOUNT ERASE") if m.params[1] == "CONFIRM").params[2]
    ann.send(f"ACCOUNT ERASE {code}")
    assert ann.closed
    for _ in range(10):
        world.pass_time(0.1)
    assert texts(page(bob)) == []
    register(world, "ann")  # the name is free
