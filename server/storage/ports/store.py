"""The ports together, behind one commit, and how they fail."""

from typing import Protocol

from server.storage.ports.erasing import Erasures
from server.storage.ports.finding import Search
from server.storage.ports.log import Conversations, Edits, Floors, Log
from server.storage.ports.moderation import Moderation
from server.storage.ports.people import Accounts, Markers, Memberships, Metadata
from server.storage.ports.rooms import Channels, Invitations


class StoreFailedError(Exception):
    """The machine's fault: the disk is full, locked or broken. The text is for the operator."""


class StoreUnusableError(Exception):
    """The store cannot be opened at all; the text says why and what to do."""


class Facts(Protocol):
    """Small things the server remembers about itself, by name."""

    def fact(self, name: str) -> str:
        """What is remembered, ``""`` for nothing."""

    def remember(self, name: str, value: str) -> None:
        """Keep or replace a fact; ``""`` forgets it."""

    def facts_from(self, start: str) -> dict[str, str]:
        """Everything remembered whose name begins so, by name, in its order."""


class Store(Protocol):
    """The ports together: one writer, one commit."""

    @property
    def log(self) -> Log:
        """The log."""

    @property
    def channels(self) -> Channels:
        """The channels."""

    @property
    def floors(self) -> Floors:
        """The floors."""

    @property
    def edits(self) -> Edits:
        """The edits."""

    @property
    def conversations(self) -> Conversations:
        """The direct conversations."""

    @property
    def markers(self) -> Markers:
        """The read markers."""

    @property
    def metadata(self) -> Metadata:
        """The metadata."""

    @property
    def accounts(self) -> Accounts:
        """The accounts."""

    @property
    def memberships(self) -> Memberships:
        """The memberships."""

    @property
    def search(self) -> Search:
        """The search."""

    @property
    def erasures(self) -> Erasures:
        """The erasures."""

    @property
    def invitations(self) -> Invitations:
        """The invitations."""

    @property
    def moderation(self) -> Moderation:
        """The sanctions and the audit log."""

    @property
    def facts(self) -> Facts:
        """The facts."""

    @property
    def dirty(self) -> bool:
        """Whether there is anything to commit."""

    def commit(self) -> None:
        """Make every write since the last commit durable, all or none."""

    def close(self) -> None:
        """Let go of the backend; what was not committed is dropped."""
