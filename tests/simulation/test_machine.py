"""The state machine in its short form; `python -m tests.fuzz machine` goes on for as long as one
likes.
"""

from collections import Counter
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.machine import Machine

SHORT: Final = settings(
    max_examples=150,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

TO_REACH: Final = (
    *("JOIN", "PRIVMSG", "TOPIC", "MODE", "direct message"),
    *("slow work done", "commit failed", "peer finished in order", "nick collision"),
)
"""Kinds of events and marks without which a run would prove little."""

reached: Counter[str] = Counter()


class Counted(Machine):
    """The same, and what it reached is counted."""

    def teardown(self) -> None:
        """Count when all went well."""
        super().teardown()
        reached.update(self.trace.marks)
        for room in self.checkers.ledger.rooms.values():
            reached.update(event.kind.name for event in room.events.values())


def test_any_commands_in_any_order() -> None:
    run_state_machine_as_test(Counted, settings=SHORT)
    assert not [name for name in TO_REACH if not reached[name]]
