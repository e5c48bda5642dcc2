"""`chat-server status` and `audit`: how a server does, and what was done to it."""

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from common.text import plain
from server.admin import AdminError, ask
from server.ending import ended
from server.metrics import as_prometheus, as_text
from server.orders import CannotDoError, carry_out
from server.settings import Settings
from server.settings_file import data_path, read_settings
from server.settings_words import add_place
from server.storage.ports import StoreFailedError, StoreUnusableError

COMMANDS: Final = {
    "status": "show how the running server does",
    "audit": "show what moderators and operators did, the newest last",
}
ENTRIES_SHOWN: Final = 50


def main(words: Sequence[str]) -> int:
    """Run one of `COMMANDS` with the words behind it; returns the exit status."""
    arguments = _parser(words[0]).parse_args(words[1:])

    def work() -> int:
        settings = read_settings(arguments.config, arguments)
        folder = data_path(settings)
        if words[0] == "status":
            _show_status(folder, for_prometheus=arguments.prometheus)
        else:
            _show_audit(settings, folder, arguments.room, arguments.lines)
        return 0

    return ended(work, (CannotDoError, AdminError, StoreUnusableError, StoreFailedError))


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"chat-server {name}", description=COMMANDS[name], allow_abbrev=False
    )
    add_place(parser)
    if name == "status":
        text = "in the text format of Prometheus"
        parser.add_argument("--prometheus", action="store_true", help=text)
    else:
        parser.add_argument("--room", metavar="ROOM", default="", help="only what concerns it")
        parser.add_argument(
            "--lines", metavar="N", type=int, default=ENTRIES_SHOWN, help="how many entries"
        )
    return parser


def _show_status(folder: Path, *, for_prometheus: bool) -> None:
    answer = ask(folder, {"do": "status"})
    if answer is None:
        raise CannotDoError(f"No server runs on {folder}; --data names the folder of another")
    print((as_prometheus if for_prometheus else as_text)(answer["values"]))


def _show_audit(settings: Settings, folder: Path, room: str, lines: int) -> None:
    rows: list[list[str]] = []
    order: dict[str, Any] = {"do": "audit", "room": room, "before": 0}
    more = True
    while more and len(rows) < lines:
        answer = carry_out(settings, folder, order)
        rows += answer["deeds"]
        order["before"], more = answer["before"], answer["more"]
    for row in reversed(list(islice(rows, lines))):
        print(plain("  ".join(filter(None, row))))
