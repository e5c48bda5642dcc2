"""ACCOUNT and PERSISTENCE: the own account, for programs; NickServ does the same for people.

Specification: `docs/protocol.md`, accounts.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from common.capabilities import PERSISTENCE
from common.numerics import ERR_NEEDMOREPARAMS
from server.core.accounts import own_account, set_always_on
from server.core.dispatch import Failed, Refused, Request, command
from server.core.own_account import (
    OF_DELETING,
    OF_ERASING,
    delete_own,
    devices,
    erase_own,
    log_out_devices,
    replace_password,
)
from server.core.persistence import send_status
from server.core.world import utc_text

ON_OR_OFF: Final = {"ON": True, "OFF": False}
CHOICES: Final = {**ON_OR_OFF, "DEFAULT": None}


@command(
    "ACCOUNT",
    group="accounts",
    usage="ACCOUNT DEVICES|PASSWORD|LOGOUT|ALWAYS-ON|DELETE|ERASE [parameters]",
    summary="see and change your account: devices, password, being always on, its end",
    params_min=1,
)
def account(request: Request) -> None:
    verb = _VERBS.get(request.params[0].upper())
    if verb is None:
        text = f"ACCOUNT knows {', '.join(_VERBS)}"
        raise Failed("UNKNOWN_SUBCOMMAND", text, request.params[0][:20])
    if len(request.params) <= verb.params_min:
        raise Refused(ERR_NEEDMOREPARAMS, "ACCOUNT", usage=verb.usage)
    own_account(request)
    verb.run(request)


def _devices(request: Request) -> None:
    found = devices(request)
    for device in found:
        peer = device.session.peer
        kind, here = "encrypted" if peer.secure else "open", "here" if device.here else "*"
        since = utc_text(device.since_ms)
        text = f"{peer.host}, since {since[:16].replace('T', ' ')}{' (this one)' * device.here}"
        request.note("DEVICE", text, str(device.number), peer.host, kind, since, here)
    request.note("DEVICES", f"Devices logged in: {len(found)}", str(len(found)))


def _password(request: Request) -> None:
    _, current, new = request.params[:3]
    text = "The password was changed; other devices stay logged in"
    replace_password(request, current, new, lambda: request.note("PASSWORD_CHANGED", text))


def _logout(request: Request) -> None:
    count = log_out_devices(request, request.params[1])
    request.note("LOGGED_OUT", f"Devices logged out: {count}", str(count))


def _always_on(request: Request) -> None:
    on = ON_OR_OFF.get(request.params[1].upper())
    if on is None:
        raise Failed("INVALID_PARAMS", "Write ON or OFF", request.params[1][:20])
    set_always_on(request.world, own_account(request), on=on)
    text = "You stay present without a connection" if on else "You are here while connected"
    request.note("ALWAYS_ON", text, "ON" if on else "OFF")


def _delete(request: Request) -> None:
    name = own_account(request).name
    code = delete_own(request, request.param(1))
    if code:
        request.note("CONFIRM", f"{OF_DELETING}. To do it: ACCOUNT DELETE {code}", code)
    else:
        request.note("DELETED", f"The account {name} was deleted; you are a guest now", name)


def _erase(request: Request) -> None:
    if code := erase_own(request, request.param(1)):
        request.note("CONFIRM", f"{OF_ERASING}. To do it: ACCOUNT ERASE {code}", code)


@command(
    "PERSISTENCE",
    group="accounts",
    usage="PERSISTENCE GET|SET [ON|OFF|DEFAULT]",
    summary="see or choose whether you stay present without a connection",
    params_min=1,
)
def persistence(request: Request) -> None:
    record = own_account(request)
    verb, wanted = request.params[0].upper(), request.param(1).upper()
    if verb == "SET" and wanted in CHOICES:
        set_always_on(request.world, record, on=CHOICES[wanted])
        if request.session.capabilities & PERSISTENCE:
            return  # told already, with the other sessions
    elif verb != "GET":
        raise Failed("INVALID_PARAMS", "PERSISTENCE GET, or SET with ON, OFF or DEFAULT")
    send_status(request.world, request.session, own_account(request))


class _Verb(NamedTuple):
    """A subcommand: `params_min` are needed behind it."""

    run: Callable[[Request], None]
    params_min: int
    usage: str


_VERBS: Final = {
    "DEVICES": _Verb(_devices, 0, "ACCOUNT DEVICES"),
    "PASSWORD": _Verb(_password, 2, "ACCOUNT PASSWORD current new"),
    "LOGOUT": _Verb(_logout, 1, "ACCOUNT LOGOUT number|ALL"),
    "ALWAYS-ON": _Verb(_always_on, 1, "ACCOUNT ALWAYS-ON ON|OFF"),
    "DELETE": _Verb(_delete, 0, "ACCOUNT DELETE [code]"),
    "ERASE": _Verb(_erase, 0, "ACCOUNT ERASE [code]"),
}
