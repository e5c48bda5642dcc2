"""Searching: what is asked of a server, what its answers become, and what is done without one.

Specification: soju.im/search; docs/protocol.md "search".
"""

from datetime import UTC

import pytest

from tests.client.script import IRCV3, OURS, START_MS, Desk, in_room, numbered
from tui.client.client import IntentRefused
from tui.client.search_query import TIME_MS_END, SearchQuery, read_query
from tui.client.searching import ITEMS_PER_SLICE
from tui.client.state import Search, Stage
from tui.client.updates import SearchChanged, Told

SOJU = f"{IRCV3} soju.im/search"
DAY_MS = 86_400_000


def ours() -> Desk:
    """In a room on our server."""
    words = [word for word in OURS.split() if word != "draft/search"]
    return in_room(" ".join([*words, "draft/search=has,order,hits"]))


def sought(desk: Desk, typed: str, room: str = "", **more: bool) -> list[str]:
    """The attributes that are asked for."""
    desk.client.search(typed, room, UTC, **more)
    asked = desk.find("SEARCH").removeprefix("SEARCH ").removeprefix(":")
    return sorted(asked.split(";"))


def answers(desk: Desk, *lines: str, kind: str = "soju.im/search") -> None:
    """The server answers what was asked last."""
    label = desk.label_of("SEARCH")
    desk.find("SEARCH")
    tagged = [line if line.startswith("@") else f"@x {line}" for line in lines]
    within = [f"@batch=s;{line.removeprefix('@')}" for line in tagged]
    desk.hears(f"@label={label} :server BATCH +s {kind}", *within, ":server BATCH -s")


def found(desk: Desk) -> Search:
    return desk.client.state.search


def texts(desk: Desk) -> list[str]:
    return [hit.item.text for hit in found(desk).hits]


# What is typed


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("fox", SearchQuery("fox")),
        ('the "quick brown" fo*', SearchQuery('the "quick brown" fo*')),
        ("from:Ann in:Trail fox", SearchQuery("fox", "trail", "ann")),
        ("FROM:@ann has:link", SearchQuery("", "", "ann", has_link=True)),
        ("after:2023-11-01 x", SearchQuery("x", after_ms=1_698_796_800_000)),
        ("before:2023-11-01 x", SearchQuery("x", before_ms=1_698_796_799_999)),
        ("after:7d x", SearchQuery("x", after_ms=START_MS - 7 * DAY_MS)),
        ("after:today x", SearchQuery("x", after_ms=1_699_920_000_000)),
        ("before:yesterday x", SearchQuery("x", before_ms=1_699_920_000_000 - DAY_MS - 1)),
        ("https://example.org", SearchQuery("https://example.org")),
        ("from: has: has:li fox", SearchQuery("fox")),
        ('"still typi', SearchQuery('"still typi"')),
    ],
)
def test_words_and_filters(typed: str, query: SearchQuery) -> None:
    assert read_query(typed, START_MS, UTC) == query


@pytest.mark.parametrize("typed", ["?!", "f*x", "x" * 201, "before:soon x", "has:picture x"])
def test_what_cannot_be_sought_is_refused_and_changes_nothing(typed: str) -> None:
    desk = ours()
    desk.client.search("fox")
    answers(desk, numbered(1, "fox"))
    with pytest.raises(IntentRefused):
        desk.client.search(typed)
    assert texts(desk) == ["fox"]


# By a server


def test_our_server_is_asked_with_everything_it_can_do() -> None:
    desk = ours()
    asked = sought(desk, "quick fox from:bob before:2023-11-01 has:link", "#trail")
    assert asked == [
        "before=2023-10-31T23:59:59.999Z",
        "from=bob",
        "has=link",
        "in=#trail",
        "limit=50",
        "order=newest",
        "text=quick\\sfox",
    ]


def test_a_server_of_another_make_is_asked_by_the_specification_alone() -> None:
    desk = in_room(SOJU)
    assert not desk.client.can_rank
    assert sought(desk, "fox has:link in:dev") == ["in=#dev", "limit=50", "text=fox"]
    link = "@time=2023-11-14T00:00:00.000Z :bob!b@h PRIVMSG #dev :fox https://example.org"
    answers(desk, "@time=2023-11-14T00:00:00.000Z :bob!b@h PRIVMSG #dev :fox", link)
    assert texts(desk) == ["fox https://example.org"]
    assert found(desk).hits[0].marks == [(0, 3)]


def test_what_was_found_comes_newest_first_and_marked() -> None:
    desk = ours()
    desk.client.search("fox")
    assert found(desk).stage is Stage.UNDER_WAY
    tags = "chat-server/hits=2-5;"
    answers(desk, numbered(1, "a fox", extra=tags), numbered(2, "a fox too", extra=tags))
    assert texts(desk) == ["a fox too", "a fox"]
    hit = found(desk).hits[0]
    assert (hit.buffer, hit.name, hit.marks) == ("#trail", "#trail", [(2, 5)])
    assert (found(desk).stage, found(desk).more) == (Stage.DONE, False)
    assert desk.told(SearchChanged)
    assert desk.texts("#trail") == [], "what was found is not said in the room"
    assert desk.buffer("#trail").unread == 0


def test_direct_messages_belong_to_whoever_is_at_the_other_end() -> None:
    desk = ours()
    desk.client.search("psst")
    answers(desk, ":bob!b@h PRIVMSG ann :psst", ":ann!a@h PRIVMSG Cyd :psst")
    assert [(hit.buffer, hit.name) for hit in found(desk).hits] == [("cyd", "Cyd"), ("bob", "bob")]
    assert "bob" not in desk.client.state.buffers


def test_the_best_stay_in_the_order_of_the_server() -> None:
    desk = ours()
    assert "order=relevance" in sought(desk, "fox", best_first=True)
    desk.client.search("fox", best_first=True)
    answers(desk, numbered(1, "best"), numbered(2, "good"))
    answers(desk, numbered(1, "best"), numbered(2, "good"))
    assert texts(desk) == ["best", "good"]


def test_older_ones_are_asked_for_from_the_oldest_found_and_none_twice() -> None:
    desk = ours()
    desk.client.search("fox")
    answers(desk, *(numbered(number, f"fox {number}") for number in range(51, 101)))
    assert found(desk).more
    desk.client.search_more()
    desk.client.search_more()
    asked = desk.find("SEARCH")
    assert "before=2023-11-13T22:14:11.000Z" in asked
    assert not desk.find("SEARCH")


def test_the_answer_to_what_was_typed_before_is_not_shown() -> None:
    desk = ours()
    desk.client.search("fo")
    label = desk.label_of("SEARCH")
    desk.find("SEARCH")
    desk.client.search("foxes")
    assert not desk.find("SEARCH"), "one question at a time"
    desk.hears(
        f"@label={label} :server BATCH +s soju.im/search",
        f"@batch=s;{numbered(1, 'fo').removeprefix('@')}",
        ":server BATCH -s",
    )
    assert texts(desk) == []
    assert "text=foxes" in desk.find("SEARCH")


def test_a_refusal_and_a_warning_are_told_where_one_searches() -> None:
    desk = ours()
    desk.client.search("fox")
    label = desk.label_of("SEARCH")
    desk.hears(f"@label={label} :server FAIL SEARCH INVALID_PARAMS text :Not like this")
    assert (found(desk).failure, found(desk).stage) == ("Not like this", Stage.DONE)
    desk.find("SEARCH")
    desk.client.search("foxes")
    answers(desk, numbered(1, "foxes"))
    desk.hears(":server WARN SEARCH INCOMPLETE :There may be more")
    assert not found(desk).complete
    assert not desk.told(Told)


def test_people_one_ignores_are_not_found() -> None:
    desk = ours()
    desk.client.ignore("bob")
    desk.client.search("fox")
    answers(desk, numbered(1, "fox"), numbered(2, "fox too", nick="cyd"))
    assert texts(desk) == ["fox too"]


def test_a_server_that_does_not_answer_is_waited_for_no_longer() -> None:
    desk = ours()
    desk.hears(numbered(1, "a fox"))
    desk.client.search("fox")
    desk.wait(10)
    desk.hears(":server PONG server alive")
    desk.wait(11)
    assert (texts(desk), found(desk).local) == (["a fox"], True)
    assert "did not answer" in found(desk).failure


# Without one


def test_elsewhere_what_is_held_is_searched() -> None:
    desk = in_room(IRCV3)
    desk.hears(
        "@time=2023-11-14T00:00:00.000Z :bob!b@h PRIVMSG #trail :a fox",
        "@time=2023-11-14T00:00:01.000Z :bob!b@h PRIVMSG ann :the fox is secret",
        "@time=2023-11-14T00:00:02.000Z :cyd!c@h PRIVMSG #trail :星期六 fox",
        ":cyd!c@h TOPIC #trail :fox",
    )
    desk.client.search("fox")
    desk.wait(0)
    assert texts(desk) == ["星期六 fox", "the fox is secret", "a fox"]
    assert (found(desk).local, found(desk).stage) == (True, Stage.DONE)
    assert not desk.find("SEARCH")
    for typed, room, expected in [
        ("fox", "#trail", ["星期六 fox", "a fox"]),
        ("fox in:bob", "#trail", ["the fox is secret"]),
        ("from:cyd", "", ["星期六 fox"]),
        ("期六", "", ["星期六 fox"]),
        ("fox before:2023-11-14", "", []),
    ]:
        desk.client.search(typed, room, UTC)
        desk.wait(0)
        assert texts(desk) == expected, typed


def test_the_best_of_what_is_held_come_first() -> None:
    desk = in_room(IRCV3)
    for text in ("fox fox", "one fox among a great many other words of no interest at all"):
        desk.hears(f":bob!b@h PRIVMSG #trail :{text}")
    desk.client.search("fox", best_first=True)
    desk.wait(0)
    assert texts(desk)[0] == "fox fox"


def test_much_that_is_held_is_searched_a_little_at_a_time() -> None:
    desk = in_room("message-tags")
    desk.hears(":bob!b@h PRIVMSG #trail :needle")
    desk.hears(*[":bob!b@h PRIVMSG #trail :hay"] * (ITEMS_PER_SLICE + 10))
    desk.client.search("needle")
    desk.sleeps(0)
    assert (texts(desk), found(desk).stage) == ([], Stage.UNDER_WAY)
    assert desk.client.next_deadline() == desk.now
    desk.sleeps(0)
    assert (texts(desk), found(desk).stage) == (["needle"], Stage.DONE)


def test_nothing_typed_is_nothing_sought() -> None:
    desk = ours()
    desk.client.search("fox")
    answers(desk, numbered(1, "fox"))
    desk.client.search("  ", "#trail")
    assert (found(desk).stage, found(desk).hits) == (Stage.NOTHING, [])
    assert not desk.find("SEARCH")
    assert found(desk).query.before_ms == TIME_MS_END


def test_a_link_that_is_lost_is_no_end_of_a_search() -> None:
    desk = ours()
    desk.hears(numbered(1, "a fox"))
    desk.client.search("fox")
    desk.client.disconnected("cut")
    desk.wait(0)
    assert texts(desk) == ["a fox"]


def test_a_search_that_was_typed_as_a_line_is_answered_in_lines() -> None:
    desk = ours()
    desk.client.raw("SEARCH text=tea;in=#trail")
    answers(desk, numbered(3, "tea?"), numbered(4, "more tea", "ann"))
    lines = [item.text for item in desk.items("#trail")]
    assert lines[-2:] == [
        "2023-11-13 22:13 trail, bob: tea?",
        "2023-11-13 22:13 trail, ann: more tea",
    ]
    assert found(desk).hits == []
    desk.client.raw("SEARCH text=coffee")
    answers(desk)
    assert desk.items("#trail")[-1].text == "Nothing was found."
    desk.client.raw("SEARCH text=*")
    label = desk.label_of("SEARCH")
    desk.hears(f"@label={label} :s FAIL SEARCH INVALID_PARAMS text :no word in it")
    assert desk.told(Told)[-1].text == "no word in it"
