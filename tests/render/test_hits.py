"""What a list of found messages shows of each."""

from datetime import UTC

import pytest

from tui.client.state import Hit, Item, ItemKind
from tui.render.hits import moment_of, snippet_of, title_of

NOON_MS = 1_772_798_400_000


def hit(text: str, *words: str) -> Hit:
    """A message in which `words` were sought."""
    item = Item(1, ItemKind.MESSAGE, NOON_MS, "ann", text)
    marks = [(text.index(word), text.index(word) + len(word)) for word in words]
    return Hit("#trail", "#trail", item, marks)


def shown(found: Hit, cells: int) -> tuple[str, list[str]]:
    """The snippet, and the words that are marked in it."""
    snippet = snippet_of(found, cells)
    return snippet.text, [snippet.text[start:end] for start, end in snippet.marks]


def test_where_and_when() -> None:
    found = hit("hello", "hello")
    assert title_of(found) == "trail"
    assert moment_of(found, UTC) == "Mar 6, 2026 12:00"
    assert moment_of(found, UTC, with_year=False) == "Mar 6 12:00"


@pytest.mark.parametrize(
    ("text", "words", "cells", "snippet"),
    [
        ("a short fox", ["fox"], 40, "a short fox"),
        ("fox " + "x" * 50, ["fox"], 20, "fox xxxxxxxxxxxxxx…"),
        ("word " * 20 + "fox", ["fox"], 40, "…word word word word word word word fox"),
        (
            "word " * 20 + "fox" + " word" * 20,
            ["fox"],
            40,
            "…word word word fox word word word word…",
        ),
        ("one\nfox\ntwo", ["fox", "two"], 40, "one ⏎ fox ⏎ two"),
        ("星期六" * 20 + "狐", ["狐"], 30, "…六星期六星期六星期六星期六狐"),
    ],
)
def test_the_words_are_seen_whatever_the_width(
    text: str, words: list[str], cells: int, snippet: str
) -> None:
    assert shown(hit(text, *words), cells) == (snippet, words)


def test_marks_that_lie_are_left_out() -> None:
    found = hit("short", "short")
    found.marks += [(3, 900), (4, 2), (-1, 2)]
    assert shown(found, 40) == ("short", ["short"])
