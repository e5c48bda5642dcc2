"""What modern IRC and IRCv3 have a place for, and no other file here asks: each once.

Specification: modern IRC "Numerics", IRCv3 invite-notify, extended-join, userhost-in-names.
"""

import pytest

from server.settings import Settings
from tests.conversation import Person, World
from tests.server.logins import QUICK, log_in, register


def test_an_invitation_is_answered_and_told_and_listed() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities="invite-notify")
    eve = world.connect("eve")
    ann.send("MODE #trail +h bob", "INVITE eve #trail", "INVITE bob #trail")
    ann.find("MODE …")
    bob.find("MODE …")
    ann.expect("341 ann eve #trail")
    ann.expect("443 ann bob #trail *")
    bob.expect("INVITE eve #trail")
    eve.expect("INVITE eve #trail")
    eve.send("INVITE")
    eve.expect("336 eve #trail")
    eve.expect("337 eve *")


def test_one_sees_and_changes_ones_own_modes_only() -> None:
    world = World()
    ann, _ = world.join("ann", "bob")
    ann.send("MODE bob", "MODE bob +i", "MODE ann +Z", "MODE ann +i", "MODE ann")
    ann.expect("502 ann *")
    ann.expect("502 ann *")
    ann.expect("501 ann *")
    ann.expect("MODE ann +i")
    ann.expect("221 ann +i")


def test_whois_tells_of_bots_and_to_oneself_from_where_one_is_connected() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.send("MODE ann +B")
    assert "335" in {message.command for message in bob.answer("WHOIS ann")}
    own = ann.answer("WHOIS ann")
    (actually,) = [message for message in own if message.command == "338"]
    assert actually.params[1:4] == ["ann", "ann@127.0.0.1", "127.0.0.1"]
    assert "338" not in {message.command for message in bob.answer("WHOIS ann")}


def test_being_back_and_when_a_room_was_made() -> None:
    ann, _ = World().join("ann", "bob")
    ann.send("AWAY :lunch", "AWAY", "MODE #trail")
    ann.expect("306 ann *")
    ann.expect("305 ann *")
    ann.expect("324 ann #trail +nt")
    ann.expect("329 ann #trail 1767225600")


@pytest.mark.parametrize(("letter", "row", "end"), [("I", "346", "347"), ("e", "348", "349")])
def test_lists_of_exceptions_and_invitations(letter: str, row: str, end: str) -> None:
    ann, _ = World().join("ann", "bob")
    ann.send(f"MODE #trail +{letter} *!*@friends", f"MODE #trail {letter}")
    ann.expect(f"MODE #trail +{letter} *!*@friends")
    ann.expect(f"{row} ann #trail *!*@friends * 1767225600")
    ann.expect(f"{end} ann #trail *")


def test_who_runs_the_server_and_what_it_is() -> None:
    world = World(Settings(admin="A host\nin a town\nadmin@example.org"))
    ann = world.connect("ann")
    ann.send("ADMIN", "INFO", "LUSERS", "HELPOP JOIN")
    for line in ("256 ann chat.local *", "257 ann A host", "258 ann in a town"):
        ann.expect(line)
    ann.expect("259 ann admin@example.org")
    ann.expect("371 ann *")
    ann.find("374 ann *")
    ann.find("266 ann 1 1 *")
    ann.find("706 …")


def operator() -> Person:
    """Somebody who is an operator of the server; everything read already."""
    root = World(Settings(opers=(("root", "rootpass"),))).connect("root")
    root.send("OPER root rootpass")
    root.barrier()
    return root


def test_operators_read_who_they_are_and_what_was_used() -> None:
    root = operator()
    root.send("STATS o", "STATS m")
    root.expect("243 root O *@* * root")
    root.expect("219 root o *")
    used = [message for message in root.barrier() if message.command == "212"]
    assert "OPER" in {message.params[1] for message in used}


def test_an_operator_is_marked_from_the_line_on_that_makes_them_one() -> None:
    world = World(Settings(opers=(("root", "rootpass"),)))
    root = world.connect("root", "draft/oper-tag message-tags")
    root.send("OPER root rootpass")
    root.expect("381 root *")
    assert root.expect("MODE root +o").tags["draft/oper"] == "root"


def test_no_code_is_ever_needed_to_verify_an_account() -> None:
    ann = World(QUICK).connect("ann", "standard-replies")
    ann.send("VERIFY ann 123456")
    ann.expect("FAIL VERIFY INVALID_CODE ann *")


def test_who_enters_is_shown_with_account_and_real_name_where_that_was_asked_for() -> None:
    world = World(QUICK)
    register(world, "ann")
    able, plain = world.connect("able", "extended-join"), world.connect("plain")
    able.send("CREATE trail")
    plain.send("JOIN #trail")
    able.barrier(), plain.barrier()
    ann = log_in(world, "ann")
    ann.send("JOIN #trail")
    able.expect("JOIN #trail ann Some One")
    plain.expect("JOIN #trail")
    world.connect("guest").send("JOIN #trail")
    able.expect("JOIN #trail * guest")


def test_names_with_their_hosts_where_that_was_asked_for() -> None:
    world = World()
    world.join("ann")
    bob = world.connect("bob", "userhost-in-names")
    bob.send("JOIN #trail")
    assert bob.find("353 bob = #trail *").params[-1] == "~ann!ann@127.0.0.1 bob!bob@127.0.0.1"


def test_whois_tells_what_someone_says_of_themselves() -> None:
    world = World()
    ann, bob = (world.connect(nick, "draft/metadata-3") for nick in ("ann", "bob"))
    ann.send("METADATA * SET url :https://example.org")
    bob.send("WHOIS ann")
    bob.find("760 bob ann url * https://example.org")


def test_nickserv_by_its_full_name() -> None:
    ann = World(QUICK).connect("ann")
    ann.send("NICKSERV HELP REGISTER")
    assert ann.expect("NOTICE ann *").source.startswith("NickServ!")
