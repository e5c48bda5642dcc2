"""TABLE of reducers: what a line does to the state, by its command or numeric.

The area modules fill it at import; `tui.client.dispatch` looks lines up in it.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from tui.client.core import Core
from tui.client.items import Arrival

Reducer = Callable[[Core, Arrival], None]


class Row(NamedTuple):
    """One row. A line with fewer than `params_min` parameters is treated as unknown."""

    reducer: Reducer
    params_min: int


REDUCERS: Final[dict[str, Row]] = {}


def on(*commands: str, params_min: int = 0) -> Callable[[Reducer], Reducer]:
    """Put the decorated reducer into the table under `commands`; it is returned unchanged."""

    def add(reducer: Reducer) -> Reducer:
        for command in commands:
            assert command not in REDUCERS, f"reducer for {command} twice"
            REDUCERS[command] = Row(reducer, params_min)
        return reducer

    return add
