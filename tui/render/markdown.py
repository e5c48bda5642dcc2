"""The markdown that people write in chats → plain text, styled spans, blocks.

A subset, stricter than CommonMark on purpose: ``2*3*4``, ``snake_case``, ``__init__``,
``¯\\_(ツ)_/¯`` and ``# heading`` are what they are, a mark that is not closed stays, and nothing
of what was typed is lost but the marks themselves. It makes text bold, italic, struck, code,
quoted, listed or a link, and can do nothing else to the screen.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from rich.style import Style

from tui.render.code import Span, code_spans
from tui.render.links import LINK, link_address, link_style

DEPTH_MAX: Final = 3
"""Marks within marks; deeper ones are shown as typed."""


class Block(NamedTuple):
    """Characters `start` up to `end`, set apart: each line behind `lead`, or `hang` cells in."""

    start: int
    end: int
    lead: str = ""
    hang: int = 0  # of the second line and later ones
    code: bool = False


class Marked(NamedTuple):
    """Text that is safe to print, its spans, which may overlap, and its blocks, if any."""

    text: str
    spans: list[Span]
    blocks: list[Block] = []  # noqa: RUF012 - never changed


QUOTE_LEAD: Final = "▏ "
CODE_LEAD: Final = " "
BULLET: Final = "• "

_MAY_BE: Final = re.compile(r"[*_`~\[]|^> |^ *[-+•] ", re.MULTILINE)
_FENCE: Final = re.compile(r"^```([\w+#.-]{0,20})\s*$")
_QUOTE: Final = re.compile(r"> ?")
_BULLET: Final = re.compile(r"( {0,8})[-*+] +(?=\S)")
_NUMBER: Final = re.compile(r" {0,8}\d{1,3}[.)] +(?=\S)")

_INLINE: Final = re.compile(
    r"(?P<ticks>`{1,3})(?P<code>[^`\n](?:.{0,1000}?[^`\n])??)(?P=ticks)(?!`)"
    r"|\[(?P<label>[^\[\]\n]{1,200})\]\((?P<address>https?://[^\s()<>]{1,1000}(?:\([^\s()<>]{0,200}\)[^\s()<>]{0,200}){0,4})\)"
    rf"|(?P<link>{LINK.pattern})"
    r"|(?<![\w*\\])\*\*(?=[^\s*])(?P<bold>.{1,1000}?)(?<=[^\s*])\*\*(?![\w*])"
    r"|(?<![\w*\\])\*(?=[^\s*])(?P<italic>[^*\n]{1,1000}?)(?<=[^\s*])\*(?![\w*])"
    r"|(?<![\w_\\])_(?=[^\s_])(?P<slanted>[^_\n]{1,1000}?)(?<=[^\s_])_(?![\w_])"
    r"|(?<![\w~\\])~~(?=[^\s~])(?P<struck>[^\n]{1,1000}?)(?<=[^\s~])~~(?![\w~])"
)
_STYLES: Final = {
    "bold": Style(bold=True),
    "italic": Style(italic=True),
    "slanted": Style(italic=True),
    "struck": Style(strike=True),
}
_HOST: Final = Style(dim=True)
_LOOKS_LIKE_ADDRESS: Final = re.compile(r"://|^[\w-]+(\.[\w-]+)+(/|$)")


def may_have_markdown(text: str) -> bool:
    """A quick look: False for most of what people say."""
    return _MAY_BE.search(text) is not None


class _Writer:
    """The text so far, with what is styled and set apart in it."""

    def __init__(self, dark: bool, code: Style) -> None:
        self.dark = dark
        self.code = code
        self.length = 0
        self.spans: list[Span] = []
        self.blocks: list[Block] = []
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        """Everything that was written."""
        return "".join(self._pieces)

    def write(self, text: str, style: Style | None = None) -> None:
        """Append `text`."""
        if style is not None and text:
            self.spans.append(Span(self.length, self.length + len(text), style))
        self._pieces.append(text)
        self.length += len(text)


def read_markdown(text: str, dark: bool, code: Style) -> Marked:
    """Read `text`, whose control characters but LF are gone. `code` is how program text looks."""
    writer = _Writer(dark, code)
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if at:
            writer.write("\n")
        fence = _FENCE.match(lines[at])
        end = _fence_end(lines, at) if fence else None
        if fence and end is not None:
            _write_code(writer, "\n".join(lines[at + 1 : end]), fence[1])
            at = end + 1
        else:
            _write_line(writer, lines[at])
            at += 1
    blocks = writer.blocks if any(block.lead or block.hang for block in writer.blocks) else []
    return Marked(writer.text, writer.spans, blocks)


def read_inline(text: str, dark: bool, code: Style) -> Marked:
    """The same for a text of one line in which nothing is set apart."""
    writer = _Writer(dark, code)
    _write_inline(writer, text, DEPTH_MAX)
    return Marked(writer.text, writer.spans)


def _fence_end(lines: list[str], start: int) -> int | None:
    """The line that closes the fence opened at `start`, with something in between."""
    closing = (at for at in range(start + 1, len(lines)) if lines[at].strip() == "```")
    end = next(closing, None)
    return end if end is not None and end > start + 1 else None


def _write_code(writer: _Writer, text: str, language: str) -> None:
    start = writer.length
    writer.write(text, writer.code)
    for span in code_spans(text, language, writer.dark):
        writer.spans.append(Span(start + span.start, start + span.end, span.style))
    writer.blocks.append(Block(start, writer.length, CODE_LEAD, len(CODE_LEAD), code=True))


def _write_line(writer: _Writer, line: str) -> None:
    start = writer.length
    if line.startswith("> "):
        _write_inline(writer, _QUOTE.sub("", line, count=1), DEPTH_MAX)
        writer.blocks.append(Block(start, writer.length, QUOTE_LEAD, len(QUOTE_LEAD)))
        return
    hang = 0
    if bullet := _BULLET.match(line):
        writer.write(f"{bullet[1]}{BULLET}")
        line, hang = line[bullet.end() :], len(bullet[1]) + len(BULLET)
    elif number := _NUMBER.match(line):
        writer.write(number[0])
        line, hang = line[number.end() :], number.end()
    _write_inline(writer, line, DEPTH_MAX)
    writer.blocks.append(Block(start, writer.length, "", hang))


def _write_inline(writer: _Writer, text: str, depth: int) -> None:
    at = 0
    for match in _INLINE.finditer(text):
        writer.write(text[at : match.start()])
        at = match.end()
        _write_match(writer, match, depth)
    writer.write(text[at:])


def _write_match(writer: _Writer, match: re.Match[str], depth: int) -> None:
    name = match.lastgroup or ""
    if match["code"] is not None:
        writer.write(match["code"], writer.code)
    elif match["link"] is not None:
        address = link_address(match["link"])
        writer.write(address, link_style(address))
        writer.write(match["link"][len(address) :])
    elif match["label"] is not None:
        _write_labelled(writer, match)
    elif depth:
        start = writer.length
        _write_inline(writer, match[name], depth - 1)
        writer.spans.append(Span(start, writer.length, _STYLES[name]))
    else:
        writer.write(match[0])


def _write_labelled(writer: _Writer, match: re.Match[str]) -> None:
    """A link behind words says where it leads, and words that look like a link do not hide it."""
    label, address = match["label"], match["address"]
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # brackets that hold no IPv6 address: it leads nowhere
        host = ""
    if _LOOKS_LIKE_ADDRESS.search(label) or not host:
        writer.write(f"[{label}](")
        writer.write(address, link_style(address))
        writer.write(")")
        return
    writer.write(label, link_style(address))
    writer.write(f" ({host})", _HOST)
