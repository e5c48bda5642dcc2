"""Whose pictures the person wants to see without asking for each: nobody's, until they say so."""

from typing import Final

from common.casemap import fold
from tui.client.core import Core
from tui.client.intents import IntentRefused, require_nick
from tui.client.updates import KeptChanged

PICTURED_MAX: Final = 1_000


def allow(core: Core, nick: str) -> None:
    """Show what `nick` links to, where it is a picture."""
    require_nick(nick, is_room=core.is_room(nick))
    pictured = core.state.pictured
    if len(pictured) >= PICTURED_MAX:
        raise IntentRefused(f"Pictures of {PICTURED_MAX} people are shown; hide some first.")
    pictured[fold(nick)] = nick
    core.changes.add(KeptChanged())


def forbid(core: Core, nick: str) -> None:
    """Show nothing of `nick` by itself any more."""
    if core.state.pictured.pop(fold(nick), None) is None:
        raise IntentRefused(f"Pictures of {nick} are not shown; /images alone says whose are.")
    core.changes.add(KeptChanged())
