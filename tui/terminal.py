"""What leaves the screen for the terminal: its title and desktop notifications.

Every text goes through `sanitized`, so that nobody's words can steer the terminal, end a sequence
early or begin one of their own.
Specifications: xterm "OSC 0"; iTerm2 OSC 9; urxvt OSC 777; kitty OSC 99; tmux passthrough.
"""

from collections.abc import Mapping
from typing import Final

from common.text import plain_lines

ESCAPE: Final = "\x1b"
END: Final = f"{ESCAPE}\\"

KEEP_TITLE: Final = f"{ESCAPE}[22;0t"
RESTORE_TITLE: Final = f"{ESCAPE}[23;0t"
"""The terminal's own title, put away and taken out again."""

TITLE_CHARACTERS_MAX: Final = 80
BODY_CHARACTERS_MAX: Final = 200

_PROTOCOLS: Final = {
    "iterm.app": "osc9",
    "iterm2": "osc9",
    "wezterm": "osc9",
    "ghostty": "osc777",
    "foot": "osc777",
    "foot-extra": "osc777",
    "rxvt-unicode": "osc777",
    "rxvt-unicode-256color": "osc777",
    "contour": "osc777",
    "xterm-kitty": "osc99",
    "xterm-ghostty": "osc777",
}
"""What a terminal understands, by the name it gives itself."""


def sanitized(text: str, characters_max: int) -> str:
    """`text` as one line that is safe inside of a control sequence, cut to a length."""
    line = " ".join(plain_lines(text).split())
    shown = "".join(character for character in line if character.isprintable())
    return shown if len(shown) <= characters_max else f"{shown[: characters_max - 1]}…"


def protocol_of(environment: Mapping[str, str]) -> str:
    """How this terminal is asked for a desktop notification; "" where it is not known to."""
    if environment.get("KITTY_WINDOW_ID"):
        return "osc99"
    if environment.get("WT_SESSION"):  # there OSC 9 is the progress of a program
        return ""
    for name in ("LC_TERMINAL", "TERM_PROGRAM", "TERM"):
        protocol = _PROTOCOLS.get(environment.get(name, "").lower())
        if protocol:
            return protocol
    return ""


def title_sequence(text: str) -> str:
    """Sets the title of the window."""
    return f"{ESCAPE}]0;{sanitized(text, TITLE_CHARACTERS_MAX)}{END}"


def notification_sequence(protocol: str, title: str, body: str) -> str:
    """Asks for a desktop notification; "" for a protocol that there is not."""
    title = sanitized(title, TITLE_CHARACTERS_MAX).replace(";", ",")
    body = sanitized(body, BODY_CHARACTERS_MAX)
    match protocol:
        case "osc9":  # a text that begins with a number would be a progress bar
            return f"{ESCAPE}]9;{title}: {body}{END}"
        case "osc777":
            return f"{ESCAPE}]777;notify;{title};{body}{END}"
        case "osc99":
            named = f"{ESCAPE}]99;i=chat-tui:d=0:p=title;{title}{END}"
            return f"{named}{ESCAPE}]99;i=chat-tui:d=1:p=body;{body}{END}"
        case _:
            return ""


def through(environment: Mapping[str, str], sequence: str) -> str:
    """`sequence` so that tmux hands it on to the terminal outside."""
    if not sequence or not environment.get("TMUX"):
        return sequence
    doubled = sequence.replace(ESCAPE, ESCAPE * 2)
    return f"{ESCAPE}Ptmux;{doubled}{END}"
