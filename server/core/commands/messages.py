"""What people say: PRIVMSG, NOTICE, TAGMSG, to rooms and to one another.

Specification: modern IRC "Sending Messages", IRCv3 message-tags, echo-message.
"""

from common.capabilities import MULTILINE
from common.numerics import ERR_NORECIPIENT, ERR_NOTEXTTOSEND, ERR_TOOMANYTARGETS
from server.core.client_batch import BATCH_TAG, add_line
from server.core.dispatch import Failed, Refused, Request, command, each
from server.core.speaking import Saying, saying, speak
from server.core.welcome import TARGETS_MAX
from server.storage.ports import Kind


@command(
    "PRIVMSG",
    group="messages",
    usage="PRIVMSG room|nick[,…] :text",
    summary="say something in a room or to someone",
    cost=2,
)
def privmsg(request: Request) -> None:
    _say(request, Kind.PRIVMSG)


@command(
    "NOTICE",
    group="messages",
    usage="NOTICE room|nick[,…] :text",
    summary="the same, as something no program should answer",
    quiet=True,
    cost=2,
)
def notice(request: Request) -> None:
    _say(request, Kind.NOTICE)


@command(
    "TAGMSG",
    group="messages",
    usage="TAGMSG room|nick[,…]",
    summary="send tags without a text: typing, reactions",
)
def tagmsg(request: Request) -> None:
    said = saying(request, Kind.TAGMSG, "", request.message.tags)
    if not said.tags:
        raise Refused(ERR_NOTEXTTOSEND)
    _to_each(request, _targets(request, said), said)


def _say(request: Request, kind: Kind) -> None:
    session = request.session
    is_able = session.capabilities & MULTILINE or session.batch is not None
    if is_able and BATCH_TAG in request.message.tags:
        add_line(request, kind)
        return
    said = saying(request, kind, request.param(1), request.message.tags)
    targets = _targets(request, said)
    if not said.text:
        raise Refused(ERR_NOTEXTTOSEND)
    request.user.active_ms = request.world.wall_ms
    _to_each(request, targets, said)


def _targets(request: Request, said: Saying) -> list[str]:
    targets = [word for word in request.param(0).split(",") if word]
    if not targets:
        raise Refused(ERR_NORECIPIENT, command=request.row.name)
    if len(targets) > TARGETS_MAX:
        raise Refused(ERR_TOOMANYTARGETS, targets[TARGETS_MAX])
    if len(targets) > 1 and said.key:
        text = "A message with a key goes to one room; it was not sent"
        raise Failed("INVALID_KEY", text, targets[0])
    return targets


def _to_each(request: Request, targets: list[str], said: Saying) -> None:
    each(request, targets, lambda request, target: speak(request, said, target))
