"""What the frame needs of others: of the app that owns it, and of what knows unsent lines."""

from collections.abc import Callable, Sequence
from typing import Protocol

from tui.client.client import Client
from tui.preferences import Preferences
from tui.render.page import Taste
from tui.render.sides import Spot
from tui.widgets.composer import Completion, Line


class Typing(Protocol):
    """What knows about lines that are not sent yet, and takes them."""

    def submit(self, line: Line) -> None:
        """Enter was pressed; the line leaves the composer when it is accepted."""

    def complete(self, text: str, cursor: int) -> Completion | None:
        """What could stand at `cursor` in `text`."""

    def is_secret(self, text: str) -> bool:
        """Whether a line holds a password."""

    def split(self, text: str) -> Sequence[int]:
        """Where in a text another message begins."""

    def edited(self, buffer: str, text: str) -> None:
        """What is written in `buffer` is another text now."""

    def edit_last(self) -> None:
        """Edit what one said last."""

    def pasted(self, buffer: str, text: str) -> None:
        """So many lines were pasted that they should be seen first."""


class Host(Protocol):
    """What the frame asks of the app."""

    @property
    def client(self) -> Client:
        """The core one is talking through."""

    def go(self, spot: Spot) -> None:
        """Bring a buffer of any server to the front."""

    def look(self) -> None:
        """What is on the screen is looked at, or no longer is."""

    def action_command(self, name: str) -> None:
        """Run a row of the command table."""

    def intend(self, intent: Callable[[], None]) -> bool:
        """Ask the core for something; False when it refused, which was told."""


def taste_of(preferences: Preferences) -> Taste:
    """What the timeline needs of the preferences."""
    airy = preferences.look__density == "comfortable"
    return Taste(preferences.look__time, preferences.look__nick_width, airy)
