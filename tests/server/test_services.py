"""NickServ and ChanServ: what people are used to writing to them, and what it must not do."""

from typing import Any

from server.core.administration import secrets_to_order
from server.core.passwords import Cost, keep
from tests.conversation import Person, World
from tests.server.logins import PASSWORD, QUICK, log_in, plain, register


def notices(person: Person, line: str) -> list[str]:
    """The answers of a service to a line."""
    found = [m for m in person.answer(line) if m.command == "NOTICE" and "Serv!" in m.source]
    return [message.params[-1] for message in found]


def say(person: Person, line: str) -> str:
    """The one answer to a line."""
    (text,) = notices(person, line)
    return text


def secrets(password: str) -> dict[str, Any]:
    """A password as the command line sends it."""
    return secrets_to_order(keep(password, b"sixteen bytes !!", Cost(64, 1, 4_096)))


def owner(name: str = "ann") -> tuple[World, Person]:
    """Someone who is logged in, having read everything."""
    world = World(QUICK)
    return world, member(world, name)


def owner_and_other() -> tuple[World, Person, Person]:
    """Ann and bob, both logged in, having read everything."""
    world, ann = owner()
    return world, ann, member(world, "bob")


def member(world: World, name: str) -> Person:
    """One more of them."""
    register(world, name, "password")
    person = world.connect("passing", "sasl")
    assert plain(person, name, "password") == "903"
    person.send(f"NICK {name}")
    person.nick = name
    person.barrier()
    return person


def test_registering_and_identifying_by_message() -> None:
    world = World(QUICK)
    ann = world.connect("ann")
    ann.send("PRIVMSG NickServ :REGISTER good-password ann@example.org")
    ann.find("900 ann …")
    ann.send("QUIT")
    other = world.connect("other")
    assert "wrong" in say(other, "PRIVMSG nickserv :identify ann bad-password")
    assert "logged in as ann" in say(other, "PRIVMSG NickServ :IDENTIFY ann good-password")


def test_a_password_is_shown_to_nobody_else() -> None:
    world = World(QUICK)
    register(world, "ann")
    phone = log_in(world, "ann", capabilities="echo-message message-tags")
    laptop = log_in(world, "ann", capabilities="echo-message message-tags")
    bob = world.connect("bob")
    for person in (phone, laptop, bob):
        person.barrier()
    phone.send("PRIVMSG NickServ :PASSWD secret-one secret-two")
    phone.expect("PRIVMSG NickServ PASSWD secret-one secret-two")
    laptop.nothing()
    bob.nothing()


def test_help_lists_what_there_is() -> None:
    bob = World(QUICK).connect("bob")
    lines = notices(bob, "PRIVMSG NickServ :help")
    assert any(line.startswith("IDENTIFY") for line in lines)
    assert notices(bob, "NS help drop")[0].startswith("DROP")
    assert any(line.startswith("TRANSFER") for line in notices(bob, "CS help"))
    assert "HELP" in say(bob, "NS nonsense")
    assert "usage" in say(bob, "NS IDENTIFY")


def test_a_notice_or_lines_of_a_batch_to_a_service_harm_nobody() -> None:
    bob = World(QUICK).connect("bob", "message-tags batch draft/multiline echo-message")
    assert notices(bob, "NOTICE NickServ :HELP") == []
    bob.send("TAGMSG NickServ")
    bob.send("BATCH +1 draft/multiline NickServ", "@batch=1 PRIVMSG NickServ :HELP")
    bob.send("@batch=1 PRIVMSG NickServ :DROP", "BATCH -1")
    bob.barrier()
    assert not bob.closed


def test_the_password_is_changed_only_by_who_knows_it() -> None:
    world = World(QUICK)
    register(world, "ann", "old-password")
    ann = world.connect("bob", "sasl")
    assert plain(ann, "ann", "old-password") == "903"
    assert "wrong" in say(ann, "NS PASSWD guess new-password")
    assert "too short" in say(ann, "NS PASSWD old-password new")
    assert "was changed" in say(ann, "NS PASSWD old-password new-password")
    assert plain(ann, "ann", "old-password") == "904"
    assert plain(ann, "ann", "new-password") == "903"


def test_guests_have_no_account_to_change() -> None:
    bob = World(QUICK).connect("bob")
    for line in ("PASSWD a b", "SESSIONS", "LOGOUT", "SET ALWAYS-ON ON", "DROP", "CERT", "GHOST x"):
        assert "not logged in" in say(bob, f"NS {line}")


def test_other_devices_are_listed_and_logged_out() -> None:
    world = World(QUICK)
    register(world, "ann")
    phone, laptop = log_in(world, "ann"), log_in(world, "ann")
    phone.barrier()
    lines = notices(phone, "NS SESSIONS")
    assert len(lines) == 3
    assert "(this one)" in lines[0]
    assert "other device" in say(phone, "NS LOGOUT 1")
    assert say(phone, "NS LOGOUT 2") == "Devices logged out: 1"
    assert laptop.closed
    assert not phone.closed


def test_a_ghost_gives_the_nick_back() -> None:
    world = World(QUICK)
    squatter = world.connect("ann")  # before there was such an account
    world.core.administer({"do": "account add", "name": "ann", **secrets("password")})
    ann = world.connect("ann-too", "sasl")
    assert plain(ann, "ann", "password") == "903"
    bob = world.connect("bob")
    assert "not logged in" in say(bob, "NS GHOST ann")
    assert "not of your account" in say(ann, "NS GHOST bob")
    assert "free now" in say(ann, "NS GHOST ann")
    assert squatter.closed
    ann.send("NICK ann")
    ann.expect("NICK ann")


def test_deleting_asks_twice() -> None:
    world, ann, bob = owner_and_other()
    ann.send("CREATE #r")
    bob.send("JOIN #r")
    ann.barrier()
    assert len(notices(ann, "NS DROP wrong")) == 2
    code = notices(ann, "NS DROP")[-1].rpartition(" ")[2]
    assert "was deleted" in notices(ann, f"NS DROP {code}")[-1]
    assert plain(ann, "ann", "password") == "904"
    assert "Owner: nobody" in notices(bob, "CS INFO #r")
    bob.barrier()
    register(world, "ann2")


def test_a_new_account_of_the_name_inherits_nothing() -> None:
    world, ann, _ = owner_and_other()
    ann.send("CREATE #r", "PART #r")
    ann.barrier()
    code = notices(ann, "NS DROP")[-1].rpartition(" ")[2]
    ann.send(f"NS DROP {code}", "QUIT")
    register(world, "ann")
    again = log_in(world, "ann")
    again.barrier()
    again.send("JOIN #r")
    again.find("353 ann = #r ann")


def test_only_operators_make_accounts_for_others() -> None:
    world, ann = owner()
    assert "operators" in say(ann, "NS SAREGISTER carl password")
    assert plain(world.connect("x", "sasl"), "carl", "password") == "904"


def test_a_room_made_by_join_is_claimed_and_kept() -> None:
    world, ann, bob = owner_and_other()
    ann.send("JOIN #r")
    ann.find("353 ann = #r @ann")
    ann.barrier()
    bob.send("JOIN #r")
    ann.barrier()
    bob.barrier()
    assert "belongs to someone else" in say(bob, "CS REGISTER #r")
    ann.send("CS REGISTER #r")
    ann.expect("MODE #r +q ann")
    assert "yours already" in notices(ann, "CS REGISTER #r")[-1]
    world.restart()
    passing = world.connect("passing", "sasl")
    assert plain(passing, "ann", "password") == "903"
    passing.find("353 passing = #r ~passing")


def test_a_room_is_given_away_by_its_owner_only() -> None:
    world, ann, bob = owner_and_other()
    ann.send("CREATE #r")
    bob.send("JOIN #r")
    carl = world.connect("carl")
    carl.send("JOIN #r")
    for person in (ann, bob, carl):
        person.barrier()
    assert "Only the owner" in say(bob, "CS TRANSFER #r bob")
    assert "has an account" in say(ann, "CS TRANSFER #r carl")
    ann.send("CS TRANSFER #r bob")
    bob.expect("MODE #r -q+q ann bob")
    bob.barrier()
    assert "Owner: bob" in notices(bob, "CS INFO #r")
    assert "Only the owner" in notices(ann, "CS TRANSFER #r ann")[-1]


def test_roles_given_by_chanserv_are_checked_as_any() -> None:
    _, ann, bob = owner_and_other()
    ann.send("CREATE #r")
    bob.send("JOIN #r")
    ann.barrier()
    bob.barrier()
    assert "may not" in say(bob, "CS OP #r bob")
    ann.send("CS OP #r bob")
    bob.expect("MODE #r +o bob")
    bob.barrier()
    assert notices(ann, "CS VOICE #r nobody")[-1] == "They are not in that room"


def test_a_hidden_room_is_not_there_for_chanserv_either() -> None:
    _, ann, bob = owner_and_other()
    ann.send("CREATE #hidden", "MODE #hidden +s")
    for command in ("INFO #hidden", "REGISTER #hidden", "OP #hidden", "TRANSFER #hidden ann"):
        assert say(bob, f"CS {command}") == say(bob, "CS INFO #nowhere")


def test_an_account_is_described_without_its_secrets() -> None:
    world = World(QUICK)
    ann = world.connect("ann")
    ann.send(f"NS REGISTER {PASSWORD.replace(' ', '-')} ann@example.org")
    ann.barrier()
    bob = world.connect("bob")
    assert "ann@example.org" not in str(notices(bob, "NS INFO ann"))
    assert "E-mail: ann@example.org" in notices(ann, "NS INFO")


# The same for programs: ACCOUNT


def account(world: World) -> Person:
    """Ann, logged in by a program that understands standard replies."""
    return log_in(world, "ann", capabilities="standard-replies")


def test_account_lists_devices_and_logs_them_out() -> None:
    world = World(QUICK)
    register(world, "ann")
    phone, laptop = account(world), account(world)
    phone.barrier()
    phone.send("ACCOUNT DEVICES")
    phone.expect("NOTE ACCOUNT DEVICE 1 127.0.0.1 open * here *")
    phone.expect("NOTE ACCOUNT DEVICE 2 127.0.0.1 open * * *")
    phone.expect("NOTE ACCOUNT DEVICES 2 *")
    phone.send("ACCOUNT LOGOUT 1", "ACCOUNT LOGOUT 2", "ACCOUNT LOGOUT all")
    phone.expect("FAIL ACCOUNT NO_SUCH_SESSION 1 *")
    phone.expect("NOTE ACCOUNT LOGGED_OUT 1 *")
    phone.expect("FAIL ACCOUNT NO_SUCH_SESSION all *")
    assert laptop.closed


def test_account_changes_the_password_of_who_knows_it() -> None:
    world = World(QUICK)
    register(world, "ann", "old-password")
    ann = world.connect("bob", "standard-replies sasl")
    assert plain(ann, "ann", "old-password") == "903"
    ann.barrier()
    ann.send("@label=1 ACCOUNT PASSWORD guess new-password", "ACCOUNT PASSWORD old-password new")
    ann.expect("FAIL ACCOUNT INVALID_CREDENTIALS *")
    ann.expect("FAIL ACCOUNT WEAK_PASSWORD …")
    ann.send("ACCOUNT PASSWORD old-password new-password")
    ann.expect("NOTE ACCOUNT PASSWORD_CHANGED *")
    assert plain(ann, "ann", "old-password") == "904"
    assert plain(ann, "ann", "new-password") == "903"


def test_account_deletes_when_asked_twice() -> None:
    world = World(QUICK)
    register(world, "ann")
    ann = account(world)
    ann.barrier()
    ann.send("ACCOUNT DELETE", "ACCOUNT DELETE wrong")
    ann.expect("NOTE ACCOUNT CONFIRM * *")
    asked = ann.expect("NOTE ACCOUNT CONFIRM * *")
    assert "What you have written stays" in asked.params[-1]
    ann.send(f"ACCOUNT DELETE {asked.params[2]}")
    ann.expect("901 ann * *")
    ann.expect("NOTE ACCOUNT DELETED ann *")
    assert world.store.accounts.named("ann") is None


def test_account_stays_present_when_told_to() -> None:
    world = World(QUICK)
    register(world, "ann")
    ann, bob = account(world), world.connect("bob")
    ann.barrier()
    ann.send("ACCOUNT ALWAYS-ON maybe", "ACCOUNT ALWAYS-ON on", "QUIT")
    ann.expect("FAIL ACCOUNT INVALID_PARAMS maybe *")
    ann.expect("NOTE ACCOUNT ALWAYS_ON ON *")
    bob.send("ISON ann")
    bob.expect("303 bob ann")


def test_account_says_what_is_missing_and_who_has_none() -> None:
    world = World(QUICK)
    bob = world.connect("bob", "standard-replies")
    bob.send("ACCOUNT", "ACCOUNT NONE", "ACCOUNT PASSWORD x", "ACCOUNT DEVICES")
    bob.expect("461 bob ACCOUNT *")
    bob.expect("FAIL ACCOUNT UNKNOWN_SUBCOMMAND NONE *")
    bob.expect("461 bob ACCOUNT *")
    bob.expect("FAIL ACCOUNT ACCOUNT_REQUIRED *")


# draft/persistence


def test_programs_are_told_whether_one_stays_present() -> None:
    world = World(QUICK)
    register(world, "ann")
    able = "draft/persistence standard-replies"
    phone = log_in(world, "ann", capabilities=able)
    phone.find("PERSISTENCE STATUS DEFAULT OFF")
    laptop, old = log_in(world, "ann", capabilities=able), log_in(world, "ann")
    for person in (phone, laptop, old):
        person.barrier()
    phone.send("PERSISTENCE SET on")
    for person in (phone, laptop):
        person.expect("PERSISTENCE STATUS ON ON")
        person.nothing()
    old.nothing()
    old.send("PERSISTENCE GET", "PERSISTENCE SET default")
    old.expect("PERSISTENCE STATUS ON ON")
    old.expect("PERSISTENCE STATUS DEFAULT OFF")
    phone.expect("PERSISTENCE STATUS DEFAULT OFF")
    phone.send("PERSISTENCE SET", "PERSISTENCE SET maybe", "PERSISTENCE ASK")
    for _ in range(3):
        phone.expect("FAIL PERSISTENCE INVALID_PARAMS *")


def test_a_choice_survives_a_restart_and_ends_with_the_account() -> None:
    world = World(QUICK)
    register(world, "ann")
    ann = log_in(world, "ann", capabilities="draft/persistence")
    ann.send("PERSISTENCE SET OFF")
    world.restart()
    ann = log_in(world, "ann", capabilities="draft/persistence")
    ann.find("PERSISTENCE STATUS OFF OFF")
    code = notices(ann, "NS DROP")[-1].rpartition(" ")[2]
    ann.send(f"NS DROP {code}")
    assert not world.store.facts.facts_from("always-on")


def test_guests_stay_as_long_as_they_are_connected() -> None:
    bob = World(QUICK).connect("bob", "draft/persistence standard-replies")
    bob.send("PERSISTENCE GET")
    bob.expect("FAIL PERSISTENCE ACCOUNT_REQUIRED *")
