"""Order in rooms: how a room is set, bans, invitations.

Specification: modern IRC "MODE message", "INVITE message"; IRCv3 invite-notify.
"""

from typing import Final

from common.casemap import fold
from common.modes import read_changes
from tui.client import buffers, ignoring, room_settings
from tui.client.cleaning import read_number
from tui.client.core import Core
from tui.client.items import Arrival, takes
from tui.client.mode_words import room_words
from tui.client.reducers.table import on
from tui.client.session import Request
from tui.client.state import Ban, Buffer
from tui.client.updates import Told

BANS_MAX: Final = 1_000
"""Bans kept of one list; a longer one is cut."""

BANS_LIFTED_AT_ONCE: Final = 3
"""Modes with a parameter in one line: every server takes so many."""


@on("324", params_min=2)
def modes(core: Core, arrival: Arrival) -> None:
    """RPL_CHANNELMODEIS."""
    buffer = core.room(arrival.word(1))
    if buffer is None:
        return
    request = arrival.request or core.session.take(buffer.key, ("MODE",))
    params = [arrival.word(at) for at in range(3, len(arrival.message.params))]
    changes = read_changes(arrival.word(2), params, takes(core))
    room_settings.told(core, buffer, changes)
    if request is None or not request.quiet:
        buffers.say_news(core, buffer, f"{buffer.title} is set so: {room_words(changes)}")


@on("329")
def created_at(core: Core, arrival: Arrival) -> None:
    """RPL_CREATIONTIME: follows 324; nothing shows it."""


@on("367", params_min=3)
def banned(core: Core, arrival: Arrival) -> None:
    """RPL_BANLIST: one ban."""
    held = core.session.bans_arriving.setdefault(fold(arrival.word(1)), [])
    if len(held) < BANS_MAX:
        setter = arrival.word(3).partition("!")[0]
        held.append(Ban(arrival.word(2), setter, read_number(arrival.word(4)) * 1_000))


@on("368", params_min=2)
def bans_end(core: Core, arrival: Arrival) -> None:
    """RPL_ENDOFBANLIST: show the list, or lift those bans that were meant."""
    key = fold(arrival.word(1))
    bans = core.session.bans_arriving.pop(key, [])
    request = arrival.request or core.session.take(key, ("BANS", "UNBAN", "MODE"))
    buffer = core.room(key)
    if buffer is None:
        return
    room_settings.bans_told(core, buffer, bans)
    masks = [ban.mask for ban in bans]
    if request is not None and request.quiet:
        return
    if request is not None and request.command == "UNBAN":
        _lift(core, buffer, request, masks)
    elif masks:
        buffers.say_news(core, buffer, f"Banned from {buffer.title}: {', '.join(masks)}")
    else:
        buffers.say_news(core, buffer, f"Nobody is banned from {buffer.title}.")


def _lift(core: Core, buffer: Buffer, request: Request, masks: list[str]) -> None:
    meant = [mask for mask in masks if _is_about(mask, buffer, request.about)]
    if not meant:
        text = f"No ban here is about {request.about}. /bans shows them, /unban takes one as shown."
        core.changes.add(Told(text, failure=True, buffer=buffer.key, draft=request.draft))
        return
    for start in range(0, len(meant), BANS_LIFTED_AT_ONCE):
        some = meant[start : start + BANS_LIFTED_AT_ONCE]
        again = Request("MODE", buffer.key, buffer.key)
        core.ask(again, "MODE", buffer.name, f"-{'b' * len(some)}", *some)


def _is_about(mask: str, buffer: Buffer, nick: str) -> bool:
    """Whether a mask names the nick, or the host from which they spoke here last."""
    named, _, rest = mask.partition("!")
    if fold(named) == fold(nick):
        return True
    said = (item.source for item in reversed(buffer.items) if fold(item.sender) == fold(nick))
    host = next(said, "").partition("@")[2]
    return named == "*" and host != "" and rest.partition("@")[2] == host


@on("INVITE", params_min=2)
def invite(core: Core, arrival: Arrival) -> None:
    """Someone asks us, or tells us that they asked another, into a room."""
    room = arrival.word(1).removeprefix("#")
    if ignoring.is_ignored(core, arrival.nick):
        return
    if core.is_self(arrival.word(0)):
        text = f"{arrival.nick} invites you to {room}: join {room}"
        core.changes.add(Told(text, buffer=core.state.current))
        buffers.say_news(core, core.status, text)
        return
    buffer = core.room(arrival.word(1))
    if buffer is not None:
        text = f"{arrival.nick} invited {arrival.word(0)}"
        buffers.say_news(core, buffer, text)


@on("341", params_min=3)
def invited(core: Core, arrival: Arrival) -> None:
    """RPL_INVITING: our invitation is on its way."""
    nick, room = arrival.word(1), arrival.word(2)
    request = arrival.request or core.session.take(fold(nick), ("INVITE",))
    buffer = core.room(room)
    text = f"You invited {nick} to {room.removeprefix('#')}."
    if buffer is not None:
        buffers.say_news(core, buffer, text)
    else:
        buffers.say_answer(core, request, text)


@on("336", params_min=2)
def invitation(core: Core, arrival: Arrival) -> None:
    """RPL_INVITELIST: a room to which we are invited."""
    room = arrival.last.removeprefix("#")
    buffers.say_answer(core, arrival.request, f"You are invited to {room}: join {room}")


@on("337")
def invitations_end(core: Core, arrival: Arrival) -> None:
    """RPL_ENDOFINVITELIST."""
