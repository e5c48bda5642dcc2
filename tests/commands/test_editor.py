"""Which editor is the person's."""

import pytest

from tui.editor import EditorFailed, command


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "nano"}, ["code", "--wait"]),
        ({"EDITOR": "nano"}, ["nano"]),
        ({"VISUAL": "", "EDITOR": "'my editor' -x"}, ["my editor", "-x"]),
        ({}, ["vi"]),
    ],
)
def test_visual_comes_before_editor(environment: dict[str, str], words: list[str]) -> None:
    assert command(environment) == words


@pytest.mark.parametrize("wanted", ["'open", " "])
def test_what_is_no_command_is_said(wanted: str) -> None:
    with pytest.raises(EditorFailed):
        command({"EDITOR": wanted})
