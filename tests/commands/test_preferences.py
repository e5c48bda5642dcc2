"""Preferences: read with every mistake named, written without losing what a person wrote."""

from pathlib import Path

import pytest
from textual.theme import BUILTIN_THEMES

from tui.preferences import (
    HIGH_CONTRAST,
    NAMES,
    THEMES,
    PreferenceError,
    Preferences,
    keywords_of,
    read_toml,
    read_word,
    word_of,
)
from tui.preferences_file import change, change_keys, load


def test_every_theme_there_is_can_be_chosen() -> None:
    assert set(THEMES) == {*BUILTIN_THEMES, HIGH_CONTRAST}


def test_what_makes_sense_is_taken_and_the_rest_complained_about() -> None:
    chosen = read_toml(
        '[look]\ntheme = "nord"\nthme = "x"\nrooms_width = 99\n[writing]\ntyping = ["tea"]\n'
        '[keys]\nunread = "f5"\nrooms = 3\n'
    )
    assert chosen.preferences == Preferences(look__theme="nord")
    assert chosen.keys == {"unread": "f5"}
    assert chosen.complaints == (
        "There is no preference look.thme; did you mean look.theme?",
        "look.rooms_width must be a number from 14 to 40, not 99.",
        "writing.typing must be true or false, not ['tea'].",
        'keys.rooms must be keys in quotes, such as "ctrl+k, f5".',
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_value_can_be_typed_as_it_is_shown(name: str) -> None:
    value = Preferences().value(name)
    assert read_word(name, word_of(value)) == value


@pytest.mark.parametrize(
    ("name", "word", "sentence"),
    [
        ("look.time", "noon", "look.time must be 24h, 12h or none, not noon."),
        ("writing.typing", "loud", "writing.typing must be true or false, not 'loud'."),
        ("look.rooms_width", "x", "look.rooms_width must be a number from 14 to 40, not 'x'."),
        ("look.tmie", "12h", "There is no preference look.tmie; did you mean look.time?"),
    ],
)
def test_a_mistake_is_named(name: str, word: str, sentence: str) -> None:
    with pytest.raises(PreferenceError, match=sentence.replace("?", r"\?")):
        read_word(name, word)


def test_what_is_changed_is_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "new" / "preferences.toml"
    assert load(path).complaints == ()
    assert change(path, "writing.typing", False) == ""
    assert change_keys(path, "unread", "f5, alt+a") == ""
    chosen = load(path)
    assert chosen.preferences == Preferences(writing__typing=False)
    assert chosen.keys == {"unread": "f5, alt+a"}
    assert change_keys(path, "unread", "") == ""
    assert load(path).keys == {}


def test_what_a_person_wrote_stays(tmp_path: Path) -> None:
    path = tmp_path / "preferences.toml"
    path.write_text('# mine\n[look]\ntheme = "nord"  # cold\nfuture = 1\n', encoding="utf-8")
    change(path, "look.time", "12h")
    text = path.read_text(encoding="utf-8")
    assert text.startswith('# mine\n[look]\ntheme = "nord"  # cold\nfuture = 1\n')
    assert load(path).preferences == Preferences(look__theme="nord", look__time="12h")


def test_a_new_file_explains_every_preference(tmp_path: Path) -> None:
    path = tmp_path / "preferences.toml"
    change(path, "look.time", "12h")
    words = " ".join(path.read_text(encoding="utf-8").replace("#", "").split())
    for row in NAMES.values():
        assert row.metadata["text"] in words


def test_a_broken_file_is_told_of_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "preferences.toml"
    path.write_text("[look\n", encoding="utf-8")
    (complaint,) = load(path).complaints
    assert complaint.startswith("preferences.toml is not used. It is not valid TOML")
    assert "mend or remove it" in change(path, "look.time", "12h")
    assert path.read_text(encoding="utf-8") == "[look\n"


def test_words_are_written_with_commas_or_as_a_list() -> None:
    text = '[notify]\nkeywords = "tea, next week"\n'
    listed = '[notify]\nkeywords = ["tea", "next week"]\n'
    assert read_toml(text) == read_toml(listed)
    assert [word.strip() for word in keywords_of(read_toml(text).preferences)] == [
        "tea",
        "next week",
    ]
    assert read_word("notify.keywords", "none") == ""
    (complaint,) = read_toml("[notify]\nkeywords = 3\n").complaints
    assert complaint == "notify.keywords must be words with commas between them, or none, not 3."


def test_keys_of_a_chosen_message_have_a_table_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "preferences.toml"
    assert change_keys(path, "message.reply", "a") == ""
    assert change_keys(path, "unread", "f5") == ""
    assert load(path).keys == {"message.reply": "a", "unread": "f5"}
    assert change_keys(path, "message.reply", "") == ""
    assert load(path).keys == {"unread": "f5"}
    assert read_toml('[keys]\nmessage.copy = "c"\n').keys == {"message.copy": "c"}
