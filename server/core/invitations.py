"""Invitations by token: a word that opens a room, so many times or until a date.

A token stands where a room's key does, and opens what an invitation opens. Only a digest is kept.
"""

import hashlib
from typing import Final

from server.core.channel import Channel
from server.core.dispatch import Failed, Refused, Request
from server.core.ownership import owns
from server.core.policy import may_invite
from server.core.world import World, utc_text
from server.storage.ports import Invitation

INVITATIONS_MAX: Final = 50
"""Of one room at a time."""

USES_MAX: Final = 10_000


def invite_by_token(
    request: Request, channel: Channel, uses: int, duration_ms: int
) -> tuple[str, Invitation]:
    """Make a token for a room the asker may invite into. Raises `Refused` or `Failed`.

    `uses` 0 is for any number of times, `duration_ms` 0 without an end.
    """
    world = request.world
    refusal = may_invite(request.user, channel)
    if refusal:
        raise Refused(refusal, channel.record.name)
    drop_ended(world)
    if len(_of_channel(world, channel)) >= INVITATIONS_MAX:
        text = f"The room has {INVITATIONS_MAX} open invitations: INVITATION room - ends them all"
        raise Failed("TOO_MANY_INVITATIONS", text, channel.record.name)
    world.check_space()
    token = world.new_token()
    until_ms = world.wall_ms + duration_ms if duration_ms else 0
    made = Invitation(channel.record.id, _digest(token), request.user.source, uses, until_ms)
    world.invitations[made.digest] = made
    world.store.invitations.save_invitation(made)
    return token, made


def revoke_all(request: Request, channel: Channel) -> int:
    """End every invitation of the asker's own room; how many there were. Raises `Failed`."""
    if not owns(request.user, channel):
        raise Failed("NOT_YOURS", "Only the owner ends invitations", channel.record.name)
    found = _of_channel(request.world, channel)
    for invitation in found:
        _drop(request.world, invitation)
    return len(found)


def invitation_of(world: World, channel: Channel, key: str) -> Invitation | None:
    """The invitation that `key` is the token of, if it opens the room now."""
    found = world.invitations.get(_digest(key)) if key and world.invitations else None
    if found is None or found.channel_id != channel.record.id or _has_ended(world, found):
        return None
    return found


def count_use(world: World, invitation: Invitation) -> None:
    """Someone came in by an invitation: one use less."""
    if invitation.uses == 1:
        _drop(world, invitation)
    elif invitation.uses:
        invitation.uses -= 1
        world.store.invitations.save_invitation(invitation)


def drop_ended(world: World) -> None:
    """Forget the invitations whose time, or whose room, is over."""
    for invitation in list(world.invitations.values()):
        if _has_ended(world, invitation) or invitation.channel_id not in world.channels_by_id:
            _drop(world, invitation)


def shown(invitation: Invitation) -> str:
    """What an invitation is good for, in words."""
    times = {0: "any number of times", 1: "once"}.get(invitation.uses, f"{invitation.uses} times")
    return f"{times}, until {utc_text(invitation.until_ms)}" if invitation.until_ms else times


def _has_ended(world: World, invitation: Invitation) -> bool:
    return 0 < invitation.until_ms <= world.wall_ms


def _of_channel(world: World, channel: Channel) -> list[Invitation]:
    found = world.invitations.values()
    return [each for each in found if each.channel_id == channel.record.id]


def _drop(world: World, invitation: Invitation) -> None:
    del world.invitations[invitation.digest]
    world.store.invitations.drop_invitation(invitation.digest)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:32]
