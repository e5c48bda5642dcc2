"""MARKREAD: how far one has read.

Specification: IRCv3 draft/read-marker.
"""

from common.capabilities import READ_MARKER
from server.core.delivery import as_middle
from server.core.direct import siblings
from server.core.dispatch import Failed, Request, command
from server.core.markers import raise_marker, send_marker, subject_of
from server.core.reading import timestamp_of


@command(
    "MARKREAD",
    group="history",
    usage="MARKREAD room|nick [timestamp=TIME]",
    summary="show how far you have read, or note it for your other devices",
    cost=0.5,
)
def markread(request: Request) -> None:
    target = request.param(0)
    if not target:
        raise Failed("NEED_MORE_PARAMS", f"Something is missing; usage: {request.row.usage}")
    if len(request.params) == 1:
        send_marker(request.world, request.session, request.user, as_middle(target))
        return
    read_ms = timestamp_of(request.params[1], target)
    subject = subject_of(request.world, request.user, target)
    if not subject:
        raise Failed("INVALID_PARAMS", "You are not in such a room", target)
    if raise_marker(request.world, request.user, subject, read_ms):
        for user in siblings(request.world, request.user):
            if user is not request.user and subject_of(request.world, user, target) != subject:
                continue  # under that nick one is not in the room
            for session in user.sessions:
                if session is not request.session and session.capabilities & READ_MARKER:
                    send_marker(request.world, session, user, target)
    send_marker(request.world, request.session, request.user, target)
