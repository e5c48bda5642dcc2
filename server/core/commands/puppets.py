"""Speaking as someone else: NPC and SCENE for role play, RELAYMSG for bridges to other networks.

Whoever is spoken for has a name that no nick can be, and everyone can see who really speaks.
Specification: Ergo's role play and RELAYMSG, as `docs/protocol.md` has them.
"""

from common.capabilities import RELAYED_SEPARATOR, TAG_RELAYED
from common.casemap import fold
from common.numerics import (
    ERR_CANNOTSENDRP,
    ERR_INPUTTOOLONG,
    ERR_NOSUCHCHANNEL,
    ERR_NOTEXTTOSEND,
)
from common.wire import BODY_BYTES_MAX, encode, escape_tag_value
from server.core.apply import record
from server.core.channel import Channel
from server.core.dispatch import Failed, Refused, Request, command
from server.core.names import is_valid_nick
from server.core.policy import RANKS, audience_of, can_see, may_speak, rank
from server.core.sanctions import check_speech
from server.core.session import Session
from server.core.slow_mode import take_slowly
from server.storage.ports import Event, Kind

SCENE_NICK = "=Scene="
ROLE_PLAY_HOST = "role.play.invalid"
RELAY_HOST = "relayed.invalid"


@command(
    "NPC",
    group="messages",
    usage="NPC room character :text",
    summary="say something as a character, in a room for role play",
    params_min=3,
    cost=2,
)
def npc(request: Request) -> None:
    character = request.params[1]
    if not is_valid_nick(request.world, character):
        raise Failed("INVALID_NAME", "A character is called like a nick", character)
    _play(request, f"*{character}*", " ".join(request.params[2:]))


@command(
    "SCENE",
    group="messages",
    usage="SCENE room :text",
    summary="describe what happens, in a room for role play",
    params_min=2,
    cost=2,
)
def scene(request: Request) -> None:
    _play(request, SCENE_NICK, " ".join(request.params[1:]))


def _play(request: Request, nick: str, text: str) -> None:
    channel = _room(request)
    name, user = channel.record.name, request.user
    if "E" not in channel.record.modes:
        raise Refused(ERR_CANNOTSENDRP, name, why="the room has not the mode +E")
    if user not in channel.members or audience_of(user, channel):
        raise Refused(ERR_CANNOTSENDRP, name, why="only people who speak to all of it may")
    refusal = may_speak(user, channel, text)
    if refusal:
        raise Refused(refusal, name)
    source = f"{nick}!{user.nick}@{ROLE_PLAY_HOST}"
    _say(request, channel, source, f"{text} ({user.nick})", "", None)


@command(
    "RELAYMSG",
    group="messages",
    usage="RELAYMSG room nick/network :text",
    summary="pass on what someone said on another network; for a room's operators",
    params_min=3,
    cost=2,
)
def relaymsg(request: Request) -> None:
    channel, nick, user = _room(request), request.params[1], request.user
    membership = channel.members.get(user)
    if membership is None or rank(membership.roles) < RANKS["o"]:
        text = "Only a room's operators pass messages on; it was not sent"
        raise Failed("PRIVS_NEEDED", text)
    name, _, network = nick.partition(RELAYED_SEPARATOR)
    if not (
        name and network and is_valid_nick(request.world, nick.replace(RELAYED_SEPARATOR, "_"))
    ):
        text = f"Write a nick and a network with {RELAYED_SEPARATOR} between; it was not sent"
        raise Failed("INVALID_NICK", text)
    tag = f"{TAG_RELAYED}={escape_tag_value(user.nick)}"
    source = f"{nick}!{user.nick}@{RELAY_HOST}"
    _say(request, channel, source, " ".join(request.params[2:]), tag, request.session)


def _room(request: Request) -> Channel:
    channel = request.world.channels.get(fold(request.params[0]))
    if channel is None or not can_see(request.user, channel):
        raise Refused(ERR_NOSUCHCHANNEL, request.params[0])
    return channel


def _say(
    request: Request, channel: Channel, source: str, text: str, tags: str, origin: Session | None
) -> None:
    """Store the message under a made-up source; the holder stays that of who sent it.

    Without `origin` the sender is shown it like everyone else.
    """
    if not text.strip():
        raise Refused(ERR_NOTEXTTOSEND)
    check_speech(request, text)
    if channel.record.slow_s:
        take_slowly(request, channel)
    if len(encode("PRIVMSG", [channel.record.name, text], source)) > BODY_BYTES_MAX:
        raise Refused(ERR_INPUTTOOLONG)
    world, user = request.world, request.user
    user.active_ms = world.wall_ms
    event = Event(channel.record.id, Kind.PRIVMSG, source, text, world.wall_ms, tags, user.holder)
    record(world, [event], origin)
