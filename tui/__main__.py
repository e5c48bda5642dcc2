"""``chat-tui``: arguments, what is remembered, then the app. Heavy imports come last."""

import argparse
import gc
import getpass
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.config import Launch

PROGRAM: Final = "chat-tui"
USAGE_STATUS: Final = 2

FRAMES_PER_S: Final = 120
"""Textual's upper bound: keys show up sooner; the timeline gathers its own updates."""

GC_THRESHOLDS: Final = (2_000, 20, 1_000_000)
"""Full collections take 70 ms and more: they are left to the app's idle moments."""


def main(arguments: list[str] | None = None) -> int:
    """Run the client; returns the exit status."""
    options = _parser().parse_args(arguments)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _refuse("a terminal is needed: standard input and output must both be one.")
    from tui import config
    from tui.address import AddressInvalid, read_address

    if options.address and options.server:
        return _refuse("the server is given twice: leave out --server or the address.")
    where = options.address or options.server
    try:
        address = read_address(where, options.plain) if where else None
    except AddressInvalid as error:
        return _refuse(f"{error}.")
    path = config.config_file()
    remembered, complaint = config.load(path)
    remembered.nick = options.nick or remembered.nick or _login_name()
    rooms = (*options.join, *(address.rooms if address else ()))
    return _run(config.Launch(path, remembered, complaint, address, rooms, options.plain))


def _run(launch: "Launch") -> int:
    os.environ.setdefault("TEXTUAL_FPS", str(FRAMES_PER_S))  # read when Textual is imported
    from tui.app import ChatApp
    from tui.widgets.terminal_keys import repair

    repair()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    app = ChatApp(launch)
    app.run()
    return app.return_code or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="Chat in rooms, from a terminal. Without arguments it asks."
    )
    parser.add_argument(
        "address", nargs="?", default="", help="HOST[:PORT] or ircs://HOST[:PORT]/ROOM: go there"
    )
    parser.add_argument("--server", metavar="HOST[:PORT]", help="connect at once, without the form")
    parser.add_argument("--nick", default="", help="what others call you")
    parser.add_argument(
        "--join", metavar="ROOM", action="append", default=[], help="a room to enter; repeatable"
    )
    parser.add_argument(
        "--plain",
        action="store_true",
        help="accept links without encryption: everyone on the way can read what is said",
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {_version()}")
    return parser


def _refuse(sentence: str) -> int:
    print(f"{PROGRAM}: {sentence}", file=sys.stderr)
    return USAGE_STATUS


def _version() -> str:
    try:
        return version(PROGRAM)
    except PackageNotFoundError:
        return "(not installed)"


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in this system's list
        return ""


if __name__ == "__main__":
    sys.exit(main())
