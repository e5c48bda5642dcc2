"""Intents on who is there: being away, asking who others are, the message of the day.

Each raises `IntentRefused`, and then has done nothing.
"""

from typing import Final

from common.casemap import fold
from tui.client.cleaning import cleaned
from tui.client.core import Core
from tui.client.session import Request
from tui.client.talking import require_online

AWAY_DEFAULT: Final = "away"


def away(core: Core, reason: str) -> None:
    """Say that we are away; it is said again on every later link, until `back`."""
    require_online(core)
    words = cleaned(" ".join(reason.split())) or AWAY_DEFAULT
    core.ask(Request("AWAY", "", core.state.current, f"/away {reason}".strip()), "AWAY", words)
    core.state.away = words


def back(core: Core) -> None:
    """Say that we are here again."""
    require_online(core)
    core.ask(Request("AWAY", "", core.state.current, "/back"), "AWAY")
    core.state.away = ""


def who(core: Core, mask: str) -> None:
    """Ask who matches `mask`: a nick, a room, or a name with ``*``."""
    require_online(core)
    core.ask(Request("WHO", fold(mask), core.state.current, f"/who {mask}"), "WHO", mask)


def motd(core: Core) -> None:
    """Ask for the message of the day."""
    require_online(core)
    core.ask(Request("MOTD", "", core.state.current, "/motd"), "MOTD")
