"""RENAME: another name, the same room.

Specification: IRCv3 draft/channel-rename.
"""

from tests.conversation import OUR_CLIENT, Person, World, commands

ABLE = f"{OUR_CLIENT} draft/channel-rename"


def room() -> tuple[World, Person, Person, Person]:
    """The owner, a member whose program knows renames, and one whose program does not."""
    world = World()
    ann, bob = (world.connect(nick, ABLE) for nick in ("ann", "bob"))
    old = world.connect("old")
    ann.send("CREATE #trail", "TOPIC #trail :here")
    for person in (bob, old):
        person.send("JOIN #trail")
    for person in (ann, bob, old):
        person.barrier()
    return world, ann, bob, old


def test_members_are_told_each_in_their_way() -> None:
    _, ann, bob, old = room()
    ann.send("RENAME #trail #path :shorter")
    assert ann.expect("RENAME #trail #path shorter").tags["chat-server/number"] == "2"
    bob.expect("RENAME #trail #path shorter")
    old.expect("PART #trail shorter")
    old.expect("JOIN #path")
    assert commands(old.barrier()) == ["332", "333", "353", "366"]


def test_everything_but_the_name_stays() -> None:
    world, ann, bob, _ = room()
    ann.send("PRIVMSG #trail :before", "MODE #trail +b eve", "RENAME #trail #path")
    bob.send("PRIVMSG #path :after")
    ann.barrier()
    page = ann.answer("CHATHISTORY LATEST #path * 50")
    assert [m.params for m in page if m.command == "PRIVMSG"] == [
        ["#path", "before"],
        ["#path", "after"],
    ]
    assert [m.command for m in page if m.command == "RENAME"] == ["RENAME"]
    world.restart()
    eve = world.connect("eve", ABLE)
    eve.send("JOIN #path")
    eve.expect("474 eve #path *")


def test_the_old_name_is_free_at_once() -> None:
    _, ann, _, old = room()
    ann.send("RENAME #trail #path")
    old.barrier()
    old.send("JOIN #trail")
    assert commands(old.barrier()) == ["JOIN", "353", "366"]


def test_other_letters_of_the_same_name_move_nobody() -> None:
    _, ann, _, old = room()
    ann.send("RENAME #trail #Trail")
    ann.expect("RENAME #trail #Trail ")
    old.nothing()


def test_a_room_without_a_name_gets_one_and_stays_unlisted() -> None:
    world = World()
    ann, eve = (world.connect(nick, ABLE) for nick in ("ann", "eve"))
    ann.send("CREATE")
    room_id = ann.received[0].params[0]
    ann.barrier()
    ann.send(f"RENAME {room_id} den")
    ann.expect(f"RENAME {room_id} #den ")
    assert commands(eve.answer("LIST")) == ["321", "323"]


def test_only_those_who_lead_it_may() -> None:
    world, _, bob, _ = room()
    bob.send("RENAME #trail #path")
    bob.expect("482 bob #trail *")
    eve = world.connect("eve", ABLE)
    eve.send("RENAME #trail #path")
    eve.expect("442 eve #trail *")
    eve.send("RENAME #nowhere #path")
    eve.expect("403 eve #nowhere *")


def test_a_name_must_be_free_and_a_hidden_one_is_refused_like_a_reserved_one() -> None:
    world, ann, _, _ = room()
    eve = world.connect("eve", ABLE)
    eve.send("CREATE #listed", "CREATE #hidden", "MODE #hidden +s")
    ann.send("RENAME #trail #listed")
    ann.expect("FAIL RENAME CHANNEL_NAME_IN_USE #trail #listed *")
    ann.send("RENAME #trail #hidden", "RENAME #trail #lobby")
    hidden = ann.expect("FAIL RENAME CANNOT_RENAME #trail #hidden *")
    reserved = ann.expect("FAIL RENAME CANNOT_RENAME #trail #lobby *")
    assert hidden.params[-1] == reserved.params[-1]
    ann.send("RENAME #trail a,b", "RENAME #trail #trail")
    ann.expect("FAIL RENAME CANNOT_RENAME #trail #a,b *")
    ann.expect("FAIL RENAME CANNOT_RENAME #trail #trail *")


def test_a_room_is_not_renamed_all_the_time() -> None:
    world, ann, _, _ = room()
    ann.send("RENAME #trail #path")
    ann.barrier()
    ann.send("RENAME #path #trail")
    ann.expect("FAIL RENAME CANNOT_RENAME #path #trail *")
    world.pass_time(11)
    ann.send("RENAME #path #trail")
    ann.expect("RENAME #path #trail ")
