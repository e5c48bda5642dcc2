"""The stores under test: everything in `test_contract` runs against each of them."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.storage.memory import MemoryStore
from server.storage.ports import Store
from server.storage.sqlite.store import SqliteStore, open_store


class MemoryBackend:
    """A store in memory, which can fail and crash on demand."""

    def __init__(self) -> None:
        self.current = MemoryStore()

    def store(self) -> Store:
        """The store that is open."""
        return self.current

    def crash(self) -> Store:
        """kill -9, and the store that the next start opens."""
        self.current = self.current.crash()
        return self.current

    def failing_commit(self, commit: Callable[[], None]) -> None:
        """Run `commit` while the backend cannot commit."""
        self.current.commits_to_fail = 1
        commit()

    def close(self) -> None:
        """Let go of everything."""
        self.current.close()


class SqliteBackend:
    """A SQLite file. A crash drops the connection without a commit, as the kernel would."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.current: SqliteStore = open_store(path, durable=False)

    def store(self) -> Store:
        """The store that is open."""
        return self.current

    def crash(self) -> Store:
        """kill -9, and the store that the next start opens."""
        self.current.close()
        self.current = open_store(self.path, durable=False)
        return self.current

    def failing_commit(self, commit: Callable[[], None]) -> None:
        """Run `commit` while another process holds the database."""
        with held(self.path):
            commit()

    def close(self) -> None:
        """Let go of everything."""
        self.current.close()


Backend = MemoryBackend | SqliteBackend


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the database at `path` as another writer would."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture(params=["memory", "sqlite"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    """Every backend in turn."""
    made: Backend = (
        MemoryBackend() if request.param == "memory" else SqliteBackend(tmp_path / "chat.db")
    )
    yield made
    made.close()


@pytest.fixture
def store(backend: Backend) -> Store:
    """The store of every backend in turn."""
    return backend.store()
