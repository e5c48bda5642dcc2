"""What all forms of the program are told on the command line: server, nick, plain text.

Heavy imports come after the arguments are read.
"""

import argparse
import getpass
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.config import Launch

PROGRAM: Final = "chat-tui"
USAGE_STATUS: Final = 2


class Refused(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The arguments make no sense together; the text says why."""


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options that every form has."""
    parser.add_argument("--server", metavar="HOST[:PORT]", help="where to connect to")
    parser.add_argument("--nick", default="", help="what others call you")
    parser.add_argument(
        "--plain-text",
        action="store_true",
        help="accept links without encryption: everyone on the way can read what is said",
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {_version()}")


def read_launch(options: argparse.Namespace, where: str, rooms: list[str]) -> "Launch":
    """How the program was started: what is remembered, and what was said on the command line.

    `where` is the address that was given, "" for none. Raises `Refused`.
    """
    from tui import config
    from tui.address import AddressInvalid, read_address

    try:
        address = read_address(where, options.plain_text) if where else None
    except AddressInvalid as error:
        raise Refused(f"{error}.") from None
    path = config.config_file()
    remembered, complaint = config.load(path)
    remembered.nick = options.nick or remembered.nick or _login_name()
    everything = (*rooms, *(address.rooms if address else ()))
    return config.Launch(path, remembered, complaint, address, everything, options.plain_text)


def refuse(sentence: str) -> int:
    """Say what is wrong with the arguments; the exit status."""
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
