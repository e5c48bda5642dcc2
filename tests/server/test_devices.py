"""Several devices, one identity; being absent and coming back (`SEMANTICS`, "Membership")."""

from dataclasses import replace

from tests.conversation import Person, World, commands
from tests.server.logins import PASSWORD, QUICK, log_in, plain, register


def two_devices(capabilities: str = "") -> tuple[World, Person, Person, Person]:
    """Ann with two devices, and bob, all in #r; everything read already."""
    world = World(QUICK)
    register(world, "ann")
    phone = log_in(world, "ann", capabilities=capabilities)
    bob = world.connect("bob")
    bob.send("CREATE #r")
    phone.send("JOIN #r")
    laptop = log_in(world, "ann", capabilities=capabilities)
    for person in (phone, laptop, bob):
        person.barrier()
    return world, phone, laptop, bob


def present(person: Person, room: str = "#r") -> set[str]:
    """Who NAMES lists."""
    return set(
        " ".join(m.params[-1] for m in person.answer(f"NAMES {room}") if m.command == "353").split()
    )


def test_a_second_device_finds_itself_in_the_rooms() -> None:
    world, _, _, bob = two_devices()
    tablet = log_in(world, "ann")
    assert commands(tablet.barrier())[-3:] == ["JOIN", "353", "366"]
    bob.nothing()
    assert present(bob) == {"~bob", "ann"}


def test_what_one_device_says_the_other_shows() -> None:
    _, phone, laptop, bob = two_devices()
    phone.send("PRIVMSG #r :hello", "PRIVMSG bob :you there?")
    laptop.expect("PRIVMSG #r hello")
    laptop.expect("PRIVMSG bob you there?")
    phone.nothing()
    bob.expect("PRIVMSG #r hello")
    bob.expect("PRIVMSG bob you there?")
    bob.send("PRIVMSG ann :yes")
    phone.expect("PRIVMSG ann yes")
    laptop.expect("PRIVMSG ann yes")


def test_one_device_going_is_told_to_nobody_and_the_last_to_everyone() -> None:
    _, phone, laptop, bob = two_devices()
    phone.send("QUIT :off")
    laptop.nothing()
    bob.nothing()
    laptop.send("QUIT :all off")
    bob.expect("QUIT Quit: all off")


def test_a_nick_changed_on_one_device_is_changed_on_all() -> None:
    _, phone, laptop, _ = two_devices()
    phone.send("NICK annie")
    laptop.expect("NICK annie")
    laptop.nick = "annie"
    laptop.send("MODE annie")
    laptop.expect("221 annie +")


def test_leaving_on_one_device_leaves_on_all() -> None:
    _, phone, laptop, bob = two_devices()
    laptop.send("PART #r")
    phone.expect("PART #r")
    assert "ann" not in present(bob)


def test_a_device_with_another_nick_is_someone_else_of_the_same_account() -> None:
    world, phone, _, bob = two_devices()
    other = log_in(world, "ann", nick="ann2")
    assert "JOIN" not in commands(other.barrier())
    assert "ann2" not in present(bob)
    phone.nothing()


def two_nicks(capabilities: str = "") -> tuple[World, Person, Person, Person]:
    """Ann here under two nicks, and bob, who has an account; everything read already."""
    world = World(QUICK)
    register(world, "ann")
    register(world, "bob")
    ann, other = (log_in(world, "ann", nick, capabilities) for nick in ("ann", "ann2"))
    bob = log_in(world, "bob", capabilities=capabilities)
    for person in (ann, other, bob):
        person.barrier()
    return world, ann, other, bob


def test_what_is_written_to_one_nick_of_an_account_is_read_under_the_others_too() -> None:
    _, ann, other, bob = two_nicks("message-tags chat-server/sequence")
    bob.send("PRIVMSG ann :hello", "PRIVMSG ann2 :you two")
    for person in (ann, other):
        tags = [
            person.expect(f"PRIVMSG {person.nick} {text}").tags for text in ("hello", "you two")
        ]
        assert [each["chat-server/number"] for each in tags] == ["1", "2"]
    bob.nothing()


def test_what_is_written_under_one_nick_is_ones_own_under_the_others() -> None:
    _, ann, other, bob = two_nicks()
    ann.send("PRIVMSG bob :hello")
    assert other.expect("PRIVMSG bob hello").source.startswith("ann2!")
    assert bob.expect("PRIVMSG bob hello").source.startswith("ann!")
    ann.nothing()


def test_the_name_of_an_account_reaches_it_under_any_nick() -> None:
    _, ann, other, bob = two_nicks("message-tags")
    ann.send("QUIT")
    bob.send("PRIVMSG ann :hello")
    other.expect("PRIVMSG ann2 hello")
    bob.nothing()


def test_edits_and_redactions_are_told_under_every_nick() -> None:
    able = "message-tags echo-message chat-server/edit draft/message-redaction"
    _, ann, other, bob = two_nicks(able)
    bob.send("PRIVMSG ann :helo")
    msgid = bob.expect("PRIVMSG ann helo").tags["msgid"]
    bob.send(f"EDIT ann {msgid} :hello", f"REDACT ann {msgid}")
    for person in (ann, other):
        person.expect(f"PRIVMSG {person.nick} helo")
        person.expect(f"EDIT {person.nick} {msgid} hello")
        person.expect(f"REDACT {person.nick} {msgid}")


def test_writing_to_ones_other_nick_is_writing_to_oneself() -> None:
    _, ann, other, _ = two_nicks("echo-message labeled-response message-tags batch")
    ann.send("@label=7 PRIVMSG ann2 :a note")
    assert ann.expect("PRIVMSG ann2 a note").tags["label"] == "7"
    assert "label" not in ann.expect("PRIVMSG ann a note").tags
    other.expect("PRIVMSG ann2 a note")
    other.nothing()


def test_a_guest_never_joins_a_user() -> None:
    world, _, _, _ = two_devices()
    guest = world.link()
    guest.send("NICK ann", "USER x 0 * :x")
    guest.expect("433 …")
    guest.nothing()


def test_somebody_elses_account_never_joins_a_user() -> None:
    world, _, _, _ = two_devices()
    register(world, "carl")
    carl = world.link()
    carl.send("CAP LS 302")
    assert plain(carl, "carl") == "903"
    carl.send("NICK ann", "USER x 0 * :x", "CAP END")
    carl.find("433 …")


def test_with_multiclient_off_a_nick_is_one_devices() -> None:
    world, phone, laptop, _ = two_devices()
    phone.send("NS SET MULTICLIENT OFF")
    tablet = world.link()
    tablet.send("CAP LS 302")
    assert plain(tablet, "ann") == "903"
    tablet.send("NICK ann", "USER x 0 * :x", "CAP END")
    tablet.find("433 …")
    laptop.barrier()


# Absence


def test_who_comes_back_is_in_the_rooms_again() -> None:
    world = World(QUICK)
    register(world, "ann")
    ann, bob = log_in(world, "ann"), world.connect("bob")
    bob.send("CREATE #r", "CREATE #s")
    ann.send("JOIN #r", "JOIN #s", "PART #s", "QUIT")
    assert present(bob) == {"~bob"}
    bob.barrier()
    ann = log_in(world, "ann")
    bob.expect("JOIN #r")
    bob.nothing()
    joins = [message.params[0] for message in ann.barrier() if message.command == "JOIN"]
    assert joins == ["#r"]


def test_a_restart_changes_nothing_about_it() -> None:
    world = World(QUICK)
    register(world, "ann")
    log_in(world, "ann").send("CREATE #r")
    world.restart()
    ann = log_in(world, "ann")
    ann.find("JOIN #r")
    ann.find("353 ann = #r ~ann")


def test_a_program_that_joins_again_by_itself_is_answered_once() -> None:
    world, phone, _, _ = two_devices()
    tablet = log_in(world, "ann")
    tablet.barrier()
    assert commands(tablet.answer("JOIN #r")) == ["JOIN", "353", "366"]
    assert commands(tablet.answer("JOIN #r")) == []
    assert commands(phone.answer("JOIN #r")) == []


def test_where_the_operator_says_so_nobody_is_put_back() -> None:
    world = World(replace(QUICK, accounts__rejoin=False))
    register(world, "ann")
    ann = log_in(world, "ann")
    ann.send("CREATE #r", "QUIT")
    assert "JOIN" not in commands(log_in(world, "ann").barrier())


def test_a_kick_and_a_ban_end_it() -> None:
    world = World(QUICK)
    for name in ("ann", "bob"):
        register(world, name)
    ann, bob = log_in(world, "ann"), log_in(world, "bob")
    ann.send("CREATE #r", "CREATE #s")
    bob.send("JOIN #r", "JOIN #s")
    ann.send("KICK #r bob")
    bob.send("QUIT")
    ann.send("MODE #s +b ~a:bob")
    assert "JOIN" not in commands(log_in(world, "bob").barrier())
    ann.send("MODE #s -b ~a:bob")
    assert "JOIN" not in commands(log_in(world, "bob").barrier())


def test_logging_in_later_brings_one_back_too() -> None:
    world = World(QUICK)
    register(world, "ann")
    ann = log_in(world, "ann")
    ann.send("CREATE #r", "QUIT")
    guest = world.connect("guest", "sasl")
    assert plain(guest, "ann") == "903"
    guest.find("353 guest = #r ~guest")


def test_what_a_guest_made_goes_along_to_the_account() -> None:
    world = World(QUICK)
    guest = world.connect("ann", "chat-server/resend standard-replies", "0123456789abcdef")
    guest.send("CREATE #r", f"REGISTER * * :{PASSWORD}")
    guest.find("REGISTER SUCCESS …")
    guest.send("QUIT")
    world.restart()
    log_in(world, "ann").find("353 ann = #r ~ann")


# Always on


def always_on() -> tuple[World, Person]:
    """Ann, always on and gone, in #r; bob in it too."""
    world = World(QUICK)
    register(world, "ann")
    ann, bob = log_in(world, "ann"), world.connect("bob", "away-notify")
    ann.send("NS SET ALWAYS-ON ON", "CREATE #r")
    bob.send("JOIN #r")
    bob.barrier()
    ann.send("QUIT :closing the lid")
    return world, bob


def test_always_on_stays_and_is_away() -> None:
    world, bob = always_on()
    bob.expect("AWAY Not connected")
    bob.nothing()
    assert present(bob) == {"~ann", "bob"}
    ann = log_in(world, "ann")
    bob.expect("AWAY")
    ann.find("JOIN #r")


def test_always_on_stays_over_a_restart() -> None:
    world, _ = always_on()
    world.restart()
    bob = world.connect("bob")
    bob.send("JOIN #r")
    assert present(bob) == {"~ann", "bob"}
    guest = world.link()
    guest.send("NICK ann", "USER x 0 * :x")
    guest.expect("433 …")
    log_in(world, "ann").find("JOIN #r")


def test_without_always_on_the_last_device_takes_one_along() -> None:
    world, bob = always_on()
    ann = log_in(world, "ann")
    ann.send("NS SET ALWAYS-ON OFF")
    bob.barrier()
    ann.send("QUIT")
    bob.expect("QUIT Quit")


def test_a_suspended_account_is_not_present_either() -> None:
    world, bob = always_on()
    bob.barrier()
    world.core.administer({"do": "account suspend", "name": "ann"})
    world.tick()
    bob.expect("QUIT This account is suspended")
    world.restart()
    bob = world.connect("bob")
    bob.send("JOIN #r")
    assert present(bob) == {"bob"}


def test_an_account_that_was_suspended_and_is_let_in_again_is_present_as_before() -> None:
    world = World(QUICK)
    register(world, "ann")
    ann = log_in(world, "ann")
    ann.send("NS SET ALWAYS-ON ON", "JOIN #trail", "QUIT")
    bob = world.connect("bob")
    bob.send("JOIN #trail", "MONITOR + ann")
    bob.barrier()
    world.core.administer({"do": "account suspend", "name": "ann"})
    world.tick()
    bob.expect("QUIT This account is suspended")
    bob.expect("731 bob ann")
    world.core.administer({"do": "account resume", "name": "ann"})
    world.tick()
    bob.expect("730 bob *")
    bob.find("JOIN #trail")
