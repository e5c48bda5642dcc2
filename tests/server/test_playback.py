"""PRIVMSG *playback: history for programs made for a bouncer."""

from dataclasses import replace

import pytest

from tests.conversation import Person, World
from tests.server.logins import QUICK, log_in, register

ABLE = "message-tags server-time batch"
START_S = 1_767_225_600


def world_with_talk() -> tuple[World, Person]:
    """Ann, who reads, in a room where ``1`` to ``4`` was said a second apart, and ``5`` to her."""
    world = World(replace(QUICK, history__playback_lines=3))
    for nick in ("ann", "bob"):
        register(world, nick)
    ann, bob = (log_in(world, nick, capabilities=ABLE) for nick in ("ann", "bob"))
    bob.send("CREATE #trail")
    ann.send("JOIN #trail")
    for number in range(1, 5):
        world.pass_time(1)
        bob.send(f"PRIVMSG #trail {number}")
    bob.send("PRIVMSG ann 5")
    ann.barrier()
    return world, ann


def play(person: Person, words: str) -> list[str]:
    """What is played back."""
    answer = person.answer(f"PRIVMSG *playback :PLAY {words}")
    return [m.params[-1] for m in answer if m.command == "PRIVMSG"]


def test_a_room_or_a_person_between_times() -> None:
    _, ann = world_with_talk()
    assert play(ann, f"#trail {START_S + 2}") == ["2", "3", "4"]
    assert play(ann, f"#trail {START_S + 1.001}") == ["2", "3", "4"]
    assert play(ann, f"#trail {START_S + 2} {START_S + 4}") == ["2", "3"]
    assert play(ann, "bob") == ["5"]


def test_the_newest_lines_and_no_more_than_allowed() -> None:
    _, ann = world_with_talk()
    assert play(ann, "#trail") == ["2", "3", "4"]
    assert len(play(ann, "*")) == 3


def test_others_rooms_are_not_played() -> None:
    world, _ = world_with_talk()
    eve = world.connect("eve", ABLE)
    for target in ("#trail", "#nowhere", "ann"):
        eve.send(f"PRIVMSG *playback :PLAY {target}")
        eve.expect(f"NOTICE eve There is no history of {target} for you")
        eve.nothing()
    assert play(eve, "*") == []


@pytest.mark.parametrize("words", ["* yesterday", "* -1", "* 1e5", f"* {'9' * 40}", "* 1 ²"])
def test_a_time_is_a_number(words: str) -> None:
    _, ann = world_with_talk()
    ann.send(f"PRIVMSG *playback :PLAY {words}")
    ann.expect("NOTICE ann A time is in seconds since 1970, e.g. 1767225600.5")
