"""Asking about the server: LUSERS, VERSION, ADMIN, INFO, TIME, STATS, LINKS, ISUPPORT.

Specification: modern IRC "Server Queries and Commands", IRCv3 draft/extended-isupport.
"""

import pytest

from common.isupport import read_tokens
from server.settings import Settings
from tests.conversation import Person, World, commands

OPERS = (("boss", "secret"),)


def lusers(person: Person) -> dict[str, list[str]]:
    return {line.command: line.params[1:] for line in person.answer("LUSERS")}


def test_people_are_counted() -> None:
    world = World(Settings(opers=OPERS))
    ann, bob = world.connect("ann"), world.connect("bob")
    world.link().send("NICK waiting")
    bob.send("MODE bob +i", "OPER boss secret")
    answer = lusers(ann)
    assert answer["251"] == ["There are 1 visible people and 1 invisible ones on 1 servers"]
    assert answer["252"][0] == "1"
    assert answer["253"][0] == "1"
    assert answer["265"][:2] == ["2", "2"]
    bob.send("QUIT")
    answer = lusers(ann)
    assert answer["251"] == ["There are 1 visible people and 0 invisible ones on 1 servers"]
    assert answer["252"][0] == "0"
    assert answer["265"][:2] == ["1", "2"]


def test_a_link_that_ends_before_it_has_a_name_counts_no_more() -> None:
    world = World()
    ann = world.connect("ann")
    world.link().send("NICK waiting", "QUIT")
    world.link().hang_up()
    assert lusers(ann)["253"][0] == "0"


def test_of_rooms_the_listed_ones_are_counted() -> None:
    world = World()
    ann = world.connect("ann")
    ann.send("CREATE trail", "CREATE", "CREATE secret", "MODE #secret +s")
    ann.barrier()
    assert lusers(ann)["254"][0] == "1"
    ann.send("MODE #secret -s")
    ann.barrier()
    assert lusers(ann)["254"][0] == "2"


def test_they_are_told_on_coming_in_as_well() -> None:
    ann = World().link()
    ann.send("NICK ann", "USER ann 0 * :Ann")
    assert {"251", "255", "265"} <= set(commands(ann.received))


def test_everyone_begins_with_the_modes_that_are_set() -> None:
    ann = World(Settings(default_user_modes="wi")).link()
    ann.send("NICK ann", "USER ann 0 * :Ann")
    ann.find("221 ann +iw")
    assert lusers(ann)["251"][0].startswith("There are 0 visible people and 1 invisible")


def test_the_version_comes_with_what_is_supported() -> None:
    ann = World().connect("ann")
    ann.send("VERSION")
    ann.expect("351 ann test chat.local Chat")
    assert commands(ann.received) == ["005"] * len(ann.received)


def test_who_runs_it_is_shown_where_it_was_written_down() -> None:
    ann = World(Settings(admin="Ada\nBergen\nada@example.org")).connect("ann")
    assert [line.params[-1] for line in ann.answer("ADMIN")][1:] == [
        "Ada",
        "Bergen",
        "ada@example.org",
    ]
    bob = World().connect("bob")
    bob.send("ADMIN")
    bob.expect("423 bob chat.local *")


def test_the_time_is_the_servers() -> None:
    world = World()
    ann = world.connect("ann")
    world.pass_time(1)
    ann.send("TIME")
    ann.expect("391 ann chat.local 2026-01-01T00:00:01.000Z")


def test_another_server_is_not_there() -> None:
    ann = World().connect("ann")
    for name in ("VERSION", "ADMIN", "INFO", "TIME"):
        ann.send(f"{name} other.example")
        ann.expect("402 ann other.example *")
    ann.send("TIME chat.*", "TIME ann")
    ann.expect("391 ann chat.local *")
    ann.expect("391 ann chat.local *")


def test_no_links_are_shown() -> None:
    ann = World().connect("ann")
    ann.send("LINKS", "LINKS *.example")
    ann.expect("365 ann * *")
    ann.expect("365 ann *.example *")


def test_how_long_it_is_up_is_for_everyone() -> None:
    world = World()
    ann = world.connect("ann")
    world.pass_time(90)
    ann.send("STATS u", "STATS x")
    ann.find("242 ann Server up 0 days 0:01:30")
    ann.expect("219 ann u *")
    ann.expect("219 ann x *")


@pytest.mark.parametrize("letter", ["o", "m"])
def test_the_rest_is_for_operators(letter: str) -> None:
    ann = World(Settings(opers=OPERS)).connect("ann")
    ann.send(f"STATS {letter}")
    ann.expect("481 ann *")
    ann.send("OPER boss secret")
    lines = ann.answer(f"STATS {letter}")
    assert "secret" not in str(lines)
    assert commands(lines)[-1] == "219"
    assert len(lines) > 3


def test_what_is_supported_can_be_asked_for_again() -> None:
    ann = World(Settings(icon="https://example.org/icon.png")).connect("ann")
    tokens = {
        name: value
        for line in ann.answer("ISUPPORT")
        for name, value in read_tokens(line.params[1:-1]).items()
    }
    assert tokens["ELIST"] == "CMNTU"
    assert tokens["DRAFT/ICON"] == "https://example.org/icon.png"


def test_before_registration_too_by_those_who_know_of_it_and_as_a_batch() -> None:
    world = World()
    early, plain = world.link(), world.link()
    early.send("CAP LS 302", "CAP REQ :draft/extended-isupport batch")
    early.barrier()
    lines = early.answer("ISUPPORT")
    assert commands(lines) == ["BATCH", *["005"] * (len(lines) - 2), "BATCH"]
    assert lines[0].params[1] == "draft/isupport"
    assert all(line.tags["batch"] == lines[0].params[0][1:] for line in lines[1:-1])
    plain.send("ISUPPORT")
    plain.expect("451 * *")


def test_no_line_of_it_is_too_long() -> None:
    settings = Settings(name="n" * 63, network="x" * 63, icon="https://example.org/" + "i" * 170)
    World(settings).connect("a" * 32).answer("ISUPPORT")  # `Person.take` checks every line
