"""What may not be done at will, and how long the next time has to wait: failed logins above all.

Those are counted by account and by address, so that neither one name nor many can be tried. The
wait is bounded: nobody can keep the owner of an account out for long. Never reads a clock.
"""

from dataclasses import dataclass, field
from typing import Final

FORGET_S: Final = 3_600.0
NAMES_MAX: Final = 10_000
"""Names and addresses remembered; the one that failed longest ago gives way."""


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last: float = 0.0


@dataclass(slots=True)
class Throttle:
    """`failures` by name, the latest last.

    The first `free` are without a wait: people mistype, and programs try an old password first.
    """

    free: int
    wait_s_max: float

    failures: dict[str, _Failures] = field(default_factory=dict)

    def wait_s(self, now: float, *names: str) -> float:
        """How long these have to wait before they may try again; 0 for not at all."""
        return max(self._wait_s(now, name) for name in names)

    def failed(self, now: float, name: str) -> list[str]:
        """Another failure; the names that give way to it."""
        entry = self.failures.get(name)
        count = 0 if entry is None or now - entry.last > FORGET_S else entry.count
        return self.recall(name, count + 1, now)

    def recall(self, name: str, count: int, last: float) -> list[str]:
        """So many failures there were, the last one then; the names that give way."""
        self.failures.pop(name, None)
        self.failures[name] = _Failures(count, last)
        forgotten = list(self.failures)[: max(0, len(self.failures) - NAMES_MAX)]
        for each in forgotten:
            del self.failures[each]
        return forgotten

    def succeeded(self, name: str) -> bool:
        """They got in: nothing is held against them any more; whether something was."""
        return self.failures.pop(name, None) is not None

    def drop_before(self, then: float) -> list[str]:
        """Forget those who failed last before `then`, and name them."""
        old = [name for name, entry in self.failures.items() if entry.last < then]
        for name in old:
            del self.failures[name]
        return old

    def _wait_s(self, now: float, name: str) -> float:
        entry = self.failures.get(name)
        if entry is None or entry.count < self.free:
            return 0.0
        pause_s = min(self.wait_s_max, float(2 ** min(entry.count - self.free, 20)))
        return max(0.0, entry.last + pause_s - now)
