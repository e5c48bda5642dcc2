"""Speaking: PRIVMSG, NOTICE, TAGMSG, echoes, labels, keys.

Specification: modern IRC "Sending Messages", IRCv3 message-tags, echo-message,
labeled-response; `docs/protocol.md`, sequence and resend.
"""

import pytest

from common.msgid import decode_msgid
from tests.conversation import OUR_CLIENT, World, commands
from tests.server.logins import QUICK, log_in, plain, register

DEVICE = "ann-has-a-device"


def test_what_is_said_reaches_the_others_and_not_the_speaker() -> None:
    world = World()
    ann, bob, eve = world.join("ann", "bob", "eve")
    outside = world.connect("outside")
    ann.barrier(), bob.barrier()
    ann.send("PRIVMSG #Trail :hello there")
    for person in (bob, eve):
        message = person.expect("PRIVMSG #trail hello there")
        assert message.source == "ann!ann@127.0.0.1"
        assert message.tags == {}
    ann.nothing()
    outside.nothing()


def test_an_echo_for_those_who_asked_for_it() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    ann.barrier()
    ann.send("NOTICE #trail :hello")
    echo, seen = ann.expect("NOTICE #trail hello"), bob.expect("NOTICE #trail hello")
    assert echo.tags == seen.tags
    assert seen.tags["time"] == "2026-01-01T00:00:00.000Z"
    assert seen.tags["chat-server/number"] == "1"
    assert decode_msgid(seen.tags["msgid"]) is not None


@pytest.mark.parametrize(
    ("capabilities", "tags"),
    [
        ("", set()),
        ("server-time", {"time"}),
        ("message-tags", {"msgid", "+draft/reply"}),
        ("message-tags server-time", {"msgid", "+draft/reply", "time"}),
        ("message-tags chat-server/sequence", {"msgid", "+draft/reply", "chat-server/number"}),
    ],
)
def test_everyone_gets_the_tags_they_negotiated(capabilities: str, tags: set[str]) -> None:
    world = World()
    (ann,) = world.join("ann", capabilities=OUR_CLIENT)
    bob = world.connect("bob", capabilities)
    bob.send("JOIN #trail")
    bob.barrier()
    ann.send("@+draft/reply=x;not-relayed=y;label=1 PRIVMSG #trail :hello")
    assert set(bob.expect("PRIVMSG #trail hello").tags) == tags


def test_client_tags_come_from_those_who_negotiated_them() -> None:
    world = World()
    (ann,) = world.join("ann")
    bob = world.connect("bob", OUR_CLIENT)
    bob.send("JOIN #trail")
    bob.barrier()
    ann.send("@+draft/reply=x PRIVMSG #trail :hello")
    assert "+draft/reply" not in bob.expect("PRIVMSG #trail hello").tags


def test_tag_values_are_relayed_as_they_were_meant() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    ann.send(r"@+x=a\:b\sc\\d\r\n;+y=\q PRIVMSG #trail :hello")
    tags = bob.expect("PRIVMSG #trail hello").tags
    assert (tags["+x"], tags["+y"]) == ("a;b c\\d\r\n", "q")


def test_nobody_speaks_in_a_room_from_outside() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    eve = world.connect("eve")
    ann.barrier()
    eve.send("PRIVMSG #trail :hello", "PRIVMSG #nowhere :hello")
    eve.expect("404 eve #trail *")
    eve.expect("403 eve #nowhere *")
    ann.nothing()
    bob.nothing()


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("PRIVMSG", "411 ann *"),
        ("PRIVMSG ,", "411 ann *"),
        ("PRIVMSG #trail", "412 ann *"),
        ("PRIVMSG #trail :", "412 ann *"),
        ("PRIVMSG nobody :hello", "401 ann nobody *"),
        ("@label=7 NOTICE nobody :hello", "401 ann nobody *"),
        ("PRIVMSG a,b,c,d,e :hello", "407 ann e *"),
        ("TAGMSG #trail", "412 ann *"),
    ],
)
def test_what_cannot_be_sent_is_refused(line: str, answer: str) -> None:
    (ann,) = World().join("ann", capabilities=OUR_CLIENT)
    ann.send(line)
    ann.expect(answer)
    ann.nothing()


def test_nothing_answers_a_notice_by_itself() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.barrier()
    ann.send("NOTICE nobody :hello", "NOTICE", "NOTICE #nowhere :hello", "NOTICE #trail :")
    ann.nothing()
    bob.nothing()


def test_a_text_that_would_not_fit_for_others_is_refused_whole() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    ann.barrier()
    room_for_text = 512 - len(":ann!ann@127.0.0.1 PRIVMSG #trail :\r\n")
    ann.send(f"PRIVMSG #trail :a {'x' * (room_for_text - 2)}")
    bob.expect("PRIVMSG #trail *")
    ann.expect("PRIVMSG #trail *")
    ann.send(f"PRIVMSG #trail :a {'x' * (room_for_text - 1)}")
    ann.expect("417 ann *")
    bob.nothing()


def test_several_targets_are_served_one_by_one() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    eve = world.connect("eve")
    ann.barrier()
    ann.send("PRIVMSG #trail,nobody,eve :hello")
    bob.expect("PRIVMSG #trail hello")
    eve.expect("PRIVMSG eve hello")
    ann.expect("401 ann nobody *")


def test_a_direct_message_to_a_guest_is_delivered_and_marked_as_not_stored() -> None:
    world = World()
    ann, bob = world.connect("ann", OUR_CLIENT), world.connect("bob", OUR_CLIENT)
    ann.send("PRIVMSG BOB :psst")
    seen = bob.expect("PRIVMSG bob psst")
    echo = ann.expect("PRIVMSG bob psst")
    assert seen.tags["msgid"] == echo.tags["msgid"]
    assert "chat-server/unstored" in echo.tags
    assert "chat-server/number" not in echo.tags
    bob.nothing()
    ann.nothing()


def test_a_message_to_oneself_arrives_and_is_echoed() -> None:
    world = World()
    ann, bob = world.connect("ann", OUR_CLIENT), world.connect("bob")
    ann.send("PRIVMSG ann :note to self")
    bob.send("PRIVMSG bob :note to self")
    assert commands(ann.barrier()) == ["PRIVMSG", "PRIVMSG"]
    assert commands(bob.barrier()) == ["PRIVMSG"]


def test_typing_is_relayed_to_those_who_understand_and_never_stored() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    plain = world.connect("plain")
    plain.send("JOIN #trail")
    plain.barrier(), ann.barrier(), bob.barrier()
    ann.send("@+typing=active TAGMSG #trail :and no text")
    seen = bob.expect("TAGMSG #trail")
    assert seen.tags["+typing"] == "active"
    assert "chat-server/number" not in seen.tags
    plain.nothing()
    ann.send("@+typing=active TAGMSG bob :and no text")
    bob.expect("TAGMSG bob")
    history = bob.answer("CHATHISTORY LATEST #trail * 10")
    assert "TAGMSG" not in commands(history)


def test_a_reaction_is_numbered_and_read_back() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    plain = world.connect("plain")
    plain.send("JOIN #trail")
    plain.barrier(), bob.barrier()
    ann.send("@+draft/react=:);+draft/reply=x TAGMSG #trail")
    assert bob.expect("TAGMSG #trail").tags["chat-server/number"] == "1"
    plain.nothing()
    history = bob.answer("CHATHISTORY LATEST #trail * 10")
    assert [m.tags["+draft/react"] for m in history if m.command == "TAGMSG"] == [":)"]


def test_numbers_have_no_gap_whatever_happens_between() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    eve = world.connect("eve")
    ann.barrier(), bob.barrier()
    ann.send("PRIVMSG #trail :one")
    eve.send("JOIN #trail", "PRIVMSG #trail :two", "PART #trail")
    ann.send("@+typing=active TAGMSG #trail", "TOPIC #trail :three", "PRIVMSG #trail :")
    ann.send("NOTICE #trail :four", "NICK anna", "AWAY :out", "MODE #trail +m")
    numbers = [m.tags.get("chat-server/number") for m in bob.barrier()]
    assert [number for number in numbers if number] == ["1", "2", "3", "4", "5"]


# Labels


def test_an_answer_of_one_line_carries_the_label() -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send(r"@label=a\:b PING x")
    assert ann.expect("PONG chat.local x").tags["label"] == "a;b"


def test_an_answer_of_several_lines_is_a_labelled_batch() -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send("@label=7 CREATE trail")
    start = ann.expect("BATCH * labeled-response")
    assert start.tags["label"] == "7"
    reference = start.params[0].removeprefix("+")
    *inner, end = ann.barrier()
    assert commands(inner) == ["JOIN", "353", "366", "NOTE"]
    assert {m.tags["batch"] for m in inner} == {reference}
    assert end.params == [f"-{reference}"]


def test_no_answer_is_acknowledged() -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send("@label=7 PONG x")
    assert ann.expect("ACK").tags["label"] == "7"


def test_the_label_is_on_the_echo_only() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    ann.barrier()
    ann.send("@label=7 PRIVMSG #trail :hello", "@label=8 PRIVMSG bob :psst")
    assert ann.expect("PRIVMSG #trail hello").tags["label"] == "7"
    assert ann.expect("PRIVMSG bob psst").tags["label"] == "8"
    assert all("label" not in m.tags for m in bob.barrier())


def test_a_history_batch_carries_the_label_itself() -> None:
    (ann,) = World().join("ann", capabilities=OUR_CLIENT)
    ann.send("@label=7 CHATHISTORY LATEST #trail * 10")
    assert ann.expect("BATCH * chathistory #trail").tags["label"] == "7"
    ann.expect("JOIN #trail")
    ann.expect("BATCH *")
    ann.nothing()


def test_a_text_that_looks_like_a_batch_is_none() -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send("CREATE one", "CREATE two")
    ann.barrier()
    ann.send("@label=7 PRIVMSG #one,#two :what is BATCH +x and BATCH -x?")
    assert ann.expect("BATCH * labeled-response").tags["label"] == "7"
    assert commands(ann.barrier()) == ["PRIVMSG", "PRIVMSG", "BATCH"]


@pytest.mark.parametrize("rest", ["PING x", ":source :command", "  :x y"])
def test_a_label_beyond_the_limit_is_refused(rest: str) -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send(f"@label={'x' * 65} {rest}")
    ann.expect("FAIL * INVALID_LABEL *" if rest[0] in " :" else "FAIL PING INVALID_LABEL *")
    ann.nothing()


def test_labels_mean_nothing_to_those_who_did_not_ask_for_them() -> None:
    ann = World().connect("ann", "message-tags")
    ann.send("@label=7 PING x")
    assert ann.expect("PONG chat.local x").tags == {}


# Keys: sending again is harmless


def test_a_message_sent_again_under_its_key_is_stored_once() -> None:
    world = World()
    bob, _ = world.join("bob", "carl", capabilities=OUR_CLIENT)
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    ann.send("JOIN #trail")
    ann.barrier(), bob.barrier()
    ann.send("@chat-server/key=k1;label=1 PRIVMSG #trail :once")
    first = ann.expect("PRIVMSG #trail once")
    ann.hang_up()
    again = world.connect("ann2", OUR_CLIENT, device=DEVICE)
    again.send("JOIN #trail")
    again.barrier()
    again.send("@chat-server/key=k1;label=2 PRIVMSG #trail :once")
    second = again.expect("PRIVMSG #trail once")
    assert second.tags["label"] == "2"
    for tag in ("msgid", "time", "chat-server/number"):
        assert second.tags[tag] == first.tags[tag]
    assert second.source == first.source
    assert commands(bob.barrier()).count("PRIVMSG") == 1
    assert commands(again.answer("CHATHISTORY LATEST #trail * 50")).count("PRIVMSG") == 1


def test_keys_belong_to_a_device() -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    bob = world.connect("bob", OUR_CLIENT, device="bob-has-a-device")
    ann.send("CREATE trail", "@chat-server/key=k1 PRIVMSG #trail :ann")
    bob.send("JOIN #trail")
    bob.barrier()
    bob.send("@chat-server/key=k1 PRIVMSG #trail :bob")
    bob.expect("PRIVMSG #trail bob")


def test_logging_in_between_the_two_times_stores_nothing_twice() -> None:
    world = World(QUICK)
    register(world, "ann")
    ann = world.connect("ann2", OUR_CLIENT, device="ann-has-a-device")
    ann.send("CREATE trail", "@chat-server/key=k1 PRIVMSG #trail :once")
    stored = ann.find("PRIVMSG #trail once")
    ann.hang_up()
    again = world.link()
    again.send("CAP LS 302", f"CAP REQ :sasl {OUR_CLIENT}", "DEVICE ann-has-a-device")
    assert plain(again, "ann") == "903"
    again.send("NICK ann", "USER ann 0 * :Ann", "CAP END", "JOIN #trail")
    again.send("@chat-server/key=k1 PRIVMSG #trail :once")
    assert again.find("PRIVMSG #trail once").tags["msgid"] == stored.tags["msgid"]


def test_without_a_device_keys_belong_to_the_account() -> None:
    world = World(QUICK)
    register(world, "ann")
    ann = log_in(world, "ann", capabilities=OUR_CLIENT)
    ann.send("CREATE trail", "@chat-server/key=k1 PRIVMSG #trail :once")
    stored = ann.find("PRIVMSG #trail once")
    ann.hang_up()
    ann = log_in(world, "ann", capabilities=OUR_CLIENT)
    ann.send("JOIN #trail", "@chat-server/key=k1 PRIVMSG #trail :once")
    assert ann.find("PRIVMSG #trail once").tags["msgid"] == stored.tags["msgid"]


def test_keys_are_kept_for_a_day() -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    ann.send("CREATE trail", "@chat-server/key=k1 PRIVMSG #trail :one")
    for hours, number in ((23, "1"), (2, "2")):
        for _ in range(hours * 60):
            world.pass_time(60)
            ann.send("PONG alive")
        ann.barrier()
        ann.send("@chat-server/key=k1 PRIVMSG #trail :one")
        assert ann.expect("PRIVMSG #trail one").tags["chat-server/number"] == number


def test_keys_survive_a_crash() -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    ann.send("CREATE trail", "@chat-server/key=k1 PRIVMSG #trail :once")
    world.restart()
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    ann.send("JOIN #trail")
    ann.barrier()
    ann.send("@chat-server/key=k1 PRIVMSG #trail :once")
    assert ann.expect("PRIVMSG #trail once").tags["chat-server/number"] == "1"


def test_a_key_goes_to_one_room() -> None:
    world = World()
    ann = world.connect("ann", OUR_CLIENT, device=DEVICE)
    ann.send("CREATE one", "CREATE two")
    ann.barrier()
    ann.send("@chat-server/key=k1 PRIVMSG #one,#two :hello")
    ann.expect("FAIL PRIVMSG INVALID_KEY #one *")
    ann.nothing()


@pytest.mark.parametrize("key", ["a" * 65, "a!", r"a\sb", "ä"])
def test_a_malformed_key_is_refused(key: str) -> None:
    (ann,) = World().join("ann", capabilities=OUR_CLIENT)
    ann.send(f"@chat-server/key={key} PRIVMSG #trail :hello")
    ann.expect("FAIL PRIVMSG INVALID_KEY #trail *")
    ann.nothing()
