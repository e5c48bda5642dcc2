"""Who may do what: state in, a refusal or an answer out. Changes nothing, sends nothing.

`can_see` and `readable_after` are the one gate before everything that reads about a room.
Meanings: `SEMANTICS`, "Rooms" and "Who may read".
"""

import difflib
import hmac
from typing import Final

from common.casemap import ROOM_ID_ALPHABET, ROOM_ID_CHARACTERS, fold
from common.numerics import (
    ERR_BADCHANNELKEY,
    ERR_BANNEDFROMCHAN,
    ERR_CANNOTSENDTOCHAN,
    ERR_CANTSENDTOUSER,
    ERR_CHANNELISFULL,
    ERR_CHANOPRIVSNEEDED,
    ERR_INVITEONLYCHAN,
    ERR_NEEDREGGEDNICK,
    ERR_NOTONCHANNEL,
    Numeric,
)
from common.text import ACTION_START, is_ctcp
from server.core.channel import Channel
from server.core.holders import lasts
from server.core.masks import keeps_out, mutes
from server.core.user import User
from server.core.world import World
from server.core.writers import takes
from server.storage.ports import TO_PART, Kind, View

NEAR_MATCHES_MAX: Final = 3
NEAR_CANDIDATES_MAX: Final = 2_000
"""Names compared at most for near matches: some milliseconds of work."""

AUDIENCES: Final = {"@": "o", "+": "v", "U": "h"}
"""Parts of a room that a message may be for, with the lowest role in it: the signs of STATUSMSG,
and the moderators of a room with the mode ``U``."""

PRESENCE: Final = (Kind.JOIN, Kind.PART, Kind.QUIT, Kind.NICK, Kind.AWAY)

RANKS: Final = {"": 0, "v": 1, "h": 2, "o": 3, "a": 4, "q": 5}

RANK_TO_CHANGE: Final = {"q": "q", "a": "q", "o": "o", "h": "o", "v": "h", "b": "h"}
"""The role needed to set or take off a mode; for the others it is operator."""


def rank(roles: str) -> int:
    """How high someone with `roles` stands: 0 for none, 5 for the owner."""
    return RANKS[roles[:1]]


def can_see(user: User, channel: Channel) -> bool:
    """Whether `user` may know that the room exists, its topic and who is in it."""
    return channel.record.listed or user in channel.members


def can_see_member(user: User, channel: Channel, member: User) -> bool:
    """Whether `user`, who may see the room, may know that `member` is in it.

    In an auditorium those without a role are shown to moderators only, not even to themselves.
    """
    own = channel.members.get(user)
    if own is None and "i" in member.modes:
        return False
    if "u" not in channel.record.modes or channel.members[member].roles:
        return True
    return own is not None and rank(own.roles) >= RANKS["h"]


def is_in_audience(user: User, channel: Channel, audience: str) -> bool:
    """Whether `user` belongs to the part of the room that a message is for."""
    membership = channel.members.get(user)
    return membership is not None and rank(membership.roles) >= RANKS[AUDIENCES[audience]]


def view_of(user: User, channel: Channel, kinds: tuple[Kind, ...]) -> View:
    """What of `kinds` someone who may read the room's history is shown of it."""
    to_part: tuple[Kind, ...] = TO_PART
    if "u" in channel.record.modes and not is_in_audience(user, channel, "U"):
        to_part += PRESENCE
    partial = tuple(kind for kind in to_part if kind in kinds)
    audiences = tuple(sign for sign in AUDIENCES if is_in_audience(user, channel, sign))
    return View(kinds, partial, audiences, user.holder) if partial else View(kinds)


def readable_after(world: World, user: User, channel: Channel) -> int | None:
    """The position behind which `user` may read the room's history; None: nothing at all."""
    membership = channel.members.get(user)
    if membership is None or (not membership.roles and is_banned(user, channel)):
        return None
    if channel.record.listed:
        return 0
    if lasts(user.holder):
        admitted = world.store.channels.admitted(channel.record.id, user.holder)
        if admitted is not None:
            return admitted - 1
    return membership.joined_position - 1


def is_banned(user: User, channel: Channel) -> bool:
    """Whether a ban matches `user` and no exception does."""
    return _on_list(channel, "b", user) and not _on_list(channel, "e", user)


def is_muted(user: User, channel: Channel) -> bool:
    """The same for mutes, bans that only keep from speaking."""
    muted = any(
        mutes(entry.mask, user.source, user.account)
        for (letter, _), entry in channel.record.masks.items()
        if letter == "b"
    )
    return muted and not _is_excepted(user, channel)


def _is_excepted(user: User, channel: Channel) -> bool:
    """Whether an exception lets `user` speak: from bans, or written for mutes alone."""
    return any(
        keeps_out(entry.mask, user.source, user.account)
        or mutes(entry.mask, user.source, user.account)
        for (letter, _), entry in channel.record.masks.items()
        if letter == "e"
    )


def _on_list(channel: Channel, letter: str, user: User) -> bool:
    return any(
        keeps_out(entry.mask, user.source, user.account)
        for (entry_letter, _), entry in channel.record.masks.items()
        if entry_letter == letter
    )


def may_enter(user: User, channel: Channel, key: str) -> Numeric | None:
    """The refusal for someone who may not enter the room. An invitation opens every door."""
    record = channel.record
    if user.is_invited(channel) or user.holder == record.owner:
        return None
    if is_banned(user, channel):
        return ERR_BANNEDFROMCHAN
    if "i" in record.modes and not _on_list(channel, "I", user):
        return ERR_INVITEONLYCHAN
    if "R" in record.modes and not user.account:
        return ERR_NEEDREGGEDNICK
    if record.key and not hmac.compare_digest(key.encode(), record.key.encode()):
        return ERR_BADCHANNELKEY
    if record.limit and len(channel.members) >= record.limit:
        return ERR_CHANNELISFULL
    return None


def denies_itself(user: User, channel: Channel, key: str) -> bool:
    """Whether entering is refused as if the room was not there.

    A hidden room says so much as that it is closed, or whom it keeps out, to nobody outside. What
    one can still bring, its key above all, it asks for; and it leads on, where its owner wants it.
    """
    if can_see(user, channel) or channel.record.forward:
        return False
    return may_enter(user, channel, key) in (ERR_INVITEONLYCHAN, ERR_BANNEDFROMCHAN)


def may_speak(user: User, channel: Channel, text: str = "") -> Numeric | None:
    """The refusal for someone who may not say `text` in the room."""
    membership = channel.members.get(user)
    record = channel.record
    if membership is None and "n" in record.modes:
        return ERR_CANNOTSENDTOCHAN
    if "C" in record.modes and is_ctcp(text) and not text.startswith(ACTION_START):
        return ERR_CANNOTSENDTOCHAN
    if membership is not None and membership.roles:
        return None
    if "m" in record.modes:
        return ERR_CANNOTSENDTOCHAN
    if "M" in record.modes and not user.account:
        return ERR_CANNOTSENDTOCHAN
    if record.masks and (is_banned(user, channel) or is_muted(user, channel)):
        return ERR_CANNOTSENDTOCHAN
    return None


def audience_of(user: User, channel: Channel) -> str:
    """The part of the room that hears what `user` says to it; ``""`` for everyone."""
    membership = channel.members.get(user)
    without_role = membership is None or not membership.roles
    return "U" if "U" in channel.record.modes and without_role else ""


def may_write_to(world: World, user: User, recipient: User, text: str) -> Numeric | None:
    """The refusal for someone who may not send `text` to a person directly."""
    if user is recipient:
        return None
    if "R" in recipient.modes and not user.account and user not in recipient.accepted:
        return ERR_NEEDREGGEDNICK
    if not takes(world, recipient, user):
        return ERR_CANTSENDTOUSER
    if "T" in recipient.modes and is_ctcp(text) and not text.startswith(ACTION_START):
        return ERR_CANTSENDTOUSER
    return None


def may_set_topic(user: User, channel: Channel) -> Numeric | None:
    """The refusal for someone who may not set the topic."""
    membership = channel.members.get(user)
    if membership is None:
        return ERR_NOTONCHANNEL
    if "t" not in channel.record.modes or rank(membership.roles) >= RANKS["h"]:
        return None
    return ERR_CHANOPRIVSNEEDED


def may_change_mode(
    user: User, channel: Channel, letter: str, target: User | None
) -> Numeric | None:
    """The refusal for someone who may not set or take off a mode, of `target` if it is a role."""
    membership = channel.members.get(user)
    if membership is None:
        return ERR_NOTONCHANNEL
    own = rank(membership.roles)
    if own < RANKS[RANK_TO_CHANGE.get(letter, "o")]:
        return None if target is user and letter in membership.roles else ERR_CHANOPRIVSNEEDED
    if target is not None and target is not user and rank(channel.members[target].roles) > own:
        return ERR_CHANOPRIVSNEEDED
    return None


def may_moderate(user: User, channel: Channel) -> bool:
    """Whether `user` may delete what others said in the room, and read what it said before."""
    membership = channel.members.get(user)
    return membership is not None and rank(membership.roles) >= RANKS["h"]


def may_rename(user: User, channel: Channel) -> Numeric | None:
    """The refusal for someone who may not give the room another name."""
    membership = channel.members.get(user)
    if membership is None:
        return ERR_NOTONCHANNEL
    return None if rank(membership.roles) >= RANKS["o"] else ERR_CHANOPRIVSNEEDED


def may_describe(user: User, channel: Channel) -> bool:
    """Whether `user` may set the room's metadata."""
    membership = channel.members.get(user)
    return membership is not None and rank(membership.roles) >= RANKS["o"]


def may_read_description(user: User, channel: Channel) -> bool:
    """Whether `user` may read the room's metadata: members, or all where anyone may enter."""
    record = channel.record
    is_open = record.listed and "i" not in record.modes and not record.key
    return user in channel.members or (is_open and not is_banned(user, channel))


def may_kick(user: User, channel: Channel, target: User) -> Numeric | None:
    """The refusal for someone who may not remove `target` from the room."""
    membership = channel.members.get(user)
    if membership is None:
        return ERR_NOTONCHANNEL
    own = rank(membership.roles)
    if own < RANKS["h"] or rank(channel.members[target].roles) > own:
        return ERR_CHANOPRIVSNEEDED
    return None


def may_invite(user: User, channel: Channel) -> Numeric | None:
    """The refusal for someone who may not invite others into the room."""
    membership = channel.members.get(user)
    if membership is None:
        return ERR_NOTONCHANNEL
    if "i" in channel.record.modes and rank(membership.roles) < RANKS["h"]:
        return ERR_CHANOPRIVSNEEDED
    return None


def roles_on_join(user: User, channel: Channel) -> str:
    """The roles someone has on entering: those they were given; an owner without, owner's."""
    own = "q" if channel.record.owner == user.holder else ""
    return channel.record.roles.get(user.holder) or own


def near_matches(world: World, user: User, typed: str) -> list[str]:
    """Names like `typed` of rooms that `user` may see, the nearest first."""
    seen = [channel for channel in world.channels.values() if can_see(user, channel)]
    names = {fold(channel.record.name): channel.record.name for channel in seen}
    candidates = list(names)[:NEAR_CANDIDATES_MAX]
    near = difflib.get_close_matches(fold(typed), candidates, n=NEAR_MATCHES_MAX, cutoff=0.5)
    return [names[name] for name in near]


def new_room_name(world: World) -> str:
    """A name that is free and can be read out: the ID of a room made without a name."""
    alphabet = ROOM_ID_ALPHABET
    while True:
        letters = [alphabet[world.random_int(len(alphabet))] for _ in range(ROOM_ID_CHARACTERS)]
        name = f"#{''.join(letters)}"
        if name not in world.channels:
            return name
