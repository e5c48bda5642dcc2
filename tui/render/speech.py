"""The words of an entry: what can be read, selected and copied, with its markup.

Message text is never read as anything but what `markup` and `markdown` know.
"""

from collections.abc import Callable
from typing import Final

from rich.style import Style

from common.text import plain, plain_lines
from tui.client.state import Item, ItemKind
from tui.render.code import Span
from tui.render.entries import Entry, Run
from tui.render.markdown import Marked, may_have_markdown, read_inline, read_markdown
from tui.render.markup import has_codes, link_spans, read_markup
from tui.render.presence import presence_words

NAMED: Final = frozenset({ItemKind.MESSAGE, ItemKind.NOTICE})
"""Kinds whose sender is named in the nick column."""

SIGNED: Final = NAMED | {ItemKind.ACTION}
"""Kinds that are someone's own words."""


def words_of(entry: Entry) -> str:
    """The words of an entry as they are on the screen."""
    if isinstance(entry, Run):
        return plain(presence_words(entry.items, entry.heard))
    if entry.kind in SIGNED:
        return marked_of(entry, True, Style()).text
    return _WORDS[entry.kind](entry)


def said_by(item: Item) -> str:
    """What someone said as they typed it, without what could steer a terminal."""
    return plain_lines(item.text)


def marked_of(item: Item, dark: bool, code: Style) -> Marked:
    """The words of an item with their spans; `code` is how program text looks."""
    if item.kind not in SIGNED:
        words = _WORDS[item.kind](item)
        return Marked(words, link_spans(words))
    if item.redacted:
        return Marked(plain(item.redacted), [Span(0, len(item.redacted), Style(italic=True))])
    if item.kind is ItemKind.ACTION:
        return _behind(f"{plain(item.sender)} ", _read(item.text, dark, code, inline=True))
    return _read(item.text, dark, code)


def _read(text: str, dark: bool, code: Style, inline: bool = False) -> Marked:
    if has_codes(text):
        return read_markup(text, dark)
    words = plain_lines(text)
    if not may_have_markdown(words):
        return Marked(words, link_spans(words))
    return read_inline(words, dark, code) if inline else read_markdown(words, dark, code)


def _behind(name: str, marked: Marked) -> Marked:
    shift = len(name)
    spans = [Span(span.start + shift, span.end + shift, span.style) for span in marked.spans]
    return Marked(f"{name}{marked.text}", spans)


def _said(item: Item) -> str:
    return plain_lines(item.text)


def _topic_words(item: Item) -> str:
    if not item.text:
        return plain(f"{item.sender} took the topic off")
    return plain(f"{item.sender} set the topic: {item.text}")


def _join_words(item: Item) -> str:
    return "You joined" if item.own else plain(f"{item.sender} joined")


def _leave_words(item: Item) -> str:
    who = "You" if item.own else item.sender
    return plain(f"{who} left{f': {item.text}' if item.text else ''}")


def _nick_words(item: Item) -> str:
    return plain(f"You are now {item.text}" if item.own else f"{item.sender} is now {item.text}")


_WORDS: Final[dict[ItemKind, Callable[[Item], str]]] = {
    ItemKind.JOIN: _join_words,
    ItemKind.PART: _leave_words,
    ItemKind.QUIT: _leave_words,
    ItemKind.NICK: _nick_words,
    ItemKind.TOPIC: _topic_words,
    ItemKind.KICK: _said,
    ItemKind.MODE: _said,
    ItemKind.NEWS: _said,
    ItemKind.FAILURE: _said,
    ItemKind.GREETING: _said,
}

assert set(_WORDS) | SIGNED == set(ItemKind)
