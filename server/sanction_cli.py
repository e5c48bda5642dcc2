"""`chat-server ban`, `mute`, `filter` and `lockdown`: what operators of the server decide, as UBAN,
UMUTE, FILTER and LOCKDOWN do, for whoever has the machine.

On a running server at once; else it is in force from the next start on.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from common.text import plain
from server.admin import AdminError
from server.ending import ended
from server.orders import CannotDoError, carry_out
from server.settings import Settings
from server.settings_file import data_path, read_settings
from server.settings_words import add_place
from server.storage.ports import StoreFailedError, StoreUnusableError

LOCKDOWN: Final = "lockdown"

COMMANDS: Final = {
    "ban": "keep someone out of the server, by account, address, network or mask",
    "mute": "let someone say nothing on the whole server",
    "filter": "refuse messages that hold a text; * and ? stand for any letters",
    LOCKDOWN: "in an emergency: only people with an account come in, speak and make rooms",
}

_GIVEN: Final = {"name": "mask", "for": "for", "reason": "reason"}
"""What an order holds, by where the arguments have it: `name` there is a setting."""

_WHOM: Final = "a nick, an address, a network, a:ACCOUNT or nick!user@host"


def main(words: Sequence[str]) -> int:
    """Run one of `COMMANDS` with the words behind it; returns the exit status."""
    arguments = _parser(words[0]).parse_args(words[1:])
    order = {"do": f"{words[0]} {arguments.action}"}
    order |= {key: getattr(arguments, dest, "") for key, dest in _GIVEN.items()}

    def work() -> int:
        settings = read_settings(arguments.config, arguments)
        if arguments.action == "list":
            _show(settings, data_path(settings), order)
        else:
            print(plain(carry_out(settings, data_path(settings), order)["text"]))
        return 0

    return ended(work, (CannotDoError, AdminError, StoreUnusableError, StoreFailedError))


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"chat-server {name}", description=COMMANDS[name], allow_abbrev=False
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    if name == LOCKDOWN:
        _add_reason(_action(actions, "on", "lock the server down"))
        _action(actions, "off", "open it again")
        return parser
    put = _action(actions, "add", COMMANDS[name])
    whom = "a text with 3 letters at least" if name == "filter" else _WHOM
    put.add_argument("mask", metavar="WHAT" if name == "filter" else "WHOM", help=whom)
    put.add_argument("--for", metavar="TIME", default="", help="30m, 2h, 7d; else without an end")
    _add_reason(put)
    drop = _action(actions, "del", f"end a {name}")
    drop.add_argument("mask", metavar="MASK", help=f"as {name} list shows it")
    _action(actions, "list", "show those in force")
    return parser


def _action(actions: Any, name: str, text: str) -> argparse.ArgumentParser:
    row: argparse.ArgumentParser = actions.add_parser(
        name, help=text, description=text, allow_abbrev=False
    )
    add_place(row)
    return row


def _add_reason(row: argparse.ArgumentParser) -> None:
    row.add_argument("--reason", metavar="TEXT", default="", help="shown to those it concerns")


def _show(settings: Settings, folder: Path, order: dict[str, Any]) -> None:
    answer: dict[str, Any] = {"more": True}
    while answer["more"]:
        answer = carry_out(settings, folder, order)
        for text in answer["entries"]:
            print(plain(text))
        order["after"] = answer["after"]
