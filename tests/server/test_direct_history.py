"""Direct messages: stored between accounts, with numbers of their own; with guests they pass.

Meanings: `SEMANTICS`, "Numbers"; specification: IRCv3 draft/chathistory.
"""

from dataclasses import replace

from common.wire import Message
from tests.conversation import OUR_CLIENT, Person, World, commands
from tests.server.logins import QUICK, log_in, register


def pair(world: World) -> tuple[Person, Person]:
    """Ann and Bob, both with accounts, here; everything read already."""
    people = []
    for nick in ("ann", "bob"):
        register(world, nick)
        people.append(log_in(world, nick, capabilities=OUR_CLIENT))
    for person in people:
        person.barrier()
    return people[0], people[1]


def history(person: Person, query: str) -> list[str]:
    """The texts of a page; ``LATEST bob * 5`` is a query."""
    return [m.params[-1] for m in said_in(person.answer(f"CHATHISTORY {query}"))]


def said_in(messages: list[Message]) -> list[Message]:
    """Those of them that are messages."""
    return [m for m in messages if m.command == "PRIVMSG"]


def test_a_conversation_has_numbers_of_its_own() -> None:
    world = World(QUICK)
    ann, bob = pair(world)
    ann.send("PRIVMSG bob :one", "CREATE #trail", "PRIVMSG #trail :in a room")
    ann.barrier()
    bob.send("PRIVMSG ANN :two")
    told = ann.expect("PRIVMSG ann two")
    assert told.tags["chat-server/number"] == "2"
    assert "chat-server/unstored" not in told.tags
    bob.barrier()
    page = ann.answer("CHATHISTORY LATEST bob * 10")
    assert page[0].params[1:] == ["chathistory", "bob"]
    assert [(m.params, m.tags["chat-server/number"]) for m in said_in(page)] == [
        (["bob", "one"], "1"),
        (["ann", "two"], "2"),
    ]
    assert history(bob, "AFTER ann number=1 10") == ["two"]
    assert history(bob, "BETWEEN ann number=3 number=0 10") == ["one", "two"]


def test_it_survives_a_restart_and_a_change_of_nick() -> None:
    world = World(QUICK)
    ann, bob = pair(world)
    bob.send("PRIVMSG ann :hello")
    world.restart()
    ann = log_in(world, "ann", capabilities=OUR_CLIENT)
    bob = log_in(world, "bob", nick="robert", capabilities=OUR_CLIENT)
    ann.barrier()
    bob.barrier()
    assert history(ann, "LATEST robert * 10") == ["hello"]
    assert history(ann, "LATEST bob * 10") == ["hello"]


def test_others_read_nothing_of_it() -> None:
    world = World(QUICK)
    ann, _ = pair(world)
    register(world, "eve")
    eve = log_in(world, "eve", capabilities=OUR_CLIENT)
    eve.barrier()
    ann.send("PRIVMSG bob :secret")
    msgid = ann.expect("PRIVMSG bob secret").tags["msgid"]
    assert history(eve, "LATEST bob * 10") == history(eve, "LATEST ann * 10") == []
    eve.send(f"CHATHISTORY AROUND bob msgid={msgid} 10")
    eve.expect("FAIL CHATHISTORY INVALID_PARAMS …")
    eve.send(
        "CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00.000Z "
        "timestamp=2100-01-01T00:00:00.000Z 10"
    )
    assert commands(eve.barrier()) == ["BATCH", "BATCH"]


def test_with_a_guest_it_passes_and_the_echo_says_so() -> None:
    world = World(QUICK)
    ann, _ = pair(world)
    guest = world.connect("guest", OUR_CLIENT, device="a-guest-has-a-device")
    ann.send("PRIVMSG guest :hi")
    assert "chat-server/unstored" in ann.expect("PRIVMSG guest hi").tags
    assert history(ann, "LATEST guest * 10") == []
    guest.barrier()
    guest.send("CHATHISTORY LATEST ann * 10")
    guest.expect("FAIL CHATHISTORY INVALID_TARGET LATEST ann *")


def test_kept_for_the_side_with_an_account_where_the_operator_wants_it() -> None:
    world = World(replace(QUICK, history__guests=True))
    ann, _ = pair(world)
    guest = world.connect("carl", OUR_CLIENT, device="a-guest-has-a-device")
    guest.send("PRIVMSG ann :hi")
    ann.barrier()
    assert history(ann, "LATEST carl * 10") == ["hi"]
    guest.barrier()
    guest.send("CHATHISTORY LATEST ann * 10")
    guest.expect("FAIL CHATHISTORY INVALID_TARGET …")
    guest.send("QUIT")
    register(world, "carl")
    owner = log_in(world, "carl", capabilities=OUR_CLIENT)
    owner.barrier()
    assert history(owner, "LATEST ann * 10") == []


def test_who_is_away_reads_it_on_return() -> None:
    world = World(QUICK)
    ann, bob = pair(world)
    bob.send("QUIT")
    ann.barrier()
    ann.send("@label=x PRIVMSG bob :see you")
    assert commands(ann.barrier()) == ["BATCH", "PRIVMSG", "301", "BATCH"]
    bob = log_in(world, "bob", capabilities=OUR_CLIENT)
    bob.barrier()
    assert history(bob, "LATEST ann * 10") == ["see you"]


def test_nobody_stores_messages_for_nobody() -> None:
    world = World(QUICK)
    pair(world)
    guest = world.connect("guest", OUR_CLIENT)
    register(world, "carl")
    guest.send("PRIVMSG carl :hi")
    guest.expect("401 guest carl *")
    guest.send("PRIVMSG nobody :hi")
    guest.expect("401 guest nobody *")


def test_sent_again_it_is_stored_once() -> None:
    world = World(QUICK)
    ann, bob = pair(world)
    ann.send("@chat-server/key=k1 PRIVMSG bob :hi")
    first = ann.received.pop()
    ann.send("@chat-server/key=k1 PRIVMSG bob :hi")
    assert ann.received.pop() == first
    assert commands(bob.barrier()) == ["PRIVMSG"]


def test_to_oneself_the_echo_alone_has_the_label() -> None:
    world = World(QUICK)
    ann, _ = pair(world)
    ann.send("@label=x PRIVMSG ann :note")
    echo, delivery = ann.received
    assert echo.tags.pop("label") == "x"
    assert echo == delivery
    ann.barrier()
    assert history(ann, "LATEST ann * 10") == ["note"]


def test_targets_are_ordered_by_their_newest_message() -> None:
    world = World(QUICK)
    ann, bob = pair(world)
    bob.send("CREATE #trail")
    ann.send("JOIN #trail")
    for sender, target in ((bob, "#trail"), (bob, "ann"), (ann, "ann")):
        world.pass_time(1)
        sender.send(f"PRIVMSG {target} :x")
    ann.barrier()

    def targets(start: str, end: str, count: int) -> list[str]:
        query = f"CHATHISTORY TARGETS timestamp={start} timestamp={end} {count}"
        return [m.params[1] for m in ann.answer(query) if m.command == "CHATHISTORY"]

    early, late = "2000-01-01T00:00:00.000Z", "2100-01-01T00:00:00.000Z"
    assert targets(early, late, 10) == ["#trail", "bob", "ann"]
    assert targets(early, late, 2) == ["#trail", "bob"]
    assert targets(late, early, 2) == ["bob", "ann"]
    assert targets("2026-01-01T00:00:01.000Z", "2026-01-01T00:00:03.000Z", 10) == ["bob"]
    ann.send("CHATHISTORY TARGETS * * 10")
    ann.expect("FAIL CHATHISTORY INVALID_PARAMS TARGETS …")
