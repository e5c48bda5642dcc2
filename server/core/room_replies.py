"""The replies about a room that several commands and JOIN itself give: topic and names."""

from typing import Final

from common.capabilities import MULTI_PREFIX, USERHOST_IN_NAMES
from common.modes import signs
from common.numerics import (
    RPL_ENDOFNAMES,
    RPL_NAMREPLY,
    RPL_NOTOPIC,
    RPL_TOPIC,
    RPL_TOPICWHOTIME,
)
from server.core.channel import Channel
from server.core.delivery import numeric
from server.core.policy import can_see_member
from server.core.session import Session
from server.core.world import World

NAMES_BYTES_MAX: Final = 340
"""Names on one 353 line: with server name, nick and room it stays within 512 bytes."""


def send_topic(
    world: World, session: Session, channel: Channel, *, silent_if_none: bool = False
) -> None:
    """The topic with who set it and when, or that there is none."""
    row = channel.record
    if row.topic:
        numeric(world, session, RPL_TOPIC, row.name, row.topic)
        setter = row.topic_source.partition("!")[0]
        numeric(world, session, RPL_TOPICWHOTIME, row.name, setter, str(row.topic_ms // 1000))
    elif not silent_if_none:
        numeric(world, session, RPL_NOTOPIC, row.name)


def send_names(world: World, session: Session, channel: Channel) -> None:
    """Who is in the room, and the end of the list."""
    send_name_lines(world, session, channel)
    numeric(world, session, RPL_ENDOFNAMES, channel.record.name)


def send_name_lines(world: World, session: Session, channel: Channel) -> None:
    """Who is in the room, as far as the session may see them, in lines of bounded length."""
    assert session.user
    every = bool(session.capabilities & MULTI_PREFIX)
    with_hosts = bool(session.capabilities & USERHOST_IN_NAMES)
    symbol = "=" if channel.record.listed else "@"
    words: list[str] = []
    length = 0
    for user, membership in channel.members.items():
        if not can_see_member(session.user, channel, user):
            continue
        shown = user.source if with_hosts else user.nick
        word = signs(membership.roles, every) + shown if membership.roles else shown
        word_bytes = len(word if word.isascii() else word.encode()) + 1
        if length + word_bytes > NAMES_BYTES_MAX:
            numeric(world, session, RPL_NAMREPLY, symbol, channel.record.name, " ".join(words))
            words, length = [], 0
        words.append(word)
        length += word_bytes
    if words:
        numeric(world, session, RPL_NAMREPLY, symbol, channel.record.name, " ".join(words))
