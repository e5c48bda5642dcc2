"""Limits: what waits, what is refused, and what it says; what an ordinary person never notices."""

from server.core.limits import block_of
from server.core.session import Peer
from server.settings import Settings
from tests.conversation import OUR_CLIENT, Person, World

FAR = Peer("203.0.113.7", loopback=False)


def _come_in(world: World, nick: str, peer: Peer) -> Person:
    person = world.link(peer)
    person.nick = nick
    if not person.closed:
        person.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
    return person


def _texts(person: Person) -> list[str]:
    said = [message.params[1] for message in person.received if message.command == "PRIVMSG"]
    person.received.clear()
    return said


# Lines


def test_a_hundred_pasted_lines_go_through_at_once() -> None:
    world = World(Settings())
    ann, bob = world.join("ann", "bob")
    ann.begin(*(f"PRIVMSG #trail :{number}" for number in range(100)))
    world.tick()
    assert _texts(bob) == [str(number) for number in range(100)]


def test_a_client_returns_to_a_hundred_rooms_with_their_history_at_once() -> None:
    world = World(Settings(limits__rooms_created_per_link=100))
    owner = world.connect("owner")
    for number in range(100):
        owner.send(f"CREATE #room{number}")
        world.pass_time(1)
    ann = world.connect("ann", OUR_CLIENT)
    for number in range(100):
        ann.begin(f"JOIN #room{number}", f"CHATHISTORY LATEST #room{number} * 100")
        ann.begin(f"MARKREAD #room{number}")
    for _ in range(101):  # each page of history is a turn of its own
        world.tick()
    answers = [message.command for message in ann.received]
    assert answers.count("366") == 100
    assert answers.count("BATCH") == 200
    assert not world.core.backlog


def test_lines_beyond_the_burst_wait_and_none_is_lost() -> None:
    world = World(Settings(limits__cost_burst=20, limits__cost_per_second=10))
    ann, bob = world.join("ann", "bob")
    world.pass_time(10)
    ann.begin(*(f"PRIVMSG #trail :{number}" for number in range(20)))
    world.tick()
    assert _texts(bob) == [str(number) for number in range(10)]  # a message costs two
    assert world.core.next_deadline() == world.now + 0.1
    bob.send("PRIVMSG ann :I am not held up")
    ann.find("PRIVMSG ann *")
    for _ in range(25):
        world.pass_time(0.1)
    assert _texts(bob) == [str(number) for number in range(10, 20)]
    assert not world.core.backlog


def test_whoever_leaves_with_lines_waiting_is_gone() -> None:
    world = World(Settings(limits__cost_burst=20, limits__cost_per_second=1))
    ann, bob = world.join("ann", "bob")
    world.pass_time(30)
    ann.begin(*(f"PRIVMSG #trail :{number}" for number in range(40)))
    ann.hang_up()
    assert not world.core.backlog
    bob.find("QUIT *")
    world.pass_time(60)
    assert world.core.next_deadline() != world.now


def test_what_is_unknown_or_malformed_costs_too() -> None:
    world = World(Settings(limits__cost_burst=20, limits__cost_per_second=1))
    ann = world.connect("ann")
    world.pass_time(30)
    ann.begin(*["NONSENSE"] * 15, *["PING \x00"] * 15)
    world.tick()
    assert len(ann.received) == 20


def test_several_targets_cost_as_many_lines() -> None:
    world = World(Settings(limits__cost_burst=20, limits__cost_per_second=1))
    ann, bob = world.join("ann", "bob")
    world.pass_time(30)
    ann.begin(*["PRIVMSG bob,bob,bob,bob :many"] * 5)
    world.tick()
    assert len(_texts(bob)) == 12  # eight at a time, until nothing is left


# In a minute


def test_history_is_asked_for_so_often_and_the_refusal_says_when_to_go_on() -> None:
    world = World(Settings(limits__history_per_minute=2))
    ann, _ = world.join("ann", "bob", capabilities=OUR_CLIENT)
    line = "CHATHISTORY BEFORE #trail number=0 10"
    for _ in range(2):
        assert [message.command for message in ann.answer(line)] == ["BATCH", "BATCH"]
    ann.send(line)
    refusal = ann.expect("FAIL CHATHISTORY RATE_LIMITED BEFORE 30 *")
    assert "try again in 30 seconds" in refusal.params[-1]
    world.pass_time(30)
    assert [message.command for message in ann.answer(line)] == ["BATCH", "BATCH"]


def test_searches_are_counted_by_person_and_not_by_connection() -> None:
    world = World(Settings(limits__searches_per_minute=1, plain_text=True))
    first, second = (_come_in(world, nick, FAR) for nick in ("ann", "bob"))
    for person in (first, second):
        person.barrier()
        person.send("CAP REQ standard-replies")
        person.received.clear()
    first.send("SEARCH text=dawn")
    first.nothing()
    second.send("SEARCH text=dawn")
    second.expect("FAIL SEARCH RATE_LIMITED text=dawn 60 *")


# Connections


def test_connections_from_one_address_are_bounded_and_the_others_come_in() -> None:
    world = World(Settings(limits__links_per_address=2, plain_text=True))
    people = [_come_in(world, nick, FAR) for nick in ("ann", "bob", "cat")]
    assert [person.closed for person in people] == [False, False, True]
    people[2].find("ERROR *")
    dan = _come_in(world, "dan", Peer("203.0.113.8", loopback=False))
    assert not dan.closed
    people[0].hang_up()
    assert not _come_in(world, "eve", FAR).closed


def test_an_ipv6_block_is_one_address() -> None:
    world = World(Settings(limits__links_per_address=1, plain_text=True))
    hosts = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    people = [world.link(Peer(host, loopback=False)) for host in hosts]
    assert [person.closed for person in people] == [False, True, False]
    assert block_of("::ffff:203.0.113.7") == block_of("203.0.113.7") == "203.0.113.7"
    assert block_of("0::1") == "::/64"


def test_this_machine_and_gateways_are_not_counted_but_who_comes_through_them() -> None:
    settings = Settings(
        limits__links_per_address=1, proxy__trusted="192.0.2.1", webirc=(("192.0.2.2", "pw"),)
    )
    world = World(settings)
    gateway = Peer("192.0.2.1", loopback=False)
    links = [world.link() for _ in range(3)] + [world.link(gateway) for _ in range(3)]
    assert not any(link.closed for link in links)
    numbers = list(world.people)[3:]
    for number in numbers:
        world.core.identified(number, FAR)
        world.tick()
    assert [link.closed for link in links[3:]] == [False, True, True]
    web = world.link(Peer("192.0.2.2", loopback=False))
    web.send(f"WEBIRC pw gateway host {FAR.host}")
    web.expect("ERROR *")


def test_new_connections_from_one_address_are_counted_by_the_minute() -> None:
    world = World(Settings(limits__links_per_minute=2, plain_text=True))
    for _ in range(2):
        world.link(FAR).hang_up()
    third = world.link(FAR)
    third.expect("ERROR *")
    assert third.closed
    world.pass_time(30)
    assert not world.link(FAR).closed


# Rooms, lists, passwords


def test_a_room_holds_so_many() -> None:
    world = World(Settings(limits__members_per_room=2))
    world.join("ann", "bob")
    cat = world.connect("cat")
    cat.send("JOIN #trail")
    cat.expect("471 cat #trail *")


def test_lists_and_monitor_have_the_length_that_was_set() -> None:
    world = World(Settings(limits__list_entries=1, limits__monitor=1))
    (ann,) = world.join("ann")
    ann.send("MODE #trail +b a!*@*", "MODE #trail +b b!*@*")
    ann.expect("MODE #trail +b a!*@*")
    ann.expect("478 ann #trail b *")
    ann.send("MONITOR + x,y")
    ann.expect("731 ann x")
    ann.expect("734 ann 1 y *")


def test_wrong_passwords_wait_ever_longer_and_a_new_setting_counts_at_once() -> None:
    settings = Settings(opers=(("root", "right"),), limits__failed_logins=1)
    world = World(settings)
    ann = world.connect("ann", OUR_CLIENT)
    for wait_s in (1, 2, 4):
        ann.send("OPER root wrong")
        ann.expect("464 ann *")
        ann.send("OPER root right")
        refusal = ann.expect("FAIL OPER TOO_MANY_ATTEMPTS *")
        assert f"in {wait_s} seconds" in refusal.params[-1]
        world.pass_time(wait_s + 0.1)
        ann.received.clear()
    world.core.settings_read(Settings(opers=settings.opers, limits__failed_login_wait_s=0))
    ann.send("OPER root wrong", "OPER root right")
    ann.expect("464 ann *")
    ann.expect("381 ann *")


def test_a_thousand_that_end_at_once_leave_over_several_ticks() -> None:
    world = World()
    people = [world.connect(f"user{number}") for number in range(1_000)]
    world.pass_time(125)
    world.pass_time(125)  # nobody has answered the PING
    left = [person for person in people if not person.closed]
    assert 0 < len(left) < 1_000
    while world.core.next_deadline() == world.now:
        world.pass_time(0)
    assert all(person.closed for person in people)
    assert not world.core.world.users
