"""Running a room: bans that end by themselves, giving it away, closing it, invitations by token.

Ours: `docs/protocol.md`, running a room.
"""

import pytest

from server.core.session import Peer
from server.settings import Settings
from tests.conversation import OUR_CLIENT, Person, World, commands
from tests.server.logins import QUICK, log_in, register

DAY_S = 24 * 3600
OWNS = "ann-has-a-device"


def owner(world: World, *lines: str) -> Person:
    """Ann, owner of #trail, where she has sent these lines."""
    ann = world.connect("ann", OUR_CLIENT, device=OWNS)
    ann.send("CREATE trail", *lines)
    ann.barrier()
    return ann


def wait(world: World, seconds: float, *awake: Person) -> None:
    """Let time pass, while some people stay connected."""
    while seconds > 0:
        step = min(seconds, 100)
        world.pass_time(step)
        seconds -= step
        for person in awake:
            person.send("PONG here")


# Bans


def test_a_ban_for_a_time_ends_by_itself_and_the_room_is_told() -> None:
    world = World()
    ann = owner(world)
    eve = world.connect("eve")
    ann.send("BAN trail eve 30m")
    made = ann.expect("MODE #trail +b eve!*@*")
    assert made.tags["chat-server/until"] == "2026-01-01T00:30:00.000Z"
    ann.expect("NOTE BAN BANNED #trail eve!*@* 2026-01-01T00:30:00.000Z *")
    eve.send("JOIN #trail")
    eve.expect("474 eve #trail *")
    wait(world, 1_799, ann, eve)
    ann.barrier()
    world.pass_time(1)
    assert ann.expect("MODE #trail -b eve!*@*").source == "chat.local"
    eve.barrier()
    eve.send("JOIN #trail")
    eve.expect("JOIN #trail")


def test_the_server_wakes_for_it() -> None:
    world = World(Settings(limits__ping_s=3_600))
    ann = owner(world)
    ann.send("BAN trail eve 2s")
    world.pass_time(0)
    assert world.core.next_deadline() == pytest.approx(world.now + 2)


def test_it_ends_after_a_restart_too() -> None:
    world = World()
    owner(world).send("BAN trail eve 1h", "BAN trail bob")
    world.restart()
    eve, bob = world.connect("eve"), world.connect("bob")
    for person in (eve, bob):
        person.send("JOIN #trail")
        person.expect("474 * #trail *")
    wait(world, 3_600, eve, bob)
    for person in (eve, bob):
        person.barrier()
        person.send("JOIN #trail")
    eve.expect("JOIN #trail")
    bob.expect("474 * #trail *")


def test_setting_it_again_gives_it_another_end() -> None:
    world = World()
    ann = owner(world, "BAN trail eve 1m")
    ann.send("BAN trail eve 1h")
    ann.barrier()
    wait(world, 120, ann)
    assert "MODE" not in commands(ann.barrier())
    wait(world, 3_600, ann)
    assert commands(ann.barrier()).count("MODE") == 1


def test_while_space_is_low_it_stays_and_is_lifted_later() -> None:
    world = World()
    ann = owner(world, "BAN trail eve 1m")
    world.core.set_low_space(True)
    wait(world, 100, ann)
    assert "MODE" not in commands(ann.barrier())
    world.core.set_low_space(False)
    wait(world, 100, ann)
    assert "MODE" in commands(ann.barrier())


def test_someone_with_an_account_is_kept_out_under_every_nick() -> None:
    world = World(QUICK)
    register(world, "eve")
    ann = owner(world)
    eve = log_in(world, "eve")
    eve.barrier()
    ann.send("BAN trail eve")
    ann.expect("MODE #trail +b a:eve")
    eve.send("NICK other", "JOIN #trail")
    eve.find("474 other #trail *")
    ann.send("UNBAN trail a:eve")
    eve.send("JOIN #trail")
    eve.expect("JOIN #trail")


@pytest.mark.parametrize("duration", ["soon", "0m", "-1h", "5", "367d", "1.5h", "999999w", "٣h"])
def test_what_is_no_duration_changes_nothing(duration: str) -> None:
    ann = owner(World())
    ann.send(f"BAN trail eve {duration}")
    ann.expect(f"FAIL BAN INVALID_DURATION {duration} *")
    ann.send("MODE #trail +b")
    ann.expect("368 ann #trail *")


def test_who_may_not_moderate_may_not_ban() -> None:
    world = World()
    ann = owner(world)
    bob, eve = world.connect("bob"), world.connect("eve")
    bob.send("JOIN #trail")
    ann.barrier(), bob.barrier()
    for person, refusal in ((bob, "482"), (eve, "442")):
        person.send("BAN trail ann", "UNBAN trail ann")
        for _ in range(2):
            person.expect(f"{refusal} {person.nick} #trail *")
    ann.nothing()


def test_lifting_a_ban_that_is_not_there() -> None:
    ann = owner(World())
    ann.send("UNBAN trail eve")
    ann.expect("FAIL UNBAN NO_SUCH_BAN #trail eve *")


# Giving it away


def test_a_room_is_given_to_someone_in_it_and_stays_theirs() -> None:
    world = World(QUICK)
    register(world, "ann")
    register(world, "bob")
    ann, bob = log_in(world, "ann"), log_in(world, "bob", capabilities="standard-replies")
    ann.send("CREATE trail")
    bob.send("JOIN #trail")
    ann.barrier(), bob.barrier()
    bob.send("TRANSFER trail ann")
    bob.expect("FAIL TRANSFER NOT_YOURS #trail *")
    ann.send("TRANSFER trail bob")
    bob.expect("MODE #trail -q+q ann bob")
    bob.barrier()
    world.restart()
    bob = log_in(world, "bob")
    bob.barrier()
    bob.send("NAMES #trail")
    bob.expect("353 bob = #trail ~bob")


@pytest.mark.parametrize("nick", ["bob", "ann", "nobody"])
def test_it_is_not_given_to_guests_oneself_or_nobody(nick: str) -> None:
    world = World()
    ann = owner(world)
    bob = world.connect("bob")
    bob.send("JOIN #trail")
    ann.barrier()
    ann.send(f"TRANSFER trail {nick}")
    assert ann.barrier()[0].command == "FAIL"


# Closing it


def code_for(person: Person, line: str = "CLOSE trail") -> str:
    """The code that closes the room, which it is asked for first."""
    person.send(line)
    return person.expect("NOTE CLOSE CONFIRM #trail * *").params[3]


def test_the_owner_closes_a_room_by_saying_so_twice() -> None:
    world = World()
    ann = owner(world)
    bob = world.connect("bob", OUR_CLIENT)
    bob.send("JOIN #trail", "PRIVMSG #trail :hello")
    ann.barrier(), bob.barrier()
    code = code_for(ann)
    bob.nothing()
    ann.send(f"CLOSE trail {code}")
    ann.expect("KICK #trail ann The room was closed")
    ann.expect("NOTE CLOSE CLOSED #trail *")
    bob.expect("KICK #trail bob The room was closed")
    bob.nothing()
    for person in (ann, bob):
        person.send("JOIN #trail")
        person.expect("FAIL JOIN NO_SUCH_ROOM #trail *")
    world.restart()
    ann = world.connect("ann", OUR_CLIENT, device=OWNS)
    ann.send("CREATE trail")
    ann.find("NOTE CREATE ROOM_CREATED …")
    assert "PRIVMSG" not in commands(ann.answer("CHATHISTORY LATEST #trail * 50"))


def test_a_wrong_code_or_that_of_another_room_closes_nothing() -> None:
    world = World()
    ann = owner(world)
    code = code_for(ann)
    ann.send("CREATE other")
    ann.barrier()
    for line in (f"CLOSE other {code}", "CLOSE other 000000"):
        ann.send(line)
        ann.expect("NOTE CLOSE CONFIRM #other …")
    ann.send("NAMES #trail", "NAMES #other")
    assert commands(ann.barrier()).count("353") == 2


def test_nobody_else_closes_it() -> None:
    world = World(Settings(opers=(("root", "rootpass"),)))
    ann = owner(world)
    bob, eve = world.connect("bob", OUR_CLIENT), world.connect("eve", OUR_CLIENT)
    bob.send("JOIN #trail")
    eve.send("OPER root rootpass")
    ann.send("MODE #trail +o bob")
    for person in (ann, bob, eve):
        person.barrier()
    for person in (bob, eve):
        person.send("CLOSE trail")
        person.expect("FAIL CLOSE NOT_YOURS #trail *")
    ann.nothing()


def test_chanserv_does_it_too() -> None:
    world = World()
    ann = owner(world)
    ann.send("CS CLOSE trail")
    ann.expect("NOTICE ann *")
    code = ann.expect("NOTICE ann *").params[1].split()[-1]
    ann.send(f"CS CLOSE trail {code}")
    ann.find("KICK #trail ann *")


def test_closing_goes_on_while_space_is_low() -> None:
    world = World()
    ann = owner(world)
    code = code_for(ann)
    world.core.set_low_space(True)
    ann.send(f"CLOSE trail {code}")
    ann.expect("KICK #trail ann *")


# Invitations by token


def token_of(person: Person, line: str) -> str:
    """The token that a room is opened by."""
    person.send(line)
    return person.find("NOTE INVITATION INVITATION_MADE …").params[3]


@pytest.mark.parametrize("modes", ["+i", "+is", "+k secret", "+sl 1"])
def test_a_token_opens_a_room_once(modes: str) -> None:
    world = World()
    ann = owner(world, f"MODE #trail {modes}")
    token = token_of(ann, "INVITATION trail")
    bob, eve = world.connect("bob"), world.connect("eve")
    bob.send(f"JOIN #trail {token}")
    bob.expect("JOIN #trail")
    eve.send(f"JOIN #trail {token}")
    assert eve.barrier()[0].command in ("403", "471", "473", "475")


def test_or_so_many_times_and_across_a_restart() -> None:
    world = World()
    ann = owner(world, "MODE #trail +i")
    token = token_of(ann, "INVITATION trail 2")
    for nick, answer in (("bob", "JOIN"), ("eve", "JOIN"), ("joe", "473")):
        person = world.connect(nick)
        assert person.answer(f"JOIN #trail {token}")[0].command == answer
        world.restart()


def test_or_until_its_time_is_over() -> None:
    world = World()
    ann = owner(world, "MODE #trail +i")
    token = token_of(ann, "INVITATION trail 0 1h")
    for nick in ("bob", "eve"):
        assert world.connect(nick).answer(f"JOIN #trail {token}")[0].command == "JOIN"
    wait(world, 3_600)
    assert world.connect("joe").answer(f"JOIN #trail {token}")[0].command == "473"


def test_the_owner_ends_them_all() -> None:
    world = World()
    ann = owner(world, "MODE #trail +i")
    token = token_of(ann, "INVITATION trail 0")
    bob = world.connect("bob", OUR_CLIENT)
    bob.send(f"JOIN #trail {token}")
    bob.barrier(), ann.barrier()
    bob.send("INVITATION trail -")
    bob.expect("FAIL INVITATION NOT_YOURS #trail *")
    ann.send("INVITATION trail -")
    ann.expect("NOTE INVITATION REVOKED #trail *")
    assert world.connect("joe").answer(f"JOIN #trail {token}")[0].command == "473"


def test_a_token_opens_its_own_room_and_lets_no_one_in_who_is_banned() -> None:
    world = World()
    ann = owner(world, "MODE #trail +is", "CREATE other", "MODE #other +i")
    token = token_of(ann, "INVITATION trail 0")
    ann.send("BAN trail eve")
    eve, bob = world.connect("eve"), world.connect("bob")
    assert eve.answer(f"JOIN #trail {token}")[0].command == "403"
    assert bob.answer(f"JOIN #other {token}")[0].command == "473"


def test_there_is_a_bound_and_who_may_not_invite_makes_none() -> None:
    world = World()
    ann = owner(world, "MODE #trail +i")
    for _ in range(50):
        token = token_of(ann, "INVITATION trail 1 1h")
    ann.send("INVITATION trail")
    ann.expect("FAIL INVITATION TOO_MANY_INVITATIONS #trail *")
    bob = world.connect("bob")
    bob.send(f"JOIN #trail {token}")
    bob.barrier()
    bob.send("INVITATION trail")
    bob.expect("482 bob #trail *")
    wait(world, 3_600, ann)
    assert token_of(ann, "INVITATION trail")


@pytest.mark.parametrize("uses", ["x", "-1", "10001", "999999999999999999", "٣"])
def test_what_is_no_number_of_uses(uses: str) -> None:
    ann = owner(World())
    ann.send(f"INVITATION trail {uses}")
    ann.expect("FAIL INVITATION INVALID_USES #trail * *")


def test_a_guest_is_banned_by_the_host_where_nobody_else_there_has_it() -> None:
    world = World()
    ann = owner(world)
    eve = world.link(Peer("192.0.2.7", loopback=False, secure=True))
    eve.nick = "eve"
    eve.send("NICK eve", "USER e 0 * :e", "JOIN #trail")
    ann.barrier()
    ann.send("BAN trail eve", "KICK #trail eve")
    ann.find("NOTE BAN BANNED #trail *!*@192.0.2.7 * *")
    eve.send("NICK mallory", "JOIN #trail")
    eve.find("474 mallory #trail *")
    ann.send("UNBAN trail mallory")
    ann.find("NOTE UNBAN UNBANNED #trail *")
