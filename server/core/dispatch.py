"""The COMMANDS table, the gates before every handler, and what becomes of refusals.

A command is a row and a function; HELP, the protocol reference and the tests read the same
rows. Label and batch wrapping happens here and nowhere else, so handlers never see labels.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, NamedTuple, TypeVar

from common.capabilities import BATCH, LABELED_RESPONSE, ROOMS
from common.numerics import (
    ERR_INPUTTOOLONG,
    ERR_NEEDMOREPARAMS,
    ERR_NOPRIVILEGES,
    ERR_NOTREGISTERED,
    ERR_UNKNOWNCOMMAND,
    Numeric,
)
from common.wire import (
    ENDLESS,
    OVERLONG,
    BadLineError,
    Message,
    encode,
    escape_tag_value,
    parse,
)
from server.core.audit import note
from server.core.delivery import fitted, numeric, send, standard_reply, tagged
from server.core.session import Session, Waiting
from server.core.user import User
from server.core.world import JobFailedError, NoSpaceError, World
from server.storage.ports import StoreFailedError

LABEL_BYTES_MAX: Final = 64  # labeled-response

LOW_SPACE: Final = "The server is short of disk space and takes nothing new in; try again later"

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


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
    refuse: "Callable[[Failed], None] | None" = None  # answers `Failed` in place of FAIL

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

    def spend(self, things: str, per_minute: int) -> None:
        """Take one of the things one may ask for so often; raises `Failed` RATE_LIMITED."""
        world, session = self.world, self.session
        who = f"account {session.account_id}" if session.account_id else session.block
        name = f"{things} {who or session.link}"
        wait_s = world.allowances.take(world.now, name, per_minute)
        if wait_s:
            text = f"Too many {things} within a minute: try again in {wait_s} seconds"
            raise Failed("RATE_LIMITED", text, *self.params[:1], str(wait_s))

    def later(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Have slow work done off the loop and go on with its result; the last thing to be done.

        Meanwhile the session's next lines wait. Raises `Failed` where too much is asked already.
        """
        session = self.session
        if session.waiting is not None or len(self.world.jobs) >= self.world.settings.limits__jobs:
            text = "The server is busy with others; try again in a moment"
            raise Failed("TEMPORARILY_UNAVAILABLE", text, *self.params[:1])
        session.waiting = Waiting(self.message, then, self.refuse)
        self.world.ask_job(session, work)


Handler = Callable[[Request], None]


class Command(NamedTuple):
    """One row. `usage` is shown by HELP and in refusals.

    `cost` is what it takes of a session's credit, an ordinary line being 1; `operators` only may
    use it. The refusals of a `quiet` one are answered only under a label:
    nothing may answer a NOTICE by itself.
    """

    name: str
    handler: Handler
    params_min: int
    before_registration: bool
    operators: bool
    quiet: bool
    group: str
    usage: str
    summary: str
    cost: float


COMMANDS: Final[dict[str, Command]] = {}


def command(
    name: str,
    *,
    group: str,
    usage: str,
    summary: str,
    params_min: int = 0,
    before_registration: bool = False,
    operators: bool = False,
    quiet: bool = False,
    cost: float = 1.0,
) -> Callable[[Handler], Handler]:
    """Make a row for the decorated function, which comes back unchanged."""
    assert name not in COMMANDS, f"command {name} twice"
    assert summary
    assert usage.split()[0] == name

    def enter(handler: Handler) -> Handler:
        COMMANDS[name] = Command(
            name,
            handler,
            params_min,
            before_registration,
            operators,
            quiet,
            group,
            usage,
            summary,
            cost,
        )
        return handler

    return enter


def take_line(world: World, session: Session, line: bytes, *, strict: bool) -> None:
    """Handle one line from its session. A bug of ours ends that session, or with `strict` all."""
    if line is OVERLONG:
        session.credit -= 1.0
        numeric(world, session, ERR_INPUTTOOLONG)
        return
    if line is ENDLESS:
        world.end_session(session, "A line went on without an end")
        return
    try:
        message = parse(line)
        run = partial(_run, world, session, message)
    except BadLineError as error:
        message = _readable_part(line)
        run = partial(_refuse_line, world, session, message, error)
    label = _label(session, message) if session.capabilities & LABELED_RESPONSE else ""
    if len(label.encode()) > LABEL_BYTES_MAX:
        text = f"A label has at most {LABEL_BYTES_MAX} bytes"
        standard_reply(world, session, "FAIL", message.command, "INVALID_LABEL", [], text)
        return
    _answer(world, session, message, label, run, strict=strict)


def _readable_part(line: bytes) -> Message:
    """What can be read of a line that is none: its label and its command, for the answer."""
    text = line.decode(errors="replace").replace("\0", "").replace("\r", "")
    try:
        return parse(text.encode())
    except BadLineError:
        return Message("*")


def _refuse_line(world: World, session: Session, message: Message, error: BadLineError) -> None:
    """Say what was wrong; always by FAIL, as UTF8ONLY asks for."""
    session.credit -= 1.0
    name = message.command if message.command in COMMANDS else "*"
    text = f"{error}; it was not used"
    send(world, session, fitted("FAIL", [name, error.code, text], world.settings.name))


def go_on(world: World, session: Session, result: object, *, strict: bool) -> None:
    """Run the rest of the command that waited for a job, with the job's result or its error."""
    waiting, session.waiting = session.waiting, None
    assert waiting is not None

    def rest() -> None:
        try:
            if isinstance(result, JobFailedError):
                logger.warning("%s not done: %s", waiting.message.command, result)
                text = "The server has too little memory for this now; try again later"
                raise Failed("TEMPORARILY_UNAVAILABLE", text)
            if isinstance(result, Exception):
                raise result
            waiting.then(result)
        except REFUSALS as error:
            answer_refusal(world, session, waiting.message, error, waiting.refuse)

    _answer(world, session, waiting.message, waiting.label, rest, strict=strict)


def _answer(
    world: World,
    session: Session,
    message: Message,
    label: str,
    run: Callable[[], None],
    *,
    strict: bool,
) -> None:
    """Run a handler, or the rest of one, and put the label on what it answers.

    Where it asked for a job, the answer and the label are still to come.
    """
    earlier = session.out
    if label:
        session.out = []
    try:
        run()
    except Exception:
        if strict:
            raise
        end_for_a_bug(world, session, message.command)
    finally:
        if label:
            answer, session.out = session.out, earlier
            if session.waiting is not None:
                session.waiting.label = label
            else:
                answer = _labeled(world, session, label, answer)
            for answer_line in answer:
                send(world, session, answer_line)
        for line in session.unlabeled:
            send(world, session, line)
        session.unlabeled = ()


def end_for_a_bug(world: World, session: Session, command: str) -> None:
    """Log the bug of ours that is being handled, and end the session that met it."""
    logger.exception("session %d ends: %s failed", session.link, command)
    world.end_session(session, "Internal error; it was logged, and only you were affected")


def _label(session: Session, message: Message) -> str:
    """The label to answer under; lines of a batch, and its end, have that of its beginning."""
    own = message.tags.get("label", "")
    if session.batch is None or not (message.command == "BATCH" or _is_in_batch(session, message)):
        return own
    return "" if session.batch.failed else own or session.batch.label


def _is_in_batch(session: Session, message: Message) -> bool:
    """Whether this is a line of the batch that the client is sending."""
    return session.batch is not None and "batch" in message.tags


def _run(world: World, session: Session, message: Message) -> None:
    try:
        row = _pass_gates(world, session, message)
        row.handler(Request(world, session, message, row))
        if row.operators:
            note(world, session.source, row.name, "server", " ".join(message.params))
    except REFUSALS as error:
        answer_refusal(world, session, message, error)


def _pass_gates(world: World, session: Session, message: Message) -> Command:
    """The row of a command that may run now; raises the refusal otherwise."""
    row = COMMANDS.get(message.command)
    session.credit -= row.cost if row else 1.0
    if session.user is None and (row is None or not row.before_registration):
        raise Refused(ERR_NOTREGISTERED)
    if row is None:
        raise Refused(ERR_UNKNOWNCOMMAND, message.command)
    if row.operators and "o" not in (session.user.modes if session.user else ""):
        raise Refused(ERR_NOPRIVILEGES)
    if len(message.params) < row.params_min:
        raise Refused(ERR_NEEDMOREPARAMS, row.name, usage=row.usage)
    world.commands_run[row.name] = world.commands_run.get(row.name, 0) + 1
    return row


REFUSALS: Final = (Refused, Failed, NoSpaceError, StoreFailedError)
"""What a command may end with that is answered, and ends nothing else."""


def answer_refusal(
    world: World,
    session: Session,
    message: Message,
    error: Exception,
    refuse: Callable[[Failed], None] | None = None,
) -> None:
    """Turn what a handler refuses, or the store cannot do, into the answer.

    `refuse` gives that answer where the command has a way of its own.
    """
    refuse = refuse or partial(_fail, world, session, message.command)
    match error:
        case Refused():
            row = COMMANDS.get(message.command)
            if row is None or not row.quiet or "label" in message.tags:
                numeric(world, session, error.row, *error.values, **error.words)
        case Failed():
            refuse(error)
        case NoSpaceError():
            refuse(Failed("STORE_FULL", LOW_SPACE, *message.params[:1]))
        case _:
            logger.warning("%s not done: %s", message.command, error)
            text = "The server's storage does not answer; nothing was changed, try again"
            refuse(Failed("STORE_FAILED", text, *message.params[:1]))


@contextmanager
def refusing(request: Request, refuse: Callable[[Failed], None]) -> Iterator[Request]:
    """The same request with another way to answer `Failed`, now and after a job."""
    try:
        yield replace(request, refuse=refuse)
    except REFUSALS as error:
        answer_refusal(request.world, request.session, request.message, error, refuse)


def each(request: Request, targets: Iterable[str], handle: Callable[[Request, str], None]) -> None:
    """Do a command for each of its targets; one that is refused does not stop the others."""
    for number, target in enumerate(targets):
        if number:
            request.session.credit -= request.row.cost
        try:
            handle(request, target)
        except REFUSALS as error:
            answer_refusal(request.world, request.session, request.message, error)


def _fail(world: World, session: Session, name: str, failure: Failed) -> None:
    standard_reply(world, session, "FAIL", name, failure.code, failure.context, failure.text)


def _labeled(world: World, session: Session, label: str, answer: list[bytes]) -> list[bytes]:
    """`answer` with its label: one line as it is, several as a batch, none as ACK."""
    tag = f"label={escape_tag_value(label)}"
    server = world.settings.name
    if not answer and session.batch is not None and session.batch.label == label:
        return []  # what answers it comes when the batch is closed
    if not answer:
        return [tagged(tag, encode("ACK", [], server))]
    if len(answer) == 1 or _is_one_batch(answer, server):
        return [tagged(tag, answer[0]), *answer[1:]]
    if not session.capabilities & BATCH:
        return answer
    reference = world.new_token()
    start = encode("BATCH", [f"+{reference}", "labeled-response"], server)
    inner = [
        line if line.startswith(b"@batch=") else tagged(f"batch={reference}", line)
        for line in answer
    ]
    return [tagged(tag, start), *inner, encode("BATCH", [f"-{reference}"], server)]


def _is_one_batch(answer: list[bytes], server: str) -> bool:
    """Whether `answer` is a batch of its own, which then carries the label itself."""
    return (
        answer[0].startswith(f":{server} BATCH +".encode())
        and answer[-1].startswith(f":{server} BATCH -".encode())
        and all(line.startswith(b"@batch=") for line in answer[1:-1])
    )


def wants_strict_rooms(session: Session) -> bool:
    """Whether JOIN must never create for this session (`docs/protocol.md`, rooms)."""
    return bool(session.capabilities & ROOMS)
