"""Many rooms at once: LIST with its conditions, NAMES and KICK of several, JOIN 0, +f.

Specification: modern IRC "LIST message", "ELIST Parameter", "NAMES message".
"""

import pytest

from tests.conversation import OUR_CLIENT, Person, World, commands


def listed(person: Person, condition: str) -> list[str]:
    return [line.params[1] for line in person.answer(f"LIST {condition}") if line.command == "322"]


@pytest.fixture
def ann() -> Person:
    """Someone who sees `#old` with a topic, `#new` with two people, and `#secret` not."""
    world = World()
    ann, bob, eve = world.connect("ann"), world.connect("bob"), world.connect("eve")
    ann.send("CREATE old")
    world.pass_time(180)
    ann.send("TOPIC #old :News", "CREATE new")
    bob.send("JOIN #new", "CREATE secret", "MODE #secret +s")
    world.pass_time(60)
    for person in (ann, bob, eve):
        person.barrier()
    return eve


@pytest.mark.parametrize(
    ("condition", "rooms"),
    [
        ("", ["#old", "#new"]),
        ("*e*", ["#new"]),
        ("#o?d", ["#old"]),
        ("!*e*", ["#old"]),
        ("old", ["#old"]),
        ("#OLD,#new", ["#old", "#new"]),
        (">1", ["#new"]),
        ("<2", ["#old"]),
        (">0,<2", ["#old"]),
        ("C>2", ["#old"]),
        ("C<2", ["#new"]),
        ("C<0", []),
        ("T<2", ["#old"]),
        ("T>2", []),
        ("T>0,!*o*", []),
        ("*secret*", []),
        ("#secret", []),
        (">99999999999999999999", []),
        ("<x", []),
    ],
)
def test_rooms_are_listed_by_conditions(ann: Person, condition: str, rooms: list[str]) -> None:
    assert listed(ann, condition) == rooms


def test_a_mask_of_many_stars_takes_no_time(ann: Person) -> None:
    assert listed(ann, ",".join("!" + "*a" * 12 + "b" for _ in range(18))) == ["#old", "#new"]


def test_names_of_several_rooms_have_one_end() -> None:
    world = World()
    (ann,) = world.join("ann")
    ann.send("CREATE other")
    ann.barrier()
    lines = ann.answer("NAMES #trail,#other,#nowhere")
    assert [line.params[2] for line in lines[:-1]] == ["#trail", "#other"]
    assert lines[-1].params[1] == "#trail,#other,#nowhere"


def test_people_who_want_to_be_unseen_are_shown_to_members_only() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    bob.send("MODE bob +i")
    eve = world.connect("eve")
    assert eve.answer("NAMES #trail")[0].params[-1] == "~ann"
    assert ann.answer("NAMES #trail")[-2].params[-1] == "~ann bob"


def test_several_people_can_be_removed_from_several_rooms() -> None:
    ann, _bob, _cleo, dan = World().join("ann", "bob", "cleo", "dan")
    ann.send("KICK #trail,#trail bob,cleo :bye")
    for person in (ann, dan):
        person.expect("KICK #trail bob bye")
        person.expect("KICK #trail cleo bye")
    ann.send("KICK #trail,#other dan")
    ann.expect("461 ann KICK *")


def test_join_zero_leaves_every_room_but_not_for_our_client() -> None:
    world = World()
    (ann,) = world.join("ann")
    ann.send("CREATE other", "JOIN 0")
    assert commands(ann.barrier())[-2:] == ["PART", "PART"]
    (own,) = world.join("own", room="#third", capabilities=OUR_CLIENT)
    own.send("JOIN 0")
    own.expect("FAIL JOIN NO_SUCH_ROOM …")


# +f


def test_who_may_not_enter_is_led_on() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    ann.send("CREATE full", "CREATE waiting", "MODE #full +if #waiting", "MODE #full")
    ann.find("MODE #full +if #waiting")
    ann.find("324 ann #full +intf #waiting")
    bob.send("JOIN #full")
    bob.expect("470 bob #full #waiting *")
    bob.expect("JOIN #waiting")


def test_it_stays_after_a_restart_and_leads_nobody_where_they_are() -> None:
    world = World()
    ann = world.connect("ann")
    ann.send("CREATE full", "CREATE waiting", "MODE #full +if #waiting")
    world.restart()
    bob = world.connect("bob")
    bob.send("JOIN #full")
    bob.expect("470 bob #full #waiting *")
    bob.find("366 bob #waiting *")
    bob.send("JOIN #full")
    bob.expect("473 bob #full *")


@pytest.mark.parametrize(
    ("room", "answer"),
    [("#nowhere", "696"), ("#bobs", "482"), ("#full", "696"), ("#secret", "696"), ("", "696")],
)
def test_one_leads_only_to_rooms_one_runs(room: str, answer: str) -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    ann.send("CREATE full")
    bob.send("CREATE bobs", "CREATE secret", "MODE #secret +s")
    ann.barrier()
    ann.send(f"MODE #full +f {room}")
    assert ann.received.pop(0).command == answer


def test_where_one_may_not_enter_either_one_is_not_led() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    ann.send("CREATE full", "CREATE waiting", "MODE #full +if #waiting")
    ann.send("MODE #waiting +b bob!*@*")
    bob.send("JOIN #full")
    bob.expect("473 bob #full *")
    bob.nothing()


def test_who_is_banned_or_has_no_key_is_not_led_on() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    ann.send("CREATE full", "CREATE waiting", "MODE #full +fk #waiting key")
    bob.send("JOIN #full")
    bob.expect("475 bob #full *")
    ann.send("MODE #full +b bob!*@*")
    bob.send("JOIN #full key")
    bob.expect("474 bob #full *")
