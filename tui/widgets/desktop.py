"""The desktop behind the terminal, where there is one: its clipboard and its browser.

Over ssh there is none: a browser would open on another machine, so the address is copied, and
the clipboard is the terminal's own (OSC 52), which tmux hands on when it is asked to.
"""

import asyncio
import os
import shutil
import sys
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final

from textual.app import App

COPY_TIMEOUT_S: Final = 5.0

OSC_52_BYTES_MAX: Final = 74_994
"""What xterm takes in one sequence, before base64; longer ones are dropped without a word."""


def is_remote(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is on another machine."""
    return any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def has_browser(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a browser could open beside the terminal, instead of in it."""
    if is_remote(environment):
        return False
    shown = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    return bool(shown) or platform in ("darwin", "win32")


def copy_command(
    environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> tuple[str, ...]:
    """The program that fills the clipboard from its standard input; () where there is none."""
    if is_remote(environment):
        return ()
    candidates = (
        (environment.get("WAYLAND_DISPLAY"), ("wl-copy",)),
        (environment.get("DISPLAY"), ("xclip", "-selection", "clipboard")),
        (environment.get("DISPLAY"), ("xsel", "--clipboard", "--input")),
        (platform == "darwin", ("pbcopy",)),
    )
    path = environment.get("PATH", "")
    found = (command for usable, command in candidates if usable)
    return next((command for command in found if shutil.which(command[0], path=path)), ())


def copy(app: App[Any], text: str) -> None:
    """Do what Textual's plain sequence does not: pass tmux, and fill the desktop's clipboard."""
    sequence = through_tmux(text)
    if sequence and app._driver is not None:  # the only way to the terminal
        app._driver.write(sequence)
    app.run_worker(copy_locally(text), group="copy", exclusive=True)


async def copy_locally(text: str) -> None:
    """Fill the clipboard of this machine's desktop, if it has one; a failure is no news."""
    command = copy_command()
    if not command:
        return
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await asyncio.wait_for(process.communicate(text.encode()), COPY_TIMEOUT_S)
    except (OSError, TimeoutError):
        return  # the terminal was asked too


def through_tmux(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """The sequence that fills the outer terminal's clipboard from within tmux; "" elsewhere.

    tmux hands it on where `allow-passthrough` is on; where `set-clipboard` is, the plain
    sequence does.
    """
    data = text.encode()
    if not environment.get("TMUX") or len(data) > OSC_52_BYTES_MAX:
        return ""
    return f"\x1bPtmux;\x1b\x1b]52;c;{b64encode(data).decode()}\a\x1b\\"
