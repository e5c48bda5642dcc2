"""Do not disturb: for so long nothing is told by note, bell or desktop, while counts go on.

The end is a moment of the wall clock, so that it holds over a restart.
"""

import re
from collections.abc import Callable
from datetime import tzinfo
from typing import Final

from tui.commands.table import CommandRefused
from tui.config import QUIET_FOREVER_MS, Remembered
from tui.render.clock import moment_words

DURATION_MS_MAX: Final = 366 * 86_400_000

_DURATION: Final = re.compile(r"(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?", re.ASCII)
_UNITS_MS: Final = (86_400_000, 3_600_000, 60_000)

OFF: Final = "off"
HOW_LONG: Final = "Write how long, like /dnd 30m, /dnd 2h or /dnd 1d; or /dnd off."


class Quiet:
    """Whether one is not to be disturbed, kept in `remembered`. `wall_ms` is the wall clock."""

    def __init__(
        self, remembered: Remembered, wall_ms: Callable[[], int], zone: tzinfo | None
    ) -> None:
        self._remembered = remembered
        self._wall_ms = wall_ms
        self._zone = zone

    @property
    def is_on(self) -> bool:
        """Whether nothing is to be told now."""
        return self._remembered.quiet_until_ms > self._wall_ms()

    def change(self, typed: str) -> str:
        """Obey ``/dnd typed``, without a word the other way round; what holds now, in a sentence.

        Raises `CommandRefused`.
        """
        word = typed.strip().lower()
        if word == OFF or (not word and self.is_on):
            self._remembered.quiet_until_ms = 0
        elif not word:
            self._remembered.quiet_until_ms = QUIET_FOREVER_MS
        else:
            self._remembered.quiet_until_ms = self._wall_ms() + read_duration_ms(word)
        return self.words or "You are told again of what is meant for you."

    @property
    def words(self) -> str:
        """That one is not to be disturbed, and until when; "" while one may be."""
        until_ms, now_ms = self._remembered.quiet_until_ms, self._wall_ms()
        if until_ms <= now_ms:
            return ""
        if until_ms == QUIET_FOREVER_MS:
            return "Do not disturb is on; /dnd off ends it."
        return f"Do not disturb until {moment_words(until_ms, now_ms, self._zone)}."


def read_duration_ms(word: str) -> int:
    """The milliseconds of ``"30m"``, ``"1h30m"``, ``"2d"``. Raises `CommandRefused`."""
    found = _DURATION.fullmatch(word)
    counts = [int(count or 0) for count in found.groups()] if found else []
    duration_ms = sum(count * unit for count, unit in zip(counts, _UNITS_MS, strict=False))
    if not 0 < duration_ms <= DURATION_MS_MAX:
        raise CommandRefused(f"“{word}” is no length of time. {HOW_LONG}")
    return duration_ms
