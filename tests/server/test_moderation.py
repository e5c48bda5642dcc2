"""Keeping order in a room: MODE, KICK, INVITE, and who may.

Specification: modern IRC "MODE message", "KICK message", "INVITE message".
"""

import pytest

from tests.conversation import OUR_CLIENT, World

DEVICE = "ann-has-a-device"


def test_roles_are_given_and_taken_by_those_above() -> None:
    world = World()
    ann, bob, eve = world.join("ann", "bob", "eve")
    ann.barrier(), bob.barrier()
    ann.send("MODE #trail +v bob")
    for person in (ann, bob, eve):
        person.expect("MODE #trail +v bob")
    bob.send("MODE #trail +o eve", "MODE #trail -o ann", "MODE #trail -v bob")
    bob.expect("482 bob #trail *")
    bob.expect("482 bob #trail *")
    bob.expect("MODE #trail -v bob")


@pytest.mark.parametrize(
    ("mode", "answer"),
    [
        ("+o nobody", "401 ann nobody *"),
        ("+o outside", "441 ann outside #trail *"),
        ("+Z", "472 ann Z *"),
        ("+l 0", "696 ann #trail l 0 *"),
        ("+l x", "696 ann #trail l x *"),
        ("+k a,b", "696 ann #trail k a,b *"),
        ("+b ~x:y", "696 ann #trail b ~x:y *"),
    ],
)
def test_a_change_that_cannot_be_made_is_answered(mode: str, answer: str) -> None:
    world = World()
    (ann,) = world.join("ann")
    world.connect("outside")
    ann.send(f"MODE #trail {mode}")
    ann.expect(answer)
    ann.nothing()


def test_a_moderated_room_hears_those_with_voice() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.send("MODE #trail +m")
    bob.barrier()
    bob.send("PRIVMSG #trail :hello")
    bob.expect("404 bob #trail *")
    ann.send("MODE #trail +v bob")
    bob.send("PRIVMSG #trail :hello")
    ann.find("PRIVMSG #trail hello")


def test_a_ban_keeps_out_silences_and_can_be_excepted() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.send("MODE #trail +b BOB!*@*")
    bob.barrier()
    bob.send("PRIVMSG #trail :hello", "PART #trail", "JOIN #trail")
    bob.expect("404 bob #trail *")
    bob.expect("PART #trail")
    bob.expect("474 bob #trail *")
    ann.send("MODE #trail +e *!bob@127.0.0.1")
    bob.send("JOIN #trail")
    bob.expect("JOIN #trail")


def test_a_mask_is_shown_as_it_was_set_and_can_be_taken_off() -> None:
    world = World()
    (ann,) = world.join("ann")
    mask = "Long*!Name*@" + "h" * 88
    ann.send(f"MODE #trail +b {mask}", "MODE #trail b")
    ann.expect(f"MODE #trail +b {mask}")
    ann.expect(f"367 ann #trail {mask} ann 1767225600")
    ann.expect("368 ann #trail *")
    ann.send(f"MODE #trail -b {mask.upper()}")
    ann.expect(f"MODE #trail -b {mask}")
    ann.send(f"MODE #trail +b {mask}h")
    ann.expect("696 ann #trail b * *")


def test_many_changes_in_many_bytes_stay_within_a_line() -> None:
    world = World()
    (ann,) = world.join("ann", room="#" + "x" * 63)
    masks = " ".join(f"{'ü' * 45}{number}" for number in range(4))
    ann.send(f"MODE #{'x' * 63} +bbbb {masks}")
    shown = ann.expect("MODE …")
    kept = [m.params[2] for m in ann.answer(f"MODE #{'x' * 63} +b") if m.command == "367"]
    assert kept == shown.params[2:]


def test_a_key_and_an_invitation_open_the_door() -> None:
    world = World()
    (ann,) = world.join("ann")
    bob, eve = world.connect("bob"), world.connect("eve")
    ann.send("MODE #trail +ik sesame")
    bob.send("JOIN #trail sesame")
    bob.expect("473 bob #trail *")
    ann.send("INVITE bob #trail")
    assert bob.expect("INVITE bob #trail").nick == "ann"
    bob.send("JOIN #trail")
    bob.expect("JOIN #trail")
    ann.send("MODE #trail -i")
    eve.send("JOIN #trail wrong", "JOIN #trail sesame")
    eve.expect("475 eve #trail *")
    eve.expect("JOIN #trail")


def test_the_key_is_shown_to_members_only() -> None:
    world = World()
    (ann,) = world.join("ann")
    ann.send("MODE #trail +k sesame", "MODE #trail")
    ann.expect("MODE #trail +k sesame")
    ann.expect("324 ann #trail +ntk sesame")
    eve = world.connect("eve")
    eve.send("MODE #trail")
    eve.expect("324 eve #trail +ntk *")


def test_a_full_room_is_full() -> None:
    world = World()
    ann, _ = world.join("ann", "bob")
    ann.send("MODE #trail +l 2")
    eve = world.connect("eve")
    eve.send("JOIN #trail")
    eve.expect("471 eve #trail *")


def test_a_kick_removes_and_says_why() -> None:
    world = World()
    ann, bob, eve = world.join("ann", "bob", "eve")
    ann.barrier(), bob.barrier()
    bob.send("KICK #trail eve")
    bob.expect("482 bob #trail *")
    ann.send("KICK #trail bob,nobody :enough is enough")
    for person in (ann, bob, eve):
        person.expect("KICK #trail bob enough is enough")
    ann.expect("441 ann nobody #trail *")
    bob.send("PRIVMSG #trail :hello", "KICK #trail ann", "KICK #trail ,")
    bob.expect("404 bob #trail *")
    bob.expect("442 bob #trail *")
    bob.expect("461 bob KICK *")


def test_a_room_made_unlisted_is_hidden_from_those_outside() -> None:
    world = World()
    (ann,) = world.join("ann")
    eve = world.connect("eve")
    ann.send("MODE #trail +s")
    eve.send("TOPIC #trail")
    eve.expect("403 eve #trail *")


def test_a_role_given_to_a_device_comes_back_with_it() -> None:
    world = World()
    (ann,) = world.join("ann")
    bob = world.connect("bob", OUR_CLIENT, device=DEVICE)
    bob.send("JOIN #trail")
    ann.send("MODE #trail +o bob")
    bob.barrier()
    world.restart()
    again = world.connect("bobby", OUR_CLIENT, device=DEVICE)
    again.send("JOIN #trail")
    again.find("353 bobby = #trail @bobby")


def test_away_is_told_to_those_who_asked_and_kept_until_back() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities="away-notify")
    ann.barrier()
    bob.send("AWAY :gone fishing", "AWAY")
    ann.expect("AWAY gone fishing")
    ann.expect("AWAY")
    ann.nothing()


def test_hosts_and_presence_can_be_asked_in_short() -> None:
    world = World()
    ann = world.connect("ann")
    world.connect("bob").send("AWAY :out")
    ann.send("USERHOST ann nobody bob", "ISON bob nobody ANN")
    ann.expect("302 ann ann=+ann@127.0.0.1 bob=-bob@127.0.0.1")
    ann.expect("303 ann bob ann")
