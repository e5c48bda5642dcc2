"""Intents for what our own server adds to IRC: running a room, the own account, who may write.

Each raises `IntentRefused`, and then has done nothing. The answers are notes, which
`reducers.information` puts into words.
"""

from typing import Final

from common.capabilities import ROOMS, names_of
from common.casemap import fold
from tui.client import login, talking
from tui.client.cleaning import cleaned
from tui.client.core import Core
from tui.client.intents import IntentRefused
from tui.client.session import Request
from tui.client.state import BufferKind

OURS: Final = names_of(ROOMS)[0]
"""What our own server offers, and no other."""


def order(core: Core, key: str, draft: str, *words: str) -> None:
    """Send a command of our server; `draft` is given back where it is refused."""
    talking.require_online(core)
    if not core.has(ROOMS):
        raise IntentRefused(f"{core.state.server} cannot do this; our own server can.")
    command, *params = map(cleaned, words)
    target = fold(params[0]) if params else ""
    core.ask(Request(command, target, key, draft), command, *filter(None, params))


def order_for_room(core: Core, key: str, draft: str, command: str, *words: str) -> None:
    """The same about a room in which we are."""
    buffer = talking.find_buffer(core, key)
    if buffer.kind is not BufferKind.ROOM or not buffer.joined:
        raise IntentRefused("This is about a room; go to the room first.")
    order(core, key, draft, command, buffer.name, *words)


def change_password(core: Core, key: str, current: str, new: str) -> None:
    """Change the password of the account; later links log in with the new one."""
    login.check_secret(core, new)
    order(core, key, "/password ", "ACCOUNT", "PASSWORD", current, new)
    core.session.password_chosen = new
