"""BATCH from a client: a message of several lines.

Specification: IRCv3 client-batch, draft/multiline.
"""

import re
from typing import Final

from common.capabilities import BATCH, MULTILINE
from server.core.client_batch import BATCH_TAG, ClientBatch, fail
from server.core.dispatch import LOW_SPACE, Failed, Request, command
from server.core.multiline import join_lines
from server.core.speaking import saying, speak

BATCH_TYPE: Final = "draft/multiline"

_REFERENCE: Final = re.compile(r"[A-Za-z0-9-]{1,64}\Z")


@command(
    "BATCH",
    group="messages",
    usage="BATCH +reference draft/multiline room|nick",
    summary="begin a message of several lines, and end it with -reference",
    params_min=1,
)
def batch(request: Request) -> None:
    needed = BATCH | MULTILINE
    if request.session.capabilities & needed != needed:
        raise Failed("MULTILINE_INVALID", "Negotiate batch and draft/multiline first")
    sign, reference = request.params[0][:1], request.params[0][1:]
    if sign == "+":
        _open(request, reference)
    else:
        _close(request, reference)


def _open(request: Request, reference: str) -> None:
    session, tags = request.session, request.message.tags
    inside = session.batch is not None and not session.batch.failed
    opened = ClientBatch(
        reference, request.param(2), tags.get("label", ""), tags, request.world.now
    )
    session.batch = opened
    if not _REFERENCE.match(reference):
        fail(request, "INVALID_REFTAG", "A reference is letters, digits and -", reference)
    elif inside or BATCH_TAG in tags:
        fail(request, "MULTILINE_INVALID", "A batch was open already; neither counts")
    elif request.param(1) != BATCH_TYPE:
        text = f"There is only {BATCH_TYPE}"
        fail(request, "UNKNOWN_TYPE", text, reference, request.param(1))
    elif request.world.low_space:
        fail(request, "STORE_FULL", LOW_SPACE, request.param(2))
    elif not opened.target:
        fail(request, "MULTILINE_INVALID", "Name the room or person the message is for")


def _close(request: Request, reference: str) -> None:
    closed = request.session.batch
    if closed is None or closed.reference != reference:
        fail(request, "MULTILINE_INVALID", "No such batch is open")
        return
    request.session.batch = None
    if closed.failed:
        return
    if closed.is_blank():
        fail(request, "MULTILINE_INVALID", "There is no text in it")
        return
    if request.world.low_space:
        raise Failed("STORE_FULL", LOW_SPACE, closed.target)
    request.user.active_ms = request.world.wall_ms
    said = saying(request, closed.kind, join_lines(closed.lines), closed.tags)
    speak(request, said, closed.target)
