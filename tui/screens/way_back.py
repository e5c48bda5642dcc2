"""Looking a message up, and the way back to where one was before."""

from collections.abc import Callable
from typing import Protocol

from tui.render.sides import Spot
from tui.render.viewport import Place
from tui.screens.host import Host
from tui.widgets.composer import Composer
from tui.widgets.timeline import Timeline


class Frame(Protocol):
    """What looking a message up needs of the frame."""

    composer: Composer
    timeline: Timeline

    @property
    def shown(self) -> Spot:
        """What is on the screen."""

    def ask(self, do: Callable[[Host], None]) -> None:
        """Let the app `do` something."""


class WayBack:
    """Of one frame: the first place that one left to look a message up, if any."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._origin: tuple[Spot, Place | None] | None = None

    def reveal(self, spot: Spot, item_id: int) -> None:
        """Go to an item, whatever room it is in."""
        frame = self._frame
        origin = self._origin or (frame.shown, frame.timeline.place)

        def go(host: Host) -> None:
            if spot != frame.shown:
                host.go(spot)
            self._origin = origin
            frame.timeline.reveal(item_id)

        frame.ask(go)

    def go_back(self) -> bool:
        """Go back to where one was; False where nothing was looked up."""
        if self._origin is None:
            return False
        frame = self._frame
        (spot, place), self._origin = self._origin, None

        def go(host: Host) -> None:
            if spot != frame.shown:
                host.go(spot)
            frame.timeline.go_to(place)
            frame.composer.focus()

        frame.ask(go)
        return True

    def forget(self) -> None:
        """One stays where one is."""
        self._origin = None
