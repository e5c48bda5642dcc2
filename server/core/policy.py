"""Who may do what: state in, a refusal or an answer out. Changes nothing, sends nothing.

`can_see` and `readable_after` are the one gate before everything that reads about a room.
Meanings: `SEMANTICS`, "Rooms" and "Who may read".
"""

import difflib
from typing import Final

from common.casemap import ROOM_ID_ALPHABET, ROOM_ID_CHARACTERS, fold
from common.numerics import (
    ERR_CANNOTSENDTOCHAN,
    ERR_CHANOPRIVSNEEDED,
    ERR_NOTONCHANNEL,
    Numeric,
)
from server.core.channel import Channel
from server.core.user import User
from server.core.world import World

RESERVED_NAMES: Final = frozenset(
    {"lobby", "status", "server", "create", "join", "exit", "help", "quit"}
)
"""Names that a person would take for something else: no room can have them."""

NEAR_MATCHES_MAX: Final = 3
NEAR_CANDIDATES_MAX: Final = 2_000
"""Names compared at most for near matches: some milliseconds of work."""

SPEAKING_ROLES: Final = frozenset("qaohv")
RULING_ROLES: Final = frozenset("qao")


def can_see(user: User, channel: Channel) -> bool:
    """Whether `user` may know that the room exists, its topic and who is in it."""
    return channel.record.listed or user in channel.members


def readable_after(world: World, user: User, channel: Channel) -> int | None:
    """The position behind which `user` may read the room's history; None: nothing at all."""
    membership = channel.members.get(user)
    if membership is None:
        return None
    if channel.record.listed:
        return 0
    if user.holder:
        admitted = world.store.channels.admitted(channel.record.id, user.holder)
        if admitted is not None:
            return admitted - 1
    return membership.joined_position - 1


def may_speak(user: User, channel: Channel) -> Numeric | None:
    """The refusal for someone who may not speak in the room."""
    return None if user in channel.members else ERR_CANNOTSENDTOCHAN


def may_set_topic(user: User, channel: Channel) -> Numeric | None:
    """The refusal for someone who may not set the topic."""
    membership = channel.members.get(user)
    if membership is None:
        return ERR_NOTONCHANNEL
    return None if RULING_ROLES.intersection(membership.roles) else ERR_CHANOPRIVSNEEDED


def roles_on_join(user: User, channel: Channel) -> str:
    """The roles someone has on entering: the owner's, or none."""
    return "q" if user.holder and channel.record.owner == user.holder else ""


def near_matches(world: World, user: User, typed: str) -> list[str]:
    """Names like `typed` of rooms that `user` may see, the nearest first."""
    seen = [channel for channel in world.channels.values() if can_see(user, channel)]
    names = {fold(channel.record.name): channel.record.name for channel in seen}
    candidates = list(names)[:NEAR_CANDIDATES_MAX]
    near = difflib.get_close_matches(fold(typed), candidates, n=NEAR_MATCHES_MAX, cutoff=0.5)
    return [names[name] for name in near]


def is_reserved(name: str) -> bool:
    """Whether a room name, with its ``#``, is kept back."""
    return fold(name).removeprefix("#") in RESERVED_NAMES


def new_room_name(world: World) -> str:
    """A name that is free and can be read out: the ID of a room made without a name."""
    alphabet = ROOM_ID_ALPHABET
    while True:
        letters = [alphabet[world.random_int(len(alphabet))] for _ in range(ROOM_ID_CHARACTERS)]
        name = f"#{''.join(letters)}"
        if name not in world.channels:
            return name
