"""Emoji by the names people know them by: ``thumbsup``, ``tada``."""

from collections.abc import Mapping
from functools import cache
from typing import Final

NAME_CHARACTERS_MIN: Final = 2
FOUND_MAX: Final = 40


def find_emoji(begun: str, count_max: int = FOUND_MAX) -> list[tuple[str, str]]:
    """Pairs of name and emoji whose name has `begun` in it, those that begin with it first.

    Of what begins alike the shortest name comes first. Skin tones are left out.
    """
    sought = begun.strip(":").lower()
    if len(sought) < NAME_CHARACTERS_MIN:
        return []
    found: dict[str, str] = {}  # one name for each emoji
    names = [name for name in _names() if sought in name]
    for name in sorted(names, key=lambda name: (not name.startswith(sought), len(name), name)):
        found.setdefault(_names()[name], name)
    return [(name, sign) for sign, name in found.items()][:count_max]


@cache
def _names() -> Mapping[str, str]:
    """Every name there is; read when the first emoji is looked for, as it takes 0.1 s."""
    import emoji

    return {
        name.strip(":"): sign
        for sign, row in emoji.EMOJI_DATA.items()
        if row["status"] == emoji.STATUS["fully_qualified"] and "skin_tone" not in row["en"]
        for name in (*row.get("alias", ()), row["en"])
    }
