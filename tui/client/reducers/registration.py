"""Lines about the link itself: capabilities, welcome, nick, pings, the end.

Specification: IRCv3 capability-negotiation; modern IRC "Connection Messages".
"""

from typing import Final

from common.casemap import fold
from common.isupport import read_tokens
from common.text import plain
from tui.client import buffers, history, liveness, pending, registration, security
from tui.client.core import Core
from tui.client.items import Arrival
from tui.client.reducers.table import on
from tui.client.session import OpenBatch
from tui.client.state import Connection
from tui.client.updates import ConnectionChanged, SecurityKept, SecurityRequired, Told

TOKENS_MAX: Final = 200


@on("CAP", params_min=2)
def cap(core: Core, arrival: Arrival) -> None:
    """CAP nick subcommand [*] :names."""
    names = arrival.last.split()
    subcommand = arrival.word(1).upper()
    if subcommand == "LS":
        more = arrival.word(2) == "*"
        registration.offered(core, names, more)
        if not more:
            _obey(core)
    elif subcommand == "ACK":
        registration.acknowledged(core, names)
    elif subcommand == "NAK":
        registration.refused(core, names)
    elif subcommand == "NEW":
        registration.came_up(core, names)
        _obey(core)
    elif subcommand == "DEL":
        registration.withdrawn(core, names)


def _obey(core: Core) -> None:
    """Follow the policy of a server that wants encrypted links only."""
    port, duration_s = security.port_required(core), security.duration_s(core)
    if port:
        liveness.give_up(core)
        core.changes.add(SecurityRequired(port))
    elif duration_s is not None:
        core.changes.add(SecurityKept(duration_s))


@on("001")
def welcome(core: Core, arrival: Arrival) -> None:
    """RPL_WELCOME: registered."""
    if core.state.connection is Connection.REGISTERING:
        registration.welcomed(core, arrival.word(0), arrival.nick)


@on("005", params_min=2)
def isupport(core: Core, arrival: Arrival) -> None:
    """RPL_ISUPPORT: what the server can do."""
    state = core.state
    for name, value in read_tokens(arrival.message.params[1:-1]).items():
        if value is None:
            state.isupport.pop(name, None)
        elif len(state.isupport) < TOKENS_MAX:
            state.isupport[name] = plain(value)
    network = state.isupport.get("NETWORK")
    if network and network != state.network:
        state.network = network
        core.changes.add(ConnectionChanged())


@on("004")
def my_info(core: Core, arrival: Arrival) -> None:
    """RPL_MYINFO: modes for programs; nothing a person reads."""


@on("002", "003", "250", "251", "255", "265", "266")
def about_the_server(core: Core, arrival: Arrival) -> None:
    """What servers say of themselves, in their own words."""
    buffers.say_greeting(core, arrival.last)


@on("221", params_min=2)
def own_modes(core: Core, arrival: Arrival) -> None:
    """What the server has set for us: told when it was asked for, else part of the greeting."""
    modes = arrival.word(1)
    text = f"Your modes are {modes}." if modes.strip("+") else "You have no modes."
    request = arrival.request or core.session.take(fold(core.state.nick), ("MODE",))
    if request is not None:
        buffers.say_answer(core, request, text)
    else:
        buffers.say_greeting(core, text)


@on("252", "253", "254", params_min=3)
def counted(core: Core, arrival: Arrival) -> None:
    """How many there are of something."""
    buffers.say_greeting(core, f"{arrival.word(1)} {arrival.last}")


@on("375")
def motd_start(core: Core, arrival: Arrival) -> None:
    """The line above the message of the day."""
    buffers.say_greeting(core, arrival.last)


@on("372")
def motd(core: Core, arrival: Arrival) -> None:
    """The message of the day."""
    buffers.say_news(core, core.status, arrival.last)


@on("376", "422")
def greeting_ended(core: Core, _: Arrival) -> None:
    """The greeting is read to its end, with or without a message of the day."""
    if core.online:
        registration.greeted(core)


@on("PING")
def ping(core: Core, arrival: Arrival) -> None:
    """The server asks whether we live."""
    core.send("PONG", arrival.text(0))


@on("PONG")
def pong(core: Core, arrival: Arrival) -> None:
    """The server has read everything we wrote before the PING."""
    token = arrival.last
    if token == registration.GREETING and core.online:
        registration.greeted(core)
    elif token in core.session.barriers:
        pending.barrier_passed(core, token)


@on("ACK")
def acknowledged(core: Core, arrival: Arrival) -> None:
    """A labelled command of ours was done and has no other answer."""
    request = arrival.request
    if request is not None and request.command == "CHATHISTORY":
        page = OpenBatch(arrival.message, "chathistory", request.target, "", request)
        history.page_arrived(core, page)


@on("ERROR")
def error(core: Core, arrival: Arrival) -> None:
    """The server closes the link and says why; nothing comes after that."""
    reason = f"the server closed the connection: {arrival.last}"
    liveness.lost(core, reason)


@on("464", "465")
def turned_away(core: Core, arrival: Arrival) -> None:
    """A wrong password, or a ban: trying again by ourselves would only make it worse."""
    text = arrival.last
    if core.online:
        core.changes.add(Told(text, failure=True))
    else:
        core.session.fatal = f"{core.state.server} turned us away: {text}"


@on("431", "432", "433", "436", "437", params_min=2)
def nick_refused(core: Core, arrival: Arrival) -> None:
    """The nick cannot be had."""
    nick, session = arrival.word(1), core.session
    request = arrival.request or session.take(fold(nick), ("NICK",))
    if core.state.connection is Connection.REGISTERING:
        registration.nick_refused(core, nick, arrival.message.command, arrival.last)
    elif request is None or not request.quiet:
        text = f"You cannot be called {nick}: {arrival.last.rstrip('.')}. Try another nick."
        where = request.buffer if request is not None else ""
        core.changes.add(Told(text, failure=True, buffer=where, draft=f"/nick {nick}"))
