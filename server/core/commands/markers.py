"""MARKREAD: how far one has read.

Specification: IRCv3 draft/read-marker.
"""

from common.capabilities import READ_MARKER
from server.core.delivery import as_middle
from server.core.dispatch import Failed, Request, command
from server.core.markers import raise_marker, send_marker, subject_of
from server.core.world import read_utc


@command(
    "MARKREAD",
    group="history",
    usage="MARKREAD room|nick [timestamp=TIME]",
    summary="show how far you have read, or note it for your other devices",
)
def markread(request: Request) -> None:
    target = request.param(0)
    if not target:
        raise Failed("NEED_MORE_PARAMS", f"Something is missing; usage: {request.row.usage}")
    if len(request.params) == 1:
        send_marker(request.world, request.session, request.user, as_middle(target))
        return
    read_ms = _time(request, request.params[1])
    subject = subject_of(request.world, request.user, target)
    if not subject:
        raise Failed("INVALID_PARAMS", "You are not in such a room", target)
    if raise_marker(request.world, request.user, subject, read_ms):
        for session in request.user.sessions:
            if session is not request.session and session.capabilities & READ_MARKER:
                send_marker(request.world, session, request.user, target)
    send_marker(request.world, request.session, request.user, target)


def _time(request: Request, typed: str) -> int:
    key, _, value = typed.partition("=")
    try:
        if key == "timestamp":
            return read_utc(value)
    except ValueError:
        pass
    text = "A time is written timestamp=2026-11-22T15:02:50.123Z"
    raise Failed("INVALID_PARAMS", text, *request.params[:1], typed)
