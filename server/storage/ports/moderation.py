"""Whom the server keeps out or silences, and what those who may moderate have done."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(slots=True)
class Sanction:
    """What an operator decided about people or texts; `kind` is that of `server.core.sanctions`.

    `mask` is an address or a network of them, ``a:ACCOUNT``, nick!user@host, or a text's pattern;
    `until_ms` is when it ends by itself, 0 for never.
    """

    kind: str
    mask: str
    setter: str  # nick!user@host, or who gave the order
    set_ms: int
    until_ms: int = 0
    reason: str = ""


@dataclass(slots=True)
class Deed:
    """One entry of the audit log. `number` is given by the store and rises.

    `actor` is nick!user@host, or who gave the order; `target` a room or a person; `channel_id` the
    room it happened in, 0 for the server; `text` says more, and never holds a secret.
    """

    wall_ms: int
    actor: str
    action: str
    target: str
    text: str = ""
    channel_id: int = 0
    number: int = 0


class Moderation(Protocol):
    """The sanctions, and the audit log."""

    def load_sanctions(self) -> list[Sanction]:
        """Every one there is, the oldest first."""

    def save_sanction(self, sanction: Sanction) -> None:
        """Insert or replace the one of this kind with this mask."""

    def drop_sanction(self, kind: str, mask: str) -> None:
        """Remove one."""

    def note_deed(self, deed: Deed) -> None:
        """Add an entry to the audit log."""

    def deeds(self, before: int, limit: int, channel_id: int = 0) -> list[Deed]:
        """At most `limit` of the newest with a number below `before`, the newest first.

        With a `channel_id` only those of the room.
        """

    def forget_deeds(self, before_ms: int) -> None:
        """Drop the entries older than `before_ms`."""
