"""``chat-tui send`` and ``chat-tui tail`` as programs: arguments, pipes and exit statuses."""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterable
from typing import Final

from tui.address import Address, AddressInvalid, read_address
from tui.arguments import PROGRAM, Refused, add_common, read_launch, refuse
from tui.config import Launch
from tui.identity import IdentityUnusable, find_password
from tui.scripting import (
    DONE,
    REFUSED,
    UNCONFIRMED,
    UNREACHABLE,
    USAGE,
    Failed,
    Script,
    json_line,
    shower,
    text_line,
)

LINES_DEFAULT: Final = 10
INTERRUPTED_STATUS: Final = 130

_STATUSES: Final = f"""exit status:
  {DONE}  done: the server has confirmed every message, and so has stored it
  {REFUSED}  refused: no such room, one may not speak there, the password is wrong
  {USAGE}  wrong usage
  {UNREACHABLE}  the server cannot be reached, or its certificate is not trusted
  {UNCONFIRMED}  no confirmation in time: what was sent may have been stored or not"""


def main(arguments: list[str]) -> int:
    """Run the form that the first argument names; returns the exit status."""
    options = _parser(arguments[0]).parse_args(arguments[1:])
    try:
        launch = read_launch(options, options.server or "", [])
        address = launch.address or read_address(launch.remembered.server, launch.plain)
    except (Refused, AddressInvalid) as error:
        return refuse(f"{str(error).rstrip('.')}.")
    try:
        asyncio.run(
            _send(launch, address, options)
            if arguments[0] == "send"
            else _tail(launch, address, options)
        )
    except Failed as failure:
        print(f"{PROGRAM}: {failure}", file=sys.stderr)
        return failure.status
    except IdentityUnusable as error:
        return refuse(str(error))
    except BrokenPipeError:  # whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED_STATUS
    return DONE


async def _send(launch: Launch, address: Address, options: argparse.Namespace) -> None:
    password = await find_password(str(address), launch.identity_of(address))
    async with Script(launch, address, password, options.room) as script:
        await script.say(_texts(options.text))


async def _tail(launch: Launch, address: Address, options: argparse.Namespace) -> None:
    password = await find_password(str(address), launch.identity_of(address))
    show = shower(sys.stdout, json_line if options.json else text_line)
    async with Script(launch, address, password, options.room) as script:
        await script.follow(options.lines, options.count, show)


def _texts(words: list[str]) -> Iterable[str]:
    """What to say: the arguments, or the lines of standard input."""
    if words:
        return [" ".join(words)]
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    return (line.rstrip("\r\n") for line in sys.stdin)


def _parser(form: str) -> argparse.ArgumentParser:
    about = {
        "send": "Say TEXT, or each line of standard input, in a room; ends when all is stored.",
        "tail": "Print what is said in a room: time, nick and text, with tabs between.",
    }
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} {form}",
        description=about[form],
        epilog=_STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("room", help="a room, or a person as @nick")
    if form == "send":
        parser.add_argument("text", nargs="*", help="what to say; else standard input is read")
    else:
        parser.add_argument(
            "--lines", type=_count, default=LINES_DEFAULT, help="messages from before (default 10)"
        )
        parser.add_argument(
            "--count", type=_count, help="end after so many new messages (default: never)"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object for each message")
    add_common(parser)
    return parser


def _count(word: str) -> int:
    if not (word.isascii() and word.isdigit()) or len(word) > 9:
        raise argparse.ArgumentTypeError("a number is wanted, 0 or more")
    return int(word)
