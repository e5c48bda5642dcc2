"""Who may write to someone directly: everyone, people they share a room with, people they accept.

An account's choice is stored, and holds while nobody is here; a guest's ends with the connection.
"""

from dataclasses import dataclass, field
from typing import Final

from server.core.user import User
from server.core.world import World
from server.storage.ports import ACCOUNT_HOLDER

EVERYONE: Final = "everyone"
ROOMS: Final = "rooms"
ACCEPTED: Final = "accepted"
CHOICES: Final = (EVERYONE, ROOMS, ACCEPTED)

ACCEPTED_MAX: Final = 100
"""People one accepts: the earliest gives way."""

FACT_START: Final = "writers "
"""Under which name, with the holder behind it, the store keeps the choice and the accounts."""


@dataclass(slots=True)
class Writers:
    """A choice, and the accounts that may write whatever it is, by holder."""

    choice: str = EVERYONE
    holders: dict[str, None] = field(default_factory=dict)


def writers_of(world: World, holder: str) -> Writers:
    """What the account behind `holder` has chosen."""
    known = world.writers.get(holder)
    if known is None:
        words = world.store.facts.fact(f"{FACT_START}{holder}").split()
        known = Writers(words[0], dict.fromkeys(words[1:])) if words else Writers()
        world.writers[holder] = known
    return known


def choice_of(world: World, user: User) -> str:
    """Who may write to `user`."""
    return writers_of(world, user.holder).choice if _is_stored(user) else user.writers


def choose(world: World, user: User, choice: str) -> None:
    """Let `choice` of people write to `user`."""
    assert choice in CHOICES
    if _is_stored(user):
        world.check_space()
        writers_of(world, user.holder).choice = choice
        _save(world, user.holder)
    else:
        user.writers = choice


def accept(user: User, other: User) -> None:
    """Let someone here write to `user`, while both are here."""
    user.accepted.pop(other, None)
    user.accepted[other] = None
    if len(user.accepted) > ACCEPTED_MAX:
        del user.accepted[next(iter(user.accepted))]


def accept_for_good(world: World, user: User, other: User) -> None:
    """Let someone write to `user`: between accounts it is stored, and ends with `drop`."""
    if _is_stored(user) and _is_stored(other):
        world.check_space()
        holders = writers_of(world, user.holder).holders
        holders.pop(other.holder, None)
        holders[other.holder] = None
        if len(holders) > ACCEPTED_MAX:
            del holders[next(iter(holders))]
        _save(world, user.holder)
    accept(user, other)


def drop(world: World, user: User, other: User) -> None:
    """Accept someone no longer."""
    user.accepted.pop(other, None)
    if _is_stored(user) and other.holder in writers_of(world, user.holder).holders:
        del writers_of(world, user.holder).holders[other.holder]
        _save(world, user.holder)


def forget(world: World, holder: str) -> None:
    """The account behind `holder` is gone."""
    world.writers.pop(holder, None)
    world.store.facts.remember(f"{FACT_START}{holder}", "")


def is_accepted(world: World, user: User, recipient: User) -> bool:
    """Whether `recipient` has said that they accept `user`."""
    if user in recipient.accepted:
        return True
    stored = _is_stored(user) and _is_stored(recipient)
    return stored and user.holder in writers_of(world, recipient.holder).holders


def takes(world: World, recipient: User, user: User) -> bool:
    """Whether `recipient`, who is here, takes messages of `user`."""
    choice = choice_of(world, recipient)
    if choice == EVERYONE or user is recipient or is_accepted(world, user, recipient):
        return True
    return choice == ROOMS and any(channel in recipient.channels for channel in user.channels)


def takes_absent(world: World, holder: str, user: User) -> bool:
    """Whether the account behind `holder`, which is not here, takes messages of `user`."""
    writers = writers_of(world, holder)
    if writers.choice == EVERYONE or user.holder in (holder, *writers.holders):
        return True
    rooms = world.store.memberships.rooms(holder) if writers.choice == ROOMS else ()
    return any(channel.record.id in rooms for channel in user.channels)


def _save(world: World, holder: str) -> None:
    writers = world.writers[holder]
    text = " ".join([writers.choice, *writers.holders])
    world.store.facts.remember(f"{FACT_START}{holder}", text)


def _is_stored(user: User) -> bool:
    return user.holder.startswith(ACCOUNT_HOLDER)
