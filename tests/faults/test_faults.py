"""The short form of every fault; `python -m tests.faults` has the long one, with figures."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import pytest

from tests.faults.machine import NotHereError
from tests.faults.report import Report
from tests.faults.table import FAULTS

AT_ONCE: Final = 6
"""Most of the time they wait for deadlines of their servers: they are played side by side."""


@pytest.fixture(scope="module")
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Report]]]:
    """The faults that this run asks for, by name."""
    names = [
        str(item.callspec.params["name"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.path == request.path
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(FAULTS[name], tmp_path_factory.mktemp(name), 1) for name in names}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_breaks_no_promise(name: str, played: dict[str, Future[Report]]) -> None:
    try:
        report = played[name].result()
    except NotHereError as missing:
        pytest.skip(str(missing))
    assert report.rows["lost"] == "0 of what was shown"
