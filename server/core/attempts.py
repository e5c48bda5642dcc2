"""Failed logins and the like, kept over restarts: the `Throttle` of the world, and the store.

Kept under digests, for what was typed as the name of an account may have been a password.
"""

import hashlib
from typing import Final

from server.core.throttle import FORGET_S
from server.core.world import World

FACT_START: Final = "failed "


def wait_s(world: World, *names: str) -> float:
    """How long these have to wait before they may try again; 0 for not at all."""
    return world.failed_logins.wait_s(world.now, *map(_digest, names))


def note_failure(world: World, *names: str) -> None:
    """Another failure of each."""
    for name in map(_digest, names):
        for forgotten in world.failed_logins.failed(world.now, name):
            world.store.facts.remember(f"{FACT_START}{forgotten}", "")
        if not world.low_space:
            count = world.failed_logins.failures[name].count
            world.store.facts.remember(f"{FACT_START}{name}", f"{count} {world.wall_ms}")


def forgive(world: World, name: str) -> None:
    """They got in: nothing is held against them any more."""
    if world.failed_logins.succeeded(_digest(name)):
        world.store.facts.remember(f"{FACT_START}{_digest(name)}", "")


def load(world: World) -> None:
    """At the start: take in what is stored. A clock that was set back makes nobody wait longer."""
    stored = world.store.facts.facts_from(FACT_START)
    rows = ((name.removeprefix(FACT_START), *value.split()) for name, value in stored.items())
    for name, count, last_ms in sorted(rows, key=lambda row: int(row[2])):
        passed_s = max(0.0, (world.wall_ms - int(last_ms)) / 1000)
        world.failed_logins.recall(name, int(count), world.now - passed_s)


def drop_old(world: World) -> None:
    """Forget what was long ago."""
    for name in world.failed_logins.drop_before(world.now - FORGET_S):
        world.store.facts.remember(f"{FACT_START}{name}", "")


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
