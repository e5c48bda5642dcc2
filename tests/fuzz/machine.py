"""The state machine of `tests.simulation`, driven by bytes: every input is a run of it.

What one means is decided by hypothesis, so an input that broke something is only good for the
version of hypothesis that it was found with. The run is printed step by step where it breaks.
"""

import random
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis.stateful import get_state_machine_test

from tests.simulation.machine import Machine

STEPS_MAX: Final = 60
SEEDS: Final = tuple(random.Random(number).randbytes(4 << 10) for number in range(64))

_run = get_state_machine_test(
    Machine,
    settings=settings(
        database=None, stateful_step_count=STEPS_MAX, suppress_health_check=list(HealthCheck)
    ),
).hypothesis.fuzz_one_input  # type: ignore[attr-defined]


def machine(data: bytes) -> None:
    """Commands, faults and pauses in the order that the bytes say."""
    _run(data)
