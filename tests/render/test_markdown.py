"""Markdown in messages: what is read as such, what stays as it was typed, what it cannot do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from tui.render.code import code_spans
from tui.render.links import links_in
from tui.render.markdown import Marked, may_have_markdown, read_markdown

CODE = Style(color="red")


def read(text: str) -> Marked:
    return read_markdown(text, True, CODE)


def styled(text: str) -> list[tuple[str, str]]:
    """The styled parts of a message, each with its style in words."""
    marked = read(text)
    return [(marked.text[span.start : span.end], str(span.style)) for span in marked.spans]


@pytest.mark.parametrize(
    ("typed", "part", "style"),
    [
        ("so **very** good", "very", "bold"),
        ("so *very* good", "very", "italic"),
        ("(_very_) good", "very", "italic"),
        ("~~not~~ good", "not", "strike"),
        ("use `a*b*c` here", "a*b*c", "red"),
        ("``with ` inside``", "with ` inside", "red"),
    ],
)
def test_marks_style_what_is_between_them(typed: str, part: str, style: str) -> None:
    assert may_have_markdown(typed)
    assert styled(typed) == [(part, style)]


@pytest.mark.parametrize(
    "typed",
    [
        "2*3*4 = 24",
        "snake_case_name and __init__",
        r"¯\_(ツ)_/¯",
        "# not a heading",
        "a * b * c",
        "** nothing **",
        "`not closed",
        "*one only",
        "5 > 4 and >_>",
        "[brackets] (and more)",
        "1 < 2 &amp; <b>no</b>",
        "```\n```",
    ],
)
def test_other_things_stay_as_they_were_typed(typed: str) -> None:
    assert read(typed) == Marked(typed, [], [])


def test_marks_within_marks() -> None:
    assert styled("**all *of* it**") == [("of", "italic"), ("all of it", "bold")]


def test_an_address_is_never_taken_apart() -> None:
    address = "https://example.org/a_b_c/*x*/_y"
    assert styled(f"see {address}, please") == [(address, f"underline link {address}")]
    assert styled("*https://a.org*")[1:] == [("https://a.org", "italic")]
    assert links_in("(https://a.org/x_(y)) https://b.org. https://b.org") == [
        "https://a.org/x_(y)",
        "https://b.org",
    ]


def test_a_link_behind_words_says_where_it_leads() -> None:
    marked = read("the [docs](https://example.org/a) say")
    assert marked.text == "the docs (example.org) say"
    assert marked.spans[0].style.link == "https://example.org/a"


@pytest.mark.parametrize("label", ["https://bank.org", "bank.org", "www.bank.org/login"])
def test_words_that_look_like_a_link_do_not_hide_another(label: str) -> None:
    typed = f"[{label}](https://evil.org/x)"
    assert read(typed).text == typed


def test_blocks_are_set_apart() -> None:
    marked = read("> they said\nI say\n- one\n2. two\n```python\nx = 1\n```\nend")
    assert marked.text == "they said\nI say\n• one\n2. two\nx = 1\nend"
    looks = [
        (marked.text[block.start : block.end], block.lead.strip(), block.hang, block.code)
        for block in marked.blocks
    ]
    assert looks == [
        ("they said", "▏", 2, False),
        ("I say", "", 0, False),
        ("• one", "", 2, False),
        ("2. two", "", 3, False),
        ("x = 1", "", 1, True),
        ("end", "", 0, False),
    ]


def test_program_text_is_coloured_by_its_language() -> None:
    assert [span[:2] for span in code_spans("return 1", "python", True)] == [(0, 6), (7, 8)]
    assert code_spans("return 1", "no-such-language", True) == ()
    assert code_spans("return 1", "", True) == ()


def test_within_program_text_nothing_is_markup() -> None:
    assert read("```\n*a* `b` [c](https://d.org)\n```").text == "*a* `b` [c](https://d.org)"


words = st.text(st.sampled_from("ab1 *_`~[]()>-.\n:/\\"), max_size=60)


@given(words)
def test_nothing_is_lost_but_marks(text: str) -> None:
    marked = read(text)
    left = [character for character in text if character.isalnum()]
    assert [character for character in marked.text if character.isalnum()] == left
    assert all(0 <= span.start <= span.end <= len(marked.text) for span in marked.spans)
    ends = [0, *(place for block in marked.blocks for place in (block.start, block.end))]
    assert ends == sorted(ends)


def test_a_long_run_of_marks_takes_no_time() -> None:
    read("**a " * 1_000)
    read("[" * 4_000)
    read("`" * 4_000)
