"""`chat-server erase NAME`: take out everything of a person, and say what was removed.

Through the running server's socket when one runs on the data folder; else a core without links
does it, under the folder's lock.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from server.admin import AdminError, ask
from server.core.core import Core
from server.core.erasing import PAUSE_S
from server.data_folder import DataFolder
from server.ending import ended
from server.orders import CannotDoError
from server.settings import Settings
from server.settings_file import data_path, read_settings
from server.settings_words import add_place
from server.storage.ports import StoreFailedError, StoreUnusableError
from server.storage.sqlite.store import SqliteStore, open_store

LOOK_AGAIN_S: Final = 0.2
INDEX_SLICES_MAX: Final = 1_000
"""What is done of the search index's upkeep; the next start of a server does the rest."""


def main(words: Sequence[str]) -> int:
    """Run ``erase`` with the words behind it; returns the exit status."""
    arguments = _parser().parse_args(words)

    def work() -> int:
        settings = read_settings(arguments.config, arguments)
        if not arguments.yes:
            _confirm(arguments.name)
        key = "nick" if arguments.guest else "name"
        print(_erase(settings, data_path(settings), {"do": "erase", key: arguments.name}))
        return 0

    expected = (CannotDoError, AdminError, StoreUnusableError, StoreFailedError)
    return ended(work, expected)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="chat-server erase",
        description="Take out everything that a person wrote and did, with their account; places "
        "and numbers stay. Works while the server runs too.",
        allow_abbrev=False,
    )
    add_place(parser)
    parser.add_argument(
        "--guest", action="store_true", help="NAME is a nick that people without account had"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask first")
    parser.add_argument("name", metavar="NAME", help="name of the account")
    return parser


def _confirm(name: str) -> None:
    if not sys.stdin.isatty():
        raise CannotDoError(f"This cannot be undone: add --yes to erase {name}")
    print(f"Everything that {name} wrote and did is removed for good. Type the name to go on:")
    if input("> ").strip() != name:
        raise CannotDoError("Nothing was changed")


def _erase(settings: Settings, folder: Path, order: Mapping[str, Any]) -> str:
    """Erase someone; the report."""
    answer = ask(folder, order)
    if answer is None:
        with closing(DataFolder(folder)) as held, closing(open_store(held.database)) as store:
            return _erase_here(settings, store, order)
    who = _checked(answer)["who"]
    while True:
        answer = ask(folder, {"do": "erase report", "who": who})
        if answer is None:
            raise CannotDoError("The server has stopped; it goes on when it starts again")
        if report := str(_checked(answer)["text"]):
            return report
        time.sleep(LOOK_AGAIN_S)


def _checked(answer: dict[str, Any]) -> dict[str, Any]:
    if not answer["ok"]:
        raise CannotDoError(answer["text"])
    return answer


def _erase_here(settings: Settings, store: SqliteStore, order: Mapping[str, Any]) -> str:
    """No server runs: ticks of a core without links, with no pause between them."""
    core, now, wall_ms = _started(settings, store)
    who = _checked(core.administer(order))["who"]
    report = ""
    while not report:
        store.commit()
        now += PAUSE_S
        core.advance(now, wall_ms)
        for job in core.outbox.jobs[:]:
            core.outbox.jobs.remove(job)
            core.finished(job.id, job.work())
        core.fire_timers()
        report = str(core.administer({"do": "erase report", "who": who})["text"])
    store.commit()
    for _ in range(INDEX_SLICES_MAX):
        slice_of_upkeep = store.search.upkeep()
        if slice_of_upkeep is None:
            break
        store.search.upkept(slice_of_upkeep())
        store.commit()
    return report


def _started(settings: Settings, store: SqliteStore) -> tuple[Core, float, int]:
    now, wall_ms = time.monotonic(), time.time_ns() // 1_000_000
    core = Core(settings, store, "erase", secrets.randbelow)
    core.start(now, wall_ms)
    return core, now, wall_ms
