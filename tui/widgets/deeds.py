"""TABLE of what can be done with a message that is chosen, and with which: its keys are in
`tui.commands.message_keys`.

The timeline knows the keys, the menu lists the rows, whoever shows the timeline does the deeds.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from tui.client.state import Delivery, Item
from tui.commands.message_keys import MESSAGE_KEYS
from tui.render.links import links_in
from tui.render.page import PICTURE, QUOTED, REACTIONS, Piece
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
    """One row; `short` is for the hint."""

    name: str
    can: Callable[[Item], bool]
    short: str = ""

    @property
    def words(self) -> str:
        """What it does."""
        return MESSAGE_KEYS[self.name].words


DEEDS: Final = (
    Deed("reply", _is_stored, "reply"),
    Deed("react", _is_stored, "react"),
    Deed("edit", _is_mine, "edit"),
    Deed("copy", _has_words, "copy"),
    Deed("copy_link", _is_stored),
    Deed("open", _has_links),
    Deed("view", _has_links),
    Deed("quoted", _answers),
    Deed("thread", _is_stored),
    Deed("card", _is_someones),
    Deed("retry", _is_unsent, "send again"),
    Deed("info", lambda _: True),
    Deed("delete", _is_stored),
)

STEPS: Final = {"older": -1, "newer": 1}
"""Keys of the table that only choose another message."""

assert {deed.name for deed in DEEDS} | set(STEPS) == set(MESSAGE_KEYS)

MENU: Final = "menu"
"""Not a row: Enter, which offers the rows."""

DEED_KEYS: Final = {key: name for name, row in MESSAGE_KEYS.items() for key in row.keys}
"""What each key does, where nothing else was chosen."""

_SIGNS: Final = {
    "plus": "+",
    "colon": ":",
    "delete": "Del",
    "minus": "-",
    "equals_sign": "=",
    "slash": "/",
    "period": ".",
    "space": "Space",
}


def deeds_for(item: Item) -> list[Deed]:
    """What can be done with a message."""
    return [deed for deed in DEEDS if deed.can(item)]


def key_sign(deed: Deed, keys: Mapping[str, str]) -> str:
    """The key of a deed as a person reads it, "" where it has none; `keys` say what each does."""
    return sign_of(next((key for key, name in keys.items() if name == deed.name), ""))


def sign_of(key: str) -> str:
    """A key that acts on a message as a person reads it: a capital is another letter there."""
    return _SIGNS.get(key, key)


def hint(item: Item, keys: Mapping[str, str]) -> str:
    """One line for while a message is chosen."""
    shown = [(key_sign(deed, keys), deed.short) for deed in deeds_for(item) if deed.short]
    some = [f"{sign} {short}" for sign, short in shown if sign]
    return " · ".join([*some, "Enter more", "Esc back"])


def deed_of_click(piece: Piece, item: Item) -> tuple[str, str] | None:
    """What a click on a part of a message asks for: a deed, and with what; None for nothing."""
    if piece.offset == QUOTED:
        return "quoted", ""
    if piece.offset == PICTURE:
        return "view", ""
    if piece.offset <= REACTIONS:
        place = REACTIONS - piece.offset
        there = place < len(item.reactions)  # one may have been taken back since it was drawn
        return ("react", item.reactions[place].text) if there else None
    return ("open", piece.style.link) if piece.style.link else None
