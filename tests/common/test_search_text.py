"""What is a word, in every script, what a text must hold to be found, and what of it is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.search_text import (
    TEXT_CHARACTERS_MAX,
    hits_of,
    matches,
    parts_of,
    problem_of,
    relevance,
    spoken,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, WORLD_2!", ["hello", "world_2"]),
        ("\x01ACTION waves\x01", ["waves"]),
        ("\x0304red\x03 \x02bold\x02", ["red", "bold"]),
        ("one\ntwo three\rfour", ["one", "two", "threefour"]),
        ("Crème BRÛLÉE, Straße", ["creme", "brulee", "strasse"]),
        ("Ёлка", ["елка"]),
        ("今天是星期六", list("今天是星期六")),
        ("한국어", list("한국어")),
        ("مرحبا بالعالم", ["مرحبا", "بالعالم"]),
        ("great 👍🏽!", ["great", "👍", "🏽"]),
        ("a" * 100, ["a" * 40]),
        ("?!…", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("fox quick", "The quick brown fox", True),
        ('"fox quick"', "The quick brown fox", False),
        ('"quick brown"', "The Quick, Brown fox", True),
        ('"quick bro*"', "The quick brown fox", True),
        ("qui*", "The quick brown fox", True),
        ("qui", "The quick brown fox", False),
        ("creme", "une crème", True),
        ("星期", "今天是星期六", True),
        ("期星", "今天是星期六", False),
        ("世界", "مرحبا 世界 👍", True),
        ("مرحبا", "قال مرحبا للجميع", True),
        ("👍", "well done👍", True),
        ("👍", "well done", False),
        ("example.org", "see https://example.org/fox", True),
        ('"unfinished phr*', "an unfinished phrase", True),
    ],
)
def test_what_is_found(typed: str, text: str, found: bool) -> None:
    assert matches(parts_of(typed), text) is found
    assert bool(hits_of(parts_of(typed), text)) >= found


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("fox", "The Fox, a fox", ["Fox", "fox"]),
        ('"quick brown"', "The Quick, Brown fox", ["Quick, Brown"]),
        ("qui*", "quickly quit", ["quickly", "quit"]),
        ("creme", "une cre\u0300me, une crème", ["cre\u0300me", "crème"]),
        ("星期", "今天是星期六。", ["星期"]),
        ("👍", "well done👍🏽!", ["👍"]),
        ("❤", "I ❤\ufe0f it", ["❤\ufe0f"]),
        ("مرحبا", "قال مَرحبا للجميع", ["مَرحبا"]),
        ("red", "\x0304red\x03 and red", ["red", "red"]),
        ("waves", "\x01ACTION waves\x01", ["waves"]),
        ("two", "one\n\ntwo", ["two"]),
        ("brown quick", "quick brown", ["quick", "brown"]),
        ("absent", "quick brown", []),
    ],
)
def test_what_is_marked(typed: str, text: str, marked: list[str]) -> None:
    shown = spoken(text)
    assert [shown[hit.start : hit.end] for hit in hits_of(parts_of(typed), text)] == marked


@given(st.lists(st.sampled_from(["fox", "Füchse", "星期", "👍🏽", " ", "…", "e\u0301", "ﬁn", "½"])))
def test_marks_are_in_order_and_within_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    hits = hits_of(parts_of("fox* 星 👍 e* f*"), text)
    ends = [0, *(place for hit in hits for place in hit), len(text)]
    assert ends == sorted(ends)
    for hit in hits:
        assert words_of(text[hit.start : hit.end])


def test_nothing_but_signs_asks_for_nothing() -> None:
    assert parts_of('?? "" * …') == []


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", ""),
        ("fox", ""),
        ('fox "quick brown" bro* "at the en*"', ""),
        ("*", "no word"),
        ("?! …", "no word"),
        ('"quick', "second"),
        ("*fox", "only at the end"),
        ("f*x", "only at the end"),
        ("x" * (TEXT_CHARACTERS_MAX + 1), "too long"),
    ],
)
def test_what_cannot_be_sought_is_said(typed: str, problem: str) -> None:
    assert problem in problem_of(typed)
    assert bool(problem_of(typed)) == bool(problem)


def test_the_better_a_text_fits_the_more_it_counts() -> None:
    parts = parts_of("fox den*")
    texts = [
        "fox, fox and fox: all in their den",
        "the fox is in its den",
        "the fox is in Denmark",
        "there was once upon a time in some far away land a very old fox that had no den at all",
    ]
    scores = [relevance(parts, text) for text in texts]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(texts)
