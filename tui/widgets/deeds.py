"""TABLE of what can be done with a message that is chosen: its key, its words, whether it can.

The timeline binds the keys, the menu lists the rows, whoever shows the timeline does the deeds.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from tui.client.state import Delivery, Item
from tui.render.links import links_in
from tui.render.speech import SIGNED, said_by


def _is_said(item: Item) -> bool:
    return item.kind in SIGNED and not item.redacted


def _is_stored(item: Item) -> bool:
    return _is_said(item) and bool(item.msgid)


def _is_mine(item: Item) -> bool:
    return _is_stored(item) and item.own


def _has_links(item: Item) -> bool:
    return _is_said(item) and bool(links_in(said_by(item)))


def _has_words(item: Item) -> bool:
    return not item.redacted


def _answers(item: Item) -> bool:
    return bool(item.reply_to)


def _is_someones(item: Item) -> bool:
    return bool(item.sender) and not item.own


def _is_unsent(item: Item) -> bool:
    return item.delivery is Delivery.UNSENT


class Deed(NamedTuple):
    """One row. `keys` are Textual key names, the first being shown; `short` is for the hint."""

    name: str
    keys: tuple[str, ...]
    words: str
    can: Callable[[Item], bool]
    short: str = ""


DEEDS: Final = (
    Deed("reply", ("r",), "Reply", _is_stored, "reply"),
    Deed("react", ("plus", "colon"), "React with an emoji", _is_stored, "react"),
    Deed("edit", ("e",), "Edit", _is_mine, "edit"),
    Deed("copy", ("y",), "Copy the text", _has_words, "copy"),
    Deed("copy_link", ("Y",), "Copy a link to it", _is_stored),
    Deed("open", ("o",), "Open a link", _has_links),
    Deed("view", ("v",), "Look at a picture it links to", _has_links),
    Deed("quoted", ("g",), "Go to what it answers", _answers),
    Deed("thread", ("t",), "Read the thread alone", _is_stored),
    Deed("card", ("p",), "Show who sent it, and what you may do", _is_someones),
    Deed("retry", ("R",), "Send again", _is_unsent, "send again"),
    Deed("info", ("i",), "Show what is known of it", lambda _: True),
    Deed("delete", ("d", "delete"), "Delete", _is_stored),
)

MENU: Final = "menu"
"""Not a row: Enter, which offers the rows."""

DEED_KEYS: Final = tuple((key, deed.name) for deed in DEEDS for key in deed.keys)

_SIGNS: Final = {"plus": "+", "colon": ":", "delete": "Del"}

LETTERS: Final = frozenset(_SIGNS.get(key, key) for key, _ in DEED_KEYS) | {"j", "k"}
"""Characters that mean something while a message is chosen; any other is for the composer."""


def deeds_for(item: Item) -> list[Deed]:
    """What can be done with a message."""
    return [deed for deed in DEEDS if deed.can(item)]


def key_sign(deed: Deed) -> str:
    """The key of a deed as a person reads it."""
    return _SIGNS.get(deed.keys[0], deed.keys[0])


def hint(item: Item) -> str:
    """One line for while a message is chosen."""
    some = [f"{key_sign(deed)} {deed.short}" for deed in deeds_for(item) if deed.short]
    return " · ".join([*some, "Enter more", "Esc back"])
