"""One line in: parse, clean, find its batch and request, hand it to its reducer.

Nothing a server sends raises out of here. What no reducer knows goes to the status buffer.
Specification: IRCv3 batch, labeled-response.
"""

from typing import Final

from common.casemap import fold
from common.text import CTCP, plain
from common.wire import OVERLONG, BadLineError, Message, parse
from tui.client import buffers, history, jumping, multiline, searching
from tui.client.cleaning import cleaned
from tui.client.core import Core
from tui.client.items import Arrival
from tui.client.reducers import refusals
from tui.client.reducers.table import REDUCERS
from tui.client.session import OpenBatch, Request

BATCHES_MAX: Final = 50
"""Open batches; beyond it the oldest is closed with what it holds."""

BATCH_LINES_MAX: Final = 2_000
"""Lines kept for one batch: twenty pages; what comes after them is asked for again."""

HISTORY_KIND: Final = "chathistory"

_COLLECTING: Final = (HISTORY_KIND, multiline.BATCH_KIND, *searching.BATCH_KINDS)


def line_arrived(core: Core, line: bytes) -> None:
    """Act on one line, its ending taken off."""
    if line == OVERLONG:
        buffers.say_news(core, core.status, "The server sent a line too long to read.", True)
        return
    message = _read(line)
    if message is None:
        return
    message.params = [cleaned(param) for param in message.params]
    reference = message.tags.get("batch", "")
    batch = core.session.batches.get(reference) if reference else None
    request = _request_of(core, message, batch)
    if message.command == "BATCH":
        _batch_line(core, message, request)
    elif batch is not None and (collector := _collector(core, batch)) is not None:
        _collect(collector, message)
    else:
        _reduce(core, Arrival(message, request))


def _read(line: bytes) -> Message | None:
    """The line as a message; bytes that are no text are replaced, what is no line is None."""
    try:
        return parse(line)
    except BadLineError:
        mended = line.decode(errors="replace").replace("\0", "").replace("\r", "")
    try:
        return parse(mended.encode())
    except BadLineError:
        return None


def _request_of(core: Core, message: Message, batch: OpenBatch | None) -> Request | None:
    """What the line answers: by its own label (then it is the answer) or its batch's."""
    label = message.tags.get("label", "")
    if label:
        request = core.session.requests.get(label)
        if request is not None:
            del core.session.requests[label]
        return request
    return batch.request if batch is not None else None


def _batch_line(core: Core, message: Message, request: Request | None) -> None:
    word = message.params[0] if message.params else ""
    reference = word[1:]
    if word.startswith("+") and len(message.params) > 1:
        _open_batch(core, message, reference, request)
    elif word.startswith("-") and reference in core.session.batches:
        _close_batch(core, core.session.batches.pop(reference))


def _open_batch(core: Core, message: Message, reference: str, request: Request | None) -> None:
    batches = core.session.batches
    target = fold(plain(message.params[2])) if len(message.params) > 2 else ""
    parent = message.tags.get("batch", "")
    batches[reference] = OpenBatch(message, message.params[1].lower(), target, parent, request)
    if len(batches) > BATCHES_MAX:
        _close_batch(core, batches.pop(next(iter(batches))))


def _collector(core: Core, batch: OpenBatch) -> OpenBatch | None:
    """The collecting batch that this one is, or is nested in; None where there is none."""
    held: OpenBatch | None = batch
    for _ in range(BATCHES_MAX):
        if held is None or held.kind in _COLLECTING:
            return held
        held = core.session.batches.get(held.parent)
    return None


def _collect(collector: OpenBatch, message: Message) -> None:
    if len(collector.lines) < BATCH_LINES_MAX:
        collector.lines.append(message)
    else:
        collector.overflowed = True


def _close_batch(core: Core, batch: OpenBatch) -> None:
    if batch.kind == HISTORY_KIND:
        answered = history.page_arrived(core, batch)
        jumping.page_arrived(core, batch.target, answered)
    elif batch.kind == multiline.BATCH_KIND:
        _message_arrived(core, batch)
    elif batch.kind in searching.BATCH_KINDS:
        searching.batch_arrived(core, batch)


def _message_arrived(core: Core, batch: OpenBatch) -> None:
    """All lines of a message are there: it goes where a single line would have gone."""
    message = multiline.joined(batch.opening, batch.lines) if batch.lines else None
    if message is None:
        return
    parent = core.session.batches.get(batch.parent)
    collector = _collector(core, parent) if parent is not None else None
    if collector is not None:
        _collect(collector, message)
    else:
        _reduce(core, Arrival(message, batch.request))


def _reduce(core: Core, arrival: Arrival) -> None:
    message = arrival.message
    row = REDUCERS.get(message.command)
    if row is not None and len(message.params) >= row.params_min:
        row.reducer(core, arrival)
    elif refusals.is_refusal(message.command):
        refusals.refused(core, arrival)
    else:
        _unknown(core, message)


def _unknown(core: Core, message: Message) -> None:
    params = message.params
    if message.command.isdecimal():  # every numeric starts with our own nick
        params = params[1:]
    words = params if message.command.isdecimal() else [message.command, *params]
    text = " ".join(words).replace(CTCP, "")
    buffers.say_news(core, core.status, text or message.command, sender=plain(message.nick))
