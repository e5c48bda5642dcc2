"""Accounts: the exchange that logs us in, and the making of an account.

Specification: IRCv3 sasl-3.1, sasl-3.2, account-registration.
"""

from tui.client import buffers, liveness, login, registration
from tui.client.core import Core
from tui.client.items import Arrival
from tui.client.reducers.table import on
from tui.client.session import Login
from tui.client.state import Connection
from tui.client.updates import Told


@on("AUTHENTICATE", params_min=1)
def challenged(core: Core, arrival: Arrival) -> None:
    """The server's side of the exchange."""
    held = core.session.login
    try:
        login.challenged(core, arrival.text(0))
    except login.LoginFailed as failure:
        _failed(core, held, str(failure))


@on("900", params_min=3)
def logged_in(core: Core, arrival: Arrival) -> None:
    """RPL_LOGGEDIN: source account."""
    login.logged_in(core, arrival.word(2))


@on("901")
def logged_out(core: Core, _: Arrival) -> None:
    """RPL_LOGGEDOUT."""
    login.logged_in(core, "")


@on("903")
def succeeded(core: Core, _: Arrival) -> None:
    """RPL_SASLSUCCESS."""
    held = login.succeeded(core)
    if held is None:
        return
    if core.state.connection is Connection.REGISTERING:
        registration.complete(core)
    elif held.request is not None:
        text = f"You are logged in as {core.state.account or held.account}."
        core.changes.add(Told(text, buffer=held.request.buffer))


@on("908", params_min=2)
def mechanisms(core: Core, arrival: Arrival) -> None:
    """RPL_SASLMECHS: what the server would take; the refusal itself follows."""
    held = core.session.login
    if held is not None:
        names = arrival.word(1).upper().split(",")
        held.mechanisms = [name for name in held.mechanisms if name in names]


@on("902", "904", "905", "906", "907")
def refused(core: Core, arrival: Arrival) -> None:
    """The server does not let us log in."""
    held = core.session.login
    try:
        login.refused(core, arrival.last)
    except login.LoginFailed as failure:
        _failed(core, held, str(failure))


def _failed(core: Core, held: Login | None, text: str) -> None:
    """Nobody goes on as a guest who meant to be someone: the person decides."""
    if core.state.connection is Connection.REGISTERING:
        liveness.forbid(core, text)
        return
    where = held.request.buffer if held is not None and held.request is not None else ""
    core.changes.add(Told(text, failure=True, buffer=where))


@on("REGISTER", "VERIFY", params_min=2)
def registered(core: Core, arrival: Arrival) -> None:
    """SUCCESS or VERIFICATION_REQUIRED account :text."""
    command, outcome, account = arrival.message.command, arrival.word(0).upper(), arrival.word(1)
    request = arrival.request or core.session.take_oldest(command)
    if outcome == "SUCCESS":
        login.registered(core, account)
        text = f"The account {account} is yours, and you are logged in to it."
    else:
        text = f"{arrival.last.rstrip('.')}. /verify CODE completes it."
    buffers.say_answer(core, request, text)
    core.changes.add(Told(text, buffer=request.buffer if request is not None else ""))
