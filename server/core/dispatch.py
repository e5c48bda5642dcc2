"""The COMMANDS table, the gates before every handler, and what becomes of refusals.

A command is a row and a function; HELP, the protocol reference and the tests read the same
rows. Label and batch wrapping happens here and nowhere else, so handlers never see labels.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

from common.capabilities import BATCH, LABELED_RESPONSE, ROOMS
from common.numerics import (
    ERR_INPUTTOOLONG,
    ERR_NEEDMOREPARAMS,
    ERR_NOTREGISTERED,
    ERR_UNKNOWNCOMMAND,
    Numeric,
)
from common.wire import OVERLONG, BadLineError, Message, encode, escape_tag_value, parse
from server.core.delivery import numeric, send, standard_reply
from server.core.session import Session
from server.core.user import User
from server.core.world import World
from server.storage.ports import StoreFailedError

LABEL_BYTES_MAX: Final = 64  # labeled-response

LOW_SPACE: Final = "The server is short of disk space and takes nothing new in; try again later"

logger = logging.getLogger(__name__)


class Refused(Exception):  # noqa: N818 - the peer's fault, not an error of ours
    """The command is refused with a numeric; nothing has been changed."""

    def __init__(self, row: Numeric, *values: str, **words: str) -> None:
        super().__init__(row.name)
        self.row = row
        self.values = values
        self.words = words


class Failed(Exception):  # noqa: N818 - the same, as a standard reply
    """The command is refused with FAIL `code`; nothing has been changed."""

    def __init__(self, code: str, text: str, *context: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.context = context


@dataclass(slots=True)
class Request:
    """One command of one session. `user` is None before registration is complete."""

    world: World
    session: Session
    message: Message
    row: "Command"

    @property
    def user(self) -> User:
        """The user; only for commands that need registration."""
        assert self.session.user
        return self.session.user

    @property
    def params(self) -> list[str]:
        """The parameters, at least `Command.params_min` of them."""
        return self.message.params

    def param(self, index: int, default: str = "") -> str:
        """A parameter that may be missing."""
        return self.params[index] if index < len(self.params) else default

    def reply(self, line: Numeric, *values: str, **words: str) -> None:
        """Answer with a numeric."""
        numeric(self.world, self.session, line, *values, **words)

    def note(self, code: str, text: str, *context: str) -> None:
        """Answer with information for people."""
        standard_reply(self.world, self.session, "NOTE", self.row.name, code, context, text)


Handler = Callable[[Request], None]


class Command(NamedTuple):
    """One row. `usage` is shown by HELP and in refusals; `stores` marks what needs disk space."""

    name: str
    handler: Handler
    params_min: int
    before_registration: bool
    stores: bool
    group: str
    usage: str
    summary: str


COMMANDS: Final[dict[str, Command]] = {}


def command(
    name: str,
    *,
    group: str,
    usage: str,
    summary: str,
    params_min: int = 0,
    before_registration: bool = False,
    stores: bool = False,
) -> Callable[[Handler], Handler]:
    """Make a row for the decorated function, which comes back unchanged."""
    assert name not in COMMANDS, f"command {name} twice"
    assert summary
    assert usage.split()[0] == name

    def enter(handler: Handler) -> Handler:
        COMMANDS[name] = Command(
            name, handler, params_min, before_registration, stores, group, usage, summary
        )
        return handler

    return enter


def take_line(world: World, session: Session, line: bytes, *, strict: bool) -> None:
    """Handle one line from its session. A bug of ours ends that session, or with `strict` all."""
    if line is OVERLONG:
        numeric(world, session, ERR_INPUTTOOLONG)
        return
    try:
        message = parse(line)
    except BadLineError as error:
        standard_reply(world, session, "FAIL", "*", error.code, [], f"{error}; it was not used")
        return
    label = message.tags.get("label", "")
    labeled = bool(session.capabilities & LABELED_RESPONSE) and label != ""
    if labeled and len(label.encode()) > LABEL_BYTES_MAX:
        text = f"A label has at most {LABEL_BYTES_MAX} bytes"
        standard_reply(world, session, "FAIL", message.command, "INVALID_LABEL", [], text)
        return
    earlier = session.out
    if labeled:
        session.out = []
    try:
        _run(world, session, message)
    except Exception:
        if strict:
            raise
        logger.exception("session %d ends: %s failed", session.link, message.command)
        world.end_session(session, "Internal error; it was logged, and only you were affected")
    finally:
        if labeled:
            answer, session.out = session.out, earlier
            for answer_line in _labeled(world, session, label, answer):
                send(world, session, answer_line)


def _run(world: World, session: Session, message: Message) -> None:
    with _answering(world, session, message):
        row = _pass_gates(world, session, message)
        row.handler(Request(world, session, message, row))


def _pass_gates(world: World, session: Session, message: Message) -> Command:
    """The row of a command that may run now; raises the refusal otherwise."""
    row = COMMANDS.get(message.command)
    if session.user is None and (row is None or not row.before_registration):
        raise Refused(ERR_NOTREGISTERED)
    if row is None:
        raise Refused(ERR_UNKNOWNCOMMAND, message.command)
    if len(message.params) < row.params_min:
        raise Refused(ERR_NEEDMOREPARAMS, row.name, usage=row.usage)
    if row.stores and world.low_space and session.user:  # a newcomer's NICK stores nothing
        raise Failed("STORE_FULL", LOW_SPACE, *message.params[:1])
    return row


@contextmanager
def _answering(world: World, session: Session, message: Message) -> Iterator[None]:
    """Turn what a handler refuses, or the store cannot do, into the answer."""
    try:
        yield
    except Refused as refusal:
        numeric(world, session, refusal.row, *refusal.values, **refusal.words)
    except Failed as failure:
        _fail(world, session, message.command, failure)
    except StoreFailedError as error:
        logger.warning("%s not done: %s", message.command, error)
        text = "The server's storage does not answer; nothing was changed, try again"
        _fail(world, session, message.command, Failed("STORE_FAILED", text, *message.params[:1]))


def each(request: Request, targets: Iterable[str], handle: Callable[[Request, str], None]) -> None:
    """Do a command for each of its targets; one that is refused does not stop the others."""
    for target in targets:
        with _answering(request.world, request.session, request.message):
            handle(request, target)


def _fail(world: World, session: Session, name: str, failure: Failed) -> None:
    standard_reply(world, session, "FAIL", name, failure.code, failure.context, failure.text)


def _labeled(world: World, session: Session, label: str, answer: list[bytes]) -> list[bytes]:
    """`answer` with its label: one line as it is, several as a batch, none as ACK."""
    tag = f"label={escape_tag_value(label)}"
    server = world.settings.name
    if not answer:
        return [_tagged(tag, encode("ACK", [], server))]
    if len(answer) == 1 or _is_one_batch(answer, server):
        return [_tagged(tag, answer[0]), *answer[1:]]
    if not session.capabilities & BATCH:
        return answer
    reference = world.new_token()
    start = encode("BATCH", [f"+{reference}", "labeled-response"], server)
    inner = [
        line if line.startswith(b"@batch=") else _tagged(f"batch={reference}", line)
        for line in answer
    ]
    return [_tagged(tag, start), *inner, encode("BATCH", [f"-{reference}"], server)]


def _is_one_batch(answer: list[bytes], server: str) -> bool:
    """Whether `answer` is a batch of its own, which then carries the label itself."""
    return (
        answer[0].startswith(f":{server} BATCH +".encode())
        and answer[-1].startswith(f":{server} BATCH -".encode())
        and all(line.startswith(b"@batch=") for line in answer[1:-1])
    )


def _tagged(tag: str, line: bytes) -> bytes:
    if line.startswith(b"@"):
        return f"@{tag};".encode() + line[1:]
    return f"@{tag} ".encode() + line


def wants_strict_rooms(session: Session) -> bool:
    """Whether JOIN must never create for this session (`docs/protocol.md`, rooms)."""
    return bool(session.capabilities & ROOMS)
