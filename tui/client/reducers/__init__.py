"""What the server's lines do to the state; importing this package fills the table."""

from tui.client.reducers import (
    accounts,
    information,
    messages,
    moderation,
    people,
    reading,
    refusals,
    registration,
    revisions,
    rooms,
    whois,
)

__all__ = [
    "accounts",
    "information",
    "messages",
    "moderation",
    "people",
    "reading",
    "refusals",
    "registration",
    "revisions",
    "rooms",
    "whois",
]
