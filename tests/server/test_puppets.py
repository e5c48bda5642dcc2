"""Speaking as someone else: NPC, SCENE, RELAYMSG (`docs/protocol.md`, relaymsg)."""

import pytest

from tests.conversation import Person, World

RELAY = "standard-replies message-tags draft/relaymsg echo-message"


def stage(world: World) -> tuple[Person, Person]:
    """Two people in a room for role play."""
    ann, bob = world.join("ann", "bob", capabilities="standard-replies")
    ann.send("MODE #trail +E")
    for person in (ann, bob):
        person.barrier()
    return ann, bob


def test_a_character_speaks_and_everyone_sees_who_plays_it() -> None:
    ann, bob = stage(World())
    bob.send("NPC #trail Bilbo too much bread")
    for person in (ann, bob):
        message = person.expect("PRIVMSG #trail too much bread (bob)")
        assert message.nick == "*Bilbo*"


def test_a_scene_is_described() -> None:
    ann, bob = stage(World())
    bob.send("SCENE #trail :dark and stormy")
    assert ann.expect("PRIVMSG #trail dark and stormy (bob)").nick == "=Scene="


def test_only_in_rooms_for_it_and_by_those_who_may_speak() -> None:
    world = World()
    ann, bob = stage(world)
    eve = world.connect("eve")
    eve.send("NPC #trail Bilbo :hi")
    eve.expect("573 eve #trail *")
    ann.send("MODE #trail +m")
    bob.barrier()
    bob.send("NPC #trail Bilbo :hi")
    bob.expect("404 bob #trail *")
    ann.send("MODE #trail -Em")
    bob.barrier()
    bob.send("SCENE #trail :hi")
    bob.expect("573 bob #trail *")


@pytest.mark.parametrize("name", ["ann!x", "@ann", "*", "#trail", "x" * 40])
def test_a_character_is_called_like_a_nick(name: str) -> None:
    ann, bob = stage(World())
    bob.send(f"NPC #trail {name} hello")
    bob.expect("FAIL NPC INVALID_NAME …")
    ann.nothing()


def test_a_bridge_passes_on_what_was_said_elsewhere() -> None:
    ann, bob = World().join("ann", "bob", capabilities=RELAY)
    ann.send("RELAYMSG #trail smt/other :hi there")
    for person in (ann, bob):
        message = person.expect("PRIVMSG #trail hi there")
        assert message.source == "smt/other!ann@relayed.invalid"
        assert message.tags["draft/relaymsg"] == "ann"


@pytest.mark.parametrize(
    "nick", ["plain", "smt!x/other", "bob", "/", "smt/", "/other", "@x/y", "x" * 40 + "/"]
)
def test_a_nick_that_someone_could_have_is_refused(nick: str) -> None:
    ann, bob = World().join("ann", "bob", capabilities=RELAY)
    ann.send(f"RELAYMSG #trail {nick} :hi")
    ann.expect("FAIL RELAYMSG INVALID_NICK *")
    bob.nothing()


def test_only_operators_of_the_room_pass_on() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=RELAY)
    eve = world.connect("eve", RELAY)
    for person in (bob, eve):
        person.send("RELAYMSG #trail smt/other :hi")
        person.expect("FAIL RELAYMSG PRIVS_NEEDED *")
    ann.nothing()


def test_a_room_that_may_not_be_seen_is_not_told_of() -> None:
    world = World()
    ann, _ = world.join("ann", "bob")
    ann.send("MODE #trail +s")
    eve = world.connect("eve", RELAY)
    for line in ("RELAYMSG #trail smt/other :hi", "NPC #trail Bilbo :hi", "SCENE #trail :hi"):
        eve.send(line)
        secret = eve.expect("403 eve #trail *")
        eve.send(line.replace("#trail", "#nowhere"))
        assert eve.expect("403 eve #nowhere *").params[-1] == secret.params[-1]
