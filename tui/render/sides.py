"""What the panels beside a conversation list: rooms and people, and who is here."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from common.modes import PREFIXES
from tui.client.state import STATUS, Buffer, BufferKind, Member, State

LOBBY_TITLE: Final = "Lobby"

MEMBERS_SHOWN_MAX: Final = 2_000
"""Nobody reads further; the rest is counted in the last line."""

_HEADINGS: Final = {
    row.sign: {"owner": "OWNER", "voice": "VOICED"}.get(row.role, f"{row.role.upper()}S")
    for row in PREFIXES
}


class RoomEntry(NamedTuple):
    """A conversation in the list of rooms."""

    key: str
    title: str
    badge: str  # ``"7"`` unread, ``"●2"`` mentions, "" for nothing new
    mentioned: bool
    current: bool
    joined: bool


class RoomGroup(NamedTuple):
    """Conversations under a heading."""

    heading: str
    rooms: list[RoomEntry]


def room_groups(state: State) -> list[RoomGroup]:
    """The lobby, rooms by name and people by name: an order that does not jump about."""
    lobby = RoomEntry(STATUS, LOBBY_TITLE, "", False, state.current == STATUS, True)
    return [
        RoomGroup("", [lobby]),
        RoomGroup("ROOMS", _entries(state, BufferKind.ROOM)),
        RoomGroup("PEOPLE", _entries(state, BufferKind.DIRECT)),
    ]


def rooms_in_order(state: State) -> list[str]:
    """The keys in the order in which they are listed: what "next room" goes by."""
    return [room.key for group in room_groups(state) for room in group.rooms]


def badge(buffer: Buffer) -> str:
    """What is new in a conversation. In a direct one every message is for oneself."""
    if buffer.kind is BufferKind.DIRECT and buffer.unread:
        return f"●{buffer.unread}"
    if buffer.mentions:
        return f"●{buffer.mentions}"
    return str(buffer.unread) if buffer.unread else ""


def room_bar(state: State) -> list[RoomEntry]:
    """For narrow screens: the lobby, and conversations with the newest-worthy first."""
    lobby, *groups = room_groups(state)
    rooms = [room for group in groups for room in group.rooms]
    rooms.sort(key=lambda room: (not room.current, not room.mentioned, not room.badge))
    return [*lobby.rooms, *rooms]


class MemberGroup(NamedTuple):
    """Members under a heading, e.g. ``"OWNER"``."""

    heading: str
    members: list[Member]


def member_groups(members: Iterable[Member]) -> list[MemberGroup]:
    """Members by their highest role, then those present, then those away; each by name."""
    by_heading: dict[str, list[Member]] = {
        heading: [] for heading in [*_HEADINGS.values(), "HERE", "AWAY"]
    }
    for member in members:
        by_heading[_heading(member)].append(member)
    return [
        MemberGroup(heading, sorted(found, key=lambda member: member.nick.lower()))
        for heading, found in by_heading.items()
        if found
    ]


def _heading(member: Member) -> str:
    if member.signs[:1] in _HEADINGS:
        return _HEADINGS[member.signs[:1]]
    return "AWAY" if member.away else "HERE"


def _entries(state: State, kind: BufferKind) -> list[RoomEntry]:
    buffers = [buffer for buffer in state.buffers.values() if buffer.kind is kind]
    buffers.sort(key=lambda buffer: buffer.title.lower())
    return [
        RoomEntry(
            buffer.key,
            buffer.title,
            badge(buffer),
            bool(buffer.mentions) or (kind is BufferKind.DIRECT and bool(buffer.unread)),
            state.current == buffer.key,
            buffer.joined or kind is BufferKind.DIRECT,
        )
        for buffer in buffers
    ]


def next_unread(state: State) -> str | None:
    """The conversation to read next: mentions first, then in the order of the list."""
    rooms = [room for group in room_groups(state) for room in group.rooms]
    at = next((index for index, room in enumerate(rooms) if room.current), 0)
    waiting = [room for room in [*rooms[at + 1 :], *rooms[:at]] if room.badge]
    waiting.sort(key=lambda room: not room.mentioned)
    return waiting[0].key if waiting else None
