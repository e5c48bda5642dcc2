"""Message text: splitting by bytes, taking codes off, actions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import action, cut_bytes, is_ctcp, plain, plain_lines, split_bytes

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, st.integers(4, 40))
def test_pieces_fit_and_nothing_but_spaces_at_cuts_is_lost(text: str, bytes_max: int) -> None:
    pieces = split_bytes(text, bytes_max)
    assert all(len(piece.encode()) <= bytes_max for piece in pieces)
    rest = text
    for piece in pieces:
        rest = rest.removeprefix(" ") if not rest.startswith(piece) else rest
        assert rest.startswith(piece)
        rest = rest[len(piece) :]
    assert rest.strip(" ") == ""


@given(texts)
def test_a_text_that_fits_comes_back_as_it_was(text: str) -> None:
    assert split_bytes(text, max(4, len(text.encode()))) == [text]


def test_cuts_fall_on_spaces_where_there_are_any() -> None:
    assert split_bytes("one two three", 8) == ["one two", "three"]
    assert split_bytes("one twothreefour", 8) == ["one", "twothree", "four"]
    assert split_bytes("ééé", 5) == ["éé", "é"]


def test_a_limit_below_the_longest_character_is_refused() -> None:
    with pytest.raises(ValueError, match="4 bytes"):
        split_bytes("x", 3)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x02bold\x0f, \x0304,12red\x03 and \x04ff0000hex", "bold, red and hex"),
        ("\x031,2x\x0312,x", "x,x"),
        ("\x1b[2Jclear", "[2Jclear"),
        ("a\u202eb\u2066c\x9bd\x7fe\u2028f", "abcdef"),
        ("tabs\tand\nlines", "tabsandlines"),
        ("Grüße 👋🏽", "Grüße 👋🏽"),
    ],
)
def test_plain_text_holds_no_codes(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text())
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    assert all(char >= " " and not "\x7f" <= char <= "\x9f" for char in plain(text))


def test_actions_and_other_ctcp() -> None:
    assert action("\x01ACTION waves\x01") == "waves"
    assert action("\x01ACTION waves") == "waves"  # some programs leave the end off
    assert action("\x01VERSION\x01") is None
    assert is_ctcp("\x01VERSION\x01")
    assert not is_ctcp("ACTION waves")


@given(texts, st.integers(4, 40))
def test_cut_pieces_joined_are_the_text(text: str, bytes_max: int) -> None:
    pieces = cut_bytes(text, bytes_max)
    assert "".join(pieces) == text
    assert all(len(piece.encode()) <= bytes_max for piece in pieces)
    assert all(pieces) or pieces == [""]


def test_pieces_are_cut_behind_spaces() -> None:
    assert cut_bytes("one two three", 8) == ["one two ", "three"]
    assert cut_bytes("one twothreefour", 8) == ["one ", "twothree", "four"]


def test_lines_stay_apart_when_codes_are_taken_out() -> None:
    assert plain_lines("\x02one\x02\n\x1b[2Jtwo") == "one\n[2Jtwo"
