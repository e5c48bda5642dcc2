"""A server may send anything, cut anywhere: nothing raises, nothing grows without bound."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.client.script import Desk, in_room, numbered
from tui.client.buffers import BUFFERS_MAX
from tui.client.reducers.table import REDUCERS
from tui.client.state import Item

CONVERSATION = (
    ":cleo!c@h JOIN #trail",
    numbered(1, "größe \U0001f600"),
    ":s BATCH +x chathistory #trail",
    numbered(2, "two", extra="batch=x;"),
    ":s BATCH -x",
    ":s 353 ann = #trail :@ann +bob cleo",
    ":s 366 ann #trail :End",
    ":bob!b@h PRIVMSG ann :psst",
    ":bob!b@h TOPIC #trail :new",
    numbered(3, "\x01ACTION waves\x01"),
)


def shown(desk: Desk) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (key, [(item.sender, item.text) for item in buffer.items])
        for key, buffer in desk.client.state.buffers.items()
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=60))
def test_any_chunking_gives_the_same_state(sizes: list[int]) -> None:
    stream = "".join(f"{line}\r\n" for line in CONVERSATION).encode()
    whole, cut = in_room(), in_room()
    whole.client.receive(stream)
    at = 0
    while at < len(stream):
        size = sizes[at % len(sizes)]
        cut.client.receive(stream[at : at + size])
        at += size
    assert shown(cut) == shown(whole)


words = st.one_of(
    st.sampled_from(
        ["#trail", "ann", "bob", "*", "+x", "-x", "x", "chathistory", "NO_SUCH_ROOM", "q1", "JOIN"]
    ),
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12),
)
lines = st.builds(
    lambda tags, source, command, params, tail: (
        f"@{tags} {source} {command} {' '.join(params)} :{tail}"
    ),
    st.sampled_from(
        [
            "a",
            "batch=x",
            "label=q1",
            "time=9999-12-31T23:59:60Z",
            "time=0001-01-01T00:00:00+14:00",
            "msgid=0000000007-000000001000000;chat-server/number=1",
            "chat-server/number=99999999999999999999",
        ]
    ),
    st.sampled_from([":ann!a@h", ":bob!b@h", ":server", ":!@", ":"]),
    st.one_of(st.sampled_from([*REDUCERS, "BATCH", "404", "433", "999"]), words),
    st.lists(words, max_size=5),
    words,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(lines, max_size=30))
def test_lines_of_any_kind_never_raise(script: list[str]) -> None:
    desk = in_room()
    desk.client.say("#trail", "waiting")
    desk.client.load_older("#trail")
    for line in script:
        desk.client.receive(f"{line}\r\n".encode(errors="replace"))
    desk.wait(200)
    for key, buffer in desk.client.state.buffers.items():
        assert buffer.key == key
        assert all(isinstance(item, Item) and "\x1b" not in item.text for item in buffer.items)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=20))
def test_bytes_of_any_kind_never_raise(chunks: list[bytes]) -> None:
    desk = in_room()
    for chunk in chunks:
        desk.client.receive(chunk)
    assert "#trail" in desk.client.state.buffers


def test_a_line_without_end_is_given_up_and_the_next_one_read() -> None:
    desk = in_room()
    for _ in range(100):
        desk.client.receive(b"x" * 10_000)
    desk.client.receive(b"\r\n")
    desk.hears(":bob!b@h PRIVMSG #trail :still here")
    assert desk.texts("#trail") == ["still here"]
    assert "too long" in desk.texts("")[-1]


def test_batches_never_closed_are_bounded_and_their_lines_not_lost() -> None:
    desk = in_room()
    for number in range(60):
        desk.hears(f":s BATCH +{number} chathistory #trail")
        desk.hears(f"@batch={number};msgid=m{number} :bob!b@h PRIVMSG #trail :t{number}")
    assert len(desk.texts("#trail")) == 10


def test_strangers_cannot_open_more_than_so_many_conversations() -> None:
    desk = in_room()
    for number in range(BUFFERS_MAX + 50):
        desk.hears(f":n{number}!u@h PRIVMSG ann :hello {number}")
    assert len(desk.client.state.buffers) == BUFFERS_MAX
    assert desk.texts("")[-1] == f"hello {BUFFERS_MAX + 49}"


def test_a_batch_nested_in_itself_ends() -> None:
    desk = in_room()
    desk.hears("@batch=x :s BATCH +x other", "@batch=x :bob!b@h PRIVMSG #trail :hi")
    assert desk.texts("#trail") == ["hi"]


def test_names_and_ids_that_make_no_line_are_not_written() -> None:
    desk = in_room()
    long = "#" + "x" * 600
    desk.hears(":s 005 ann CHANTYPES=#: :are", f":ann!a@h JOIN {long}", ":ann!a@h JOIN ::odd")
    desk.hears(f"@msgid={'m' * 600} :bob!b@h PRIVMSG #trail :hi")
    desk.client.load_older("#trail")
    desk.hears("::odd!o@h PRIVMSG ann :\x01VERSION\x01", ":ann!a@h NICK :")
    assert desk.client.state.nick == "ann"
    assert not any("x" * 600 in line or "m" * 600 in line for line in desk.writes())
