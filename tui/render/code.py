"""Program text in colours: the spans of a fenced block, by pygments.

Lexing takes half a millisecond and more, and the first one imports pygments: both are done when
a block is first seen, and never for one too long to be read in a chat.
"""

from functools import lru_cache
from typing import Any, Final, NamedTuple

from rich.style import Style

from tui.render.nick_color import ON_DARK, ON_LIGHT

Lexer = Any  # pygments says nothing of its types

CODE_CHARACTERS_MAX: Final = 16_000
BLOCKS_KEPT: Final = 200


class Span(NamedTuple):
    """Characters `start` up to `end` have `style`."""

    start: int
    end: int
    style: Style


# Places in the palette of nicks, whose colours are legible on every theme.
_HUES: Final = {
    "Keyword": 9,
    "Name.Function": 7,
    "Name.Class": 7,
    "Name.Builtin": 6,
    "Name.Decorator": 10,
    "Name.Tag": 9,
    "Name.Attribute": 7,
    "Literal.String": 4,
    "Literal.Number": 1,
    "Generic.Inserted": 4,
    "Generic.Deleted": 0,
    "Generic.Heading": 7,
    "Operator.Word": 9,
}


@lru_cache(BLOCKS_KEPT)
def code_spans(text: str, language: str, dark: bool) -> tuple[Span, ...]:
    """The coloured parts of `text`; none where the language is not known."""
    if not language or len(text) > CODE_CHARACTERS_MAX:
        return ()
    lexer = _lexer(language)
    if lexer is None:
        return ()
    spans = []
    for start, token, value in lexer.get_tokens_unprocessed(text):
        style = _style(token, dark)
        if style is not None and value.strip():
            spans.append(Span(start, start + len(value), style))
    return tuple(spans)


@lru_cache(BLOCKS_KEPT)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]  # as above
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]  # as above

    try:
        return get_lexer_by_name(language.lower(), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(None)
def _style(token: object, dark: bool) -> Style | None:
    name = str(token).removeprefix("Token.")
    if name.startswith("Comment"):
        return Style(italic=True, dim=True)
    while name:
        if name in _HUES:
            return Style(color=(ON_DARK if dark else ON_LIGHT)[_HUES[name]])
        name = name.rpartition(".")[0]
    return None
