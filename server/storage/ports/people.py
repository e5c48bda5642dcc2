"""Accounts, and what is kept for people and by them."""

from dataclasses import dataclass
from typing import Final, Protocol

from common.sasl import ScramKeys


@dataclass(slots=True)
class AccountRecord:
    """A stored identity. `id` is random and never given twice; everything refers to it.

    `skeleton` is what the name looks like, to find look-alikes by.

    `password_hash` is argon2id in its usual text form, `scram` the keys derived beside it.
    `certificates` are fingerprints that log in by themselves. `source` and `realname` are how
    an always-on account was last seen, for showing it after a restart.
    """

    id: int
    name: str
    skeleton: str
    created_ms: int
    password_hash: str
    scram: ScramKeys
    email: str = ""
    suspended: bool = False
    always_on: bool = False
    multiclient: bool = True
    source: str = ""
    realname: str = ""
    certificates: tuple[str, ...] = ()

    @property
    def holder(self) -> str:
        """The account as a holder of rooms, roles and messages."""
        return account_holder(self.id)


ACCOUNT_HOLDER: Final = "account:"
"""How the durable identity of an account begins."""


def account_holder(account_id: int) -> str:
    """The durable identity of everyone logged in to an account."""
    return f"{ACCOUNT_HOLDER}{account_id}"


class Accounts(Protocol):
    """The accounts. A record that was handed out is the caller's own."""

    def get(self, account_id: int) -> AccountRecord | None:
        """The account with this id."""

    def named(self, name: str) -> AccountRecord | None:
        """The account with this name, whatever its letters' case."""

    def alike(self, name: str, skeleton: str) -> AccountRecord | None:
        """The account with this name, or else one whose name has this skeleton."""

    def with_certificate(self, fingerprint: str) -> AccountRecord | None:
        """The account that a certificate logs in to."""

    def page(self, after: str, limit: int, *, always_on: bool = False) -> list[AccountRecord]:
        """At most `limit` accounts behind the name `after`, by folded name."""

    def save(self, record: AccountRecord) -> None:
        """Insert or replace the account with this id."""

    def delete(self, account_id: int) -> None:
        """Remove the account with its certificates, memberships, markers and metadata."""


class Memberships(Protocol):
    """Which rooms an account belongs to, present or not."""

    def join(self, holder: str, channel_id: int) -> None:
        """Note a membership; a second time changes nothing."""

    def leave(self, holder: str, channel_id: int) -> None:
        """Forget a membership."""

    def rooms(self, holder: str) -> list[int]:
        """The ids of the rooms, in the order of entering."""


class Markers(Protocol):
    """How far people have read."""

    def read_markers(self, holder: str) -> dict[str, int]:
        """The times, in wall milliseconds, up to which `holder` has read, by target."""

    def set_marker(self, holder: str, target: str, wall_ms: int) -> None:
        """Keep a marker; 0 forgets it."""


class Metadata(Protocol):
    """What people and rooms say about themselves, by subject: a holder, or a channel's id."""

    def load_metadata(self) -> dict[str, dict[str, str]]:
        """Everything there is."""

    def set_metadata(self, subject: str, key: str, value: str | None) -> None:
        """Keep a value; None forgets it."""
