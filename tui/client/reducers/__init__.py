"""What the server's lines do to the state; importing this package fills the table."""

from tui.client.reducers import information, messages, refusals, registration, rooms

__all__ = ["information", "messages", "refusals", "registration", "rooms"]
