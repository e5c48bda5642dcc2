"""People: WHOWAS, SETNAME, bots, user modes R and T with ACCEPT, being away before one is here.

Specification: modern IRC "WHOWAS message", IRCv3 setname, bot-mode, draft/pre-away.
"""

import pytest

from server.core.welcome import REALNAME_BYTES_MAX
from tests.conversation import Person, World, commands
from tests.server.logins import QUICK, log_in, plain, register


def test_who_left_is_remembered_the_latest_first() -> None:
    world = World()
    ann = world.connect("ann")
    for user_name in ("one", "two"):
        bob = world.link()
        bob.send("NICK bob", f"USER {user_name} 0 * :Bob {user_name}", "QUIT")
    lines = ann.answer("WHOWAS BOB")
    assert commands(lines) == ["314", "312", "314", "312", "369"]
    assert lines[0].params[1:] == ["bob", "two", "127.0.0.1", "*", "Bob two"]
    assert commands(ann.answer("WHOWAS bob 1")) == ["314", "312", "369"]
    for count in ("0", "-1", "x", "9" * 30):
        assert commands(ann.answer(f"WHOWAS bob {count}")) == commands(lines)


def test_so_is_a_nick_that_was_given_up() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    bob.send("NICK rob", "NICK ROB")
    assert commands(ann.answer("WHOWAS bob")) == ["314", "312", "369"]
    assert commands(ann.answer("WHOWAS rob")) == ["406", "369"]
    ann.send("WHOWAS")
    ann.expect("431 ann *")


def test_a_real_name_can_be_changed() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities="setname")
    plain = world.connect("plain")
    plain.send("JOIN #trail")
    for person in (ann, bob, plain):
        person.barrier()
    ann.send("SETNAME :Ann of the Trail")
    for person in (ann, bob):
        assert person.expect("SETNAME Ann of the Trail").nick == "ann"
    plain.nothing()
    plain.send("WHOIS ann")
    plain.find("311 plain ann ann 127.0.0.1 * Ann of the Trail")


@pytest.mark.parametrize("name", ["", "x" * (REALNAME_BYTES_MAX + 1), "é" * 65])
def test_a_real_name_has_a_length(name: str) -> None:
    ann = World().connect("ann", "setname standard-replies")
    ann.send(f"SETNAME :{name}")
    ann.expect("FAIL SETNAME INVALID_REALNAME *")


def test_what_a_bot_says_is_marked_and_stays_so_in_history() -> None:
    world = World()
    ann, bot = world.join("ann", "bot", capabilities="message-tags batch draft/chathistory")
    bot.send("MODE bot +B", "PRIVMSG #trail :beep", "PRIVMSG ann :boop", "MODE bot -B")
    assert "bot" in ann.expect("PRIVMSG #trail beep").tags
    assert "bot" in ann.expect("PRIVMSG ann boop").tags
    lines = ann.answer("CHATHISTORY LATEST #trail * 5")
    assert ["bot" in line.tags for line in lines if line.command == "PRIVMSG"] == [True]
    bot.send("PRIVMSG #trail :me again")
    assert "bot" not in ann.expect("PRIVMSG #trail me again").tags


def test_requests_between_programs_can_be_kept_away() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    ann.send("MODE ann +T")
    ann.barrier()
    bob.send("PRIVMSG ann :\x01VERSION\x01")
    bob.expect("531 bob ann *")
    bob.send("PRIVMSG ann :\x01ACTION waves\x01", "PRIVMSG ann :hi")
    ann.expect("PRIVMSG ann \x01ACTION waves\x01")
    ann.expect("PRIVMSG ann hi")


def test_strangers_can_be_kept_away() -> None:
    world = World(QUICK)
    register(world, "carmen")
    ann, bob, carmen = world.connect("ann"), world.connect("bob"), log_in(world, "carmen")
    ann.send("MODE ann +R")
    for person in (ann, bob, carmen):
        person.barrier()
    bob.send("PRIVMSG ann :hi")
    bob.expect("477 bob ann *")
    ann.nothing()
    carmen.send("PRIVMSG ann :hi")
    ann.expect("PRIVMSG ann hi")
    ann.send("ACCEPT bob,nobody")
    ann.expect("401 ann nobody *")
    bob.send("PRIVMSG ann :hi")
    ann.expect("PRIVMSG ann hi")
    ann.send("ACCEPT -bob")
    bob.send("PRIVMSG ann :hi")
    bob.expect("477 bob ann *")


def test_whoever_one_writes_to_may_answer_and_nobody_who_takes_their_nick() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    ann.send("MODE ann +R", "PRIVMSG bob :hi")
    ann.barrier()
    bob.send("PRIVMSG ann :hi yourself")
    ann.expect("PRIVMSG ann hi yourself")
    bob.send("QUIT")
    other = world.connect("bob")
    other.send("PRIVMSG ann :me again")
    other.expect("477 bob ann *")
    ann.nothing()


def test_a_notice_is_never_answered_by_itself() -> None:
    ann = World().connect("ann", "labeled-response")
    ann.send("NOTICE #nowhere :hi", "NOTICE nobody :hi", "NOTICE ann")
    ann.nothing()
    ann.send("@label=x NOTICE #nowhere :hi")
    assert ann.expect("403 ann #nowhere *").tags["label"] == "x"


def test_one_can_be_away_from_the_start() -> None:
    world = World()
    ann = world.connect("ann")
    bob = world.link()
    bob.send("AWAY :not here")
    bob.expect("451 * *")
    bob.send("CAP REQ draft/pre-away", "NICK bob", "AWAY :fetching", "USER bob 0 * :Bob", "CAP END")
    ann.send("WHOIS bob")
    ann.find("301 ann bob fetching")


def away_of_ann(asker: Person) -> list[str]:
    return [m.params[-1] for m in asker.answer("WHOIS ann") if m.command == "301"]


def log_in_unattended(world: World) -> Person:
    """A program of ann's that connects by itself, e.g. to fetch history."""
    person = world.link()
    person.send("CAP LS 302", "CAP REQ :sasl draft/pre-away")
    assert plain(person, "ann") == "903"
    person.send("NICK ann", "AWAY *", "USER ann 0 * :Ann", "CAP END")
    return person


def test_a_program_that_comes_by_itself_brings_nobody_back() -> None:
    world = World(QUICK)
    register(world, "ann")
    bob = world.connect("bob")
    log_in_unattended(world)
    assert away_of_ann(bob) == ["*"]
    log_in(world, "ann")
    assert away_of_ann(bob) == []


def test_nor_does_it_take_anybody_away() -> None:
    world = World(QUICK)
    register(world, "ann")
    phone, bob = log_in(world, "ann"), world.connect("bob")
    log_in_unattended(world)
    assert away_of_ann(bob) == []
    phone.send("AWAY :tea")
    phone.barrier()
    log_in_unattended(world)
    assert away_of_ann(bob) == ["tea"]


def test_names_are_not_sent_on_joining_to_those_who_do_not_want_them() -> None:
    world = World()
    world.join("ann")
    bob = world.connect("bob", "no-implicit-names")
    bob.send("JOIN #trail")
    assert commands(bob.barrier()) == ["JOIN"]
    assert commands(bob.answer("NAMES #trail")) == ["353", "366"]


def test_whoever_comes_in_away_is_shown_as_away() -> None:
    world = World()
    (ann,) = world.join("ann", capabilities="away-notify")
    bob = world.connect("bob")
    bob.send("AWAY :tea", "JOIN #trail")
    ann.expect("JOIN #trail")
    ann.expect("AWAY tea")
