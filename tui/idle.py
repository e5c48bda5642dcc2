"""Full garbage collections at moments when nobody waits for a key.

They take 70 ms and more, so the thresholds set at the start never bring one about.
"""

import gc
from typing import Final

QUIET_S: Final = 10.0
CHECK_S: Final = 20.0


class IdleCollector:
    """Collects once after every busy time. Times are seconds on any one clock."""

    def __init__(self) -> None:
        self._busy_at = 0.0
        self._collected_at = 0.0

    def busy(self, now: float) -> None:
        """Something is going on."""
        self._busy_at = now

    def check(self, now: float) -> bool:
        """Collect if it has been quiet for a while; whether it did."""
        due = now - self._busy_at >= QUIET_S and self._busy_at > self._collected_at
        if due:
            self._collected_at = now
            gc.collect()
        return due
