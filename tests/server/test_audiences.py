"""What only part of a room may see: STATUSMSG, rooms with +U, auditoriums (+u).

Specification: modern IRC "STATUSMSG Parameter"; SEMANTICS, "Numbers".
"""

import pytest

from tests.conversation import OUR_CLIENT, Person, World

CAPABILITIES = "message-tags batch draft/chathistory draft/event-playback chat-server/sequence"


def four(world: World, modes: str = "") -> tuple[Person, Person, Person, Person]:
    """An owner, an operator, someone with voice, and someone without any role."""
    ann, oli, vic, bob = world.join("ann", "oli", "vic", "bob", capabilities=CAPABILITIES)
    ann.send("MODE #trail +ov oli vic")
    if modes:
        ann.send(f"MODE #trail {modes}")
    for person in (ann, oli, vic, bob):
        person.barrier()
    return ann, oli, vic, bob


def history(person: Person) -> list[str]:
    """The texts of all messages in the history that someone is given."""
    lines = person.answer("CHATHISTORY LATEST #trail * 50")
    return [line.params[-1] for line in lines if line.command in ("PRIVMSG", "NOTICE")]


def test_a_message_to_operators_reaches_operators() -> None:
    ann, oli, vic, bob = four(World())
    bob.send("PRIVMSG @#trail :help")
    for person in (ann, oli):
        message = person.expect("PRIVMSG @#trail help")
        assert "chat-server/number" not in message.tags
        assert message.tags["msgid"]
    for person in (vic, bob):
        person.nothing()


def test_with_a_plus_everyone_who_has_a_role_is_meant() -> None:
    ann, oli, vic, bob = four(World())
    ann.send("NOTICE +#trail :meeting")
    for person in (oli, vic):
        person.expect("NOTICE +#trail meeting")
    bob.nothing()


def test_numbers_go_on_as_if_it_was_not_there() -> None:
    ann, oli, _, _ = four(World())
    ann.send("PRIVMSG #trail :one", "PRIVMSG @#trail :between", "PRIVMSG #trail :two")
    first = oli.expect("PRIVMSG #trail one").tags["chat-server/number"]
    oli.expect("PRIVMSG @#trail between")
    second = oli.expect("PRIVMSG #trail two").tags["chat-server/number"]
    assert int(second) == int(first) + 1


def test_a_message_to_part_of_the_room_is_redacted_for_the_same_part() -> None:
    able = f"{CAPABILITIES} draft/message-redaction"
    world = World()
    ann, oli, vic, bob = world.join("ann", "oli", "vic", "bob", capabilities=able)
    ann.send("MODE #trail +ov oli vic")
    bob.send("PRIVMSG @#trail :help", "PRIVMSG #trail :one")
    for person in (ann, vic, bob):
        person.barrier()
    msgid = oli.find("PRIVMSG @#trail help").tags["msgid"]
    oli.barrier()
    oli.send(f"REDACT #trail {msgid} :seen to")
    for person in (ann, oli):
        redaction = person.expect(f"REDACT #trail {msgid} seen to")
        assert "chat-server/number" not in redaction.tags
    vic.nothing()
    bob.nothing()
    assert history(ann) == ["one"]
    redacted = [m for m in ann.answer("CHATHISTORY LATEST #trail * 9") if m.command == "REDACT"]
    assert [m.params for m in redacted] == [["#trail", msgid, "seen to"]]
    assert not [m for m in vic.answer("CHATHISTORY LATEST #trail * 9") if m.command == "REDACT"]
    bob.send("PRIVMSG #trail :two")
    assert ann.find("PRIVMSG #trail two").tags["chat-server/number"] == "3"


def test_who_wrote_to_the_operators_takes_it_back() -> None:
    able = f"{CAPABILITIES} echo-message draft/message-redaction"
    ann, bob = World().join("ann", "bob", capabilities=able)
    bob.send("PRIVMSG @#trail :help")
    msgid = bob.find("PRIVMSG @#trail help").tags["msgid"]
    bob.send(f"REDACT #trail {msgid}")
    bob.expect(f"REDACT #trail {msgid}")
    ann.find(f"REDACT #trail {msgid}")


def test_a_message_to_part_of_the_room_is_not_edited() -> None:
    ann, _ = World().join("ann", "bob", capabilities=f"{OUR_CLIENT} chat-server/edit")
    ann.send("PRIVMSG @#trail :help")
    msgid = ann.find("PRIVMSG @#trail help").tags["msgid"]
    ann.send(f"EDIT #trail {msgid} :other")
    ann.expect(f"FAIL EDIT EDIT_FORBIDDEN #trail {msgid} *")


def test_history_gives_it_to_the_same_part_of_the_room_only() -> None:
    world = World()
    ann, oli, vic, bob = four(world)
    ann.send("PRIVMSG @#trail :for operators", "PRIVMSG +#trail :for voices")
    for person in (ann, oli, vic, bob):
        person.barrier()
    assert history(oli) == ["for operators", "for voices"]
    assert history(vic) == ["for voices"]
    assert history(bob) == []
    ann.send("MODE #trail -o oli")
    assert history(oli) == []


def test_programs_that_cannot_ask_for_history_are_not_given_it_on_joining() -> None:
    world = World()
    ann, _, _, _ = four(world)
    ann.send("PRIVMSG @#trail :for operators", "PRIVMSG #trail :for all")
    late = world.connect("late")
    late.send("JOIN #trail")
    assert [m.params[-1][-7:] for m in late.barrier() if m.command == "PRIVMSG"] == ["for all"]


def test_who_may_not_speak_may_not_speak_to_operators_either() -> None:
    world = World()
    ann, _, _, bob = four(world, "+m")
    eve = world.connect("eve")
    for person in (bob, eve):
        person.send("PRIVMSG @#trail :help")
        person.expect(f"404 {person.nick} #trail *")
    ann.nothing()


@pytest.mark.parametrize("target", ["~#trail", "%#trail", "@", "@trail", "@+#trail", "@#nowhere"])
def test_other_signs_are_no_target(target: str) -> None:
    ann, _, _, bob = four(World())
    bob.send(f"PRIVMSG {target} :help")
    assert bob.received.pop().command in ("401", "403")
    ann.nothing()


def test_tags_to_part_of_a_room_are_shown_to_it_and_kept_by_nobody() -> None:
    ann, oli, vic, bob = four(World())
    ann.send("@+draft/react=x TAGMSG @#trail")
    oli.expect("TAGMSG @#trail")
    vic.nothing()
    bob.nothing()
    lines = oli.answer("CHATHISTORY LATEST #trail * 50")
    assert "TAGMSG" not in [line.command for line in lines]


def test_sending_it_again_under_its_key_stores_it_once() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    sender = world.connect("cleo", OUR_CLIENT, device="d" * 20)
    sender.send("JOIN #trail")
    for person in (ann, bob, sender):
        person.barrier()
    for _ in range(2):
        sender.send("@chat-server/key=k1 PRIVMSG @#trail :help")
        sender.expect("PRIVMSG @#trail help")
    ann.expect("PRIVMSG @#trail help")
    ann.nothing()


# +U


def test_what_people_without_a_role_say_is_shown_to_moderators() -> None:
    ann, oli, vic, bob = four(World(), "+U")
    bob.send("PRIVMSG #trail :is this on?")
    for person in (ann, oli):
        person.expect("PRIVMSG #trail is this on?")
    vic.nothing()
    vic.send("PRIVMSG #trail :yes")
    for person in (ann, oli, bob):
        person.expect("PRIVMSG #trail yes")
    assert history(vic) == ["yes"]
    assert history(oli) == ["is this on?", "yes"]


def test_it_is_not_got_around_by_editing() -> None:
    world = World()
    ann, *_ = world.join("ann")
    bob = world.connect("bob", OUR_CLIENT + " chat-server/edit", device="b" * 20)
    cleo = world.connect("cleo")
    for person in (bob, cleo):
        person.send("JOIN #trail")
    bob.barrier()
    bob.send("PRIVMSG #trail :fine")
    said = bob.expect("PRIVMSG #trail fine").tags["msgid"]
    ann.send("MODE #trail +U")
    for person in (ann, bob, cleo):
        person.barrier()
    bob.send(f"EDIT #trail {said} :not fine")
    bob.expect("404 bob #trail *")
    cleo.nothing()


# Auditoriums


def names(person: Person) -> str:
    lines = person.answer("NAMES #trail")
    return " ".join(line.params[-1] for line in lines if line.command == "353")


def test_people_without_a_role_do_not_see_one_another() -> None:
    world = World()
    ann, oli, vic, bob = four(world, "+u")
    eve = world.connect("eve", CAPABILITIES)
    eve.send("JOIN #trail")
    eve.expect("JOIN #trail")
    for person in (ann, oli):
        person.expect("JOIN #trail")
    for person in (vic, bob):
        person.nothing()
    assert names(ann) == "~ann @oli +vic bob eve"
    assert names(bob).split()[-1] == "+vic"
    assert [line.params[5] for line in bob.answer("WHO #trail") if line.command == "352"] == [
        "ann",
        "oli",
        "vic",
    ]
    whois = bob.answer("WHOIS eve")
    assert "319" not in [line.command for line in whois]


@pytest.mark.parametrize("line", ["PART #trail", "QUIT :bye", "NICK other", "AWAY :tea"])
def test_nor_hear_of_one_another(line: str) -> None:
    world = World()
    ann, _, _, bob = four(world)
    eve = world.connect("eve", "away-notify")
    eve.send("JOIN #trail")
    ann.send("MODE #trail +u")
    for person in (ann, bob):
        person.send("CAP REQ away-notify")
        person.barrier()
    eve.send(line)
    ann.expect(f"{line.split()[0]} …")
    bob.nothing()


def test_nor_read_of_one_another_in_history() -> None:
    world = World()
    ann, _, _, bob = four(world, "+u")
    eve = world.connect("eve")
    eve.send("JOIN #trail", "PART #trail")
    ann.barrier()
    for person, seen in ((ann, 2), (bob, 0)):
        lines = person.answer("CHATHISTORY LATEST #trail * 50")
        assert len([line for line in lines if line.source.startswith("eve!")]) == seen
