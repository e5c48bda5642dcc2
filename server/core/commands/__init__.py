"""The commands, by area of the protocol. Importing this package completes the table."""

from server.core.commands import (
    channels,
    history,
    information,
    messages,
    registration,
    rooms,
)

__all__ = ["channels", "history", "information", "messages", "registration", "rooms"]
