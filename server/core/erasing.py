"""Erasing a person: what they wrote and did is emptied, everywhere; places and numbers stay.

Goes on in slices while everyone else talks. That it was begun is stored, so a crash does not end
it. It is done when nothing more is found. Meanings: `SEMANTICS`, "Erasing a person".
"""

import logging
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from common.casemap import fold
from server.core.accounts import delete, present_as, sessions_of
from server.core.attendance import take_away
from server.core.holders import is_account
from server.core.world import World
from server.storage.ports import ACCOUNT_HOLDER, AccountRecord, Kind, StoreFailedError, Trace

EVENTS_PER_SLICE: Final = 200
"""Some milliseconds of emptying in one tick."""

PAUSE_S: Final = 0.05
PAUSE_AFTER_FAILURE_S: Final = 60.0
REPORTS_MAX: Final = 100

FACT: Final = "erasing"
"""Under which name the store keeps who is being erased: holders, with spaces between."""

NICK: Final = "nick:"
"""Before the nick of guests, where a holder stands otherwise."""

ERASED: Final = "This account was erased"

_COUNTED: Final = {
    Kind.PRIVMSG: "messages",
    Kind.NOTICE: "messages",
    Kind.STATUS_PRIVMSG: "messages",
    Kind.STATUS_NOTICE: "messages",
    Kind.TAGMSG: "reactions",
    Kind.EDIT: "edits",
}
"""As what an event counts in the report; everything else is coming, going and moderating."""

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Erasure:
    """One person being erased, or erased already: then `report` says what was removed.

    `who` is a holder, or a nick behind `NICK`. `names` are the nicks they had last.
    """

    who: str
    names: tuple[str, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)
    logs: dict[int, None] = field(default_factory=dict)
    report: str = ""


def begin(world: World, who: str, names: tuple[str, ...]) -> Erasure:
    """Begin to erase someone whose sessions have been ended; with their account, if they have one.

    `names` are the nicks they had last: what rooms and WHOWAS say of them is taken out too.
    """
    erasure = world.erasures[who] = Erasure(who, names)
    while len(world.erasures) > REPORTS_MAX:
        del world.erasures[next(iter(world.erasures))]
    _remember(world)
    world.timers.arm(world.now + PAUSE_S, partial(_look, world, erasure))  # behind this commit
    return erasure


def begin_account(world: World, account: AccountRecord) -> Erasure:
    """End every connection of an account, let nobody in again, and begin to erase it."""
    users = present_as(world, account.id)
    names = tuple(user.nick for user in users)
    world.store.accounts.save(replace(account, suspended=True))
    for user in users:
        take_away(world, user, ERASED)
    for session in sessions_of(world, account.id):
        world.end_session(session, ERASED)
    return begin(world, account.holder, names)


def resume(world: World) -> None:
    """At the start: go on with those whose erasing a stop or a crash has interrupted."""
    for who in world.store.facts.fact(FACT).split():
        erasure = world.erasures[who] = Erasure(who)
        world.timers.arm(world.now, partial(_look, world, erasure))


def _remember(world: World) -> None:
    going_on = " ".join(who for who, each in world.erasures.items() if not each.report)
    world.store.facts.remember(FACT, going_on)


def _forget_names(world: World, names: tuple[str, ...]) -> None:
    """Put the server in the place of someone who set topics, bans and invitations."""
    folded = {fold(name): None for name in names}
    server = world.settings.name

    def is_theirs(source: str) -> bool:
        return fold(source.partition("!")[0]) in folded

    for channel in world.channels.values():
        row = channel.record
        if is_theirs(row.topic_source):
            row.topic_source = server
            world.store.channels.save(row)
        for entry in row.masks.values():
            if is_theirs(entry.setter):
                entry.setter = server
                world.store.channels.set_mask(row.id, entry, present=True)
    for invitation in world.invitations.values():
        if is_theirs(invitation.maker):
            invitation.maker = server
            world.store.invitations.save_invitation(invitation)
    kept = [each for each in world.departed if fold(each.nick) not in folded]
    world.departed.clear()
    world.departed.extend(kept)


def _look(world: World, erasure: Erasure) -> None:
    """Have everything that is left of them sought, off the loop; they are not here any more."""
    try:
        _delete_account(world, erasure)
    except StoreFailedError as error:
        _look_later(world, erasure, error)
        return
    _forget_names(world, erasure.names)
    is_nick = erasure.who.startswith(NICK)
    holder = "" if is_nick else erasure.who
    nick = erasure.who.removeprefix(NICK) if is_nick else ""
    work = world.store.erasures.traces(holder, nick)
    world.ask_chore(work, partial(_found, world, erasure))


def _look_later(world: World, erasure: Erasure, error: StoreFailedError) -> None:
    logger.error("erasing somebody goes on later: %s", error)
    world.timers.arm(world.now + PAUSE_AFTER_FAILURE_S, partial(_look, world, erasure))


def _delete_account(world: World, erasure: Erasure) -> None:
    if is_account(erasure.who):
        record = world.store.accounts.get(int(erasure.who.removeprefix(ACCOUNT_HOLDER)))
        if record is not None:
            erasure.names = (*erasure.names, record.name)
            delete(world, record)


def _found(world: World, erasure: Erasure, result: object) -> None:
    if isinstance(result, StoreFailedError):
        _look_later(world, erasure, result)
    elif isinstance(result, Exception):
        raise result
    elif isinstance(result, list) and result:
        _go_on(world, erasure, deque(result))
    else:
        _finish(world, erasure)


def _go_on(world: World, erasure: Erasure, traces: deque[Trace]) -> None:
    """A slice; the next one follows after a pause, and behind the last one look is taken again."""
    for _ in range(min(EVENTS_PER_SLICE, len(traces))):
        trace = traces.popleft()
        world.store.erasures.erase(trace)
        if trace.kind is not Kind.EMPTY:
            erasure.counts[_COUNTED.get(trace.kind, "others")] += 1
            erasure.logs[trace.log_id] = None
    then = partial(_go_on, world, erasure, traces) if traces else partial(_look, world, erasure)
    world.timers.arm(world.now + PAUSE_S, then)


def _finish(world: World, erasure: Erasure) -> None:
    if not erasure.who.startswith(NICK):
        world.store.erasures.forget(erasure.who)
    counts = erasure.counts
    rooms = sum(log_id in world.channels_by_id for log_id in erasure.logs)
    erasure.report = (
        f"Removed: {counts['messages']} messages, {counts['reactions']} reactions, "
        f"{counts['edits']} edits, and {counts['others']} times of coming, going or moderating, "
        f"in {rooms} rooms and {len(erasure.logs) - rooms} direct conversations. Their places and "
        "numbers stay. Backups made before this still hold everything: delete them, or make them "
        "anew"
    )
    logger.info("someone was erased. %s", erasure.report)
    _remember(world)
