"""Messages of several lines: one event, one number, one id, whatever a client can show.

Specification: IRCv3 draft/multiline, client-batch.
"""

import pytest

from server.core.multiline import Line, join_lines, split_lines
from tests.conversation import OUR_CLIENT, Person, World, commands

ABLE = f"{OUR_CLIENT} draft/multiline"


def room(*capabilities: str) -> tuple[World, list[Person]]:
    """A room with people of these capabilities, the first of them able to do everything."""
    world = World()
    people = []
    for number, wanted in enumerate((ABLE, *capabilities)):
        person = world.connect(f"person{number}", wanted)
        person.send(f"{'JOIN' if number else 'CREATE'} #trail")
        people.append(person)
    for person in people:
        person.barrier()
    return world, people


def say_lines(person: Person, *lines: str, tags: str = "") -> None:
    """Send lines as one message; one that begins with + goes on where the last ended."""
    person.send(f"{tags}BATCH +1 draft/multiline #trail")
    for line in lines:
        concat = ";draft/multiline-concat" if line.startswith("+") else ""
        person.send(f"@batch=1{concat} PRIVMSG #trail :{line.removeprefix('+')}")
    person.send("BATCH -1")


def test_several_lines_are_one_message() -> None:
    _, (ann, bob) = room(ABLE)
    say_lines(ann, "one", "", "two", "+three", tags="@label=x ")
    told = []
    for person in (ann, bob):
        start = person.expect("BATCH * draft/multiline #trail")
        inside = [person.expect(f"PRIVMSG #trail {text}") for text in ("one", "", "two", "three")]
        assert {line.tags["batch"] for line in inside} == {start.params[0][1:]}
        assert ["draft/multiline-concat" in line.tags for line in inside] == [False] * 3 + [True]
        assert not any("msgid" in line.tags for line in inside)
        person.expect(f"BATCH -{start.params[0][1:]}")
        person.nothing()
        told.append(start)
    assert told[0].tags.pop("label") == "x"
    assert told[0].tags == told[1].tags
    assert told[0].tags["chat-server/number"] == "1"


def test_old_clients_get_the_lines_that_say_something() -> None:
    _, (ann, bob) = room("message-tags server-time")
    say_lines(ann, "", "one", "", "two", tags="@+draft/reply=abc ")
    first = bob.expect("PRIVMSG #trail one")
    second = bob.expect("PRIVMSG #trail two")
    bob.nothing()
    assert "msgid" in first.tags
    assert "msgid" not in second.tags
    assert first.tags["time"] == second.tags["time"]
    assert first.tags["+draft/reply"] == second.tags["+draft/reply"] == "abc"


def test_the_next_message_has_the_next_number() -> None:
    _, (ann,) = room()
    say_lines(ann, "one", "two")
    ann.barrier()
    ann.send("PRIVMSG #trail :three")
    assert ann.expect("PRIVMSG #trail three").tags["chat-server/number"] == "2"


def test_history_has_it_as_it_was() -> None:
    _, (ann, bob) = room(OUR_CLIENT)
    say_lines(ann, "one", "two")
    live = ann.barrier()
    outer, start, *_inside, end, _close = ann.answer("CHATHISTORY LATEST #trail * 1")
    assert start.tags.pop("batch") == outer.params[0][1:]
    assert (start.params, start.tags) == (live[0].params, live[0].tags)
    assert end.params == live[-1].params
    bob.barrier()
    lines = bob.answer("CHATHISTORY LATEST #trail * 1")
    assert commands(lines) == ["BATCH", "PRIVMSG", "PRIVMSG", "BATCH"]
    assert [line.tags["batch"] for line in lines[1:3]] == [lines[0].params[0][1:]] * 2


def test_sent_again_it_is_stored_once() -> None:
    world = World()
    ann = world.connect("ann", ABLE, device="ann-has-a-device")
    ann.send("CREATE #trail")
    ann.barrier()
    say_lines(ann, "one", "two", tags="@chat-server/key=k1 ")
    first = ann.barrier()
    say_lines(ann, "one", "two", tags="@chat-server/key=k1 ")
    assert ann.barrier() == first


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["@batch=2 PRIVMSG #trail :other batch"], "MULTILINE_INVALID"),
        (["@batch=1 PRIVMSG #other :hi"], "MULTILINE_INVALID_TARGET"),
        (["@batch=1 PRIVMSG #trail :hi", "@batch=1 NOTICE #trail :hi"], "MULTILINE_INVALID"),
        (["@batch=1;draft/multiline-concat PRIVMSG #trail :"], "MULTILINE_INVALID"),
        (["@batch=1 PRIVMSG #trail :"], "MULTILINE_INVALID"),
        ([], "MULTILINE_INVALID"),
        (["@batch=1 PRIVMSG #trail :hi"] * 33, "MULTILINE_MAX_LINES"),
        ([f"@batch=1 PRIVMSG #trail :{'x' * 400}"] * 11, "MULTILINE_MAX_BYTES"),
        (["@batch=1 BATCH +2 draft/multiline #trail"], "MULTILINE_INVALID"),
    ],
)
def test_a_mistake_is_said_once_and_nothing_is_sent(lines: list[str], code: str) -> None:
    _, (ann, bob) = room(ABLE)
    ann.send("@label=x BATCH +1 draft/multiline #trail", *lines)
    ann.send("@batch=1 PRIVMSG #trail :ignored" if len(lines) > 2 else "BATCH -1")
    assert ann.expect(f"FAIL BATCH {code} …").tags.get("label", "x") == "x"
    assert ann.received[1:] == []
    bob.nothing()
    ann.send("BATCH -1")
    ann.barrier()
    say_lines(ann, "works", "again")
    bob.expect("BATCH * draft/multiline #trail")


def test_a_batch_left_open_runs_out() -> None:
    world, (ann, bob) = room(ABLE)
    ann.send("BATCH +1 draft/multiline #trail", "@batch=1 PRIVMSG #trail :one")
    world.pass_time(61)
    ann.send("@batch=1 PRIVMSG #trail :two", "BATCH -1")
    ann.expect("FAIL BATCH TIMEOUT 1 *")
    ann.nothing()
    bob.nothing()


def test_other_batches_and_bad_names_are_refused() -> None:
    _, (ann,) = room()
    ann.send("BATCH +1 netsplit a b")
    ann.expect("FAIL BATCH UNKNOWN_TYPE 1 netsplit *")
    ann.send("BATCH +a_b draft/multiline #trail")
    ann.expect("FAIL BATCH INVALID_REFTAG a_b *")
    ann.send("BATCH -nothing")
    ann.expect("FAIL BATCH MULTILINE_INVALID *")


def test_who_may_not_speak_may_not_in_several_lines() -> None:
    _, (ann, bob) = room(ABLE)
    ann.send("MODE #trail +C")
    ann.barrier()
    bob.barrier()
    say_lines(bob, "fine", "\x01VERSION\x01")
    bob.expect("404 person1 #trail *")
    bob.nothing()
    ann.nothing()


def test_a_full_disk_refuses_the_whole() -> None:
    world, (ann,) = room()
    world.core.set_low_space(True)
    say_lines(ann, "one", "two", tags="@label=x ")
    ann.find("FAIL BATCH STORE_FULL #trail *")


@pytest.mark.parametrize(
    "lines",
    [
        [Line(False, "one"), Line(False, ""), Line(True, "two")],
        [Line(False, ""), Line(False, "one")],
        [Line(False, ""), Line(True, "one"), Line(False, "")],
        [Line(False, "one")],
    ],
)
def test_a_stored_text_gives_its_lines_back(lines: list[Line]) -> None:
    assert split_lines(join_lines(lines)) == lines
