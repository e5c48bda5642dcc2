"""What is behind the terminal: clipboards and browsers, here or on another machine."""

from base64 import b64decode
from pathlib import Path

import pytest

from tui.widgets.desktop import (
    OSC_52_BYTES_MAX,
    copy_command,
    copy_locally,
    has_browser,
    through_tmux,
)


def program(folder: Path, name: str, script: str = "") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(folder)


def test_the_desktop_that_is_there_is_asked(tmp_path: Path) -> None:
    path = program(tmp_path, "wl-copy")
    program(tmp_path, "xclip")
    program(tmp_path, "pbcopy")
    wayland = {"PATH": path, "WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}
    assert copy_command(wayland, "linux") == ("wl-copy",)
    assert copy_command({"PATH": path, "DISPLAY": ":0"}, "linux")[0] == "xclip"
    assert copy_command({"PATH": path}, "darwin") == ("pbcopy",)
    assert copy_command({"PATH": path}, "linux") == ()
    assert copy_command({"PATH": "", "DISPLAY": ":0"}, "linux") == ()


def test_over_ssh_there_is_no_desktop(tmp_path: Path) -> None:
    there = {"PATH": program(tmp_path, "xclip"), "DISPLAY": ":10", "SSH_CONNECTION": "1 2 3 4"}
    assert copy_command(there, "linux") == ()
    assert not has_browser(there, "linux")
    assert has_browser({"DISPLAY": ":0"}, "linux")
    assert not has_browser({}, "linux")


async def test_the_text_reaches_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = tmp_path / "copied"
    for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    path = program(tmp_path, "xclip", f"/bin/cat > {copied}")
    monkeypatch.setenv("PATH", path)
    await copy_locally("schön")
    assert copied.read_text() == "schön"


def test_tmux_is_asked_to_hand_it_on() -> None:
    sequence = through_tmux("schön", {"TMUX": "/tmp/tmux-0/default,1,0"})
    start, end = "\x1bPtmux;\x1b\x1b]52;c;", "\a\x1b\\"
    assert sequence.startswith(start)
    assert sequence.endswith(end)
    assert b64decode(sequence[len(start) : -len(end)]).decode() == "schön"
    assert through_tmux("schön", {}) == ""
    assert through_tmux("x" * (OSC_52_BYTES_MAX + 1), {"TMUX": "x"}) == ""
