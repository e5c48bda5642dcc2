"""Accounts: made and logged in to in band (IRCv3 sasl-3.2, draft/account-registration)."""

import base64
from base64 import b64encode
from dataclasses import replace

import pytest

from common.sasl import ExternalClient, PlainClient, ScramClient, split_response
from server.core.session import Peer
from tests.conversation import Person, World
from tests.server.logins import PASSWORD, QUICK, authenticate, log_in, plain, register

CERTIFICATE = "ab" * 32


def newcomer(world: World, peer: Peer | None = None) -> Person:
    person = world.link(peer) if peer else world.link()
    person.send("CAP LS 302", "CAP REQ :sasl standard-replies")
    person.received.clear()
    return person


def accounts_world(**changes: object) -> World:
    world = World(replace(QUICK, **changes))  # type: ignore[arg-type]
    register(world, "ann")
    return world


# Logging in


def test_one_logs_in_before_coming_in() -> None:
    world = accounts_world()
    ann = newcomer(world)
    assert plain(ann, "Ann") == "903"
    ann.send("NICK ann", "USER ann 0 * :Ann", "CAP END")
    ann.find("001 ann *")
    bob = world.connect("bob")
    assert "330" in [reply.command for reply in bob.answer("WHOIS ann")]


def test_one_logs_in_by_scram() -> None:
    ann = newcomer(accounts_world())
    assert authenticate(ann, "SCRAM-SHA-256", ScramClient("ann", PASSWORD, "abcdef")) == "903"


def test_a_certificate_logs_in_where_it_was_added() -> None:
    world = accounts_world()
    peer = Peer("127.0.0.1", secure=True, certificate=CERTIFICATE)
    assert authenticate(newcomer(world, peer), "EXTERNAL", ExternalClient()) == "904"
    ann = log_in(world, "ann", peer=peer)
    ann.send("NS CERT ADD")
    ann.find("NOTICE ann Certificates: 1")
    assert authenticate(newcomer(world, peer), "EXTERNAL", ExternalClient()) == "903"
    assert authenticate(newcomer(world, peer), "EXTERNAL", ExternalClient("bob")) == "904"
    other = Peer("127.0.0.1", secure=True, certificate="cd" * 32)
    assert authenticate(newcomer(world, other), "EXTERNAL", ExternalClient("ann")) == "904"


@pytest.mark.parametrize(
    "exchange",
    [
        PlainClient("ann", "wrong"),
        PlainClient("nobody", PASSWORD),
        PlainClient("ann", "\u0007"),
        PlainClient("ann", "x" * 2_000),
    ],
)
def test_wrong_and_unknown_read_the_same(exchange: PlainClient) -> None:
    person = newcomer(accounts_world())
    person.send("AUTHENTICATE PLAIN")
    person.send(*[f"AUTHENTICATE {chunk}" for chunk in split_response(exchange.answer(b""))])
    person.find("AUTHENTICATE +")
    person.expect(
        "904 * SASL authentication failed: There is no such account, or the password is wrong"
    )


def test_an_unknown_account_is_challenged_like_any_other() -> None:
    world = accounts_world()

    def challenge(name: str) -> str:
        person = newcomer(world)
        person.send("AUTHENTICATE SCRAM-SHA-256")
        person.send("AUTHENTICATE " + _first(name))
        return person.received[-1].params[0][-20:]  # of the salt and the iterations

    assert challenge("nobody") == challenge("nobody")
    assert challenge("nobody") != challenge("someone")
    assert len(challenge("nobody")) == len(challenge("ann"))


def _first(name: str) -> str:
    return base64.b64encode(ScramClient(name, "", "abc").answer(b"")).decode()


def test_a_scram_login_needs_the_proof() -> None:
    world = accounts_world()
    assert authenticate(newcomer(world), "SCRAM-SHA-256", ScramClient("ann", "no", "abc")) == "904"
    assert authenticate(newcomer(world), "SCRAM-SHA-256", ScramClient("bob", "no", "abc")) == "904"


def test_nobody_logs_in_as_somebody_else() -> None:
    world = accounts_world()
    register(world, "bob")
    person = newcomer(world)
    person.send("AUTHENTICATE PLAIN", "AUTHENTICATE Ym9iAGFubgBjb3JyZWN0IGhvcnNl")  # bob, ann, …
    person.find("904 * …")


def test_failed_logins_are_held_against_one_after_a_restart_too() -> None:
    world = accounts_world()
    for _ in range(6):
        assert plain(newcomer(world), "ann", "wrong") == "904"
    world.restart()
    assert "Too many failed logins" in waits(world, "ann")
    world.pass_time(3)
    world.restart()
    assert plain(newcomer(world), "ann") == "903"
    plain(newcomer(world), "bob", "wrong")  # the address is not forgiven with the account
    assert "Too many failed logins" in waits(world, "ann")


def waits(world: World, name: str) -> str:
    """What a login to an account is answered with, whatever the password."""
    person = newcomer(world)
    person.send(
        "AUTHENTICATE PLAIN",
        f"AUTHENTICATE {b64encode(f'{chr(0)}{name}{chr(0)}x'.encode()).decode()}",
    )
    return person.find("904 …").params[-1]


def test_what_was_typed_as_a_name_is_not_stored_with_failed_logins() -> None:
    world = accounts_world()
    plain(newcomer(world), "my-secret-password", "x")
    stored = world.store.facts.facts_from("failed ")
    assert len(stored) == 3  # with the address, and that it made an account
    assert "secret" not in str(stored)


def test_failures_of_long_ago_are_forgotten_in_the_store_too() -> None:
    world = accounts_world()
    plain(newcomer(world), "ann", "wrong")
    assert world.store.facts.facts_from("failed ")
    world.pass_time(3_700)
    world.pass_time(600)
    assert not world.store.facts.facts_from("failed ")


def test_a_clock_that_was_set_back_keeps_nobody_out_for_long() -> None:
    world = accounts_world()
    for _ in range(6):
        plain(newcomer(world), "ann", "wrong")
    world.wall_ms -= 10 * 24 * 3600 * 1000
    world.restart()
    world.pass_time(3)
    assert plain(newcomer(world), "ann") == "903"


def test_failed_logins_have_to_wait_longer_and_longer() -> None:
    world = accounts_world()
    ann = newcomer(world)
    for _ in range(5):
        assert plain(ann, "ann", "guess") == "904"
    assert plain(ann, "ann") == "904"
    world.pass_time(2)
    assert plain(ann, "ann", "guess") == "904"
    world.pass_time(1)
    assert plain(ann, "ann") == "904"
    world.pass_time(2)
    assert plain(ann, "ann") == "903"


def test_many_names_from_one_address_wait_too() -> None:
    world = accounts_world()
    person = newcomer(world)
    for number in range(5):
        assert plain(person, f"guess{number}", "guess") == "904"
    assert plain(person, "ann") == "904"
    elsewhere = newcomer(world, Peer("127.0.0.2"))
    assert plain(elsewhere, "ann") == "903"


def test_a_login_over_an_open_link_is_refused_unheard() -> None:
    world = accounts_world()
    person = newcomer(world, Peer("192.0.2.7", loopback=False))
    person.send("AUTHENTICATE PLAIN")
    person.expect("904 …")
    person.send(f"NICK bob\r\nREGISTER * * :{PASSWORD}")
    person.find("FAIL REGISTER TEMPORARILY_UNAVAILABLE bob *")


def test_a_login_may_be_aborted_and_tried_again() -> None:
    ann = newcomer(accounts_world())
    ann.send("AUTHENTICATE PLAIN", "AUTHENTICATE *")
    ann.find("906 …")
    ann.send("AUTHENTICATE PLAIN", "AUTHENTICATE !!!")
    ann.find("904 …")
    ann.send("AUTHENTICATE NONSENSE")
    ann.find("908 * PLAIN,SCRAM-SHA-256,EXTERNAL *")
    ann.find("904 …")
    assert plain(ann, "ann") == "903"


def test_coming_in_amid_a_login_ends_it() -> None:
    bob = newcomer(accounts_world())
    bob.send("AUTHENTICATE PLAIN", "NICK bob", "USER bob 0 * :Bob", "CAP END")
    bob.find("906 …")
    bob.find("001 bob *")


def test_lines_behind_a_password_wait_for_it() -> None:
    world = accounts_world()
    ann = newcomer(world)
    ann.send("AUTHENTICATE PLAIN")
    blob = "AGFubgBjb3JyZWN0IGhvcnNl"
    ann.begin(f"AUTHENTICATE {blob}", "NICK ann", "USER ann 0 * :Ann", "CAP END")
    assert not [message for message in ann.received if message.command == "001"]
    world.tick()
    ann.find("903 …")
    ann.find("001 ann *")


def test_the_answer_to_a_password_carries_its_label() -> None:
    world = accounts_world()
    ann = world.connect("bob", "labeled-response batch sasl")
    ann.send("@label=x NS IDENTIFY ann " + PASSWORD.replace(" ", "_"))
    (notice,) = ann.received
    assert notice.tags["label"] == "x"


def test_someone_who_hangs_up_while_waiting_leaves_no_trace() -> None:
    world = accounts_world()
    bob = world.connect("bob")
    bob.begin("REGISTER * * :another password")
    world.core.disconnected(2, "gone")
    world.tick()
    assert plain(newcomer(world), "bob", "another password") == "904"


def test_one_may_log_in_anew_as_someone_else() -> None:
    world = accounts_world()
    register(world, "bob")
    ann = log_in(world, "ann")
    assert plain(ann, "bob") == "903"
    carl = world.connect("carl")
    assert "330 carl ann bob" in [
        " ".join([reply.command, *reply.params[:3]]) for reply in carl.answer("WHOIS ann")
    ]


def test_a_login_is_told_to_those_who_asked_for_it() -> None:
    world = accounts_world()
    bob, carl = world.join("bob", "carl", room="#r", capabilities="account-notify")
    ann = world.connect("guest", "sasl")
    ann.send("JOIN #r")
    bob.received.clear()
    carl.received.clear()
    assert plain(ann, "ann") == "903"
    assert bob.expect("ACCOUNT ann").source.startswith("guest!")
    ann.send("NS LOGOUT")
    carl.find("ACCOUNT ann")
    carl.expect("ACCOUNT *")
    ann.find("901 …")


# Making accounts


def test_an_account_may_be_made_before_coming_in() -> None:
    world = World(QUICK)
    ann = newcomer(world)
    ann.send("NICK ann", f"REGISTER * * :{PASSWORD}")
    ann.expect("REGISTER SUCCESS ann *")
    ann.expect("900 ann * ann *")
    ann.send("USER ann 0 * :Ann", "CAP END")
    ann.find("001 ann *")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("REGISTER ann * :long enough", "ACCOUNT_EXISTS"),
        ("REGISTER aNN * :long enough", "ACCOUNT_EXISTS"),
        ("REGISTER carl * :long enough", "ACCOUNT_EXISTS"),  # the nick of a guest who is here
        ("REGISTER NickServ * :long enough", "BAD_ACCOUNT_NAME"),
        ("REGISTER N1ckServ * :long enough", "BAD_ACCOUNT_NAME"),
        ("REGISTER admin * :long enough", "BAD_ACCOUNT_NAME"),
        ("REGISTER 1ann * :long enough", "BAD_ACCOUNT_NAME"),
        ("REGISTER a!b * :long enough", "BAD_ACCOUNT_NAME"),
        ("REGISTER * * short", "WEAK_PASSWORD"),
        ("REGISTER * nonsense :long enough", "INVALID_EMAIL"),
        ("REGISTER * ann@example.org :long enough", None),
    ],
)
def test_names_and_passwords_are_checked(line: str, code: str | None) -> None:
    world = accounts_world()
    world.connect("carl")
    bob = world.connect("bob", "standard-replies")
    bob.send(line)
    bob.expect("REGISTER SUCCESS …" if code is None else f"FAIL REGISTER {code} …")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"accounts__registration": False}, "TEMPORARILY_UNAVAILABLE"),
        ({"accounts__register_requires_email": True}, "INVALID_EMAIL"),
        ({"accounts__register_before_connect": False}, "COMPLETE_CONNECTION_REQUIRED"),
        ({"password": "sesame"}, "TEMPORARILY_UNAVAILABLE"),
    ],
)
def test_no_way_to_register_skips_what_the_operator_set(
    changes: dict[str, object], code: str
) -> None:
    person = newcomer(World(replace(QUICK, **changes)))  # type: ignore[arg-type]
    person.send("NICK bob", f"REGISTER * * :{PASSWORD}")
    person.expect(f"FAIL REGISTER {code} …")


@pytest.mark.parametrize(
    "changes", [{"accounts__registration": False}, {"accounts__register_requires_email": True}]
)
def test_nickserv_is_no_way_around_it(changes: dict[str, object]) -> None:
    world = World(replace(QUICK, **changes))  # type: ignore[arg-type]
    bob = world.connect("bob")
    bob.send("NS REGISTER long-enough")
    bob.find("NOTICE bob *")
    assert plain(newcomer(world), "bob", "long-enough") == "904"


@pytest.mark.parametrize("asks", [True, False])
def test_certificates_are_offered_where_programs_are_asked_for_one(asks: bool) -> None:
    person = World(replace(QUICK, tls__client_certificates=asks)).link()
    listed = " ".join(m.params[-1] for m in person.answer("CAP LS 302"))
    assert ("SCRAM-SHA-256,EXTERNAL" in listed) == asks
    assert "sasl=PLAIN,SCRAM-SHA-256" in listed


def test_the_capability_says_what_is_possible() -> None:
    settings = replace(QUICK, accounts__register_requires_email=True)
    person = World(settings).link()
    person.send("CAP LS 302")
    words = " ".join(message.params[-1] for message in person.received).split()
    wanted = "draft/account-registration=custom-account-name,before-connect,email-required"
    assert wanted in words
    assert "sasl=PLAIN,SCRAM-SHA-256" in words
    without = World(replace(QUICK, accounts__registration=False)).link()
    without.send("CAP LS 302", "CAP REQ :draft/account-registration")
    assert "registration" not in str([message.params for message in without.received[:-1]])
    assert without.received[-1].params[1] == "NAK"


def test_two_who_ask_for_one_name_at_once_get_one_account() -> None:
    world = World(QUICK)
    people = [world.connect(nick, "standard-replies") for nick in ("bob", "carl")]
    for person in people:
        person.begin(f"REGISTER dora * :{PASSWORD}")
    world.tick()
    people[0].find("REGISTER SUCCESS dora *")
    people[1].find("FAIL REGISTER ACCOUNT_EXISTS dora *")


def test_accounts_are_not_made_without_end() -> None:
    world = World(QUICK)
    for number in range(5):
        register(world, f"person{number}")
    bob = world.connect("bob", "standard-replies")
    bob.send(f"REGISTER * * :{PASSWORD}")
    bob.expect("FAIL REGISTER TEMPORARILY_UNAVAILABLE bob *")


def test_only_people_with_an_account_come_in_where_there_are_no_guests() -> None:
    world = World(replace(QUICK, accounts__guests=False))
    guest = world.link()
    guest.send("CAP LS 302", "NICK bob", "USER bob 0 * :Bob", "CAP END")
    guest.find("FAIL * ACCOUNT_REQUIRED *")
    assert guest.closed
    ann = newcomer(world)
    ann.send("NICK ann", f"REGISTER * * :{PASSWORD}", "USER ann 0 * :Ann", "CAP END")
    ann.find("001 ann *")


# Names


def test_the_nick_of_an_account_is_its_own() -> None:
    world = accounts_world()
    bob = world.connect("bob")
    bob.send("NICK ann")
    refusal = bob.expect("433 bob ann *")
    assert "account ann" in refusal.params[-1]
    bob.send("NICK aNN")
    bob.expect("433 bob aNN *")
    bob.send(f"NS IDENTIFY ann {PASSWORD.split()[0]}")
    bob.received.clear()
    ann = log_in(world, "ann", nick="other")
    ann.send("NICK ann")
    ann.find("NICK ann")


@pytest.mark.parametrize("nick", ["NickServ", "chanserv", "NlckServ", "N1ckServ"])
def test_the_nicks_of_services_are_nobodys(nick: str) -> None:
    person = World(QUICK).link()
    person.send(f"NICK {nick}")
    person.expect("433 …")


@pytest.mark.parametrize(
    ("account", "nick"), [("alice", "AIice"), ("alice", "a1ice"), ("bobo", "b0bo"), ("mia", "rnia")]
)
def test_a_nick_that_looks_like_an_account_is_refused(account: str, nick: str) -> None:
    world = World(QUICK)
    register(world, account)
    person = world.connect("guest")
    person.send(f"NICK {nick}")
    person.expect("433 …")


def test_beyond_ascii_look_alikes_of_people_present_are_refused_too() -> None:
    world = World(replace(QUICK, names__beyond_ascii=True))
    world.connect("evan")
    other = world.link()
    other.send("NICK \u0435van", "USER a 0 * :a")
    other.expect("433 …")
    other.send("NICK J\u00fcrgen")
    other.find("001 J\u00fcrgen *")
    assert not other.closed


def test_beyond_ascii_counts_for_those_who_were_there_before_it_was_set() -> None:
    world = World(QUICK)
    world.connect("evan")
    world.core.settings_read(replace(QUICK, names__beyond_ascii=True))
    other = world.link()
    other.send("NICK \u0435van", "USER a 0 * :a")
    other.expect("433 …")
    world.core.settings_read(QUICK)
    other.send("NICK EVAN1")
    other.find("001 EVAN1 *")


@pytest.mark.parametrize(
    ("account", "nick"),
    [("ann", "\u0430nn"), ("all", "\u13aa\u13de\u13de"), ("Kat", "\u041aat"), ("\u00fcrn", "urn")],
)
def test_beyond_ascii_an_account_is_protected_from_look_alikes(account: str, nick: str) -> None:
    world = World(replace(QUICK, names__beyond_ascii=True))
    register(world, account)
    world.restart()
    person = world.link()
    person.send(f"NICK {nick}")
    person.expect("433 …")


def test_an_account_whose_look_was_stored_by_an_older_table_is_protected_too() -> None:
    world = World(replace(QUICK, names__beyond_ascii=True))
    register(world, "\u13aa\u13de\u13de")
    account = world.store.accounts.named("\u13aa\u13de\u13de")
    assert account is not None
    world.store.accounts.save(replace(account, skeleton="of-old"))
    world.store.facts.remember("skeletons", "1")
    world.store.commit()
    world.restart()
    person = world.link()
    person.send("NICK all")
    person.expect("433 …")


@pytest.mark.parametrize("nick", ["admin", "Operator", "operat0r", "system", "AdmlnIstrator"])
def test_a_guest_is_not_taken_for_who_runs_the_server(nick: str) -> None:
    person = World(QUICK).link()
    person.send(f"NICK {nick}")
    person.expect("433 …")


def test_without_the_setting_nicks_are_ascii() -> None:
    person = World(QUICK).link()
    person.send("NICK J\u00fcrgen")
    person.expect("432 …")


def test_a_suspended_account_comes_in_by_no_way() -> None:
    world = accounts_world()
    ann = log_in(world, "ann")
    answer = world.core.administer({"do": "account suspend", "name": "ann"})
    world.tick()
    assert answer["ok"]
    assert ann.closed
    assert plain(newcomer(world), "ann") == "902"
    scram = ScramClient("ann", PASSWORD, "abc")
    assert authenticate(newcomer(world), "SCRAM-SHA-256", scram) == "902"
    bob = world.connect("bob")
    bob.send("NS IDENTIFY ann correct")
    bob.find("NOTICE bob *")
    assert world.core.administer({"do": "account resume", "name": "ann"})["ok"]
    assert plain(newcomer(world), "ann") == "903"
