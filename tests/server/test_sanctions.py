"""Bans, mutes, filters and the lock-down of the server; slow mode; people who are new.

Ours: `docs/protocol.md`, moderating the server.
"""

from dataclasses import replace

import pytest

from server.core.session import Peer
from server.settings import Settings
from tests.conversation import OUR_CLIENT, UNHURRIED, Person, World
from tests.server.logins import log_in, plain, register

SETTINGS = replace(UNHURRIED, opers=(("boss", "secret"),), plain_text=True)
CHEAP = replace(
    SETTINGS, accounts__hash_kib=64, accounts__hash_rounds=1, accounts__scram_iterations=4_096
)
FAR = Peer("203.0.113.7", loopback=False)
NEAR = Peer("203.0.113.99", loopback=False)
ELSEWHERE = Peer("198.51.100.1", loopback=False)


def operator(world: World) -> Person:
    """Someone who has become an operator; everything read already."""
    boss = world.connect("boss", OUR_CLIENT)
    boss.answer("OPER boss secret")
    return boss


def come_in(world: World, nick: str, peer: Peer) -> Person:
    """Someone who tries to come in."""
    person = world.link(peer)
    person.nick = nick
    if not person.closed:
        person.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
    return person


# Bans


@pytest.mark.parametrize("mask", ["203.0.113.7", "203.0.113.0/24", "*!*@203.0.113.7", "bad*"])
def test_a_ban_ends_connections_and_lets_nobody_in_again(mask: str) -> None:
    world = World(SETTINGS)
    boss, bad = operator(world), come_in(world, "baddy", FAR)
    bob = come_in(world, "bob", ELSEWHERE)
    boss.send(f"UBAN ADD {mask} :flooding")
    boss.find(f"NOTE UBAN ADDED {'bad*!*@*' if mask == 'bad*' else mask} *")
    assert "flooding" in bad.find("ERROR *").params[0]
    again = come_in(world, "baddy", FAR)
    assert "banned from this server: flooding" in again.find("ERROR *").params[0]
    assert again.closed
    assert not bob.closed


def test_a_ban_of_a_nick_is_one_of_the_account_or_of_the_address() -> None:
    world = World(CHEAP)
    register(world, "ann")
    boss, ann, guest = operator(world), log_in(world, "ann"), come_in(world, "guest", FAR)
    boss.send("UBAN ADD ann", "UBAN ADD guest")
    boss.expect("NOTE UBAN ADDED a:ann *")
    boss.find("NOTE UBAN ADDED 203.0.113.7 *")
    assert ann.closed
    assert guest.closed
    back = world.link(ELSEWHERE)
    back.send("CAP LS 302", "CAP REQ :sasl")
    assert plain(back, "ann") == "902"


def test_a_ban_ends_by_itself_or_is_taken_off_and_survives_a_restart() -> None:
    world = World(SETTINGS)
    boss = operator(world)
    boss.send("UBAN ADD 203.0.113.0/24 2h :calm down", "UBAN ADD evil*!*@*")
    boss.received.clear()
    world.restart()
    boss = operator(world)
    boss.send("UBAN LIST")
    listed = [message.params[2] for message in boss.barrier() if message.params[1] == "ENTRY"]
    assert listed == ["203.0.113.0/24", "evil*!*@*"]
    assert come_in(world, "ann", FAR).closed
    world.pass_time(2 * 3600 + 1)
    assert not come_in(world, "ann", FAR).closed
    boss.send("UBAN DEL evil*")
    boss.find("NOTE UBAN DROPPED evil*!*@* *")
    assert not come_in(world, "evilbert", NEAR).closed
    boss.send("UBAN DEL evil*")
    boss.find("FAIL UBAN NO_SUCH_ENTRY evil* *")


def test_a_banned_nick_cannot_be_taken_on_later() -> None:
    world = World(SETTINGS)
    boss, ann = operator(world), world.connect("ann", OUR_CLIENT)
    boss.send("UBAN ADD evil*")
    ann.send("NICK evilbert")
    ann.expect("FAIL NICK BANNED evilbert *")


@pytest.mark.parametrize("words", ["ADD", "ADD *", "ADD *!*@*", "WHAT x", "ADD a:"])
def test_what_makes_no_sense_is_refused(words: str) -> None:
    boss = operator(World(SETTINGS))
    boss.send(f"UBAN {words}")
    boss.expect("FAIL UBAN …")
    boss.nothing()


def test_nobody_but_operators_may() -> None:
    ann = World(SETTINGS).connect("ann")
    for line in ("UBAN LIST", "UMUTE LIST", "FILTER LIST", "LOCKDOWN ON"):
        ann.send(line)
        ann.expect("481 ann *")


# Mutes, filters, lock-down


def test_someone_muted_says_nothing_anywhere_in_no_way() -> None:
    world = World(SETTINGS)
    boss = operator(world)
    ann, bob = (world.connect(nick, OUR_CLIENT, nick * 8) for nick in ("anna", "bobb"))
    ann.send("CREATE #trail")
    bob.send("JOIN #trail")
    ann.send("PRIVMSG #trail :before")
    msgid = ann.find("PRIVMSG #trail before").tags["msgid"]
    ann.send("MODE #trail +E")
    boss.send("UMUTE ADD anna!*@* 1h :enough")
    ann.barrier(), bob.barrier()
    lines = (
        "PRIVMSG #trail :hello",
        "NOTICE bobb :hello",
        "@+typing=active TAGMSG #trail",
        f"EDIT #trail {msgid} :other",
        "TOPIC #trail :mine",
        "NPC #trail wizard :hello",
        "SCENE #trail :hello",
    )
    for line in lines:
        ann.send(line)
        refusal = ann.expect(f"FAIL {line.split(' ')[0 if line[0] != '@' else 1]} MUTED …")
        assert "enough" in refusal.params[-1]
    bob.nothing()
    world.pass_time(3601)
    ann.send("PRIVMSG #trail :hello")
    bob.find("PRIVMSG #trail hello")


def test_a_filter_refuses_a_text_however_it_is_written() -> None:
    world = World(SETTINGS)
    boss = operator(world)
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    boss.send("FILTER ADD buy*pills :spam", "FILTER ADD **** ")
    boss.expect("NOTE FILTER ADDED buy*pills *")
    boss.expect("FAIL FILTER INVALID_MASK **** *")
    ann.barrier(), bob.barrier()
    for text in ("Buy my PILLS now", "b\x02uy\x0f pi\x0304lls"):
        ann.send(f"PRIVMSG #trail :{text}")
        ann.expect("FAIL PRIVMSG MESSAGE_REFUSED #trail *")
    bob.nothing()
    ann.send("PRIVMSG #trail :pills to buy")
    bob.expect("PRIVMSG #trail pills to buy")


def test_a_pattern_of_many_stars_costs_no_time() -> None:
    world = World(SETTINGS)
    boss = operator(world)
    (ann,) = world.join("ann", capabilities=OUR_CLIENT)
    boss.send(f"FILTER ADD {'a*' * 100}b")
    ann.send(f"PRIVMSG #trail :{'a' * 400}")
    ann.find("PRIVMSG #trail *")


def test_in_a_lockdown_only_accounts_come_in_speak_and_make_rooms() -> None:
    world = World(CHEAP)
    register(world, "ann")
    boss, guest = operator(world), world.connect("guest", OUR_CLIENT)
    boss.send("LOCKDOWN ON :a flood of bots")
    boss.find("NOTE LOCKDOWN LOCKED *")
    guest.send("CREATE #mine")
    guest.expect("FAIL CREATE ACCOUNT_REQUIRED #mine *")
    guest.send("PRIVMSG boss :hello")
    refusal = guest.expect("FAIL PRIVMSG LOCKED_DOWN boss *")
    assert "a flood of bots" in refusal.params[-1]
    world.restart()
    assert come_in(world, "stranger", FAR).closed
    stranger = world.link()
    stranger.send("CAP REQ :standard-replies", "NICK new", "REGISTER * * :correct horse")
    stranger.find("FAIL REGISTER TEMPORARILY_UNAVAILABLE new *")
    ann = log_in(world, "ann")
    ann.send("CREATE #mine")
    ann.find("JOIN #mine")
    ann.barrier()


# Slow mode, new people


def test_in_a_slow_room_everyone_without_a_role_waits() -> None:
    world = World(SETTINGS)
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    ann.send("MODE #trail +W 30")
    ann.find("MODE #trail +W 30")
    bob.send("PRIVMSG #trail :one", "PRIVMSG #trail :two")
    bob.find("PRIVMSG #trail one")
    refusal = bob.expect("FAIL PRIVMSG SLOW_MODE #trail 30 *")
    assert "try again in 30 seconds" in refusal.params[-1]
    world.pass_time(20)
    bob.send("PART #trail", "JOIN #trail", "PRIVMSG #trail :back again")
    bob.find("FAIL PRIVMSG SLOW_MODE #trail 10 *")
    ann.send("PRIVMSG #trail :I", "PRIVMSG #trail :may")
    bob.find("PRIVMSG #trail may")
    world.pass_time(10)
    bob.send("PRIVMSG #trail :two")
    bob.find("PRIVMSG #trail two")
    world.restart()
    carl = world.connect("carl")
    carl.send("JOIN #trail", "MODE #trail")
    assert carl.find("324 carl #trail …").params[2:] == ["+ntW", "30"]


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "99999999999"])
def test_slow_mode_takes_a_number_of_seconds(value: str) -> None:
    (ann,) = World(SETTINGS).join("ann")
    ann.send(f"MODE #trail +W {value}")
    ann.expect("696 ann #trail W * *")


def test_who_is_new_waits() -> None:
    world = World(
        replace(
            CHEAP,
            spam__guest_wait_s=60,
            spam__account_wait_s=600,
            limits__ping_s=3_600,
        )
    )
    (owner,) = world.join("owner")
    register(world, "ann")
    world.pass_time(60)
    ann, guest = log_in(world, "ann", "", OUR_CLIENT), world.connect("guest", OUR_CLIENT)
    for person, wait_s in ((guest, 60), (ann, 480)):
        person.send("PRIVMSG owner :hello")
        person.find(f"FAIL PRIVMSG TOO_NEW owner {wait_s} *")
        world.pass_time(wait_s)
        person.send("PRIVMSG owner :hello")
        owner.find("PRIVMSG owner hello")


def test_guests_may_be_kept_from_making_rooms() -> None:
    world = World(Settings(spam__guests_create=False))
    ann = world.connect("ann", OUR_CLIENT)
    ann.send("CREATE #mine")
    ann.expect("FAIL CREATE ACCOUNT_REQUIRED #mine *")
