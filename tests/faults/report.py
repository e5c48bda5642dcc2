"""What a fault showed: figures in words."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.faults.stage import Pulse, Stage


@dataclass(slots=True)
class Report:
    """Rows of figures; a promise that is broken is an `AssertionError` of the fault itself."""

    rows: dict[str, str] = field(default_factory=dict)

    def note(self, **figures: str) -> None:
        """Add figures; the underscores of their names are spaces."""
        self.rows.update({name.replace("_", " "): value for name, value in figures.items()})

    def finish(self, stage: Stage, pulse: Pulse) -> None:
        """Stop the server, and compare what was shown with what is stored."""
        status, took_s = stage.stop()
        assert status == 0, stage.log
        pulse.join(30)
        self.note(stopped=f"within {took_s:.2f} s")
        self.close(stage, pulse)

    def close(self, stage: Stage, *pulses: Pulse, lost_is_bad: bool = True) -> None:
        """The server is stopped: what was shown must be stored, once, and in order."""
        lost = 0
        for pulse in pulses:
            self.rows.update(pulse.figures())
            kept = stage.stored(pulse.room)
            places = {text: place for place, text in enumerate(kept)}
            assert len(places) == len(kept), "something is stored twice"
            lost += len(set(pulse.shown) - places.keys())
            order = [places[text] for text in pulse.shown if text in places]
            assert order == sorted(order), "what was shown stands in another order"
        self.note(lost=f"{lost} of what was shown")
        assert not lost or not lost_is_bad, f"{lost} messages were shown and are not stored"


class Fault(Protocol):
    """Plays one fault in a folder; `scale` 1 is the short form, more is longer and bigger."""

    def __call__(self, folder: Path, scale: int) -> Report:
        """The figures. Raises `AssertionError` where a promise is broken."""
