"""ChanServ: owning a room by way of messages, as people are used to; CS and CHANSERV are short.

Every change is a MODE of the asker's, checked as any other.
"""

from collections.abc import Callable

from common.casemap import channel_name, fold
from common.modes import Change, write_changes
from server.core.apply import record
from server.core.channel import Channel
from server.core.dispatch import Failed, Request, command
from server.core.policy import RANKS, can_see, may_change_mode, rank
from server.core.services import CHANSERV, ServiceRequest, run, service_command
from server.core.user import User
from server.core.world import utc_text
from server.storage.ports import Event, Kind


@command(
    "CHANSERV",
    group="rooms",
    usage="CHANSERV [command …]",
    summary="owning rooms, as a service: CHANSERV HELP",
    stores=True,
)
def chanserv(request: Request) -> None:
    run(request, CHANSERV, " ".join(request.params).split())


@command("CS", group="rooms", usage="CS [command …]", summary="short for CHANSERV", stores=True)
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
    _change(request, channel, [Change(True, "q", user.nick)])
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
    request = asked.request
    user, channel, target = request.user, _room(asked), _member(asked, 1)
    if channel.record.owner != user.holder or user not in channel.members:
        raise Failed("NOT_YOURS", "Only the owner gives a room away")
    if not target.account_id or target is user:
        raise Failed("ACCOUNT_REQUIRED", "A room is given to somebody else, who has an account")
    changes = [Change(True, "q", target.nick)]
    if "q" in channel.members[user].roles:
        changes.insert(0, Change(False, "q", user.nick))
    else:
        changes.insert(0, Change(True, "q", user.nick))
        changes.insert(1, Change(False, "q", user.nick))
    _change(request, channel, changes)
    asked.say(f"The room {channel.record.name} belongs to {target.account} now")


def _role_command(name: str, letter: str, *, adds: bool, summary: str) -> None:
    """A row of the kind ``OP room [nick]``."""

    def handle(asked: ServiceRequest) -> None:
        request, channel = asked.request, _room(asked)
        target = _member(asked, 1) if asked.word(1) else request.user
        refusal = may_change_mode(request.user, channel, letter, target)
        own_by_right = target is request.user and channel.record.owner == target.holder != ""
        if target not in channel.members or (refusal and not (own_by_right and adds)):
            raise Failed("REFUSED", "You may not do this in that room")
        if adds != (letter in channel.members[target].roles):
            _change(request, channel, [Change(adds, letter, target.nick)])

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


def _change(request: Request, channel: Channel, changes: list[Change]) -> None:
    user = request.user
    event = Event(
        channel.record.id,
        Kind.MODE,
        user.source,
        write_changes(changes),
        request.world.wall_ms,
        "",
        user.holder,
    )
    record(request.world, [event], request.session)
