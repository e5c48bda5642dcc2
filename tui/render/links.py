"""Web addresses in a text: where they are, and how they look."""

import re
from typing import Final

from rich.style import Style

LINK_CHARACTERS_MAX: Final = 2_000
"""Longer addresses stay text: some terminals cut or drop such hyperlinks."""

LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_AFTER_LINK: Final = ".,;:!?]}'*_~`"


def link_address(found: str) -> str:
    """What `LINK` found without the punctuation behind it; brackets within it stay in pairs."""
    address = found.rstrip(_AFTER_LINK)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(_AFTER_LINK)
    return address


def link_style(address: str) -> Style | None:
    """Underlined, and a hyperlink for the terminal; None for one that is too long."""
    if len(address) > LINK_CHARACTERS_MAX or not address.isprintable():
        return None
    return Style(underline=True, link=address)


def links_in(text: str) -> list[str]:
    """The addresses in `text`, each once, in order."""
    found = (link_address(match[0]) for match in LINK.finditer(text))
    return list(dict.fromkeys(address for address in found if link_style(address) is not None))
