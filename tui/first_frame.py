"""The first frame, drawn before the heavy imports: who starts a chat can begin to type at once.

It says only what is true by then. The terminal itself shows what is typed, in the line where the
composer will stand, and hands it on once the app reads. Nothing but a little of the standard
library is imported here, which is the point.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SIDEBAR_FROM_COLUMNS: Final = 80
SIDEBAR_COLUMNS: Final = 20
"""Where the frame has a list of rooms, and how wide that is unless one prefers otherwise."""

ENTER: Final = "\x1b[?1049h\x1b[H\x1b[2J"
LEAVE: Final = "\x1b[?1049l"
TITLE: Final = "\x1b[1mchat\x1b[m"
STARTING: Final = "\x1b[2mStarting… What you type is kept.\x1b[m"
PROMPT: Final = "› "


@contextmanager
def shown() -> Iterator[None]:
    """Show it for as long as the app is not there; where none comes, the terminal is given back."""
    try:
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        columns, rows = 80, 24
    left = SIDEBAR_COLUMNS + 2 if columns >= SIDEBAR_FROM_COLUMNS else 2
    lines = ((1, 2, TITLE), (rows - 2, left, STARTING), (rows - 1, left, PROMPT))
    _write(ENTER + "".join(f"\x1b[{row};{column}H{text}" for row, column, text in lines))
    try:
        yield
    except BaseException:
        _write(LEAVE)
        raise


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
