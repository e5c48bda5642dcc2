"""What the core asks of storage: the log and the channels, behind one commit.

Owns the record types and the contract; every backend passes the same tests. Writes take effect
for reads at once and for the world outside only with `Store.commit`: the loop calls it once per
tick, before anything is sent. A failed call raises `StoreFailedError` and loses no write that
was accepted before it: the next commit tries the same writes again.
"""

from server.storage.ports.erasing import Erasures, Trace
from server.storage.ports.finding import RANKED_MAX, Found, Kept, Query, Search
from server.storage.ports.log import (
    FIRST_UNNUMBERED,
    HIDDEN,
    MESSAGES,
    SEARCHED,
    SHOWN,
    TO_PART,
    Conversations,
    Edits,
    Event,
    Floors,
    Kind,
    Log,
    Version,
    View,
    place_of,
)
from server.storage.ports.moderation import Deed, Moderation, Sanction
from server.storage.ports.people import (
    ACCOUNT_HOLDER,
    AccountRecord,
    Accounts,
    Markers,
    Memberships,
    Metadata,
    account_holder,
)
from server.storage.ports.rooms import (
    ChannelRecord,
    Channels,
    Invitation,
    Invitations,
    MaskEntry,
    channel_subject,
)
from server.storage.ports.store import Facts, Store, StoreFailedError, StoreUnusableError

__all__ = [
    "ACCOUNT_HOLDER",
    "FIRST_UNNUMBERED",
    "HIDDEN",
    "MESSAGES",
    "RANKED_MAX",
    "SEARCHED",
    "SHOWN",
    "TO_PART",
    "AccountRecord",
    "Accounts",
    "ChannelRecord",
    "Channels",
    "Conversations",
    "Deed",
    "Edits",
    "Erasures",
    "Event",
    "Facts",
    "Floors",
    "Found",
    "Invitation",
    "Invitations",
    "Kept",
    "Kind",
    "Log",
    "Markers",
    "MaskEntry",
    "Memberships",
    "Metadata",
    "Moderation",
    "Query",
    "Sanction",
    "Search",
    "Store",
    "StoreFailedError",
    "StoreUnusableError",
    "Trace",
    "Version",
    "View",
    "account_holder",
    "channel_subject",
    "place_of",
]
