"""The commands, by area of the protocol. Importing this package completes the table."""

from server.core.commands import (
    channel_modes,
    channels,
    history,
    information,
    messages,
    moderation,
    presence,
    registration,
    rooms,
)

__all__ = [
    "channel_modes",
    "channels",
    "history",
    "information",
    "messages",
    "moderation",
    "presence",
    "registration",
    "rooms",
]
