"""A batch that a client is sending: its lines are collected until it is closed.

A session has at most one, of bounded size. After a mistake the rest of it is ignored, as the
specification has it, and nothing of it is sent.
Specification: IRCv3 client-batch, draft/multiline.
"""

from dataclasses import dataclass, field
from typing import Final

from common.capabilities import MULTILINE_BYTES_MAX, MULTILINE_LINES_MAX
from common.casemap import fold
from server.core.delivery import standard_reply
from server.core.dispatch import Request
from server.core.multiline import Line
from server.storage.ports import Kind

BATCH_TAG: Final = "batch"
CONCAT_TAG: Final = "draft/multiline-concat"

BATCH_S_MAX: Final = 60.0
"""How long a batch may stay open: a client sends all of it at once."""


@dataclass(slots=True)
class ClientBatch:
    """`label` and `tags` are those of the line that opened it; `failed`: the rest is ignored."""

    reference: str
    target: str
    label: str
    tags: dict[str, str]
    opened_at: float
    kind: Kind = Kind.PRIVMSG
    lines: list[Line] = field(default_factory=list)
    size_bytes: int = 0
    failed: bool = False

    def is_blank(self) -> bool:
        """Whether there is nothing to read in it."""
        return not any(line.text for line in self.lines)


def add_line(request: Request, kind: Kind) -> None:
    """Take a PRIVMSG or NOTICE into the batch that its tag names."""
    batch = request.session.batch
    if batch is None or request.message.tags[BATCH_TAG] != batch.reference:
        fail(request, "MULTILINE_INVALID", "This is no line of the batch that is open")
        return
    if batch.failed:
        return
    batch.kind = kind if not batch.lines else batch.kind
    line = Line(CONCAT_TAG in request.message.tags, request.param(1))
    joint_bytes = 1 if batch.lines and not line.concatenated else 0
    batch.size_bytes += joint_bytes + len(line.text.encode())
    if request.world.now - batch.opened_at > BATCH_S_MAX:
        fail(request, "TIMEOUT", "The batch was open for too long", batch.reference)
    elif kind is not batch.kind:
        fail(request, "MULTILINE_INVALID", "All lines are PRIVMSG, or all are NOTICE")
    elif fold(request.param(0)) != fold(batch.target):
        text = "A line goes to another target than its batch"
        fail(request, "MULTILINE_INVALID_TARGET", text, batch.target, request.param(0))
    elif line.concatenated and not line.text:
        fail(request, "MULTILINE_INVALID", "A line that goes on cannot be blank")
    elif len(batch.lines) == MULTILINE_LINES_MAX:
        limit = str(MULTILINE_LINES_MAX)
        fail(request, "MULTILINE_MAX_LINES", f"A message has at most {limit} lines", limit)
    elif batch.size_bytes > MULTILINE_BYTES_MAX:
        limit = str(MULTILINE_BYTES_MAX)
        fail(request, "MULTILINE_MAX_BYTES", f"A message has at most {limit} bytes", limit)
    else:
        batch.lines.append(line)


def fail(request: Request, code: str, text: str, *context: str) -> None:
    """Refuse the batch: what comes of it from now on is ignored."""
    if request.session.batch is not None:
        request.session.batch.failed = True
    text = f"{text}; nothing of the message was sent"
    standard_reply(request.world, request.session, "FAIL", "BATCH", code, context, text)
