"""A person's card in words: who they are, whether they are here, what we have in common.

Reads state and makes lines; nothing is asked for here.
"""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final, NamedTuple

from common.casemap import fold
from common.modes import PREFIXES
from common.text import plain
from tui.client.state import BufferKind, Member, Person, State
from tui.render.clock import day_and_time, how_long

ROOMS_SHOWN_MAX: Final = 12

_ROLES: Final = {row.letter: row.role for row in PREFIXES}


class Line(NamedTuple):
    """One thing that is known; without a `label` it goes on from the line above."""

    label: str
    value: str


def card_lines(state: State, nick: str, zone: tzinfo | None) -> list[Line]:
    """What is known of `nick`, the most wanted first; what a server does not tell is left out."""
    person = state.people.get(fold(nick)) or Person(nick)
    ours, others = rooms_of(state, person)
    lines = [Line("Presence", presence(state, person))]
    if person.idle_s is not None and not person.gone:
        lines.append(Line("Idle", how_long(person.idle_s)))
    if person.account or person.answered:
        lines.append(Line("Account", person.account or "none: a guest"))
    if person.realname and fold(person.realname) != fold(nick):
        lines.append(Line("Name", person.realname))
    if ours:
        lines.append(Line("In common", ", ".join(ours)))
    if others:
        lines.append(Line("Also in", _some(others)))
    if person.signed_on_ms:
        lines.append(Line("Signed on", day_and_time(person.signed_on_ms, zone)))
    host = person.host or next((m.host for m in _memberships(state, nick).values() if m.host), "")
    if host:
        lines.append(Line("Host", f"{host}{', encrypted' if person.secure else ''}"))
    if person.server:
        lines.append(Line("Server", person.server))
    lines += [Line("" if at else "Besides", note) for at, note in enumerate(person.notes)]
    return [Line(label, plain(value)) for label, value in lines]


def presence(state: State, person: Person) -> str:
    """Here, away or gone, and what kind of someone it is."""
    if person.now_called:
        return f"called {person.now_called} now"
    if person.gone:
        return "not here now"
    away = person.away
    if not away and any(member.away for member in _memberships(state, person.nick).values()):
        away = "away"
    said = "away" if away == "away" else f"away: {away}" if away else "here"
    kinds = [
        *(["you"] if fold(person.nick) == fold(state.nick) else []),
        *(["a bot"] if person.bot else []),
        *(["an operator of the server"] if person.operator else []),
        *(["ignored by you"] if fold(person.nick) in state.ignored else []),
    ]
    return ", ".join([said, *kinds])


def rooms_of(state: State, person: Person) -> tuple[list[str], list[str]]:
    """The rooms one shares with a person, with their role there; and those they are in besides."""
    ours = [(name, each.signs) for name, each in _memberships(state, person.nick).items()]
    others = []
    if fold(person.nick) != fold(state.nick):
        seen = {fold(name) for name, _ in ours}
        others = [each for each in person.rooms.items() if fold(each[0]) not in seen]
    return [_room(state, *each) for each in sorted(ours)], [_room(state, *each) for each in others]


def role_of(signs: str, prefixes: Mapping[str, str]) -> str:
    """The highest role among `signs`, in a word; "" for none."""
    return _ROLES.get(prefixes.get(signs[:1], ""), "")


def _memberships(state: State, nick: str) -> dict[str, Member]:
    """Where one sees them, by the name of the room."""
    rooms = [each for each in state.buffers.values() if each.kind is BufferKind.ROOM]
    return {each.name: each.members[fold(nick)] for each in rooms if fold(nick) in each.members}


def _room(state: State, name: str, signs: str) -> str:
    role = role_of(signs, state.prefixes)
    return f"{name.removeprefix('#')}{f' ({role})' if role else ''}"


def _some(rooms: list[str]) -> str:
    more = len(rooms) - ROOMS_SHOWN_MAX
    return ", ".join([*rooms[:ROOMS_SHOWN_MAX], *([f"and {more} more"] if more > 0 else [])])
