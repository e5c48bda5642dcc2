"""Deciding on sanctions and the lock-down, for operators on the wire and on the command line.

Both ways come through here, so that neither skips what the other checks. What sanctions do is in
`server.core.sanctions`.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from common.casemap import fold
from server.core.attendance import take_away
from server.core.dispatch import Failed
from server.core.limits import block_of
from server.core.masks import complete_mask, is_valid_mask
from server.core.sanctions import (
    BAN,
    FILTER,
    SANCTIONS_MAX,
    concerns,
    impose,
    lift,
    read_network,
    set_lockdown,
    why,
)
from server.core.world import World, utc_text
from server.storage.ports import Sanction

PATTERN_CHARACTERS: Final = range(3, 201)
"""A pattern is found anywhere in a text; one of fewer letters would be found in most of them."""

REASON_DEFAULT: Final = "emergency"


class Decided(NamedTuple):
    """What was decided, about which mask, in a sentence."""

    mask: str
    text: str


def add(world: World, kind: str, setter: str, typed: str, duration_ms: int, reason: str) -> Decided:
    """Put a sanction in force; 0 ms is for ever. Raises `Failed`."""
    mask = _pattern(typed) if kind == FILTER else _mask_of(world, typed)
    if len(world.sanctions[kind]) >= SANCTIONS_MAX and fold(mask) not in world.sanctions[kind]:
        raise Failed("LIST_FULL", f"There are {SANCTIONS_MAX} already: take some off first", typed)
    until_ms = world.wall_ms + duration_ms if duration_ms else 0
    made = Sanction(kind, mask, setter, world.wall_ms, until_ms, reason)
    impose(world, made)
    closed = f"; connections closed: {_end_sessions(world, made)}" if kind == BAN else ""
    return Decided(mask, f"{kind} of {mask}{why(made)}{closed}")


def drop(world: World, kind: str, typed: str) -> Decided:
    """Take a sanction off, by what was typed or by its mask. Raises `Failed`."""
    network = read_network(typed)
    names = [typed, str(network) if network else complete_mask(typed)]
    for name in dict.fromkeys(names):
        if lift(world, kind, name):
            return Decided(name, f"The {kind} of {name} has ended")
    raise Failed("NO_SUCH_ENTRY", f"There is no such {kind}; LIST shows them", typed)


def entries(world: World, kind: str) -> Iterator[Decided]:
    """Those of a kind, with who decided and when."""
    for each in world.sanctions[kind].values():
        setter, since = each.setter.partition("!")[0], utc_text(each.set_ms)[:16]
        yield Decided(each.mask, f"{kind} of {each.mask}{why(each)} (by {setter}, {since}Z)")


def lock(world: World, reason: str) -> str:
    """Lock the server down; the sentence that says so."""
    set_lockdown(world, reason or REASON_DEFAULT)
    return "Only people with an account come in and speak, until LOCKDOWN OFF"


def unlock(world: World) -> str:
    """The opposite."""
    set_lockdown(world, "")
    return "The server is open again"


def _end_sessions(world: World, ban: Sanction) -> int:
    """End the connections of those who are banned now, but those of operators."""
    reason = f"Banned from this server{why(ban)}"
    ended = 0
    for session in list(world.sessions.values()):
        user = session.user
        if (user and "o" in user.modes) or not concerns(ban, session):
            continue
        ended += 1
        if user is not None and len(user.sessions) == 1:
            take_away(world, user, reason)
        world.end_session(session, reason)
    return ended


def _pattern(typed: str) -> str:
    if len(typed.replace("*", "").replace("?", "")) not in PATTERN_CHARACTERS:
        text = "A pattern has 3 to 200 letters beside * and ?"
        raise Failed("INVALID_MASK", text, typed)
    return typed


def _mask_of(world: World, typed: str) -> str:
    """The mask for what was typed: of someone here their account, or else their address."""
    user = world.users.get(fold(typed))
    if user is not None:
        peers = [session.peer for session in user.sessions]
        if user.account:
            return f"a:{user.account}"
        if peers and not peers[0].loopback:
            return block_of(peers[0].host)
    network = read_network(typed)
    if network is not None:
        return str(network.network_address) if network.num_addresses == 1 else str(network)
    mask = complete_mask(typed)
    if not is_valid_mask(mask) or set(mask) <= set("*?!@"):
        text = "Write a nick, an address, a network, a:ACCOUNT or nick!user@host"
        raise Failed("INVALID_MASK", text, typed)
    return mask
