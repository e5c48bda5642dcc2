"""ISUPPORT tokens: how 005 lines are made and read.

Specification: modern IRC "RPL_ISUPPORT Parameters".
"""

from collections.abc import Iterable, Mapping
from typing import Final

TOKENS_PER_LINE_MAX: Final = 13
TOKENS_BYTES_MAX: Final = 360
"""Tokens on one line: with server name, nick and the closing words it stays within 512 bytes."""


def token_lines(tokens: Mapping[str, str]) -> list[list[str]]:
    """`tokens` as the parameters of 005 lines; a token with the value ``""`` stands bare."""
    lines: list[list[str]] = []
    length = 0
    for name, value in tokens.items():
        word = f"{name}={value}" if value else name
        length += len(word.encode()) + 1
        if not lines or length > TOKENS_BYTES_MAX or len(lines[-1]) == TOKENS_PER_LINE_MAX:
            lines.append([])
            length = len(word.encode()) + 1
        lines[-1].append(word)
    return lines


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
