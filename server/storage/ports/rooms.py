"""The rooms as they are stored beside their logs."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(slots=True)
class MaskEntry:
    """A line of a room's ban, exception or invitation list, by its mode letter."""

    letter: str
    mask: str
    setter: str  # nick!user@host
    set_ms: int
    until_ms: int = 0  # when it ends by itself; 0 for never


@dataclass(slots=True)
class Invitation:
    """What lets people into a room who have its token, of which only a digest is kept.

    `uses` are left, `until_ms` is when it ends; either is 0 for no bound.
    """

    channel_id: int
    digest: str
    maker: str  # nick!user@host
    uses: int
    until_ms: int


@dataclass(slots=True)
class ChannelRecord:
    """What is stored of a channel beside its log. `owner` is a holder, ``""`` for none.

    `named` is False where the server made up the name; `empty_since_ms` is 0 while someone is
    in. `modes` are the letters of the modes without parameter. `forward` is the id of the channel
    to which those are led who may not enter, 0 for none. `slow_s` are the seconds between two
    messages of one person, 0 for any. `retention` is how long the room keeps what is said, as its
    owner wrote it, ``""`` for as long as the server does (`server.core.keeping`). `roles` are kept
    by holder, `masks` by letter and folded mask; both are stored by calls of their own.
    """

    id: int
    name: str
    named: bool
    owner: str
    created_ms: int
    modes: str
    key: str = ""
    limit: int = 0
    forward: int = 0
    topic: str = ""
    topic_source: str = ""
    topic_ms: int = 0
    empty_since_ms: int = 0
    slow_s: int = 0
    retention: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    masks: dict[tuple[str, str], MaskEntry] = field(default_factory=dict)

    @property
    def listed(self) -> bool:
        """Whether people outside may see the room."""
        return "s" not in self.modes


def channel_subject(channel_id: int) -> str:
    """Under which name markers and metadata of a channel are kept, beside those of holders."""
    return f"channel:{channel_id}"


class Channels(Protocol):
    """The rows of the channels, and who may read unlisted ones from where."""

    def load(self) -> list[ChannelRecord]:
        """Every channel there is."""

    def save(self, record: ChannelRecord) -> None:
        """Insert or replace the row with this id; not its roles and masks."""

    def set_role(self, channel_id: int, holder: str, roles: str) -> None:
        """Keep the roles of `holder`; ``""`` forgets them."""

    def set_mask(self, channel_id: int, entry: MaskEntry, *, present: bool) -> None:
        """Put a mask on its list, or take it off."""

    def delete(self, channel_id: int) -> None:
        """Remove the channel with everything that belongs to it."""

    def admit(self, channel_id: int, holder: str, position: int) -> None:
        """Note the first entry of `holder`; a later one changes nothing."""

    def dismiss(self, channel_id: int, holder: str) -> None:
        """Forget the first entry of `holder`, who was removed from the room."""

    def admitted(self, channel_id: int, holder: str) -> int | None:
        """The position of the first entry of `holder`, None if there was none."""


class Invitations(Protocol):
    """The tokens that let people into rooms; those of a channel go with it."""

    def load_invitations(self) -> list[Invitation]:
        """Every one there is."""

    def save_invitation(self, invitation: Invitation) -> None:
        """Insert or replace the one with this digest."""

    def drop_invitation(self, digest: str) -> None:
        """Remove one."""
