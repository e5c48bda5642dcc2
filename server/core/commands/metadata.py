"""METADATA: what people and rooms say about themselves.

Specification: IRCv3 draft/metadata-3.
"""

from collections.abc import Callable, Iterable
from typing import Final

from common.capabilities import (
    METADATA_KEYS_MAX,
    METADATA_SUBSCRIPTIONS_MAX,
    METADATA_VALUE_BYTES_MAX,
)
from common.casemap import fold
from common.numerics import (
    RPL_METADATASUBOK,
    RPL_METADATASUBS,
    RPL_METADATASYNCLATER,
    RPL_METADATAUNSUBOK,
)
from server.core.channel import Channel
from server.core.delivery import batch, standard_reply
from server.core.dispatch import LOW_SPACE, Failed, Request, command
from server.core.metadata import (
    Subject,
    is_key,
    name_of,
    send_value,
    set_value,
    sync,
    tell,
    values_of,
)
from server.core.policy import may_describe, may_read_description
from server.core.session import Session
from server.core.user import User
from server.core.witnesses import sessions_that_see


@command(
    "METADATA",
    group="people",
    usage="METADATA *|nick|room GET|LIST|SET|CLEAR|SUB|UNSUB|SUBS|SYNC [key…] [:value]",
    summary="show, or say, what is known of someone or a room; * is you",
    params_min=2,
    before_registration=True,
    cost=2,
)
def metadata(request: Request) -> None:
    word = request.params[1].upper()
    handler = _SUBCOMMANDS.get(word)
    if handler is None:
        raise Failed("SUBCOMMAND_INVALID", f"There are {', '.join(_SUBCOMMANDS)}", word)
    handler(request, _subject(request))


def _subject(request: Request) -> Subject:
    """Whom the command is about; raises `Failed` where that is hidden, or is nobody."""
    target, user = request.params[0], request.session.user
    found: Subject | None = None
    if target == "*":
        found = user or request.session
    elif user is not None and target.startswith("#"):
        channel = request.world.channels.get(fold(target))
        found = channel if channel and may_read_description(user, channel) else None
    elif user is not None:
        found = request.world.users.get(fold(target))
    if found is None:
        raise Failed("INVALID_TARGET", "There is nobody and no room of this name for you", target)
    return found


def _get(request: Request, subject: Subject) -> None:
    with batch(request.world, request.session, "metadata", name_of(subject)):
        for key in _valid_keys(request):
            send_value(request.world, request.session, subject, key)


def _list(request: Request, subject: Subject) -> None:
    with batch(request.world, request.session, "metadata", name_of(subject)):
        for key in values_of(request.world, subject):
            send_value(request.world, request.session, subject, key)


def _set(request: Request, subject: Subject) -> None:
    key = request.param(2)
    value = request.params[3] if len(request.params) > 3 else None
    if not is_key(key):
        raise Failed("KEY_INVALID", "A key is up to 32 of a-z 0-9 _ . / -", key or "*")
    _check_permission(request, subject, key)
    values = values_of(request.world, subject)
    if value is None and key not in values:
        raise Failed("KEY_NOT_SET", "It is not set", name_of(subject), key)
    if value is not None and len(value.encode()) > METADATA_VALUE_BYTES_MAX:
        text = f"A value has at most {METADATA_VALUE_BYTES_MAX} bytes; it was not set"
        raise Failed("INVALID_VALUE", text, key)
    if value is not None and key not in values and len(values) >= METADATA_KEYS_MAX:
        text = f"There are {METADATA_KEYS_MAX} keys already; take one off first"
        raise Failed("LIMIT_REACHED", text, name_of(subject))
    _change(request, subject, key, value)


def _clear(request: Request, subject: Subject) -> None:
    _check_permission(request, subject, "*")
    with batch(request.world, request.session, "metadata", name_of(subject)):
        for key in list(values_of(request.world, subject)):
            _change(request, subject, key, None)


def _change(request: Request, subject: Subject, key: str, value: str | None) -> None:
    set_value(request.world, subject, key, value)
    send_value(request.world, request.session, subject, key)
    tell(request.world, subject, key, _witnesses(request, subject), request.session)


def _check_permission(request: Request, subject: Subject, key: str) -> None:
    own = subject in (request.session, request.session.user)
    user = request.session.user
    described = isinstance(subject, Channel) and user is not None and may_describe(user, subject)
    if not own and not described:
        text = "You may say this of yourself and of rooms you lead only"
        raise Failed("KEY_NO_PERMISSION", text, name_of(subject), key)
    if request.world.low_space:
        raise Failed("STORE_FULL", LOW_SPACE, name_of(subject))


def _witnesses(request: Request, subject: Subject) -> Iterable[Session]:
    match subject:
        case Channel():
            return subject.sessions
        case User():
            watching = request.world.monitors.get(fold(subject.nick), {})
            return sessions_that_see(subject) | watching
        case Session():
            return ()


def _sub(request: Request, _subject: Subject) -> None:
    wanted = request.session.metadata_keys
    for key in _valid_keys(request):
        if key not in wanted and len(wanted) >= METADATA_SUBSCRIPTIONS_MAX:
            text = f"At most {METADATA_SUBSCRIPTIONS_MAX} keys; this one and the next were not used"
            _fail(request, "TOO_MANY_SUBS", text, key)
            break
        wanted[key] = None
        request.reply(RPL_METADATASUBOK, key)
    if request.session.user is not None:
        for channel in request.session.user.channels:
            request.reply(RPL_METADATASYNCLATER, channel.record.name)


def _unsub(request: Request, _subject: Subject) -> None:
    for key in _valid_keys(request):
        request.session.metadata_keys.pop(key, None)
        request.reply(RPL_METADATAUNSUBOK, key)


def _subs(request: Request, _subject: Subject) -> None:
    with batch(request.world, request.session, "metadata-subs"):
        for key in request.session.metadata_keys:
            request.reply(RPL_METADATASUBS, key)


def _sync(request: Request, subject: Subject) -> None:
    if not isinstance(subject, Session):
        sync(request.world, request.session, subject)
        request.session.turn_over = True


def _valid_keys(request: Request) -> Iterable[str]:
    """The keys that were named, in their order; bad ones are refused as their turn comes."""
    for key in request.params[2:]:
        if is_key(key):
            yield key
        else:
            _fail(request, "KEY_INVALID", "A key is up to 32 of a-z 0-9 _ . / -", key)


def _fail(request: Request, code: str, text: str, key: str) -> None:
    standard_reply(request.world, request.session, "FAIL", "METADATA", code, [key], text)


_SUBCOMMANDS: Final[dict[str, Callable[[Request, Subject], None]]] = {
    "GET": _get,
    "LIST": _list,
    "SET": _set,
    "CLEAR": _clear,
    "SUB": _sub,
    "UNSUB": _unsub,
    "SUBS": _subs,
    "SYNC": _sync,
}
