"""Taking messages back and changing them: who may, who hears of it, what stays.

Specification: IRCv3 draft/message-redaction; EDIT and VERSIONS: `docs/protocol.md`, edit.
"""

import pytest

from common.wire import Message
from server.settings import Settings
from tests.conversation import OUR_CLIENT, Person, World, commands
from tests.server.logins import QUICK, log_in, register

ABLE = f"{OUR_CLIENT} draft/message-redaction chat-server/edit"


def room(settings: Settings | None = None) -> tuple[World, Person, Person]:
    """An owner and a member, both with devices, in a room; everything read already."""
    world = World(settings)
    ann = world.connect("ann", ABLE, device="ann-has-a-device")
    bob = world.connect("bob", ABLE, device="bob-has-a-device")
    ann.send("CREATE #trail")
    bob.send("JOIN #trail")
    ann.barrier()
    bob.barrier()
    return world, ann, bob


def said(person: Person, text: str, *others: Person, target: str = "#trail") -> str:
    """Say something; the id under which it is known. Everyone named has read it then."""
    person.send(f"PRIVMSG {target} :{text}")
    msgid = person.find(f"PRIVMSG {target} {text}").tags["msgid"]
    for other in others:
        other.barrier()
    return msgid


def history(person: Person, target: str = "#trail") -> list[Message]:
    """The newest page, without the batch around it."""
    return person.answer(f"CHATHISTORY LATEST {target} * 50")[1:-1]


# REDACT


def test_ones_own_message_is_deleted_for_all() -> None:
    _, ann, bob = room()
    msgid = said(bob, "secret", ann)
    bob.send(f"@label=x REDACT #trail {msgid} :wrong room")
    told = ann.expect(f"REDACT #trail {msgid} wrong room")
    assert told.source.startswith("bob!")
    assert told.tags["chat-server/number"] == "2"
    assert bob.expect(f"REDACT #trail {msgid} wrong room").tags["label"] == "x"
    assert "secret" not in str(history(ann))
    assert [(m.command, m.tags.get("chat-server/number")) for m in history(ann)][-1] == (
        "REDACT",
        "2",
    )


def test_it_stays_deleted_and_its_number_is_not_used_again() -> None:
    world, ann, bob = room()
    msgid = said(bob, "secret", ann)
    bob.send(f"REDACT #trail {msgid}")
    world.restart()
    ann = world.connect("ann", ABLE, device="ann-has-a-device")
    ann.send("JOIN #trail")
    ann.barrier()
    assert "secret" not in str(history(ann))
    ann.send("PRIVMSG #trail :next")
    assert ann.expect("PRIVMSG #trail next").tags["chat-server/number"] == "3"


def test_a_moderator_deletes_anyones_message_a_member_only_their_own() -> None:
    _, ann, bob = room()
    anns, bobs = said(ann, "mine", bob), said(bob, "mine too", ann)
    bob.send(f"REDACT #trail {anns}")
    bob.expect(f"FAIL REDACT REDACT_FORBIDDEN #trail {anns} *")
    ann.nothing()
    ann.send(f"REDACT #trail {bobs}")
    bob.expect(f"REDACT #trail {bobs}")


def test_a_guest_without_a_device_is_the_author_for_as_long_as_they_are_connected() -> None:
    world, ann, _ = room()
    carl = world.connect("carl", ABLE)
    carl.send("JOIN #trail")
    carl.barrier(), ann.barrier()
    first, second = said(carl, "one", ann), said(carl, "two", ann)
    carl.send("NICK carla", f"EDIT #trail {first} :other", f"REDACT #trail {second}")
    ann.find(f"EDIT #trail {first} other")
    ann.find(f"REDACT #trail {second}")


def test_a_namesake_is_not_the_author() -> None:
    world, _, _ = room()
    carl = world.connect("carl", ABLE)
    carl.send("JOIN #trail")
    carl.barrier()
    msgid = said(carl, "without a device")
    carl.hang_up()
    carl = world.connect("carl", ABLE)
    carl.send("JOIN #trail")
    carl.barrier()
    carl.send(f"REDACT #trail {msgid}")
    carl.expect("FAIL REDACT REDACT_FORBIDDEN …")


def test_time_for_it_runs_out_but_not_for_moderators() -> None:
    world, ann, bob = room(Settings(messages__redact_minutes=5))
    msgid = said(bob, "old", ann)
    world.pass_time(301)
    ann.barrier()
    bob.barrier()
    bob.send(f"REDACT #trail {msgid}")
    bob.expect(f"FAIL REDACT REDACT_WINDOW_EXPIRED #trail {msgid} 5 *")
    ann.send(f"REDACT #trail {msgid}")
    bob.expect(f"REDACT #trail {msgid}")


def test_clients_that_do_not_know_it_hear_nothing_of_it() -> None:
    world, ann, _ = room()
    old = world.connect("old", OUR_CLIENT)
    old.send("JOIN #trail")
    msgid = said(ann, "secret", old)
    ann.send(f"REDACT #trail {msgid}")
    assert old.barrier() == []
    assert "REDACT" not in commands(history(old))
    assert "secret" not in str(history(old))


@pytest.mark.parametrize("command", ["REDACT", "EDIT", "VERSIONS"])
def test_what_may_not_be_read_is_as_if_it_were_not_there(command: str) -> None:
    world, ann, _ = room()
    ann.send("MODE #trail +s")
    msgid = said(ann, "secret")
    eve = world.connect("eve", ABLE, device="eve-has-a-device")
    for target in ("#trail", "#nowhere"):
        eve.send(f"{command} {target} {msgid} :x")
        assert eve.expect(f"FAIL {command} INVALID_TARGET {target} *")
    eve.send("JOIN #trail", "CREATE #eve")
    eve.barrier()
    eve.send(f"{command} #trail {msgid} :x")  # from before she came
    eve.expect(f"FAIL {command} UNKNOWN_MSGID #trail {msgid} *")
    eve.send(f"{command} #eve {msgid} :x")
    eve.expect(f"FAIL {command} UNKNOWN_MSGID #eve {msgid} *")
    eve.send(f"{command} #eve nonsense :x")
    eve.expect(f"FAIL {command} UNKNOWN_MSGID #eve nonsense *")


def test_a_reaction_can_be_taken_back_a_topic_cannot() -> None:
    _, ann, bob = room()
    ann.send("@+draft/react=x TAGMSG #trail", "TOPIC #trail :here")
    reaction, topic = (ann.received.pop(0).tags["msgid"] for _ in range(2))
    ann.send(f"REDACT #trail {reaction}")
    assert commands(bob.barrier()) == ["TAGMSG", "TOPIC", "REDACT"]
    ann.barrier()
    ann.send(f"REDACT #trail {topic}")
    ann.expect("FAIL REDACT UNKNOWN_MSGID …")


def test_a_deleted_message_sent_again_is_not_stored_again() -> None:
    _, ann, bob = room()
    ann.send("@chat-server/key=k1 PRIVMSG #trail :oops")
    msgid = ann.expect("PRIVMSG #trail oops").tags["msgid"]
    ann.send(f"REDACT #trail {msgid}")
    ann.barrier()
    bob.barrier()
    ann.send("@chat-server/key=k1 PRIVMSG #trail :oops")
    ann.expect("FAIL PRIVMSG REDACTED *")
    bob.nothing()


def test_what_was_said_to_operators_only_they_delete() -> None:
    _, ann, bob = room()
    ann.send("PRIVMSG @#trail :for operators")
    msgid = ann.expect("PRIVMSG @#trail for operators").tags["msgid"]
    bob.send(f"REDACT #trail {msgid}")
    bob.expect(f"FAIL REDACT UNKNOWN_MSGID #trail {msgid} *")
    ann.send(f"REDACT #trail {msgid}")
    ann.expect(f"REDACT #trail {msgid}")
    assert "for operators" not in str(history(ann))


# EDIT


def test_an_edit_is_shown_as_one_or_as_a_message() -> None:
    world, ann, bob = room()
    old = world.connect("old", "message-tags")
    bare = world.connect("bare")
    for person in (old, bare):
        person.send("JOIN #trail")
    msgid = said(ann, "teh", old, bare, bob)
    ann.send(f"@label=x EDIT #trail {msgid} :the cat")
    assert ann.expect(f"EDIT #trail {msgid} the cat").tags["label"] == "x"
    assert bob.expect(f"EDIT #trail {msgid} the cat").tags["chat-server/number"] == "2"
    assert old.expect("PRIVMSG #trail * the cat").tags["+draft/reply"] == msgid
    bare.expect("PRIVMSG #trail * the cat")


def test_history_shows_the_newest_text_only() -> None:
    _, ann, bob = room()
    msgid = said(ann, "first", bob)
    for text in ("second", "third"):
        ann.send(f"EDIT #trail {msgid} :{text}")
    bob.barrier()
    shown = [(m.command, m.params[-1]) for m in history(bob) if m.command in ("PRIVMSG", "EDIT")]
    assert shown == [("PRIVMSG", "third"), ("EDIT", "third")]


def test_moderators_read_what_it_said_before() -> None:
    world, ann, bob = room()
    msgid = said(bob, "first", ann)
    for text in ("second", "third"):
        world.pass_time(1)
        bob.send(f"EDIT #trail {msgid} :{text}")
    ann.barrier()
    bob.barrier()
    _, *lines, _ = ann.answer(f"VERSIONS #trail {msgid}")
    assert [(m.command, m.params[0], m.params[3]) for m in lines] == [
        ("VERSION", "#trail", "first"),
        ("VERSION", "#trail", "second"),
    ]
    bob.send(f"VERSIONS #trail {msgid}")
    bob.expect("482 bob #trail *")


def test_deleting_deletes_all_versions() -> None:
    _, ann, bob = room()
    msgid = said(bob, "first", ann)
    bob.send(f"EDIT #trail {msgid} :second", f"REDACT #trail {msgid}")
    ann.barrier()
    assert "first" not in str(history(ann))
    assert "second" not in str(history(ann))
    ann.send(f"VERSIONS #trail {msgid}")
    ann.expect(f"FAIL VERSIONS UNKNOWN_MSGID #trail {msgid} *")


def test_nobody_changes_what_another_said() -> None:
    _, ann, bob = room()
    msgid = said(bob, "mine", ann)
    ann.send(f"EDIT #trail {msgid} :yours")  # not even the owner
    ann.expect(f"FAIL EDIT EDIT_FORBIDDEN #trail {msgid} *")
    bob.nothing()


def test_who_was_muted_cannot_speak_by_editing() -> None:
    _, ann, bob = room()
    msgid = said(bob, "fine", ann)
    ann.send("MODE #trail +m")
    bob.barrier()
    bob.send(f"EDIT #trail {msgid} :not fine")
    bob.expect("404 bob #trail *")


def test_an_edit_must_say_something_in_one_line_and_in_time() -> None:
    world, ann, _ = room(Settings(messages__edit_minutes=5))
    msgid = said(ann, "x")
    ann.send(f"EDIT #trail {msgid} :")
    ann.expect("412 ann *")
    ann.send(f"EDIT #trail {msgid} :{'x' * 455}")
    ann.expect(f"FAIL EDIT TEXT_TOO_LONG #trail {msgid} *")
    world.pass_time(301)
    ann.barrier()
    ann.send(f"EDIT #trail {msgid} :y")
    ann.expect(f"FAIL EDIT EDIT_WINDOW_EXPIRED #trail {msgid} 5 *")


def test_an_edit_sent_again_counts_once() -> None:
    _, ann, bob = room()
    msgid = said(ann, "x", bob)
    ann.send(f"@chat-server/key=k1 EDIT #trail {msgid} :y")
    first = ann.received.pop()
    ann.send(f"@chat-server/key=k1 EDIT #trail {msgid} :y")
    assert ann.received.pop() == first
    assert commands(bob.barrier()) == ["EDIT"]


def test_direct_messages_are_changed_and_deleted_by_who_wrote_them() -> None:
    world = World(QUICK)
    register(world, "ann")
    register(world, "bob")
    ann, bob = (log_in(world, nick, capabilities=ABLE) for nick in ("ann", "bob"))
    ann.barrier()
    msgid = said(ann, "teh", bob, target="bob")
    ann.send(f"EDIT bob {msgid} :the")
    for person in (ann, bob):
        person.expect(f"EDIT bob {msgid} the")
    bob.send(f"REDACT ann {msgid}")
    bob.expect("FAIL REDACT REDACT_FORBIDDEN …")
    ann.send(f"REDACT bob {msgid}")
    for person in (ann, bob):
        person.expect(f"REDACT bob {msgid}")
    assert "the" not in [m.params[-1] for m in history(bob, "ann")]
