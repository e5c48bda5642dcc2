"""How much the person wants to hear of a conversation, and which words are meant for them.

Kept like who is ignored, by the conversation's key. Whatever is chosen, what is said counts as
unread; of a muted conversation nothing is told, and it stands behind the others.
"""

from collections.abc import Iterable
from typing import Final

from common.casemap import fold
from tui.client import naming
from tui.client.core import Core
from tui.client.intents import IntentRefused, may_be_nick
from tui.client.state import STATUS, Attention
from tui.client.updates import BufferChanged, KeptChanged

CHOSEN_MAX: Final = 1_000


def key_of(core: Core, typed: str) -> str:
    """The key of the conversation that a person calls `typed`: a room one is in, or someone.

    Raises `IntentRefused`.
    """
    for name in (typed, f"#{typed}"):
        if fold(name) in core.state.buffers and name:
            return fold(name)
    if not may_be_nick(typed):
        raise IntentRefused(f"{typed or 'Nothing'} is neither a room you are in nor a nick.")
    return fold(typed)


def attend(core: Core, key: str, attention: Attention | None) -> None:
    """Hear so much of the conversation `key` from now on; None: as of any other."""
    chosen = core.state.attention
    if key == STATUS:
        raise IntentRefused("Go to a room or person first, or name one.")
    if chosen.get(key) is attention:
        return
    if attention is None:
        del chosen[key]
    elif key not in chosen and len(chosen) >= CHOSEN_MAX:
        raise IntentRefused(f"{CHOSEN_MAX} rooms have a choice; give one the default first.")
    else:
        chosen[key] = attention
    if key in core.state.buffers:
        core.changes.add(BufferChanged(key))
    core.changes.add(KeptChanged())


def watch_for(core: Core, words: Iterable[str]) -> None:
    """What has one of `words` in it is meant for the person, of what is held already, too."""
    keywords = naming.bounded(words)
    if keywords == core.state.keywords:
        return
    core.state.keywords = keywords
    for buffer in core.state.buffers.values():
        for item in buffer.items:
            meant = naming.is_meant(core, item)
            if meant != item.mention:
                item.mention = meant
                core.changes.item_changed(buffer.key, item)


def renamed(core: Core, old: str, new: str) -> None:
    """A conversation has another key."""
    attention = core.state.attention.pop(old, None)
    if attention is not None:
        core.state.attention[new] = attention
        core.changes.add(KeptChanged())
