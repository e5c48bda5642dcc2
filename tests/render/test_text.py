"""Wrapping, formatting codes and colours."""

import re
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.theme import BUILTIN_THEMES

from tui.client.state import Item, ItemKind
from tui.render.amounts import Amounts
from tui.render.clock import countdown, day_label, day_of, time_of_day
from tui.render.markup import read_markup
from tui.render.nick_color import ON_DARK, ON_LIGHT, nick_style
from tui.render.wrap import break_offsets, shorten

TEXT = st.text(alphabet="abc  é日本👍-.", max_size=120)


@given(TEXT, st.integers(2, 40))
def test_every_line_fits_and_nothing_is_lost(text: str, width: int) -> None:
    offsets = break_offsets(text, width)
    lines = [text[a:b] for a, b in zip(offsets, [*offsets[1:], len(text)], strict=True)]
    assert "".join(lines) == text
    assert all(cell_len(line.rstrip()) <= width for line in lines)


def test_breaks_after_spaces() -> None:
    assert break_offsets("the early one is late", 10) == [0, 10, 17]


def test_a_long_word_is_folded() -> None:
    assert break_offsets("x" * 25, 10) == [0, 10, 20]


def test_every_line_of_a_message_begins_anew() -> None:
    assert break_offsets("one\n\ntwo three", 5) == [0, 4, 5, 9]


def test_an_estimate_is_exact_for_one_line() -> None:
    texts = ("short", "日本語日本語", "one\ntwo", "")
    items = [Item(1, ItemKind.MESSAGE, 0, "ann", text) for text in texts]
    amounts = Amounts(items[1:])
    amounts.prepend(items[:1])
    assert amounts.heights(10) == [1, 2, 2, 1]
    assert amounts.heights(10, 1, 3) == [2, 2]


def test_shortened_text_says_so() -> None:
    assert shorten("general", 5) == "gene…"
    assert shorten("general", 7) == "general"


def test_codes_become_spans_and_are_not_shown() -> None:
    marked = read_markup("I bring \x02coffee\x02 and \x0304,01red\x03 apples", dark=True)
    assert marked.text == "I bring coffee and red apples"
    bold, red = marked.spans
    assert (marked.text[bold.start : bold.end], bold.style.bold) == ("coffee", True)
    assert marked.text[red.start : red.end] == "red"
    assert red.style.bgcolor is None, "a background could hide text"


def test_markup_of_the_screen_library_is_only_text() -> None:
    marked = read_markup("[bold red]not[/] [link=x]markup[/link]", dark=True)
    assert marked.text == "[bold red]not[/] [link=x]markup[/link]"
    assert marked.spans == []


def test_escape_sequences_do_not_get_through() -> None:
    assert read_markup("a\x1b[31mb\x9b2Jc\u202ed", dark=True).text == "a[31mb2Jcd"


def test_links_stop_before_punctuation() -> None:
    marked = read_markup("see https://example.org/a?b=c.", dark=True)
    assert marked.spans[0].style.link == "https://example.org/a?b=c"


def luminance(color: str) -> float:
    parts = [int(part, 16) / 255 for part in re.findall("..", color.lstrip("#"))]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", sorted(n for n in BUILTIN_THEMES if not n.startswith("ansi")))
def test_nicks_are_legible_on_every_theme(name: str) -> None:
    theme = BUILTIN_THEMES[name]
    background = theme.to_color_system().generate()["background"]
    colors = ON_DARK if theme.dark else ON_LIGHT
    assert min(contrast(color, background[:7]) for color in colors) >= 4.5


def test_a_nick_keeps_its_colour_whatever_its_case() -> None:
    assert nick_style("Ann", dark=True) == nick_style("ann", dark=True)
    assert nick_style("ann", dark=True) != nick_style("bob", dark=True)
    assert str(nick_style("ann", dark=True)) == "#b5d154", "the same in every process"


def test_times_and_days() -> None:
    assert time_of_day(1_772_800_000_000, UTC) == "12:26"
    day = day_of(1_772_800_000_000, UTC)
    assert day_label(day, None) == "Friday, March 6, 2026"
    assert day_label(day, day) == "Friday, March 6"
    assert [countdown(s) for s in (-3, 0.2, 8.4, 200)] == ["now", "now", "8 s", "3 min"]
