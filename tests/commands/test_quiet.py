"""Do not disturb: how long, until when, and over a restart."""

from datetime import UTC

import pytest

from tests.screens.language import START_MS  # Friday, March 6, 2026, 12:26:40 UTC
from tui.commands.table import CommandRefused
from tui.config import Remembered
from tui.quiet import Quiet, read_duration_ms

HOUR_MS = 3_600_000


class Clock:
    """A wall clock that is set."""

    def __init__(self) -> None:
        self.now_ms = START_MS

    def __call__(self) -> int:
        return self.now_ms


def test_it_ends_by_itself_and_holds_over_a_restart() -> None:
    clock, remembered = Clock(), Remembered()
    quiet = Quiet(remembered, clock, UTC)
    assert (quiet.is_on, quiet.words) == (False, "")
    assert quiet.change("2h") == "Do not disturb until 14:26."
    clock.now_ms += 2 * HOUR_MS - 1
    assert Quiet(remembered, clock, UTC).is_on
    clock.now_ms += 1
    assert not Quiet(remembered, clock, UTC).is_on
    assert quiet.words == ""


def test_without_an_end_it_is_said_again() -> None:
    clock = Clock()
    quiet = Quiet(Remembered(), clock, UTC)
    assert quiet.change("") == "Do not disturb is on; /dnd off ends it."
    clock.now_ms += 10_000 * HOUR_MS
    assert quiet.is_on
    assert quiet.change("") == "You are told again of what is meant for you."
    assert not quiet.is_on
    quiet.change("1d")
    quiet.change("off")
    assert not quiet.is_on


@pytest.mark.parametrize(
    ("typed", "until"),
    [("12h", "tomorrow, 00:26"), ("3d", "Monday, March 9, 12:26"), ("1h30m", "13:56")],
)
def test_the_end_is_told_as_a_person_says_it(typed: str, until: str) -> None:
    assert Quiet(Remembered(), Clock(), UTC).change(typed) == f"Do not disturb until {until}."


@pytest.mark.parametrize("typed", ["0m", "soon", "30", "m", "-5m", "999d", "5s", "\u0665m"])
def test_what_is_no_length_of_time_is_refused(typed: str) -> None:
    with pytest.raises(CommandRefused, match="like /dnd 30m"):
        read_duration_ms(typed)
