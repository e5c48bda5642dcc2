"""What all forms of the program are told on the command line: server, nick, plain text.

Heavy imports come after the arguments are read.
"""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.config import Launch
    from tui.identity import Identity

PROGRAM: Final = "chat-tui"
USAGE_STATUS: Final = 2


class Refused(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The arguments make no sense together; the text says why."""


def add_common(parser: argparse.ArgumentParser) -> None:
    """The options that every form has."""
    parser.add_argument("--server", metavar="HOST[:PORT]", help="where to connect to")
    parser.add_argument("--nick", default="", help="what others call you")
    login = parser.add_argument_group("logging in, remembered for the server")
    login.add_argument("--account", default="", help="whom to log in as")
    login.add_argument(
        "--password-command",
        metavar="COMMAND",
        default="",
        help="what prints the password; else the system's keyring is asked",
    )
    login.add_argument(
        "--sasl", metavar="MECHANISM", default="", help="how to log in (default: the strongest way)"
    )
    login.add_argument(
        "--certificate", metavar="FILE", default="", help="one's own certificate and key, in PEM"
    )
    login.add_argument(
        "--key", metavar="FILE", default="", help="one's own key for ECDSA-NIST256P-CHALLENGE"
    )
    login.add_argument(
        "--fingerprint",
        metavar="SHA256",
        action="append",
        default=[],
        help="trust the server by this certificate alone; repeatable",
    )
    parser.add_argument(
        "--plain-text",
        action="store_true",
        help="accept links without encryption: everyone on the way can read what is said",
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="show program's version number and exit"
    )


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
    return config.Launch(
        path,
        remembered,
        complaint,
        address,
        everything,
        options.plain_text,
        _identity(options),
        config.data_folder(),
    )


def _identity(options: argparse.Namespace) -> "Identity":
    from tui.identity import Identity, read_fingerprint

    try:
        fingerprints = tuple(map(read_fingerprint, options.fingerprint))
    except ValueError as error:
        raise Refused(f"{error}.") from None
    return Identity(
        options.account,
        options.password_command,
        options.sasl.upper(),
        options.certificate,
        options.key,
        fingerprints,
    )


def refuse(sentence: str) -> int:
    """Say what is wrong with the arguments; the exit status."""
    print(f"{PROGRAM}: {sentence}", file=sys.stderr)
    return USAGE_STATUS


class _Version(argparse.Action):
    """What is asked rarely is looked up, and imported, only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it and end."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version(PROGRAM)
        except PackageNotFoundError:
            found = "(not installed)"
        print(PROGRAM, found)
        parser.exit()


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in this system's list
        return ""
