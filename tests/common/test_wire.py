"""Lines: what is parsed, what is encoded, and how a byte stream is cut. No sockets here.

Specification: modern IRC "Message Format", IRCv3 message-tags.
"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.wire import (
    BODY_BYTES_MAX,
    CLIENT_TAGS_BYTES_MAX,
    ENDLESS,
    OVERLONG,
    PARAMETERS_MAX,
    BadLineError,
    LineBuffer,
    Message,
    encode,
    encode_tags,
    escape_tag_value,
    parse,
    unescape_tag_value,
)

VECTORS = [
    (b"PING", Message("PING")),
    (b"ping :", Message("PING", [""])),
    (b"NICK ann", Message("NICK", ["ann"])),
    (b"PRIVMSG #trail :hello there", Message("PRIVMSG", ["#trail", "hello there"])),
    (b"PRIVMSG #trail ::)", Message("PRIVMSG", ["#trail", ":)"])),
    (b"PRIVMSG #trail : two  spaces ", Message("PRIVMSG", ["#trail", " two  spaces "])),
    (b"PRIVMSG  #trail   :hello", Message("PRIVMSG", ["#trail", "hello"])),
    (b"JOIN #trail ", Message("JOIN", ["#trail"])),
    (b":ann!a@host QUIT :gone", Message("QUIT", ["gone"], "ann!a@host")),
    (b":ann  QUIT", Message("QUIT", [], "ann")),
    (b"@a=1;b :ann QUIT", Message("QUIT", [], "ann", {"a": "1", "b": ""})),
    (b"@a=1  QUIT", Message("QUIT", [], "", {"a": "1"})),
    (b"@a=1;a=2 QUIT", Message("QUIT", [], "", {"a": "2"})),
    (b"@a=x=y;;=z QUIT", Message("QUIT", [], "", {"a": "x=y"})),
    (b"@a=\\:\\s\\\\\\r\\n\\b\\ QUIT", Message("QUIT", [], "", {"a": "; \\\r\nb"})),
    ("PRIVMSG  #a\u00a0b x\ty".encode(), Message("PRIVMSG", ["#a\u00a0b", "x\ty"])),
]


@pytest.mark.parametrize(("line", "message"), VECTORS, ids=[str(line) for line, _ in VECTORS])
def test_a_line_is_parsed(line: bytes, message: Message) -> None:
    assert parse(line) == message


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"PRIVMSG #trail :\xff\xfe", "INVALID_UTF8"),
        (b"PRIVMSG #trail :\xed\xa0\x80", "INVALID_UTF8"),  # half of a surrogate pair
        (b"PRIVMSG #trail :a\0b", "INVALID_CHARACTER"),
        (b"PRIVMSG #trail :a\rQUIT", "INVALID_CHARACTER"),
        (b"   ", "NEED_COMMAND"),
        (b":ann", "NEED_COMMAND"),
        (b"@a=1", "NEED_COMMAND"),
        (b":ann  :hello", "NEED_COMMAND"),
    ],
)
def test_what_is_no_line_is_refused_with_a_code(line: bytes, code: str) -> None:
    with pytest.raises(BadLineError) as refused:
        parse(line)
    assert refused.value.code == code


def test_parameters_beyond_the_fifteenth_are_part_of_it() -> None:
    words = [str(number) for number in range(20)]
    params = parse(f"CMD {' '.join(words[:-1])} :{words[-1]}".encode()).params
    assert len(params) == PARAMETERS_MAX
    assert params[-1] == "14 15 16 17 18 19"


# Texts as they may stand in a line: anything but NUL, CR, LF and what UTF-8 cannot hold.
texts = st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]))
words = texts.filter(lambda text: text != "" and " " not in text and text[0] not in ":@")


@given(words, st.lists(words, max_size=14), texts, st.one_of(st.just(""), words))
def test_what_is_encoded_is_read_back(
    command: str, middle: list[str], last: str, source: str
) -> None:
    line = encode(command, [*middle, last], source, {"id": last, "+bare": ""})
    assert line.endswith(b"\r\n")
    assert parse(line[:-2]) == Message(
        command.upper(), [*middle, last], source, {"id": last, "+bare": ""}
    )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_tag_values_are_safe_and_come_back(value: str) -> None:
    escaped = escape_tag_value(value)
    assert not set(escaped) & set("; \r\n")
    assert unescape_tag_value(escaped) == value


def test_no_tags_are_no_text() -> None:
    assert encode_tags({}) == ""


@pytest.mark.parametrize("smuggled", ["a\r\nQUIT", "a\nQUIT", "a\rQUIT", "a\0b"])
@pytest.mark.parametrize("place", ["command", "middle", "last", "source"])
def test_nothing_is_smuggled_into_a_line(smuggled: str, place: str) -> None:
    parts = dict.fromkeys(["command", "middle", "last", "source"], "x") | {place: smuggled}
    with pytest.raises(ValueError, match="control character"):
        encode(parts["command"], [parts["middle"], parts["last"]], parts["source"])


@pytest.mark.parametrize("middle", ["", ":x", "a b"])
def test_what_only_the_last_parameter_can_be_is_refused_before_it(middle: str) -> None:
    with pytest.raises(ValueError, match="not a middle parameter"):
        encode("PRIVMSG", [middle, "text"])


def lines_of(stream: bytes, cuts: list[int]) -> list[bytes]:
    """What a `LineBuffer` makes of `stream` when it arrives in pieces."""
    buffer = LineBuffer(CLIENT_TAGS_BYTES_MAX, endless_bytes=8_000)
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    for start, end in pairwise(edges):
        buffer.feed(stream[start:end])
    return [buffer.pop() for _ in range(len(buffer))]


long_and_short = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([b"\n", b"\r\n", b"\r", b"@", b" ", b"x" * 511, b"@" + b"t" * 4096]),
)


@given(
    st.lists(long_and_short, max_size=12).map(b"".join),
    st.lists(st.integers(min_value=0), max_size=8),
)
def test_any_chunking_gives_the_same_lines(stream: bytes, cuts: list[int]) -> None:
    assert lines_of(stream, cuts) == lines_of(stream, [])


def test_both_line_endings_end_a_line_and_empty_lines_are_none() -> None:
    assert lines_of(b"a\r\nb\n\r\n\nc", []) == [b"a", b"b"]


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        (b"x" * (BODY_BYTES_MAX - 2), True),
        (b"x" * (BODY_BYTES_MAX - 1), False),
        (b"@" + b"t" * (CLIENT_TAGS_BYTES_MAX - 2) + b" " + b"x" * (BODY_BYTES_MAX - 2), True),
        (b"@" + b"t" * (CLIENT_TAGS_BYTES_MAX - 1) + b" x", False),
        (b"@t " + b"x" * (BODY_BYTES_MAX - 1), False),
    ],
)
def test_each_part_of_a_line_has_its_limit(line: bytes, fits: bool) -> None:
    assert lines_of(line + b"\r\nnext\r\n", []) == [line if fits else OVERLONG, b"next"]


def test_a_line_without_end_is_reported_once_and_then_skipped() -> None:
    buffer = LineBuffer(CLIENT_TAGS_BYTES_MAX)
    for _ in range(100):
        buffer.feed(b"x" * 4096)
    assert [buffer.pop() for _ in range(len(buffer))] == [OVERLONG]
    buffer.feed(b"the end of it\r\nPING a\r\n")
    assert [buffer.pop() for _ in range(len(buffer))] == [b"PING a"]


def test_a_line_that_goes_on_and_on_is_called_endless_once() -> None:
    assert lines_of(b"x" * 8_000 + b"\nnext\n", [5_000]) == [OVERLONG, b"next"]
    assert lines_of(b"x" * 30_000 + b"\nnext\n", [9_000]) == [OVERLONG, ENDLESS, b"next"]


def test_a_cleared_buffer_holds_nothing_of_before() -> None:
    buffer = LineBuffer(CLIENT_TAGS_BYTES_MAX)
    buffer.feed(b"one\r\ntwo\r\nhal")
    buffer.clear()
    buffer.feed(b"three\r\n")
    assert [buffer.pop() for _ in range(len(buffer))] == [b"three"]


def test_the_nick_of_a_source() -> None:
    assert Message("QUIT", source="ann!a@host").nick == "ann"
    assert Message("PING", source="chat.local").nick == "chat.local"
