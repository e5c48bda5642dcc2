"""Masks for accounts and for mutes, as they are typed and as they match.

Specification: IRCv3 account-extban.
"""

import pytest

from server.core.masks import complete_mask, is_valid_mask
from tests.conversation import World
from tests.server.logins import QUICK, log_in, register


@pytest.mark.parametrize(
    ("typed", "mask"),
    [
        ("ann", "ann!*@*"),
        ("m:ann", "m:ann!*@*"),
        ("~m:ann", "m:ann!*@*"),
        ("a:ann", "a:ann"),
        ("~account:ann", "account:ann"),
        ("m:a:ann", "m:a:ann"),
        ("x:ann", "x:ann!*@*"),
        ("fe80::1", "fe80::1!*@*"),
    ],
)
def test_masks_are_completed(typed: str, mask: str) -> None:
    assert complete_mask(typed) == mask
    assert is_valid_mask(mask)


@pytest.mark.parametrize("typed", ["a:", "m:", "account:", "a b", ":x", "x" * 200])
def test_some_cannot_stand_on_a_list(typed: str) -> None:
    assert not is_valid_mask(complete_mask(typed))


def test_a_mute_lets_people_in_and_keeps_them_quiet() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.send("MODE #trail +b m:BOB")
    bob.barrier()
    bob.send("PRIVMSG #trail :hi", "PART #trail", "JOIN #trail")
    bob.expect("404 bob #trail *")
    bob.find("JOIN #trail")


@pytest.mark.parametrize("exception", ["bob!*@*", "m:bob!*@*"])
def test_an_exception_lets_them_speak(exception: str) -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.send("MODE #trail +b m:*!*@*", f"MODE #trail +e {exception}")
    ann.barrier()
    bob.send("PRIVMSG #trail :hi")
    ann.expect("PRIVMSG #trail hi")


def test_an_exception_from_mutes_lets_no_banned_person_in() -> None:
    world = World()
    (ann,) = world.join("ann")
    ann.send("MODE #trail +b bob!*@*", "MODE #trail +e m:bob!*@*")
    bob = world.connect("bob")
    bob.send("JOIN #trail")
    bob.expect("474 bob #trail *")


def test_an_account_is_banned_by_any_nick_and_no_nick_is_by_an_account() -> None:
    world = World(QUICK)
    register(world, "eve")
    (ann,) = world.join("ann")
    ann.send("MODE #trail +b a:EVE")
    eve = log_in(world, "eve")
    eve.send("NICK other", "JOIN #trail")
    eve.find("474 other #trail *")
    bob = world.connect("bob")
    bob.send("JOIN #trail")
    bob.find("366 bob #trail *")
