"""CHATHISTORY AROUND and BETWEEN, and what is refused.

Specification: IRCv3 draft/chathistory.
"""

import pytest

from tests.conversation import OUR_CLIENT, Person, World

MESSAGES_ONLY = OUR_CLIENT.replace("draft/event-playback ", "")


def reader(count: int = 6, apart_s: float = 1.0) -> tuple[Person, list[str]]:
    """Someone in a room where ``1`` to `count` was said, and the ids of that."""
    world = World()
    (ann,) = world.join("ann", capabilities=MESSAGES_ONLY)
    ids = []
    for number in range(1, count + 1):
        world.pass_time(apart_s)
        ann.send(f"PRIVMSG #trail {number}")
        ids.append(ann.expect(f"PRIVMSG #trail {number}").tags["msgid"])
    return ann, ids


def ask(person: Person, query: str) -> list[str]:
    """The texts of a page."""
    messages = person.answer(f"CHATHISTORY {query}")
    return [m.params[-1] for m in messages if m.command == "PRIVMSG"]


@pytest.mark.parametrize(
    ("middle", "count", "page"),
    [(3, 1, "4"), (3, 3, "345"), (3, 4, "2345"), (0, 4, "1234"), (5, 4, "456"), (3, 99, "123456")],
)
def test_around_a_message(middle: int, count: int, page: str) -> None:
    ann, ids = reader()
    assert ask(ann, f"AROUND #trail msgid={ids[middle]} {count}") == list(page)


def test_around_a_time() -> None:
    ann, _ = reader()
    assert ask(ann, "AROUND #trail timestamp=2026-01-01T00:00:03.000Z 3") == ["2", "3", "4"]


def test_between_counts_from_the_first_selector() -> None:
    ann, ids = reader()
    first, last = f"msgid={ids[0]}", f"msgid={ids[-1]}"
    assert ask(ann, f"BETWEEN #trail {first} {last} 99") == ["2", "3", "4", "5"]
    assert ask(ann, f"BETWEEN #trail {last} {first} 99") == ["2", "3", "4", "5"]
    assert ask(ann, f"BETWEEN #trail {first} {last} 2") == ["2", "3"]
    assert ask(ann, f"BETWEEN #trail {last} {first} 2") == ["4", "5"]
    assert ask(ann, f"BETWEEN #trail {first} {first} 2") == []


def test_between_equal_times_nothing_is_repeated_or_skipped() -> None:
    ann, _ = reader(apart_s=0)
    moment = "timestamp=2026-01-01T00:00:00.000Z"
    before, after = "timestamp=2025-01-01T00:00:00.000Z", "timestamp=2027-01-01T00:00:00.000Z"
    assert ask(ann, f"BETWEEN #trail {before} {after} 99") == list("123456")
    assert ask(ann, f"BETWEEN #trail {before} {moment} 99") == []
    assert ask(ann, f"BETWEEN #trail {moment} {after} 99") == []


def test_selectors_reach_no_further_than_ones_own_history() -> None:
    world = World()
    ann, eve = (world.connect(nick, OUR_CLIENT) for nick in ("ann", "eve"))
    ann.send("CREATE #trail", "MODE #trail +s", "PRIVMSG #trail :secret")
    msgid = ann.received[-1].tags["msgid"]
    eve.send("JOIN #trail")
    eve.barrier()
    ann.send("PRIVMSG #trail :welcome")
    eve.barrier()
    assert ask(eve, f"AROUND #trail msgid={msgid} 10") == ["welcome"]
    assert ask(eve, f"BETWEEN #trail msgid={msgid} number=9 10") == ["welcome"]
    assert ask(eve, "BETWEEN #trail number=9 number=0 10") == ["welcome"]


@pytest.mark.parametrize(
    "query",
    [
        "BETWEEN #trail number=1 5",
        "AROUND #trail number=1 number=2 5",
        "AROUND #trail * 5",
        "BEFORE #trail timestamp=yesterday 5",
        "BEFORE #trail number=1 0",
        "BEFORE #trail number=1 -3",
        f"BEFORE #trail number=1 {'9' * 30}x",
        f"BEFORE #trail number={'9' * 30} 5",
        "SIDEWAYS #trail * 5",
    ],
)
def test_what_makes_no_sense_is_refused(query: str) -> None:
    ann, _ = reader(1)
    ann.send(f"CHATHISTORY {query}")
    ann.expect(f"FAIL CHATHISTORY INVALID_PARAMS {query.split()[0]} …")
    ann.nothing()
