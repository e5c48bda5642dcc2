"""What the timeline tells whoever shows it: what the person wants, and where they are."""

from dataclasses import dataclass

from textual.message import Message

from tui.client.state import Item


@dataclass
class OlderWanted(Message, namespace="timeline"):
    """The reader nears the oldest message that is loaded."""

    buffer: str


@dataclass
class HoleNear(Message, namespace="timeline"):
    """The reader nears messages that are not loaded, from above (`downward`) or below."""

    buffer: str
    hole: int
    downward: bool


@dataclass
class EndReached(Message, namespace="timeline"):
    """The newest message is on the screen."""

    buffer: str


@dataclass
class EndLeft(Message, namespace="timeline"):
    """The newest message is no longer on the screen: the reader went up, or into a thread."""


@dataclass
class DeedWanted(Message, namespace="timeline"):
    """Something shall be done with a message: a row of `deeds.DEEDS`, or its menu.

    `detail` says with what: the address of a link, or a reaction.
    """

    deed: str
    buffer: str
    item: Item
    detail: str = ""


@dataclass
class Chosen(Message, namespace="timeline"):
    """A message was chosen by key or mouse, or (None) no longer is."""

    item: Item | None


@dataclass
class Left(Message, namespace="timeline"):
    """The person goes back to writing; `typed` is what they began to write, `back` is Esc."""

    typed: str
    back: bool = False
