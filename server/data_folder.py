"""The folder a server keeps its data in: made, checked, and locked against a second server."""

import os
import sqlite3
from pathlib import Path
from typing import Final

from server.storage.ports import StoreUnusableError

DATABASE: Final = "chat.db"
LOCK: Final = "lock.db"


class DataFolder:
    """An open data folder; nobody else can open it until `close`, or the end of the process.

    The lock is SQLite's own on an empty database: it works on every system and goes away
    with the process, however that ends. Raises `StoreUnusableError`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnusableError(
                f"The data folder {path} cannot be made ({error.strerror}): "
                "choose another with --data"
            ) from None
        if not os.access(path, os.W_OK):  # a disk that is read-only, whoever asks
            raise StoreUnusableError(_not_writable(path, "read-only"))
        try:
            self._lock = sqlite3.connect(path / LOCK, isolation_level=None, timeout=0)
            self._lock.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise StoreUnusableError(
                    f"Another chat-server is running on the data in {path}: stop it, "
                    "or choose another folder with --data"
                ) from None
            raise StoreUnusableError(_not_writable(path, str(error))) from None

    @property
    def database(self) -> Path:
        """The database file."""
        return self.path / DATABASE

    def close(self) -> None:
        """Let others have the folder."""
        self._lock.close()


def _not_writable(path: Path, reason: str) -> str:
    return (
        f"The data folder {path} cannot be written ({reason}): "
        "mend its permissions, or choose another with --data"
    )
