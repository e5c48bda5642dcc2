"""ChanServ: owning a room by way of messages, as people are used to; CS and CHANSERV are short.

Every change is a MODE of the asker's, checked as any other.
"""

from collections.abc import Callable

from common.casemap import channel_name, fold
from common.modes import Change
from server.core.channel import Channel
from server.core.dispatch import Failed, Request, command
from server.core.ownership import change_modes, choose_keeping, close, transfer
from server.core.policy import RANKS, can_see, may_change_mode, rank
from server.core.services import CHANSERV, ServiceRequest, run, service_command
from server.core.user import User
from server.core.world import utc_text


@command(
    "CHANSERV",
    group="rooms",
    usage="CHANSERV [command …]",
    summary="owning rooms, as a service: CHANSERV HELP",
    cost=2,
)
def chanserv(request: Request) -> None:
    run(request, CHANSERV, " ".join(request.params).split())


@command("CS", group="rooms", usage="CS [command …]", summary="short for CHANSERV")
def cs(request: Request) -> None:
    chanserv(request)


@service_command(CHANSERV, "REGISTER room", "be shown as owner of a room you made or run alone", 1)
def _register(asked: ServiceRequest) -> None:
    request = asked.request
    user, channel = request.user, _room(asked)
    if not user.account_id:
        raise Failed("ACCOUNT_REQUIRED", "A room belongs to an account: log in to yours first")
    membership = channel.members.get(user)
    owner = channel.record.owner
    if membership is None or (owner and owner != user.holder):
        raise Failed("NOT_YOURS", "This room belongs to someone else, or you are not in it")
    if not owner and rank(membership.roles) < RANKS["o"]:
        raise Failed("NOT_YOURS", "Only an operator of the room may do this")
    if "q" in membership.roles:
        raise Failed("OWNED", "This room is yours already")
    change_modes(request, channel, [Change(True, "q", user.nick)])
    asked.say(f"The room {channel.record.name} is yours")


@service_command(CHANSERV, "INFO room", "show whose a room is, and since when there is it", 1)
def _info(asked: ServiceRequest) -> None:
    channel = _room(asked)
    row = channel.record
    owner = asked.request.world.account_of(row.owner)
    asked.say(f"Room {row.name}, made {utc_text(row.created_ms)[:10]}")
    asked.say(f"Owner: {owner or ('a guest' if row.owner else 'nobody')}")


@service_command(CHANSERV, "TRANSFER room nick", "give your room to someone who is in it", 2)
def _transfer(asked: ServiceRequest) -> None:
    channel, target = _room(asked), _member(asked, 1)
    transfer(asked.request, channel, target)
    asked.say(f"The room {channel.record.name} belongs to {target.account} now")


@service_command(CHANSERV, "CLOSE room [code]", "close your room for good; asks for a code", 1)
def _close(asked: ServiceRequest) -> None:
    channel = _room(asked)
    code = close(asked.request, channel, asked.word(1))
    if code:
        asked.say("This deletes the room and all that was said in it")
        asked.say(f"To do it, write: CLOSE {channel.record.name} {code}")
    else:
        asked.say(f"The room {channel.record.name} was closed")


@service_command(
    CHANSERV, "RETENTION room choice", "keep what is said: forever, nothing, 30d, or so many", 2
)
def _retention(asked: ServiceRequest) -> None:
    channel = _room(asked)
    choose_keeping(asked.request, channel, asked.word(1))
    asked.say(f"The room {channel.record.name} keeps what is said as you chose")


def _role_command(name: str, letter: str, *, adds: bool, summary: str) -> None:
    """A row of the kind ``OP room [nick]``."""

    def handle(asked: ServiceRequest) -> None:
        request, channel = asked.request, _room(asked)
        target = _member(asked, 1) if asked.word(1) else request.user
        refusal = may_change_mode(request.user, channel, letter, target)
        own_by_right = target is request.user and channel.record.owner == target.holder
        if target not in channel.members or (refusal and not (own_by_right and adds)):
            raise Failed("REFUSED", "You may not do this in that room")
        if adds != (letter in channel.members[target].roles):
            change_modes(request, channel, [Change(adds, letter, target.nick)])

    enter: Callable[[Callable[[ServiceRequest], None]], object] = service_command(
        CHANSERV, f"{name} room [nick]", summary, 1
    )
    enter(handle)


_role_command("OP", "o", adds=True, summary="make someone operator of a room")
_role_command("DEOP", "o", adds=False, summary="take that off again")
_role_command("HALFOP", "h", adds=True, summary="make someone moderator of a room")
_role_command("DEHALFOP", "h", adds=False, summary="take that off again")
_role_command("VOICE", "v", adds=True, summary="let someone speak in a moderated room")
_role_command("DEVOICE", "v", adds=False, summary="take that off again")


def _room(asked: ServiceRequest) -> Channel:
    channel = asked.request.world.channels.get(fold(channel_name(asked.word(0))))
    if channel is None or not can_see(asked.request.user, channel):
        raise Failed("NO_SUCH_ROOM", "There is no such room")
    return channel


def _member(asked: ServiceRequest, index: int) -> User:
    user = asked.request.world.users.get(fold(asked.word(index)))
    if user is None or user not in _room(asked).members:
        raise Failed("NOT_THERE", "They are not in that room")
    return user
