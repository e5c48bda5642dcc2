"""REDACT, EDIT and VERSIONS: taking back, changing, and what a message said before.

Specification: IRCv3 draft/message-redaction; EDIT and VERSIONS: `docs/protocol.md`, edit.
"""

from typing import Final

from common.casemap import fold
from common.numerics import ERR_CANNOTSENDTOCHAN, ERR_CHANOPRIVSNEEDED, ERR_NOTEXTTOSEND
from common.text import split_bytes
from common.wire import BODY_BYTES_MAX, encode
from server.core.apply import record
from server.core.audit import note_deletion
from server.core.delivery import EDITED_MARK, batch, send
from server.core.dispatch import Failed, Refused, Request, command
from server.core.holders import key_holder
from server.core.multiline import split_lines
from server.core.policy import audience_of, may_moderate, may_speak
from server.core.reading import Readable, find_event, readable
from server.core.sanctions import check_speech
from server.core.speaking import check_reaches, key_of, resent
from server.core.world import utc_text
from server.storage.ports import TO_PART, Event, Kind

REDACTABLE: Final = (
    Kind.PRIVMSG,
    Kind.NOTICE,
    Kind.TAGMSG,
    Kind.STATUS_PRIVMSG,
    Kind.STATUS_NOTICE,
)
EDITABLE: Final = (Kind.PRIVMSG, Kind.NOTICE)

REASON_BYTES_MAX: Final = 200
"""With source, target and message id, a REDACT stays within 512 bytes."""

MINUTE_MS: Final = 60_000


@command(
    "REDACT",
    group="messages",
    usage="REDACT room|nick msgid [:reason]",
    summary="delete a message of yours, or as a moderator anyone's",
    params_min=2,
)
def redact(request: Request) -> None:
    log, event = _find(request, REDACTABLE)
    if log.channel is None or not may_moderate(request.user, log.channel):
        _check_own(request, event)
        _check_window(request, event, request.world.settings.messages__redact_minutes)
    reason = split_bytes(request.param(2), REASON_BYTES_MAX)[0]
    own = request.user.holder != "" and event.holder == request.user.holder
    if log.channel is not None and not own:
        note_deletion(request.world, log.channel, request.user.source, event, reason)
    redaction = _about(request, log, event, Kind.REDACT, reason)
    if event.kind in TO_PART:
        redaction.kind, redaction.target = Kind.STATUS_REDACT, event.target
    record(request.world, [redaction], request.session)


@command(
    "EDIT",
    group="messages",
    usage="EDIT room|nick msgid :text",
    summary="give a message of yours another text",
    params_min=3,
    cost=2,
)
def edit(request: Request) -> None:
    text = request.params[2]
    key = key_of(request, request.message.tags)
    if resent(request, key):
        return
    log, event = _find(request, (*EDITABLE, *TO_PART))
    if event.kind in TO_PART:
        text = "A message to part of a room is not edited: delete it, and write it anew"
        raise _refusal(request, "EDIT_FORBIDDEN", text)
    _check_own(request, event)
    _check_window(request, event, request.world.settings.messages__edit_minutes)
    _check_text(request, log, event, text)
    edited = _about(request, log, event, Kind.EDIT, text)
    edited.key, edited.key_holder = key, key_holder(request.session)
    record(request.world, [edited], request.session)


def _check_text(request: Request, log: Readable, event: Event, text: str) -> None:
    """Whether this may be said where the message stands, and fits into the lines that tell it."""
    if not text:
        raise Refused(ERR_NOTEXTTOSEND)
    check_speech(request, text)
    if log.channel is None:
        check_reaches(request, log.name, text)
    if log.channel is not None and (refusal := may_speak(request.user, log.channel, text)):
        raise Refused(refusal, log.name)
    if log.channel is not None and audience_of(request.user, log.channel):
        raise Refused(ERR_CANNOTSENDTOCHAN, log.name)  # not around the moderators of +U
    words = [log.name, event.msgid, f"{EDITED_MARK}{text}"]
    if len(encode("PRIVMSG", words, request.user.source)) > BODY_BYTES_MAX:
        raise _refusal(request, "TEXT_TOO_LONG", "The new text does not fit into one line")


@command(
    "VERSIONS",
    group="moderation",
    usage="VERSIONS room msgid",
    summary="show what an edited message said before; for moderators",
    params_min=2,
)
def versions(request: Request) -> None:
    world = request.world
    log, event = _find(request, EDITABLE)
    if log.channel is None or not may_moderate(request.user, log.channel):
        raise Refused(ERR_CHANOPRIVSNEEDED, log.name)
    with batch(world, request.session, "chat-server/versions", log.name, event.msgid):
        for version in world.store.edits.versions(log.log_id, event.position):
            for line in split_lines(version.text):
                words = [log.name, event.msgid, utc_text(version.replaced_ms), line.text]
                send(world, request.session, encode("VERSION", words, world.settings.name))


def _find(request: Request, kinds: tuple[Kind, ...]) -> tuple[Readable, Event]:
    """The log and the event that the first two parameters name; raises `Failed` for none."""
    target, msgid = request.params[:2]
    log = readable(request.world, request.user, target)
    if log is None:
        raise Failed("INVALID_TARGET", f"There are no messages of {target} for you", target)
    event = find_event(request.world, request.user, log, msgid)
    if event is None or event.kind not in kinds:
        raise _refusal(request, "UNKNOWN_MSGID", "There is no such message here")
    return log, event


def _check_own(request: Request, event: Event) -> None:
    if event.holder != request.user.holder:
        code = f"{request.row.name}_FORBIDDEN"
        raise _refusal(request, code, "Only who wrote a message may do this")


def _check_window(request: Request, event: Event, minutes: int) -> None:
    if minutes and request.world.wall_ms - event.wall_ms > minutes * MINUTE_MS:
        code = f"{request.row.name}_WINDOW_EXPIRED"
        text = f"This can be done for {minutes} minutes after a message was sent"
        raise Failed(code, text, *request.params[:2], str(minutes))


def _about(request: Request, log: Readable, event: Event, kind: Kind, text: str) -> Event:
    """The event that changes another one."""
    user = request.user
    other = request.world.users.get(fold(log.name))
    return Event(
        channel_id=log.log_id,
        kind=kind,
        source=user.source,
        text=text,
        wall_ms=request.world.wall_ms,
        holder=user.holder,
        target="" if log.channel else (other.nick if other else log.name),
        refers=event.position,
    )


def _refusal(request: Request, code: str, text: str) -> Failed:
    return Failed(code, text, *request.params[:2])
