"""The seed and the clocks: everything of a run that is not decided by the code under test."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")

START_NOW_S = 1_000.0
START_WALL_MS = 1_767_225_600_000  # 2026-01-01


class Chance:
    """The one source of chance of a run."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def random_int(self, below: int) -> int:
        """A number from 0 to `below` - 1."""
        return self._random.randrange(below)

    def between(self, low: int, high: int) -> int:
        """A number from `low` to `high`, both possible."""
        return self._random.randint(low, high)

    def one_in(self, count: int) -> bool:
        """True once in `count` times."""
        return self._random.randrange(count) == 0

    def happens(self, probability: float) -> bool:
        """True with this probability."""
        return self._random.random() < probability

    def choose(self, things: Sequence[Thing]) -> Thing:
        """One of several."""
        return things[self._random.randrange(len(things))]

    def weighted(self, weights: Mapping[Thing, int]) -> Thing:
        """One of several, the heavier the likelier."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def shuffled(self, things: list[Thing]) -> list[Thing]:
        """The same in another order."""
        self._random.shuffle(things)
        return things

    def seconds(self, low: float, high: float) -> float:
        """A time span."""
        return self._random.uniform(low, high)

    def data(self, count: int) -> bytes:
        """Bytes without meaning."""
        return self._random.randbytes(count)

    def token(self) -> str:
        """What programs take for unguessable."""
        return f"{self._random.getrandbits(96):024x}"


class Clock:
    """Both clocks: the one that only goes on, and the one on the wall, which may jump."""

    def __init__(self) -> None:
        self.now = START_NOW_S
        self.wall_ms_most = START_WALL_MS  # how late it has ever been
        self._wall_offset_ms = START_WALL_MS - round(START_NOW_S * 1000)

    @property
    def wall_ms(self) -> int:
        """Milliseconds since 1970, as the machine believes."""
        return round(self.now * 1000) + self._wall_offset_ms

    def pass_time(self, seconds: float) -> None:
        """Let both run."""
        self.now += seconds
        self._note_latest()

    def set_wall(self, by_ms: int) -> None:
        """Somebody sets the wall clock."""
        self._wall_offset_ms += by_ms
        self._note_latest()

    def _note_latest(self) -> None:
        self.wall_ms_most = max(self.wall_ms_most, self.wall_ms)
