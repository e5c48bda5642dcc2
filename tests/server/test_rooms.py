"""Making, entering and leaving rooms: CREATE, JOIN, EXIT, PART.

Meanings: `SEMANTICS`, "Rooms"; the wire: `docs/protocol.md`, rooms.
"""

import pytest

from common.casemap import ROOM_ID_ALPHABET, ROOM_ID_CHARACTERS
from server.settings import Settings
from tests.conversation import OUR_CLIENT, Person, World, commands
from tests.server.logins import QUICK, log_in, register


def room_made_by(person: Person) -> str:
    """A room without a name: its ID as a channel name."""
    return next(m for m in person.answer("CREATE") if m.command == "JOIN").params[0]


def test_create_with_a_name_makes_a_listed_room_and_enters_it() -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send("CREATE trail")
    ann.expect("JOIN #trail")
    ann.expect("353 ann = #trail *")
    ann.expect("366 ann #trail *")
    assert "join trail" in ann.expect("NOTE CREATE ROOM_CREATED #trail *").params[-1]
    ann.nothing()
    assert "#trail" in [m.params[1] for m in ann.answer("LIST") if m.command == "322"]


def test_create_without_a_name_makes_an_unlisted_room_with_an_id_to_read_out() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob")
    room = room_made_by(ann)
    assert len(room) == 1 + ROOM_ID_CHARACTERS
    assert set(room[1:]) <= set(ROOM_ID_ALPHABET)
    assert "322" in commands(ann.answer("LIST"))
    assert "322" not in commands(bob.answer("LIST"))
    bob.send(f"JOIN {room[1:].upper()}")
    bob.expect(f"JOIN {room}")
    assert "322" in commands(bob.answer("LIST"))


def test_netcat_is_told_in_words() -> None:
    ann = World().connect("ann")
    ann.send("CREATE trail")
    assert "join trail" in ann.find("NOTICE ann *").params[1]


def test_a_room_that_exists_is_not_made_again() -> None:
    world = World()
    world.join("ann", room="#trail")
    bob = world.connect("bob", OUR_CLIENT)
    bob.send("CREATE TRAIL")
    assert "join trail" in bob.expect("FAIL CREATE ROOM_EXISTS #TRAIL *").params[-1]
    bob.nothing()


def test_a_reserved_name_and_a_room_one_may_not_see_are_refused_alike() -> None:
    world = World()
    ann, bob = world.connect("ann"), world.connect("bob", OUR_CLIENT)
    hidden = room_made_by(ann)
    texts = []
    for name in ("lobby", hidden):
        bob.send(f"CREATE {name}")
        texts.append(bob.expect("FAIL CREATE NAME_UNAVAILABLE * *").params[-1])
        bob.nothing()
    assert texts[0] == texts[1]


@pytest.mark.parametrize("name", ["#", "a,b", "a:b", "##a", "a\u200bb", "日" * 22, "x" * 64])
def test_an_invalid_name_is_refused(name: str) -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send(f"CREATE {name}")
    ann.expect("FAIL CREATE INVALID_NAME * *")
    ann.nothing()


def test_the_strict_join_never_creates_and_names_what_is_near() -> None:
    world = World()
    world.join("ann", room="#trail")
    bob = world.connect("bob", OUR_CLIENT)
    bob.send("JOIN #trial")
    assert "did you mean trail?" in bob.expect("FAIL JOIN NO_SUCH_ROOM #trial #trail *").params[-1]
    bob.send("JOIN xyzxyz")
    assert "CREATE" in bob.expect("FAIL JOIN NO_SUCH_ROOM xyzxyz *").params[-1]
    bob.nothing()
    assert [m.params[1] for m in bob.answer("LIST") if m.command == "322"] == ["#trail"]


def test_near_matches_are_of_rooms_one_may_see() -> None:
    world = World()
    hidden = room_made_by(world.connect("ann"))
    bob = world.connect("bob", OUR_CLIENT)
    bob.send(f"JOIN {hidden[:-1]}")
    assert hidden[1:] not in bob.expect("FAIL JOIN NO_SUCH_ROOM * *").params[-1]


def test_the_ordinary_join_creates_with_the_sign_and_not_without() -> None:
    world = World()
    ann = world.connect("ann")
    ann.send("JOIN #trail")
    ann.expect("JOIN #trail")
    ann.barrier()
    ann.send("JOIN trial", "JOIN #a:b")
    assert "did you mean trail?" in ann.expect("403 ann trial *").params[-1]
    ann.expect("476 ann #a:b *")
    ann.send("JOIN #lobby")
    ann.expect("403 ann #lobby *")


def test_join_creates_nothing_where_the_operator_said_so() -> None:
    ann = World(Settings(rooms__join_creates=False)).connect("ann")
    ann.send("JOIN #trail")
    ann.expect("403 ann #trail *")


def test_joining_twice_changes_nothing() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.barrier()
    bob.send("JOIN #Trail")
    bob.nothing()
    ann.nothing()


def test_one_join_enters_several_rooms_and_a_refused_one_stops_none() -> None:
    ann = World().connect("ann")
    lines = ann.answer("JOIN #one,#a:b,#two")
    assert [m.params[0] for m in lines if m.command == "JOIN"] == ["#one", "#two"]
    assert "476" in commands(lines)
    ann.send("JOIN ,")
    ann.expect("461 ann JOIN *")


def test_everybody_sees_who_enters_and_leaves() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.barrier()
    bob.send("PART #trail :good night")
    assert bob.expect("PART #trail good night").nick == "bob"
    assert ann.expect("PART #trail good night").nick == "bob"
    bob.send("JOIN #trail")
    assert ann.expect("JOIN #trail").nick == "bob"
    bob.barrier()
    bob.send("EXIT trail :again")
    ann.expect("PART #trail again")


def test_exit_without_a_room_leaves_the_one_entered_last() -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send("CREATE one", "CREATE two")
    ann.barrier()
    ann.send("EXIT", "EXIT", "EXIT")
    ann.expect("PART #two …")
    ann.expect("PART #one …")
    ann.expect("FAIL EXIT NOT_IN_A_ROOM *")


def test_leaving_a_room_one_is_not_in_is_refused() -> None:
    world = World()
    world.join("ann", room="#trail")
    bob = world.connect("bob")
    bob.send("CREATE own")
    bob.barrier()
    bob.send("PART #trail", "PART #nowhere", "EXIT trail")
    bob.expect("442 bob #trail *")
    bob.expect("403 bob #nowhere *")
    bob.expect("442 bob trail *")


def test_a_long_reason_is_cut_to_fit_a_line() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.barrier()
    bob.send(f"PART #trail :{'ü' * 245}")
    assert ann.expect("PART #trail *").params[1].startswith("üüü")


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        (Settings(limits__rooms=1), "FAIL CREATE TOO_MANY_ROOMS #two *"),
        (Settings(limits__rooms_created_per_link=1), "FAIL CREATE TOO_MANY_ROOMS #two *"),
        (Settings(limits__rooms_per_user=1), "405 ann #two *"),
    ],
)
def test_rooms_have_limits(settings: Settings, answer: str) -> None:
    ann = World(settings).connect("ann", OUR_CLIENT)
    ann.send("CREATE one")
    ann.barrier()
    ann.send("CREATE two")
    ann.expect(answer)
    ann.nothing()


def test_the_maker_owns_the_room_by_device_also_after_a_new_connection() -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT, device="ann-has-a-device")
    ann.send("CREATE trail")
    assert ann.find("353 ann = #trail *").params[-1] == "~ann"
    ann.hang_up()
    again = world.connect("anna", OUR_CLIENT, device="ann-has-a-device")
    again.send("JOIN #trail")
    assert again.find("353 anna = #trail *").params[-1] == "~anna"
    other = world.connect("other", OUR_CLIENT, device="some-other-device")
    other.send("JOIN #trail")
    assert other.find("353 other = #trail *").params[-1] == "~anna other"


def test_a_guest_without_device_owns_the_room_for_as_long_as_they_are_connected() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    assert bob.answer("NAMES #trail")[0].params[-1] == "~ann bob"
    ann.send("PART #trail", "JOIN #trail")
    assert bob.answer("NAMES #trail")[-2].params[-1] == "bob ~ann"
    ann.hang_up()
    world.connect("ann").send("JOIN #trail")
    assert bob.answer("NAMES #trail")[-2].params[-1] == "bob ann"


def test_roles_given_to_guests_without_device_end_when_they_leave_the_room() -> None:
    ann, bob = World().join("ann", "bob")
    ann.send("MODE #trail +o bob")
    bob.send("PART #trail", "JOIN #trail")
    assert ann.answer("NAMES #trail")[-2].params[-1] == "~ann bob"


def test_an_account_keeps_its_roles_whatever_its_nick() -> None:
    world = World(QUICK)
    register(world, "bob")
    ann = world.connect("ann")
    bob = log_in(world, "bob")
    ann.send("CREATE trail")
    bob.send("JOIN #trail")
    ann.send("MODE #trail +o bob")
    bob.send("PART #trail", "NICK robert", "JOIN #trail")
    assert ann.answer("NAMES #trail")[-2].params[-1] == "~ann @robert"


def test_after_a_crash_nobody_owns_the_room_of_a_guest_without_device() -> None:
    world = World()
    world.join("ann", "bob")
    world.restart()
    ann = world.connect("ann")
    ann.send("JOIN #trail")
    assert ann.find("353 ann = #trail *").params[-1] == "ann"


def test_an_operator_of_the_server_gives_a_room_that_nobody_owns_to_someone() -> None:
    world = World(Settings(opers=(("root", "rootpass"),)))
    ann, bob = world.join("ann", "bob", capabilities="standard-replies")
    root = world.connect("root", "standard-replies")
    root.send("OPER root rootpass", "TRANSFER #trail bob")
    root.find("FAIL TRANSFER NOT_YOURS #trail *")
    ann.hang_up()
    root.send("TRANSFER #trail bob")
    root.find("NOTE TRANSFER TRANSFERRED #trail bob *")
    bob.find("MODE #trail +q bob")
    assert bob.answer("NAMES #trail")[-2].params[-1] == "~bob"


# Names that look like others


@pytest.mark.parametrize(
    ("there", "name"),
    [
        ("#trail", "#tra\u0456l"),  # a Ukrainian i
        ("#trail", "#traiI"),
        ("#modem", "#rnodern"),
        ("#\u041a\u0430\u0442", "#Kat"),
        ("#caf\u00e9", "#c\u0430f\u00e9"),
    ],
)
def test_a_room_that_looks_like_another_is_not_made_by_any_way(there: str, name: str) -> None:
    world = World()
    ann, _ = world.join("ann", "bob", room=there)
    eve = world.connect("eve", OUR_CLIENT)
    eve.send(f"CREATE {name}", "CREATE other", f"RENAME #other {name}")
    assert there in eve.expect(f"FAIL CREATE NAME_UNAVAILABLE {name} *").params[-1]
    eve.find(f"FAIL RENAME CANNOT_RENAME #other {name} *")
    ordinary = world.connect("old")
    ordinary.send(f"JOIN {name}")
    ordinary.expect(f"403 old {name} *")
    ann.send(f"RENAME {there} {name}")  # its own look is its own
    assert "FAIL" not in commands(ann.barrier())


def test_a_look_alike_of_a_hidden_room_is_refused_like_a_reserved_name() -> None:
    world = World()
    ann, _ = world.join("ann", "bob", room="#trail")
    ann.send("MODE #trail +s")
    eve = world.connect("eve", OUR_CLIENT)
    eve.send("CREATE #tra\u0456l", "CREATE #l0bby")
    refusals = [
        eve.expect(f"FAIL CREATE NAME_UNAVAILABLE {n} *") for n in ("#tra\u0456l", "#l0bby")
    ]
    assert refusals[0].params[-1] == refusals[1].params[-1]


def test_a_room_that_is_gone_or_renamed_looks_like_nothing_any_more() -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send("CREATE trail", "RENAME #trail #braid", "CREATE #tra\u0456l")
    ann.find("JOIN #tra\u0456l")


@pytest.mark.parametrize("name", ["#sch\u00f6n", "#schon", "#\u65e5\u672c", "#tea\u2615"])
def test_letters_and_signs_of_every_script_name_rooms(name: str) -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send("CREATE schon2", f"CREATE {name}")
    ann.find(f"JOIN {name}")


@pytest.mark.parametrize("name", ["#e\u0301", "#a\ufe0f", "#\uff41", "#\ufb01n"])
def test_a_room_is_named_in_one_form_only(name: str) -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send(f"CREATE {name}")
    ann.expect(f"FAIL CREATE INVALID_NAME {name} *")


def test_rooms_are_ascii_where_the_setting_says_so() -> None:
    ann = World(Settings(rooms__beyond_ascii=False)).connect("ann", OUR_CLIENT)
    ann.send("CREATE sch\u00f6n")
    ann.expect("FAIL CREATE INVALID_NAME …")


def test_ids_of_rooms_tell_nothing_about_their_number() -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT)
    ids = []
    for name in ("one", "two", "three"):
        message = next(m for m in ann.answer(f"CREATE {name}") if m.command == "JOIN")
        ids.append(int(message.tags["msgid"].partition("-")[0], 16))
    assert min(abs(a - b) for a in ids for b in ids if a != b) > 1_000
