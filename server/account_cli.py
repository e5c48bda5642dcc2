"""`chat-server account …`: accounts from the command line.

Passwords come on standard input, and are hashed here.
"""

import argparse
import getpass
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from common.sasl import SaslError, prepare
from server.admin import AdminError
from server.core.administration import secrets_to_order
from server.core.passwords import PASSWORD_BYTES_MAX, SALT_BYTES, Cost, keep
from server.core.world import JobFailedError
from server.ending import ended
from server.orders import CannotDoError, carry_out
from server.settings import Settings
from server.settings_file import data_path, read_settings
from server.settings_words import add_place
from server.storage.ports import StoreFailedError, StoreUnusableError

ACTIONS: Final = {
    "add": "make an account; the password is read from standard input",
    "list": "show the accounts",
    "passwd": "set another password, read from standard input, and log every device out",
    "suspend": "log an account out and let it in no more",
    "resume": "let a suspended account in again",
    "delete": "delete an account; what it wrote stays",
}
NEED_PASSWORD: Final = ("add", "passwd")


def main(words: Sequence[str]) -> int:
    """Run ``account`` with the words behind it; returns the exit status."""
    arguments = _parser().parse_args(words)

    def work() -> int:
        settings = read_settings(arguments.config, arguments)
        _run(settings, arguments.action, arguments.account)
        return 0

    return ended(work, (CannotDoError, AdminError, StoreUnusableError, StoreFailedError))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chat-server account", description="Accounts of a chat-server.", allow_abbrev=False
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, text in ACTIONS.items():
        row = actions.add_parser(action, help=text, description=text, allow_abbrev=False)
        add_place(row)
        if action == "list":
            row.set_defaults(account="")
        else:
            row.add_argument("account", metavar="NAME")
    return parser


def _run(settings: Settings, action: str, name: str) -> None:
    folder = data_path(settings)
    order: dict[str, Any] = {"do": f"account {action}", "name": name}
    if action in NEED_PASSWORD:
        order |= _hashed(_read_password(), settings)
    if action == "list":
        _show_all(settings, folder, order)
    else:
        print(carry_out(settings, folder, order)["text"])


def _read_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    data = sys.stdin.buffer.read(PASSWORD_BYTES_MAX + 2)
    try:
        return data.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise CannotDoError("The password is not UTF-8 text") from None


def _hashed(password: str, settings: Settings) -> dict[str, Any]:
    at_least = settings.accounts__password_min
    if len(password) < at_least:
        raise CannotDoError(f"The password is too short: {at_least} characters at least")
    if len(password.encode()) > PASSWORD_BYTES_MAX:
        raise CannotDoError(f"The password is too long: {PASSWORD_BYTES_MAX} bytes at most")
    cost = Cost(
        settings.accounts__hash_kib,
        settings.accounts__hash_rounds,
        settings.accounts__scram_iterations,
    )
    try:
        return secrets_to_order(keep(prepare(password), secrets.token_bytes(SALT_BYTES), cost))
    except SaslError as error:
        raise CannotDoError(f"The password holds {error}; choose another") from None
    except JobFailedError as error:
        raise CannotDoError(f"The password cannot be hashed: {error}") from None


def _show_all(settings: Settings, folder: Path, order: dict[str, Any]) -> None:
    answer: dict[str, Any] = {"more": True}
    while answer["more"]:
        answer = carry_out(settings, folder, order)
        for row in answer["accounts"]:
            marks = [name for name in ("suspended", "always_on") if row[name]]
            words = [row["name"], row["created"], f"devices: {row['devices']}", row["email"]]
            print("  ".join(filter(None, [*words, *marks])))
            order["after"] = row["name"]
