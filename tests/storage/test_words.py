"""What is a word, in every script, and what a text must hold to be found."""

import pytest

from server.storage.words import matches, parts_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, WORLD_2!", ["hello", "world_2"]),
        ("\x01ACTION waves\x01", ["waves"]),
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


def test_nothing_but_signs_asks_for_nothing() -> None:
    assert parts_of('?? "" * …') == []
