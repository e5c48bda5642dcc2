"""Refusals: numerics of the 400s and 500s, and FAIL.

One that belongs to a message of ours makes it unsent, with the reason in words; any other is
told, with what was typed given back.
Specification: modern IRC "Numerics"; IRCv3 standard-replies; docs/protocol.md "rooms".
"""

from collections.abc import Callable
from typing import Final

from common.casemap import fold
from tui.client import buffers, cards, history, pending, searching
from tui.client.core import Core
from tui.client.items import Arrival
from tui.client.powers import Deed, may
from tui.client.reducers.table import on
from tui.client.session import Request
from tui.client.updates import SettingRefused, Told

_SAID: Final = ("PRIVMSG", "NOTICE", "BATCH")
_ENTERING: Final = ("JOIN", "CREATE")
_MODERATING: Final = ("KICK", "INVITE", "MODE", "BANS", "UNBAN")
_OTHERS: Final = ("AWAY", "WHO", "MOTD", "REGISTER", "VERIFY", "MARKREAD", "RENAME", "KILL")

_BEYOND: Final = ("696", "697", "698")
"""Refusals of a mode that are not in the 400s or 500s: a parameter that makes no sense, and a
list that has the entry already, or does not have it."""

_ABOUT: Final[dict[str, tuple[str, ...]]] = {
    "401": (*_SAID, "WHOIS", "INVITE", "KICK", "MODE", "WHO", "KILL"),
    "403": (*_ENTERING, *_SAID, "PART", "TOPIC", *_MODERATING),
    "404": _SAID,
    "405": _ENTERING,
    "412": _SAID,
    "441": ("KICK", "MODE"),
    "442": ("PART", "TOPIC", *_SAID, *_MODERATING),
    "443": ("INVITE",),
    "472": ("MODE",),
    "478": ("MODE",),
    "471": _ENTERING,
    "473": _ENTERING,
    "474": _ENTERING,
    "475": _ENTERING,
    "476": _ENTERING,
    "479": _ENTERING,
    "482": ("TOPIC", "RENAME", *_SAID, *_MODERATING),
    **dict.fromkeys(_BEYOND, ("MODE",)),
}
"""Which commands a numeric answers; any other numeric may answer any of them."""

_ANY: Final = (
    *_SAID,
    *_ENTERING,
    "PART",
    "TOPIC",
    "NICK",
    "WHOIS",
    "LIST",
    *_MODERATING,
    *_OTHERS,
)

_PASSING: Final = ("STORE_FULL", "STORE_FAILED", "MESSAGE_ERROR")
"""Codes of what a server cannot do for the moment."""

_NAMING_THE_COMMAND: Final = ("421", "461")
"""Numerics whose first parameter is the command they answer."""

NO_OPERATOR: Final = "482"

_TO_DO: Final[dict[str, str]] = {
    "401": "Check the spelling, or wait until they are back.",
    "403": "list shows the rooms there are, create makes one.",
    "405": "Leave a room first.",
    "471": "It is full; try again later.",
    "473": "Ask someone inside for an invitation.",
    "474": "Ask its operators.",
    "475": "Ask someone inside for it, then: join room key.",
}


def is_refusal(command: str) -> bool:
    """Whether `command` is a numeric by which a server refuses something."""
    if command in _BEYOND:
        return True
    return command.isdecimal() and len(command) == 3 and command[0] in "45"


def refused(core: Core, arrival: Arrival) -> None:
    """A numeric of the 400s or 500s without a reducer of its own."""
    code = arrival.message.command
    targets = [arrival.word(at) for at in range(1, len(arrival.message.params) - 1)]
    request = arrival.request or _request_about(core, code, targets)
    about = targets[0].removeprefix("#") if targets else ""
    at_its_row = request is not None and bool(request.setting)  # which says what it is about
    said = f"{about}: {arrival.last}" if about and not at_its_row else arrival.last
    if code == "421":
        said = f"This server has no command {about}"
    to_do = _TO_DO.get(code, "")
    if code == NO_OPERATOR and targets:
        to_do = _whom_to_ask(core, targets[0])
    text = " ".join(filter(None, [_sentence(said), to_do]))
    _settle(core, request, arrival.last, text)


def _whom_to_ask(core: Core, room: str) -> str:
    """Who could do what we may not: some servers make nobody operator of a new room."""
    buffer = core.room(room)
    prefixes = core.state.prefixes
    members = buffer.members.values() if buffer is not None and buffer.joined else ()
    if members and not any(may(Deed.TOPIC, each.signs, "", prefixes) for each in members):
        return (
            "Nobody here is one: an operator of the server, or its services "
            "(/msg ChanServ help), can make you one."
        )
    return "Ask one of its operators."


def _request_about(core: Core, code: str, targets: list[str]) -> Request | None:
    commands = _ABOUT.get(code, _ANY)
    if code in _NAMING_THE_COMMAND and targets:
        return core.session.take_oldest(targets[0].upper())
    for target in targets:
        request = core.session.take(fold(target), commands)
        if request is not None:
            return request
    return None


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _settle(
    core: Core, request: Request | None, reason: str, text: str, *, passing: bool = False
) -> None:
    """Tell the outcome to whoever waits for it: a message, a room, or the person.

    `passing`: the server cannot do it now, and may in a while.
    """
    if request is None:
        buffers.say_news(core, core.status, text, failure=True)
        core.changes.add(Told(text, failure=True, buffer=core.state.current))
        return
    held = core.pending.get(request.item_id)
    if held is not None:
        pending.give_up(core, held, reason)
        return
    if request.command == "CHATHISTORY" and passing:
        history.put_off(core, request.target)
    elif request.command == "CHATHISTORY":
        history.refused(core, request.target)
    if request.command == "SEARCH":
        searching.refused(core, request, text)
    if request.command == "PART":
        core.session.leaving.pop(request.target, None)
    if request.command == "WHOIS":
        cards.gone(core, request.target)
    if request.command == "LIST":
        core.session.listing_since = None
    if request.command == "JOIN":
        if not passing:
            core.rejoin.pop(request.target, None)
        pending.room_refused(core, request.target, reason)
    if request.setting:
        core.changes.add(SettingRefused(request.buffer, request.setting, text))
    elif not request.quiet or (request.command == "JOIN" and passing):
        core.changes.add(Told(text, failure=True, buffer=request.buffer, draft=request.draft))


@on("FAIL", params_min=3)
def fail(core: Core, arrival: Arrival) -> None:
    """FAIL command code [context …] :text."""
    command, code = arrival.word(0).upper(), arrival.word(1)
    context = [arrival.word(at) for at in range(2, len(arrival.message.params) - 1)]
    if command == "DEVICE":
        core.session.device_sent = False
    request = arrival.request
    for target in context:
        request = request or core.session.take(fold(target), (command,))
    if command == "SEARCH":
        request = request or core.session.take_oldest(command)
    if request is None and command == "BATCH":  # of its mistakes not all name the target
        request = core.session.take_oldest(command)
    tell = _FAILURES.get((command, code))
    text = tell(context) if tell is not None and context else arrival.last
    _settle(core, request, arrival.last, text, passing=code in _PASSING)


def _no_such_room(context: list[str]) -> str:
    typed, *near = (word.removeprefix("#") for word in context)
    if near:
        names = near[0] if len(near) == 1 else f"{', '.join(near[:-1])} or {near[-1]}"
        return f"There is no room {typed}. Did you mean {names}?"
    return f"There is no room {typed}. create {typed} makes it."


_FAILURES: Final[dict[tuple[str, str], Callable[[list[str]], str]]] = {
    ("JOIN", "NO_SUCH_ROOM"): _no_such_room,
}
