"""An item as one line of plain words, as it would be read aloud: for the form without a screen."""

from collections.abc import Callable
from datetime import tzinfo
from typing import Final

from common.text import plain
from tui.client.state import Delivery, Item, ItemKind
from tui.render.clock import time_of_day

_WORDS: Final[dict[ItemKind, Callable[[str, str], str]]] = {
    ItemKind.MESSAGE: lambda nick, text: f"{nick}: {text}",
    ItemKind.ACTION: lambda nick, text: f"* {nick} {text}",
    ItemKind.NOTICE: lambda nick, text: f"notice from {nick}: {text}",
    ItemKind.JOIN: lambda nick, _: f"{nick} joined",
    ItemKind.PART: lambda nick, text: _with(f"{nick} left", text),
    ItemKind.QUIT: lambda nick, text: _with(f"{nick} quit", text),
    ItemKind.NICK: lambda nick, text: f"{nick} is now {text}",
    ItemKind.TOPIC: lambda nick, text: (
        f"{nick} set the topic: {text}" if text else f"{nick} took the topic off"
    ),
}


def spoken(item: Item, zone: tzinfo | None = None) -> str:
    """``"09:31 ann: hello"``; several lines of text become several lines."""
    text = plain(item.text)
    words = _WORDS[item.kind](item.sender, text) if item.kind in _WORDS else text
    unsent = f" (not sent: {item.reason})" if item.delivery is Delivery.UNSENT else ""
    return f"{time_of_day(item.time_ms, zone)} {words}{unsent}"


def _with(words: str, reason: str) -> str:
    return f"{words}: {reason}" if reason else words
