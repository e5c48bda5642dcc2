"""What the panels beside a conversation list: rooms and people, and who is here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from common.modes import PREFIXES
from tui.client.state import STATUS, Buffer, BufferKind, Connection, Member, State

LOBBY_TITLE: Final = "Lobby"

MEMBERS_SHOWN_MAX: Final = 2_000
"""Nobody reads further; the rest is counted in the last line."""

_HEADINGS: Final = {
    row.sign: {"owner": "OWNER", "voice": "VOICED"}.get(row.role, f"{row.role.upper()}S")
    for row in PREFIXES
}


class Spot(NamedTuple):
    """Where one can be: a buffer of a server, by their keys."""

    server: str
    buffer: str = STATUS

    @property
    def word(self) -> str:
        """The same as one text, for lists whose lines have a key; no server has a space in it."""
        return f"{self.server} {self.buffer}"

    @classmethod
    def read(cls, word: str) -> "Spot":
        """What `word` said."""
        server, _, buffer = word.partition(" ")
        return cls(server, buffer)


class RoomEntry(NamedTuple):
    """A conversation in the list of rooms."""

    spot: Spot
    title: str
    badge: str  # ``"7"`` unread, ``"●2"`` mentions, "" for nothing new
    mentioned: bool
    current: bool
    joined: bool
    muted: bool = False


class RoomGroup(NamedTuple):
    """Conversations under a heading."""

    heading: str
    rooms: list[RoomEntry]


class ServerRooms(NamedTuple):
    """What one has on one server. `sign` tells in a character how the link to it stands."""

    spot: Spot
    title: str
    sign: str
    groups: list[RoomGroup]


_SIGNS: Final = {
    Connection.ONLINE: "✓",
    Connection.CONNECTING: "…",
    Connection.REGISTERING: "…",
    Connection.WAITING: "✗",
    Connection.OFFLINE: "✗",
}


def server_titles(states: Sequence[State]) -> dict[str, str]:
    """What a person calls each server: its network or machine, whichever no other is called."""
    names = {
        state.server: [state.network, state.server.rpartition(":")[0], state.server]
        for state in states
    }
    counts = Counter(name for each in names.values() for name in dict.fromkeys(each))
    return {
        server: next(name for name in each if name and (counts[name] == 1 or name == server))
        for server, each in names.items()
    }


def server_rooms(states: Sequence[State], active: State) -> list[ServerRooms]:
    """Every server with its conversations, in the order in which they were connected to.

    Below a server stand the lobby, rooms by name and people by name, the muted ones last: an
    order that does not jump about. One is in a place of the `active` server.
    """
    titles = server_titles(states)
    return [
        ServerRooms(
            Spot(state.server),
            titles[state.server],
            _SIGNS[state.connection],
            _room_groups(state, state is active),
        )
        for state in states
    ]


def _room_groups(state: State, active: bool) -> list[RoomGroup]:
    at_lobby = active and state.current == STATUS
    lobby = RoomEntry(Spot(state.server), LOBBY_TITLE, "", False, at_lobby, True)
    return [
        RoomGroup("", [lobby]),
        RoomGroup("ROOMS", _entries(state, BufferKind.ROOM, active)),
        RoomGroup("PEOPLE", _entries(state, BufferKind.DIRECT, active)),
    ]


def rooms_in_order(states: Sequence[State], active: State) -> list[RoomEntry]:
    """All conversations in the order in which they are listed: what "next room" goes by."""
    return [
        room
        for server in server_rooms(states, active)
        for group in server.groups
        for room in group.rooms
    ]


def badge(buffer: Buffer) -> str:
    """What is new in a conversation. In a direct one every message is for oneself."""
    if buffer.kind is BufferKind.DIRECT and buffer.unread:
        return f"●{buffer.unread}"
    if buffer.mentions:
        return f"●{buffer.mentions}"
    return str(buffer.unread) if buffer.unread else ""


def room_bar(states: Sequence[State], active: State) -> list[RoomEntry]:
    """For narrow screens: the lobby, and conversations with the newest-worthy first.

    Those on another server than the `active` one have its name before theirs.
    """
    titles = server_titles(states)
    everything = [
        room
        if room.spot.server == active.server
        else room._replace(title=f"{titles[room.spot.server]}/{room.title}")
        for room in rooms_in_order(states, active)
        if room.spot.buffer != STATUS or room.spot.server == active.server
    ]
    lobby = [room for room in everything if room.spot.buffer == STATUS]
    rooms = [room for room in everything if room.spot.buffer != STATUS]
    rooms.sort(key=lambda room: (not room.current, not room.mentioned, room.muted, not room.badge))
    return [*lobby, *rooms]


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


def _entries(state: State, kind: BufferKind, active: bool) -> list[RoomEntry]:
    buffers = [buffer for buffer in state.buffers.values() if buffer.kind is kind]
    buffers.sort(key=lambda buffer: (state.is_muted(buffer.key), buffer.title.lower()))
    return [_entry(state, buffer, active) for buffer in buffers]


def _entry(state: State, buffer: Buffer, active: bool) -> RoomEntry:
    direct, muted = buffer.kind is BufferKind.DIRECT, state.is_muted(buffer.key)
    return RoomEntry(
        Spot(state.server, buffer.key),
        buffer.title,
        badge(buffer),
        not muted and (bool(buffer.mentions) or (direct and bool(buffer.unread))),
        active and state.current == buffer.key,
        buffer.joined or direct,
        muted,
    )


def next_unread(states: Sequence[State], active: State) -> Spot | None:
    """The conversation to read next: mentions first, then in the order of the list.

    Nobody is led to what is muted.
    """
    rooms = rooms_in_order(states, active)
    at = next((index for index, room in enumerate(rooms) if room.current), 0)
    waiting = [room for room in [*rooms[at + 1 :], *rooms[:at]] if room.badge and not room.muted]
    waiting.sort(key=lambda room: not room.mentioned)
    return waiting[0].spot if waiting else None
