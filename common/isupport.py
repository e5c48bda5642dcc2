"""ISUPPORT tokens: how 005 lines are made and read.

Specification: modern IRC "RPL_ISUPPORT Parameters".
"""

from collections.abc import Iterable, Mapping
from typing import Final

TOKENS_PER_LINE_MAX: Final = 13


def token_lines(tokens: Mapping[str, str]) -> list[list[str]]:
    """`tokens` as the parameters of 005 lines; a token with the value ``""`` stands bare."""
    words = [f"{name}={value}" if value else name for name, value in tokens.items()]
    step = TOKENS_PER_LINE_MAX
    return [words[start : start + step] for start in range(0, len(words), step)]


def read_tokens(words: Iterable[str]) -> dict[str, str | None]:
    """The tokens of one 005 line (without nick and trailing text); None for a negated one."""
    found: dict[str, str | None] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name.startswith("-"):
            found[name[1:].upper()] = None
        elif name:
            found[name.upper()] = value
    return found


def read_prefixes(value: str) -> dict[str, str]:
    """PREFIX as a mapping from sign to mode letter, highest first; ``{}`` if malformed."""
    letters, closed, signs = value.removeprefix("(").partition(")")
    if not value.startswith("(") or not closed or len(letters) != len(signs):
        return {}
    return dict(zip(signs, letters, strict=True))
