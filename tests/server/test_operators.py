"""Operators of the server: how one becomes one, and what only they may do.

Specification: modern IRC "Operator Messages", IRCv3 chghost, draft/oper-tag.
"""

from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from server.core.dispatch import COMMANDS
from server.settings import Settings, SettingsError
from tests.conversation import Person, World
from tests.server.logins import QUICK, log_in, register

HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("hashed-secret")
SETTINGS = Settings(opers=(("boss", "secret"), ("deputy", HASH)))


def operator(world: World, nick: str = "op", capabilities: str = "") -> Person:
    """Someone who has become an operator; everything read already."""
    person = world.connect(nick, capabilities)
    person.send("OPER boss secret")
    person.find(f"381 {nick} *")
    person.expect(f"MODE {nick} +o")
    return person


def test_a_password_makes_an_operator() -> None:
    world = World(SETTINGS)
    boss, ann = operator(world), world.connect("ann")
    boss.send("MODE op")
    boss.expect("221 op +o")
    ann.send("WHOIS op")
    ann.find("313 ann op *")


def test_a_hashed_password_does_as_well() -> None:
    ann = World(SETTINGS).connect("ann")
    ann.send("OPER deputy hashed-secret")
    ann.expect("381 ann *")


@pytest.mark.parametrize(
    "words",
    [
        "boss wrong",
        "deputy wrong",
        "nobody secret",
        "boss :",
        pytest.param(f"deputy {HASH}", id="deputy and the hash"),
    ],
)
def test_anything_else_does_not(words: str) -> None:
    ann = World(SETTINGS).connect("ann")
    ann.send(f"OPER {words}")
    ann.expect("464 ann *")
    ann.send("MODE ann")
    ann.expect("221 ann +")


def test_without_operators_in_the_settings_there_are_none() -> None:
    ann = World().connect("ann")
    ann.send("OPER boss :")
    ann.expect("491 ann *")


def test_passwords_cannot_be_tried_at_will() -> None:
    world = World(SETTINGS)
    ann = world.connect("ann", "standard-replies")
    for _ in range(6):
        ann.send("OPER boss wrong")
    ann.barrier()
    ann.send("OPER boss secret")
    ann.expect("FAIL OPER TOO_MANY_ATTEMPTS *")
    world.pass_time(300)
    ann.find("PING *")
    ann.send("OPER boss secret")
    ann.expect("381 ann *")


def test_the_mode_cannot_be_taken_only_given_up() -> None:
    world = World(SETTINGS)
    ann, boss = world.connect("ann"), operator(world)
    ann.send("MODE ann +o", "MODE ann")
    ann.expect("221 ann +")
    boss.send("MODE op -o", "WALLOPS :hello")
    boss.expect("MODE op -o")
    boss.expect("481 op *")


@pytest.mark.parametrize("name", [row.name for row in COMMANDS.values() if row.operators])
def test_what_is_for_operators_is_for_nobody_else(name: str) -> None:
    ann = World(SETTINGS).connect("ann")
    ann.send(f"{name} ann ann ann")
    ann.expect("481 ann *")


def test_kill_ends_every_connection() -> None:
    world = World(SETTINGS)
    boss, ann = operator(world), world.connect("ann")
    boss.send("KILL ann :spam", "KILL nobody")
    ann.expect("KILL ann spam")
    ann.expect("ERROR Closing link: Killed (op (spam))")
    assert ann.closed
    boss.expect("401 op nobody *")


def test_wallops_is_read_by_those_who_want_to() -> None:
    world = World(SETTINGS)
    boss, ann, bob = operator(world), world.connect("ann"), world.connect("bob")
    ann.send("MODE ann +w")
    ann.barrier()
    boss.send("WALLOPS :down at noon")
    ann.expect("WALLOPS down at noon")
    bob.nothing()


def test_a_new_host_is_told_in_the_way_each_program_knows() -> None:
    world = World(SETTINGS)
    ann, bob = world.join("ann", "bob", capabilities="chghost")
    old = world.connect("old")
    old.send("JOIN #trail")
    for person in (ann, bob, old):
        person.barrier()
    operator(world).send("SETHOST ann trail.example")
    for person in (ann, bob):
        message = person.expect("CHGHOST ann trail.example")
        assert message.source == "ann!ann@127.0.0.1"
        person.nothing()
    old.expect("QUIT Changing host")
    assert old.expect("JOIN #trail").source == "ann!ann@trail.example"
    old.expect("MODE #trail +q ann")
    old.nothing()


@pytest.mark.parametrize("host", ["two words", "-", "a!b", "a@b", ":x", "x" * 64, "*"])
def test_a_host_that_could_be_taken_for_something_else_is_refused(host: str) -> None:
    world = World(SETTINGS)
    boss, _ann = operator(world), world.connect("ann")
    boss.send(f"SETHOST ann :{host}")
    assert "A host is" in boss.expect("NOTICE op *").params[1]


def test_the_tag_names_the_operator_to_those_who_ask_for_it() -> None:
    world = World(SETTINGS)
    ann, bob = world.join("ann", "bob", capabilities="draft/oper-tag message-tags")
    plain = world.connect("plain", "message-tags")
    plain.send("JOIN #trail")
    boss = operator(world)
    boss.send("JOIN #trail")
    for person in (ann, bob, plain):
        person.barrier()
    boss.send("PRIVMSG #trail :hi", "PRIVMSG bob :psst")
    assert ann.expect("PRIVMSG #trail hi").tags["draft/oper"] == "boss"
    assert "draft/oper" not in plain.expect("PRIVMSG #trail hi").tags
    bob.expect("PRIVMSG #trail hi")
    assert bob.expect("PRIVMSG bob psst").tags["draft/oper"] == "boss"


def test_a_client_cannot_put_such_a_tag_there_itself() -> None:
    world = World(SETTINGS)
    ann, bob = world.join("ann", "bob", capabilities="draft/oper-tag message-tags")
    ann.send("@draft/oper=boss;bot;+draft/reply=x PRIVMSG #trail :hi")
    tags = bob.expect("PRIVMSG #trail hi").tags
    assert tags.keys() == {"msgid", "+draft/reply"}


# REHASH


def test_settings_are_read_again() -> None:
    world = World(SETTINGS)
    boss = operator(world, capabilities="standard-replies")
    boss.send("REHASH")
    boss.expect("382 op settings *")
    world.core.settings_read(replace(SETTINGS, motd="New", name="other.example"))
    world.tick()
    told = boss.expect("NOTE REHASH SETTINGS_READ *").params[-1]
    assert told.endswith("restart: name")
    boss.send("MOTD")
    boss.find("372 op - New")


def test_settings_that_are_wrong_change_nothing() -> None:
    world = World(replace(SETTINGS, motd="Old"))
    boss = operator(world, capabilities="standard-replies")
    boss.send("REHASH")
    boss.expect("382 op settings *")
    world.core.settings_read(SettingsError("there is no setting modt"))
    world.tick()
    boss.expect("FAIL REHASH BAD_SETTINGS there is no setting modt; nothing was changed")
    boss.send("MOTD")
    boss.find("372 op - Old")


def test_kill_takes_someone_away_who_is_always_on() -> None:
    world = World(replace(QUICK, opers=(("root", "rootpass"),)))
    register(world, "bob")
    bob = log_in(world, "bob")
    bob.send("NS SET ALWAYS-ON ON", "JOIN #trail", "QUIT")
    root = world.connect("root")
    root.send("OPER root rootpass", "JOIN #trail")
    root.barrier()
    root.send("KILL bob :enough")
    root.expect("QUIT Killed (root (enough))")
    root.send("ISON bob")
    root.expect("303 root *")
    log_in(world, "bob")
    root.expect("JOIN #trail")
