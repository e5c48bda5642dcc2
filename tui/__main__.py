"""``chat-tui``: arguments, a first frame, what is remembered, then the app.

Heavy imports come last.
"""

import argparse
import gc
import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from tui import first_frame
from tui.arguments import PROGRAM, Refused, add_common, read_launch, refuse

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from tui.config import Launch

    Program: TypeAlias = Callable[[], int]  # ends with an exit status

SCRIPTS: Final = ("send", "tail")

FRAMES_PER_S: Final = 120
"""Textual's upper bound: keys show up sooner; the timeline gathers its own updates."""

GC_THRESHOLDS: Final = (2_000, 20, 1_000_000)
"""Full collections take 70 ms and more: they are left to the app's idle moments."""


def main(arguments: list[str] | None = None) -> int:
    """Run the client in one of its forms; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] and words[0] in SCRIPTS:
        from tui import script_program

        return script_program.main(words)
    options = _parser().parse_args(words)
    if not options.plain and not (sys.stdin.isatty() and sys.stdout.isatty()):
        return refuse(
            "a terminal is needed: standard input and output must both be one. "
            "--plain, send and tail work without."
        )
    if options.address and options.server:
        return refuse("the server is given twice: leave out --server or the address.")
    try:
        with nullcontext() if options.plain else first_frame.shown():
            launch = read_launch(options, options.address or options.server or "", options.join)
            program = _plain(launch) if options.plain else _full_screen(launch)
    except Refused as refusal:
        return refuse(str(refusal))
    return program()


def _plain(launch: "Launch") -> "Program":
    from tui import plain_program

    return lambda: plain_program.main(launch)


def _full_screen(launch: "Launch") -> "Program":
    os.environ.setdefault("TEXTUAL_FPS", str(FRAMES_PER_S))  # read when Textual is imported
    for name in ("COLUMNS", "LINES"):  # Textual would believe them, not the terminal's own size
        os.environ.pop(name, None)
    from tui.app import ChatApp
    from tui.widgets.terminal_keys import repair

    repair()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    app = ChatApp(launch)

    def program() -> int:
        app.run()
        return app.return_code or 0

    return program


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Chat in rooms, from a terminal. Without arguments it asks.",
        epilog="For scripts: send ROOM [TEXT] and tail ROOM; each explains itself with --help.",
    )
    parser.add_argument(
        "address", nargs="?", default="", help="HOST[:PORT] or ircs://HOST[:PORT]/ROOM: go there"
    )
    parser.add_argument(
        "--join", metavar="ROOM", action="append", default=[], help="a room to enter; repeatable"
    )
    parser.add_argument(
        "--plain",
        action="store_true",
        help="line by line, without a screen: for screen readers and simple terminals",
    )
    add_common(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
