"""Data folders for the tests of the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loop.data_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "data")
    yield made
    made.end()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "elsewhere")
    yield made
    made.end()
