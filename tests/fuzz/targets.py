"""TABLE of targets: what is given any bytes, and the only errors it may answer with."""

import contextlib
import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from rich.style import Style

from common import search_text
from common.casemap import fold
from common.msgid import decode_msgid
from common.sasl import (
    ResponseBuffer,
    SaslError,
    ScramClient,
    ScramKeys,
    ScramServer,
    derive_keys,
    read_plain,
)
from common.text import plain, plain_lines, split_bytes
from common.wire import SERVER_TAGS_BYTES_MAX, BadLineError, LineBuffer, encode, parse
from server.core.durations import read_duration_ms
from server.core.masks import complete_mask, is_valid_mask, matches
from server.core.room_filters import read_filter
from server.settings import Settings, SettingsError
from server.settings_words import read_toml
from server.transport.errors import LinkLostError
from server.transport.proxy import may_begin_header, read_header
from server.transport.websocket import WebSocketLayer
from tests.client.script import in_room
from tests.conversation import LOCAL, World
from tests.fuzz import files, handshakes, seeds
from tests.fuzz.machine import SEEDS as MACHINE_SEEDS
from tests.fuzz.machine import machine
from tests.server.logins import QUICK
from tests.simulation.checkers import check_indexes
from tui.client.intents import IntentRefused
from tui.client.search_query import read_query
from tui.render.markdown import read_inline, read_markdown

FORMATTING: Final = dict.fromkeys(b"\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f")
"""Codes of IRC that texts keep until they are drawn; `plain` and the renderer take them out."""

SETTINGS: Final = replace(QUICK, opers=(("boss", "secret"),))

PIECE: Final = 7
"""Streams are given in pieces of so many bytes, too."""


class Target(NamedTuple):
    """One row: what is tried, and the inputs that others are made from."""

    run: Callable[[bytes], None]
    corpus: Sequence[bytes]


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _line(data: bytes) -> None:
    """What can be read can be written, and reads the same again."""
    try:
        message = parse(data)
    except BadLineError:
        return
    if not message.command.isalnum():
        return  # nobody has such a command, and what repeats it says `*`
    with contextlib.suppress(ValueError):  # what no line can say, e.g. an empty middle
        again = parse(
            encode(message.command, message.params, message.source, message.tags).removesuffix(
                b"\r\n"
            )
        )
        assert again.params == message.params
        assert again.tags == message.tags


def _stream(data: bytes) -> None:
    """Any chunking gives the same lines, and a bounded amount is kept."""
    whole, cut = (LineBuffer(SERVER_TAGS_BYTES_MAX, 512, 16 << 10) for _ in range(2))
    whole.feed(data)
    for at in range(0, len(data), PIECE):
        cut.feed(data[at : at + PIECE])
    assert [whole.pop() for _ in range(len(whole))] == [cut.pop() for _ in range(len(cut))]


def _sasl(data: bytes) -> None:
    with contextlib.suppress(SaslError):
        read_plain(data)
    server = ScramServer("servernonce")
    with contextlib.suppress(SaslError):
        server.begin(data)
        server.challenge(_keys())
        server.finish(data)
    client = ScramClient("ann", "correct horse", "fyko+d2lbbFgONRv9qkxdawL")
    with contextlib.suppress(SaslError):
        client.answer(b"")
        client.answer(data[:400])
        client.answer(data)
    buffer = ResponseBuffer()
    with contextlib.suppress(SaslError):
        buffer.feed(_text(data))


@functools.cache
def _keys() -> ScramKeys:
    return derive_keys("correct horse", b"salt", 4_096)


def _websocket(data: bytes) -> None:
    layer = WebSocketLayer()
    with contextlib.suppress(LinkLostError):
        for at in range(0, len(data), 3 * PIECE):
            lines, _ = layer.receive(data[at : at + 3 * PIECE])
            assert lines.count(b"\n") == lines.count(b"\r\n")
        layer.send(b"PING x\r\n")


def _proxy(data: bytes) -> None:
    with contextlib.suppress(LinkLostError):
        if may_begin_header(data):
            header = read_header(data)
            assert header is None or header.length_bytes <= len(data)


def _query(data: bytes) -> None:
    """What people type to search, on both sides, and the masks of lists."""
    typed = _text(data)
    with contextlib.suppress(IntentRefused):
        read_query(typed, 1_772_800_000_000, None)
    if not search_text.problem_of(typed):
        parts = search_text.parts_of(typed)
        search_text.matches(parts, typed)
        search_text.hits_of(parts, typed)
        search_text.relevance(parts, typed)
    read_filter(typed)
    mask = complete_mask(typed)
    is_valid_mask(mask)
    matches(fold(typed), fold(typed * 2))
    decode_msgid(typed)
    with contextlib.suppress(Exception):
        read_duration_ms(typed)


def _settings(data: bytes) -> None:
    with contextlib.suppress(SettingsError):
        Settings(**read_toml(_text(data), "fuzz.toml"))  # type: ignore[arg-type]


def _order(data: bytes) -> None:
    """What the admin socket is told: always an answer, and one that is JSON."""
    world = World(QUICK)
    try:
        order = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(order, dict):
        answer = json.dumps(world.core.administer(order))
        assert len(answer) < 64 << 10


def _shown(data: bytes) -> None:
    """Texts of strangers: nothing is left that steers a terminal."""
    text = _text(data)
    assert not _steers(plain(text))
    assert not _steers(plain_lines(text))
    assert "".join(split_bytes(text, 40)).replace(" ", "") == text.replace(" ", "")
    for read in (read_markdown, read_inline):
        marked = read(plain_lines(text), True, Style())
        assert not _steers(marked.text)
        assert all(0 <= span.start <= span.end <= len(marked.text) for span in marked.spans)


def _core(data: bytes) -> None:
    """Commands of three people and a stranger: no bug, and the indexes agree after each."""
    world = World(SETTINGS)
    people = [*world.join("ann", "bob"), world.link(LOCAL)]
    for number, line in enumerate(data.split(b"\n")[:60]):
        person = people[(number // 3) % len(people)]
        if not person.closed:
            person.send_bytes(line[:600] + b"\r\n")
    world.pass_time(1_000)
    check_indexes(world.core.world)


def _client(data: bytes) -> None:
    """A hostile server: the client goes on, and holds nothing that steers a terminal."""
    desk = in_room()
    for line in data.split(b"\n")[:80]:
        desk.client.receive(line + b"\r\n")
    desk.wait(30)
    for buffer in desk.client.state.buffers.values():
        texts = [buffer.title, buffer.topic, *buffer.members]
        texts += [text for item in buffer.items for text in (item.text, item.sender)]
        assert not any(_steers(text.translate(FORMATTING)) for text in texts)


def _steers(text: str) -> bool:
    return any((c < " " and c != "\n") or "\x7f" <= c <= "\x9f" for c in text)


TARGETS: Final = {
    "line": Target(_line, seeds.LINES),
    "stream": Target(_stream, (*seeds.LINES, b"\r\n".join(seeds.LINES), b"x" * 9_000)),
    "sasl": Target(_sasl, seeds.SASL),
    "websocket": Target(_websocket, seeds.WEBSOCKETS),
    "proxy": Target(_proxy, seeds.PROXIES),
    "tls": Target(handshakes.strange, seeds.TLS),
    "handshake": Target(handshakes.disturbed, seeds.HANDSHAKES),
    "query": Target(_query, seeds.QUERIES),
    "settings": Target(_settings, seeds.SETTINGS),
    "settings file": Target(files.settings_file, seeds.SETTINGS),
    "logs": Target(files.logs, seeds.LOGS),
    "export": Target(files.export, seeds.EXPORTS),
    "database": Target(files.database, seeds.DAMAGES),
    "kept": Target(files.kept, seeds.KEPT),
    "order": Target(_order, seeds.ORDERS),
    "text": Target(_shown, seeds.TEXTS),
    "core": Target(_core, seeds.COMMANDS),
    "machine": Target(machine, MACHINE_SEEDS),
    "client": Target(_client, seeds.SERVERS),
}
