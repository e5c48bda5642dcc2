"""Above and behind the words of a message: quotes, edits, reactions; text that runs leftward."""

from datetime import UTC

import pytest
from rich.color import Color
from textual.theme import BUILTIN_THEMES

from tests.render.test_timeline_lines import PLAIN, Talk
from tui.client.state import ItemKind, Reaction
from tui.render import nick_color
from tui.render.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE, isolated
from tui.render.page import Drawing, Layout
from tui.render.transcript import Transcript

HEBREW = "שלום"


def test_an_answer_shows_what_it_answers_cut_to_a_line() -> None:
    talk = Talk()
    first = talk.says(
        "ann", "Trains run every *20* minutes,\nI checked; the early one is the 07:41."
    )
    talk.says("bob", "Fine for me.", reply_to="x", quoted=first)
    *_, quote, answer = talk.shown(width=60)
    assert quote.strip().startswith("bob")
    assert quote.endswith("╭ ann: Trains run every 20 minutes, I c…")
    assert len(quote) <= 60
    assert answer.strip() == "Fine for me."


def test_what_is_not_loaded_is_quoted_without_its_words() -> None:
    talk = Talk()
    talk.says("bob", "Fine for me.", reply_to="x")
    assert talk.shown()[1].endswith("╭ an earlier message")


def test_on_a_narrow_screen_the_quote_is_below_the_nick() -> None:
    talk = Talk()
    first = talk.says("ann", "Trains?")
    talk.says("bob", "Yes.", reply_to="x", quoted=first)
    assert talk.shown(width=30)[3:] == [" bob", "  ╭ ann: Trains?", "  Yes."]


def test_reactions_stand_behind_the_words_ones_own_told_apart_in_words() -> None:
    talk = Talk()
    reactions = (Reaction("👍", ("bob", "me"), True), Reaction("🎉", ("cleo",), False))
    talk.says("ann", "Lunch?", reactions=reactions, edited=True)
    assert talk.shown()[1].endswith("Lunch? · edited   👍 you+1   🎉 1")


def test_reactions_that_do_not_fit_take_another_line() -> None:
    talk = Talk()
    reactions = tuple(Reaction(f"word{at}", ("bob",), False) for at in range(5))
    talk.says("ann", "Lunch at the station, if it is dry?", reactions=reactions)
    lines = talk.shown(width=40)
    assert lines[2:] == [
        "  Lunch at the station, if it is dry?",
        "  word0 1   word1 1   word2 1   word3 1",
        "  word4 1",
    ]


def test_what_was_deleted_says_so_in_its_place() -> None:
    talk = Talk()
    talk.says("bob", "", redacted="deleted by ann: spam", edited=True)
    assert talk.shown()[1].endswith("bob           deleted by ann: spam")


def test_an_action_keeps_its_name_as_it_is() -> None:
    talk = Talk()
    talk.add(ItemKind.ACTION, "_ann_", "waves *twice*")
    assert talk.shown()[1].endswith("_ann_ waves twice")


def test_program_text_keeps_its_lines_and_spaces() -> None:
    talk = Talk()
    talk.says("ann", "so:\n```py\ndef f():\n    return 1\n```")
    assert [line[22:] for line in talk.shown()[1:]] == ["so:", " def f():", "     return 1"]


def test_lists_and_quotes_hang() -> None:
    talk = Talk()
    talk.says("ann", "- bread and butter and more of it\n> quoted words that go on and on and on")
    assert talk.shown(width=30)[2:] == [
        "  • bread and butter and",
        "    more of it",
        "  ▏ quoted words that go on",
        "  ▏ and on and on",
    ]


def test_text_that_runs_leftward_is_kept_to_itself() -> None:
    talk = Talk()
    talk.says(HEBREW, f"{HEBREW} 123")
    line = talk.shown()[1]
    assert line.count(FIRST_STRONG_ISOLATE) == line.count(POP_ISOLATE) == 2
    assert f"{FIRST_STRONG_ISOLATE}{HEBREW}{POP_ISOLATE}" in line
    assert isolated("plain") == "plain"


def test_marks_that_reorder_are_never_printed() -> None:
    talk = Talk()
    talk.says("ev\u202eil", "a\u202eb\u2066c\x1b[2J")
    assert talk.shown()[1].endswith("evil          abc[2J")


def test_a_changed_message_changes_its_answers() -> None:
    talk = Talk()
    first = talk.says("ann", "helo")
    talk.says("bob", "?", reply_to="x", quoted=first)
    transcript = Transcript(Drawing(Layout.for_width(80), PLAIN, UTC))
    transcript.load(talk.items, 0)
    before = transcript.drawn_as(1)
    first.text, first.version = "hello", first.version + 1
    assert transcript.drawn_as(1) != before


def luminance(color: str) -> float:
    red, green, blue = Color.parse(color).get_truecolor()
    parts = [value / 255 for value in (red, green, blue)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(left: str, right: str) -> float:
    brighter, darker = sorted((luminance(left), luminance(right)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


WITH_COLORS = {name: theme for name, theme in BUILTIN_THEMES.items() if "ansi" not in name}


@pytest.mark.parametrize("name", WITH_COLORS)
def test_every_nick_is_legible_on_every_theme(name: str) -> None:
    theme = WITH_COLORS[name]
    ground = theme.to_color_system().generate()["background"]
    colors = nick_color.ON_DARK if theme.dark else nick_color.ON_LIGHT
    weakest = min(contrast(color, ground) for color in colors)
    assert weakest >= 4.5, f"{name}: {weakest:.2f} on {ground}"
