"""SEARCH: what is found, by whom, and what nobody is given.

Specification: soju.im/search; `docs/protocol.md`, search.
"""

import pytest

from common.wire import Message
from tests.conversation import Person, World
from tests.server.logins import QUICK, log_in, register

CAPABILITIES = "batch message-tags server-time soju.im/search draft/message-redaction"


@pytest.fixture
def world() -> World:
    """A server."""
    return World()


def searched(person: Person, attributes: str) -> list[str]:
    """The texts that a search gives, in the order of the answer."""
    person.barrier()
    lines = person.answer(f"SEARCH {attributes}")
    assert [line.command for line in (lines[0], lines[-1])] == ["BATCH", "BATCH"], lines
    assert lines[0].params[1:] == ["soju.im/search"]
    return [line.params[-1] for line in lines[1:-1]]


def refused(person: Person, attributes: str) -> Message:
    """The FAIL that a search gets."""
    (line,) = person.answer(f"SEARCH {attributes}")
    assert line.command == "FAIL"
    assert line.params[0] == "SEARCH"
    return line


def test_words_phrases_beginnings_links_and_people(world: World) -> None:
    ann, bob = world.join("ann", "bob", capabilities=CAPABILITIES)
    ann.send("PRIVMSG #trail :The quick brown fox")
    bob.send("PRIVMSG #trail :a brown quick Fox https://example.org/fox")
    bob.send("NOTICE #trail :nothing of the kind")
    both = ["The quick brown fox", "a brown quick Fox https://example.org/fox"]
    assert searched(ann, "text=FOX") == both
    assert searched(ann, "text=fox\\squick") == both
    assert searched(ann, 'text="quick\\sbrown"') == both[:1]
    assert searched(ann, "text=qui*") == both
    assert searched(ann, "text=qui") == []
    assert searched(ann, "text=fox;from=BOB") == both[1:]
    assert searched(ann, "has=link") == both[1:]
    assert searched(ann, "from=bob;in=#trail") == [both[1], "nothing of the kind"]
    assert searched(ann, "text=fox;limit=1") == both[1:]


def test_times_and_which_end_is_sought_from(world: World) -> None:
    ann, _ = world.join("ann", "bob", capabilities=CAPABILITIES)
    for hour in range(5):
        ann.send(f"PRIVMSG #trail :hour {hour}")
        world.pass_time(3_600)
    assert searched(ann, "after=2026-01-01T02:00:00.000Z") == ["hour 2", "hour 3", "hour 4"]
    assert searched(ann, "after=2026-01-01T01:00:00.000Z;limit=2") == ["hour 1", "hour 2"]
    assert searched(ann, "before=2026-01-01T01:00:00.000Z") == ["hour 0", "hour 1"]
    assert searched(ann, "text=hour;limit=2") == ["hour 3", "hour 4"]


def test_a_found_message_is_the_message(world: World) -> None:
    ann, bob = world.join("ann", "bob", capabilities=CAPABILITIES)
    ann.send("PRIVMSG #trail :needle")
    live = bob.find("PRIVMSG #trail needle")
    _, found, _ = bob.answer("SEARCH text=needle")
    assert found.source == live.source
    assert found.tags["msgid"] == live.tags["msgid"]
    assert found.tags["time"] == live.tags["time"]


def test_who_is_not_in_a_room_finds_nothing_of_it(world: World) -> None:
    ann, bob = world.join("ann", "bob", room="#trail", capabilities=CAPABILITIES)
    ann.send("PRIVMSG #trail :secret")
    eve = world.connect("eve", CAPABILITIES)
    assert searched(eve, "text=secret") == []
    unseen = refused(eve, "text=secret;in=#trail")
    missing = refused(eve, "text=secret;in=#nowhere")
    assert unseen.params[1] == missing.params[1] == "INVALID_PARAMS"
    assert unseen.params[-1].replace("#trail", "") == missing.params[-1].replace("#nowhere", "")
    bob.send("PART #trail")
    bob.barrier()
    assert searched(bob, "text=secret") == []
    bob.send("JOIN #trail")
    bob.barrier()
    assert searched(bob, "text=secret") == ["secret"]


def test_who_is_banned_finds_nothing(world: World) -> None:
    ann, bob = world.join("ann", "bob", capabilities=CAPABILITIES)
    ann.send("PRIVMSG #trail :secret", "MODE #trail +b bob!*@*")
    bob.barrier()
    assert searched(bob, "text=secret") == []


def test_in_an_unlisted_room_one_finds_what_was_said_since_one_came(world: World) -> None:
    ann = world.connect("ann", CAPABILITIES)
    ann.send("CREATE #den", "MODE #den +s", "PRIVMSG #den :secret before")
    bob = world.connect("bob", CAPABILITIES)
    bob.send("JOIN #den")
    ann.send("PRIVMSG #den :secret after")
    bob.barrier()
    assert searched(bob, "text=secret") == ["secret after"]
    ann.barrier()
    assert searched(ann, "text=secret") == ["secret before", "secret after"]


def test_who_is_removed_while_a_search_runs_is_given_nothing(world: World) -> None:
    ann, bob = world.join("ann", "bob", capabilities=CAPABILITIES)
    ann.send("PRIVMSG #trail :secret")
    bob.barrier()
    for attributes in ("text=secret", "text=secret;in=#trail"):
        bob.begin(f"SEARCH {attributes}")
        ann.begin("KICK #trail bob")
        world.tick()
        assert not [line for line in bob.barrier() if "secret" in line.params[-1:]]
        bob.send("JOIN #trail")
        bob.barrier()


def test_what_was_redacted_or_said_otherwise_is_found_no_more(world: World) -> None:
    ann, bob = world.join("ann", "bob", capabilities=f"{CAPABILITIES} echo-message")
    ann.send("PRIVMSG #trail :a mistake")
    msgid = ann.find("PRIVMSG #trail *").tags["msgid"]
    bob.begin("SEARCH text=mistake")
    ann.begin(f"REDACT #trail {msgid}")
    world.tick()
    assert not [line for line in bob.barrier() if line.params[-1] == "a mistake"][1:]
    assert searched(bob, "text=mistake") == []


def test_edited_messages_are_found_by_their_newest_text(world: World) -> None:
    ann = world.connect("ann", f"{CAPABILITIES} echo-message chat-server/resend", device="d" * 16)
    ann.send("CREATE #trail", "PRIVMSG #trail :frist")
    msgid = ann.find("PRIVMSG #trail *").tags["msgid"]
    ann.send(f"EDIT #trail {msgid} :first")
    ann.barrier()
    assert searched(ann, "text=frist") == []
    assert searched(ann, "text=first") == ["first"]


def test_direct_messages_are_found_by_their_two_ends() -> None:
    world = World(QUICK)
    for name in ("ann", "bob", "eve"):
        register(world, name)
    ann, bob, eve = (
        log_in(world, name, capabilities=CAPABILITIES) for name in ("ann", "bob", "eve")
    )
    ann.send("PRIVMSG bob :secret")
    for person in (ann, bob, eve):
        person.barrier()
    assert searched(ann, "text=secret") == ["secret"]
    assert searched(bob, "text=secret;in=ann") == ["secret"]
    assert searched(eve, "text=secret") == []
    assert searched(eve, "text=secret;in=ann") == []


@pytest.mark.parametrize(
    "attributes",
    [
        "txet=a",
        "limit=0",
        "limit=many",
        "after=yesterday",
        "has=picture",
        "order=random",
        "in=#nowhere",
        "text=*",
        "text=f*x",
        "text=?!",
        'text="quick',
        f"text={'x' * 201}",
    ],
)
def test_what_cannot_be_asked_is_refused(world: World, attributes: str) -> None:
    ann = world.connect("ann", CAPABILITIES)
    line = refused(ann, attributes)
    assert line.params[1] == "INVALID_PARAMS"
    assert " " in line.params[-1], "a sentence"


def test_without_a_text_everything_is_found(world: World) -> None:
    ann, _ = world.join("ann", "bob", capabilities=CAPABILITIES)
    ann.send("PRIVMSG #trail :one", "PRIVMSG #trail :two")
    assert searched(ann, "text") == searched(ann, "text=;in=#trail") == ["one", "two"]


def test_the_best_come_first_where_that_is_asked_for(world: World) -> None:
    ann, _ = world.join("ann", "bob", capabilities=CAPABILITIES)
    for text in ("the fox is here", "fox fox fox", "there is a fox in the garden of my neighbour"):
        ann.send(f"PRIVMSG #trail :{text}")
        world.pass_time(1)
    best = ["fox fox fox", "the fox is here", "there is a fox in the garden of my neighbour"]
    assert searched(ann, "text=fox;order=relevance") == best
    assert searched(ann, "text=fox;order=relevance;limit=1") == best[:1]
    assert searched(ann, "text=fox;order=newest")[-1] == best[-1]


def test_where_in_the_text_it_was_found_is_told(world: World) -> None:
    ann, bob = world.join("ann", "bob", capabilities=CAPABILITIES)
    ann.send("PRIVMSG #trail :The fox, the 🦊 and the FOX", "NOTICE #trail :今天是星期六")
    bob.barrier()
    _, found, _ = bob.answer("SEARCH text=fox")
    assert found.tags["chat-server/hits"] == "4-7,23-26"
    _, found, _ = bob.answer("SEARCH text=星期")
    assert found.tags["chat-server/hits"] == "3-5"
    lines = bob.answer("SEARCH from=ann")
    assert not [line for line in lines if "chat-server/hits" in line.tags]


def test_without_batches_the_lines_come_bare(world: World) -> None:
    ann, bob = world.join("ann", "bob")
    ann.send("PRIVMSG #trail :needle")
    bob.barrier()
    (found,) = bob.answer("SEARCH text=needle")
    assert found.params == ["#trail", "needle"]


def test_the_answer_carries_the_label(world: World) -> None:
    ann, _ = world.join("ann", "bob", capabilities=f"{CAPABILITIES} labeled-response")
    ann.send("PRIVMSG #trail :needle")
    ann.barrier()
    opening, _, _ = ann.answer("@label=x SEARCH text=needle")
    assert opening.tags["label"] == "x"
