"""The rooms of the original program: CREATE and EXIT (`docs/protocol.md`, rooms)."""

from common.casemap import channel_name, fold
from common.numerics import ERR_NOTONCHANNEL
from server.core.dispatch import Failed, Refused, Request, command
from server.core.membership import create, leave


@command(
    "CREATE",
    group="rooms",
    usage="CREATE [name]",
    summary="make a room and enter it; without a name it gets an ID to give to friends",
    cost=3,
)
def create_room(request: Request) -> None:
    typed = request.param(0)
    create(request, channel_name(typed) if typed else "")
    channel = next(reversed(request.user.channels))
    word = channel.record.name.removeprefix("#")
    request.note("ROOM_CREATED", f"Friends enter with: join {word}", channel.record.name)


@command(
    "EXIT",
    group="rooms",
    usage="EXIT [room] [:reason]",
    summary="leave a room; without a name the one entered last",
)
def exit_room(request: Request) -> None:
    if not request.user.channels:
        raise Failed("NOT_IN_A_ROOM", "You are in no room; JOIN one or CREATE one first")
    typed = request.param(0)
    if not typed:
        leave(request, next(reversed(request.user.channels)), "")
        return
    channel = request.world.channels.get(fold(channel_name(typed)))
    if channel is None or channel not in request.user.channels:
        raise Refused(ERR_NOTONCHANNEL, typed)
    leave(request, channel, request.param(1))
