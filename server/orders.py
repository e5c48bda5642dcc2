"""Orders of the command line: to the running server, or to the data folder where none runs.

Through the running server's socket, so that nothing goes stale; else directly on the store, under
the folder's lock.
"""

import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from server.admin import ask
from server.core.core import Core
from server.data_folder import DataFolder
from server.settings import Settings
from server.storage.sqlite.store import open_store


class CannotDoError(Exception):
    """The command cannot be carried out; the text says why and what to do."""


def carry_out(settings: Settings, folder: Path, order: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to an order. Raises `CannotDoError`, and what `ask` and opening a store raise."""
    answer = ask(folder, order)
    if answer is None:
        answer = _carry_out_here(settings, folder, order)
    if not answer["ok"]:
        raise CannotDoError(answer["text"])
    return answer


def _carry_out_here(settings: Settings, path: Path, order: Mapping[str, Any]) -> dict[str, Any]:
    """No server runs: a core without links carries out the order."""
    folder = DataFolder(path)
    try:
        store = open_store(folder.database, durable=True)
        try:
            core = Core(settings, store, "orders", secrets.randbelow)
            core.start(time.monotonic(), time.time_ns() // 1_000_000)
            answer = core.administer(order)
            store.commit()
        finally:
            store.close()
    finally:
        folder.close()
    return answer
