"""Answers to questions: the lobby's list, WHOIS, HELP, notes and warnings.

Specification: modern IRC "Server Queries", IRCv3 standard-replies.
"""

from typing import Final

from common.casemap import fold
from tui.client import buffers
from tui.client.cleaning import read_number
from tui.client.core import Core
from tui.client.items import Arrival
from tui.client.reducers.table import on
from tui.client.state import Listing
from tui.client.updates import LobbyChanged, Told

LISTINGS_MAX: Final = 10_000
"""Rooms kept of one list; a longer one is cut."""

_WHOIS: Final = {
    "311": "{1} is {2}@{3}: {5}",
    "312": "{1} is connected to {2}",
    "313": "{1}: {last}",
    "317": "{1} has been idle for {2} s",
    "319": "{1} is in {last}",
    "330": "{1} is logged in as {2}",
    "335": "{1}: {last}",
    "338": "{1}: {last}",
    "378": "{1}: {last}",
    "671": "{1} {last}",
}


@on("321")
def list_start(core: Core, _: Arrival) -> None:
    """RPL_LISTSTART."""
    core.session.listings.clear()


@on("322", params_min=3)
def list_line(core: Core, arrival: Arrival) -> None:
    """RPL_LIST: a room."""
    if len(core.session.listings) < LISTINGS_MAX:
        members = read_number(arrival.word(2))
        core.session.listings.append(Listing(arrival.word(1), members, arrival.text(3)))


@on("323")
def list_end(core: Core, _: Arrival) -> None:
    """RPL_LISTEND: the lobby is read."""
    session = core.session
    core.state.lobby, session.listings = session.listings, []
    session.listing_since = None
    session.take("", ("LIST",))
    core.changes.add(LobbyChanged())


@on(*_WHOIS, params_min=3)
def whois(core: Core, arrival: Arrival) -> None:
    """One of the lines about a person, shown where it was asked for."""
    params = [arrival.word(at) for at in range(6)]
    text = _WHOIS[arrival.message.command].format(*params, last=arrival.last)
    _answer(core, arrival, text)


@on("318")
def whois_end(core: Core, arrival: Arrival) -> None:
    """RPL_ENDOFWHOIS."""
    core.session.take(fold(arrival.word(1)), ("WHOIS",))


@on("301", params_min=3)
def away(core: Core, arrival: Arrival) -> None:
    """RPL_AWAY."""
    _answer(core, arrival, f"{arrival.word(1)} is away: {arrival.last}")


@on("704", "705", "706", params_min=2)
def help_line(core: Core, arrival: Arrival) -> None:
    """The server's help."""
    _answer(core, arrival, arrival.last)


def _answer(core: Core, arrival: Arrival, text: str) -> None:
    asked_in = arrival.request.buffer if arrival.request is not None else core.state.current
    buffers.say_news(core, buffers.news_buffer(core, asked_in), text)


@on("NOTE", "WARN", params_min=3)
def note(core: Core, arrival: Arrival) -> None:
    """A standard reply that is no refusal; one about a room is kept there."""
    room = next((core.room(word) for word in arrival.message.params[2:-1] if core.room(word)), None)
    buffer = room or core.status
    buffers.say_news(core, buffer, arrival.last)
    where = buffer.key or core.state.current
    core.changes.add(Told(arrival.last, buffer=where))
