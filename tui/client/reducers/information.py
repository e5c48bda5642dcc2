"""Answers to questions: the lobby's list, HELP, notes and warnings.

Specification: modern IRC "Server Queries", IRCv3 standard-replies.
"""

import re
from typing import Final

from common.capabilities import ROOMS
from tui.client import buffers, login, missed, room_settings, searching
from tui.client.cleaning import read_number
from tui.client.core import Core
from tui.client.items import Arrival
from tui.client.reducers.table import on
from tui.client.state import Listing
from tui.client.updates import InvitationMade, LobbyChanged, Told

LISTINGS_MAX: Final = 10_000
"""Rooms kept of one list; a longer one is cut."""

_MODES_BEFORE: Final = re.compile(r"\A\[\+[A-Za-z][^\]]*\] ?")
"""InspIRCd and UnrealIRCd put the modes of a room before its topic."""


@on("321")
def list_start(core: Core, _: Arrival) -> None:
    """RPL_LISTSTART."""
    core.session.listings.clear()


@on("322", params_min=3)
def list_line(core: Core, arrival: Arrival) -> None:
    """RPL_LIST: a room."""
    if len(core.session.listings) < LISTINGS_MAX:
        members = read_number(arrival.word(2))
        topic = (
            arrival.word(3) if core.has(ROOMS) else _MODES_BEFORE.sub("", arrival.word(3), count=1)
        )
        core.session.listings.append(Listing(arrival.word(1), members, topic))


@on("323")
def list_end(core: Core, _: Arrival) -> None:
    """RPL_LISTEND: the lobby is read."""
    session = core.session
    core.state.lobby, session.listings = session.listings, []
    session.listing_since = None
    session.take("", ("LIST",))
    core.changes.add(LobbyChanged())


@on("CHATHISTORY", params_min=3)
def history_target(core: Core, arrival: Arrival) -> None:
    """CHATHISTORY TARGETS name time: there is news in a conversation."""
    if arrival.word(0).upper() == "TARGETS":
        missed.wrote(core, arrival.word(1))


@on("704", "705", "706", params_min=2)
def help_line(core: Core, arrival: Arrival) -> None:
    """The server's help."""
    buffers.say_answer(core, arrival.request, arrival.last)


@on("NOTE", "WARN", params_min=3)
def note(core: Core, arrival: Arrival) -> None:
    """A standard reply that is no refusal; one about a room is kept there."""
    command, code, *context = arrival.message.params[:-1]
    if command.upper() == "SEARCH":
        searching.incomplete(core)
        return
    if (command, code) == ("ACCOUNT", "PASSWORD_CHANGED"):
        login.password_changed(core)
    room = next((core.room(word) for word in context if core.room(word)), None)
    buffer = room or core.status
    text = arrival.last
    if code == "INVITATION_MADE" and len(context) > 1:
        terms = text.rpartition("(")[2].rstrip(")") if text.endswith(")") else ""
        core.changes.add(InvitationMade(context[0], context[1], terms))
        return
    if code == "RETENTION" and room is not None:
        room_settings.keeping_told(core, room, context[-1])
        if arrival.request is not None and arrival.request.quiet:
            return
    words = _NOTES.get((command, code))
    if words is not None and context:
        said = text.partition(". To do it:")[0]
        text = words.format(*(word.removeprefix("#") for word in context), said=said)
    if (command, code) == ("ACCOUNT", "DEVICE"):  # one of several lines: where they were asked for
        buffers.say_answer(core, arrival.request, text)
        return
    buffers.say_news(core, buffer, text)
    where = buffer.key or core.state.current
    core.changes.add(Told(text, buffer=where))


_NOTES: Final = {
    ("CLOSE", "CONFIRM"): "{said}. To do it: /close-room {1}",
    ("ACCOUNT", "CONFIRM"): "{said}. To do it: /delete-account {0}",
    ("ACCOUNT", "DEVICE"): "{0}: {said}",
    ("ACCOUNT", "DEVICES"): "{said}. /logout NUMBER ends one, /logout all all others.",
}
"""What our server says in words of the protocol, in those that a person types here."""
