"""Metadata: what people and rooms say about themselves, by key, and who is told of it.

An account's and a room's are stored; a guest's ends with the connection, and what was set before
registration goes to whom the session becomes. Whether someone may read or set it is asked before.
Specification: IRCv3 draft/metadata-3, whose replies are numerics throughout.
"""

import re
from collections.abc import Iterable
from typing import Final

from common.capabilities import METADATA
from common.numerics import RPL_KEYNOTSET, RPL_KEYVALUE, RPL_METADATASYNCLATER
from server.core.channel import Channel
from server.core.delivery import batch, numeric
from server.core.holders import is_account
from server.core.policy import can_see_member
from server.core.session import Session
from server.core.user import User
from server.core.world import World
from server.storage.ports import channel_subject

EVERYONE: Final = "*"
"""The visibility of all metadata there is."""

SYNC_MEMBERS_MAX: Final = 500
"""In a larger room, metadata is not sent on entering but when the client asks."""

_KEY: Final = re.compile(r"[a-z0-9_./-]{1,32}\Z")

Subject = User | Channel | Session
"""Who or what metadata is about; a session, as long as it is no user."""


def is_key(key: str) -> bool:
    """Whether metadata may have this key: short enough to stand in a line with its value."""
    return _KEY.match(key) is not None


def name_of(subject: Subject) -> str:
    """How a subject is called in replies."""
    match subject:
        case User():
            return subject.nick
        case Channel():
            return subject.record.name
        case Session():
            return subject.target


def values_of(world: World, subject: Subject) -> dict[str, str]:
    """The metadata of a subject, not to be changed by the caller."""
    stored = _stored_as(subject)
    if stored:
        return world.metadata.get(stored, {})
    assert not isinstance(subject, Channel)
    return subject.metadata


def set_value(world: World, subject: Subject, key: str, value: str | None) -> None:
    """Set a key, or with None take it off."""
    stored = _stored_as(subject)
    if stored:
        world.store.metadata.set_metadata(stored, key, value)
        values = world.metadata.setdefault(stored, {})
    else:
        assert not isinstance(subject, Channel)
        values = subject.metadata
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


def _stored_as(subject: Subject) -> str:
    """Under which name the metadata is kept in the store; ``""`` where it is not."""
    match subject:
        case Channel():
            return channel_subject(subject.record.id)
        case User() if is_account(subject.holder):
            return subject.holder
        case _:
            return ""


def tell(
    world: World, subject: Subject, key: str, witnesses: Iterable[Session], origin: Session
) -> None:
    """Tell of a change those of the witnesses who want to hear of the key."""
    for session in witnesses:
        wants = session.capabilities & METADATA and key in session.metadata_keys
        if wants and session is not origin:
            send_value(world, session, subject, key)


def send_value(world: World, session: Session, subject: Subject, key: str) -> None:
    """The value of one key, or that there is none."""
    value = values_of(world, subject).get(key)
    if value is None:
        numeric(world, session, RPL_KEYNOTSET, name_of(subject), key)
    else:
        numeric(world, session, RPL_KEYVALUE, name_of(subject), key, EVERYONE, value)


def sync(world: World, session: Session, subject: User | Channel) -> None:
    """Everything a session wants to know of someone, or of a room and the people in it."""
    with batch(world, session, "metadata", name_of(subject)):
        for each in (subject, *_people_in(session, subject)):
            values = values_of(world, each)
            for key in session.metadata_keys:
                if key in values:
                    send_value(world, session, each, key)


def _people_in(session: Session, subject: User | Channel) -> list[User]:
    """The members of a room that the session may know of."""
    if isinstance(subject, User) or session.user is None:
        return []
    reader = session.user
    return [user for user in subject.members if can_see_member(reader, subject, user)]


def sync_on_entering(world: World, session: Session, channel: Channel) -> None:
    """The same on entering a room, where there is something and the room is not too large."""
    if not session.capabilities & METADATA or not session.metadata_keys:
        return
    if len(channel.members) > SYNC_MEMBERS_MAX:
        numeric(world, session, RPL_METADATASYNCLATER, channel.record.name)
    else:
        sync(world, session, channel)


def adopt(world: World, session: Session, user: User) -> None:
    """Give a user what their session had set before registration, and show them what they have."""
    for key, value in session.metadata.items():
        set_value(world, user, key, value)
    del session.metadata
    if session.capabilities & METADATA:
        with batch(world, session, "metadata", user.nick):
            for key in values_of(world, user):
                send_value(world, session, user, key)
