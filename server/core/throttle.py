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

    def failed(self, now: float, *names: str) -> None:
        """Another failure of each."""
        for name in names:
            entry = self.failures.pop(name, None)
            if entry is None or now - entry.last > FORGET_S:
                entry = _Failures()
            entry.count += 1
            entry.last = now
            self.failures[name] = entry
        while len(self.failures) > NAMES_MAX:
            del self.failures[next(iter(self.failures))]

    def succeeded(self, *names: str) -> None:
        """They got in: nothing is held against them any more."""
        for name in names:
            self.failures.pop(name, None)

    def _wait_s(self, now: float, name: str) -> float:
        entry = self.failures.get(name)
        if entry is None or entry.count < self.free:
            return 0.0
        pause_s = min(self.wait_s_max, float(2 ** min(entry.count - self.free, 20)))
        return max(0.0, entry.last + pause_s - now)
