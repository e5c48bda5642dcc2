"""NickServ: accounts by way of messages, as people are used to; NS and NICKSERV are short for it.

Nothing is decided here: see `server.core.accounts`.
"""

from dataclasses import replace
from typing import Final

from common.casemap import fold
from server.core.accounts import (
    CERTIFICATES_MAX,
    check_password,
    log_in,
    log_out,
    own_account,
    register,
    return_to_rooms,
    set_always_on,
)
from server.core.attendance import take_away
from server.core.dispatch import Failed, Request, command
from server.core.own_account import (
    OF_DELETING,
    delete_own,
    devices,
    log_out_devices,
    replace_password,
)
from server.core.services import NICKSERV, ServiceRequest, run, service_command
from server.core.world import utc_text
from server.storage.ports import AccountRecord

YES: Final = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}


@command(
    "NICKSERV",
    group="accounts",
    usage="NICKSERV [command …]",
    summary="accounts, as a service: NICKSERV HELP",
    cost=2,
)
def nickserv(request: Request) -> None:
    run(request, NICKSERV, " ".join(request.params).split())


@command("NS", group="accounts", usage="NS [command …]", summary="short for NICKSERV")
def ns(request: Request) -> None:
    nickserv(request)


@service_command(NICKSERV, "REGISTER password [email]", "make an account with your nick", 1)
def _register(asked: ServiceRequest) -> None:
    request = asked.request
    if not request.world.settings.accounts__registration:
        raise Failed("TEMPORARILY_UNAVAILABLE", "This server makes no accounts")
    if request.session.account_id:
        raise Failed("ALREADY_AUTHENTICATED", "You have an account, and are logged in to it")

    def welcome(account: AccountRecord) -> None:
        log_in(request.world, request.session, account)
        asked.say(f"The account {account.name} was made, and you are logged in to it")

    register(request, request.user.nick, asked.word(1, "*"), asked.word(0), welcome)


@service_command(NICKSERV, "IDENTIFY [account] password", "log in to your account", 1)
def _identify(asked: ServiceRequest) -> None:
    request = asked.request
    given = asked.words[:2]
    name, password = given if len(given) == 2 else (request.user.nick, given[0])
    if request.session.account_id and len(request.user.sessions) > 1:
        raise Failed("SEVERAL_DEVICES", "Other devices are logged in here too: connect anew")

    def enter(account: AccountRecord) -> None:
        log_in(request.world, request.session, account)
        asked.say(f"You are logged in as {account.name}")
        return_to_rooms(request.world, request.session)

    check_password(request, name, password, enter)


@service_command(NICKSERV, "LOGIN [account] password", "the same as IDENTIFY", 1)
def _login(asked: ServiceRequest) -> None:
    _identify(asked)


@service_command(NICKSERV, "LOGOUT [number|ALL]", "log out: here, another device, or all others")
def _logout(asked: ServiceRequest) -> None:
    request = asked.request
    own_account(request)
    if not asked.words:
        log_out(request.world, request.session)
        asked.say("You are logged out")
        return
    asked.say(f"Devices logged out: {log_out_devices(request, asked.word(0))}")


@service_command(NICKSERV, "SESSIONS", "list the devices that are logged in to your account")
def _sessions(asked: ServiceRequest) -> None:
    for device in devices(asked.request):
        here = " (this one)" if device.here else ""
        kind = "encrypted" if device.session.peer.secure else "not encrypted"
        since = utc_text(device.since_ms)[:16].replace("T", " ")
        asked.say(f"{device.number}: {device.session.peer.host}, {kind}, since {since}{here}")
    asked.say("LOGOUT number ends one, LOGOUT ALL all others")


@service_command(NICKSERV, "CLIENTS [LIST|LOGOUT number]", "the same as SESSIONS and LOGOUT")
def _clients(asked: ServiceRequest) -> None:
    if asked.word(0).upper() == "LOGOUT":
        _logout(replace(asked, words=asked.words[1:] or ["ALL"]))
    else:
        _sessions(asked)


@service_command(NICKSERV, "GHOST nick", "end what holds a nick that is yours", 1)
def _ghost(asked: ServiceRequest) -> None:
    request = asked.request
    account = own_account(request)
    user = request.world.users.get(fold(asked.word(0)))
    owns_nick = user is not None and fold(user.nick) == fold(account.name)
    if user is None or user is request.user or not (user.account_id == account.id or owns_nick):
        raise Failed("NOT_YOURS", "Nobody else has this nick, or it is not of your account")
    reason = "Ended by the owner of the nick"
    take_away(request.world, user, reason)
    asked.say(f"The connections of {user.nick} were ended; the nick is free now")


@service_command(NICKSERV, "RECOVER nick", "the same as GHOST", 1)
def _recover(asked: ServiceRequest) -> None:
    _ghost(asked)


@service_command(NICKSERV, "PASSWD current new", "change your password", 2)
def _passwd(asked: ServiceRequest) -> None:
    current, new = asked.words[:2]
    text = "The password was changed; SESSIONS shows who is logged in with the old one"
    replace_password(asked.request, current, new, lambda: asked.say(text))


@service_command(NICKSERV, "SET ALWAYS-ON|MULTICLIENT ON|OFF", "stay present; share your nick", 2)
def _set(asked: ServiceRequest) -> None:
    world = asked.request.world
    account, name = own_account(asked.request), asked.word(0).upper()
    on = YES.get(asked.word(1).lower())
    if on is None or name not in ("ALWAYS-ON", "MULTICLIENT"):
        raise Failed("UNKNOWN", f"Usage: {asked.row.usage}")
    if name == "ALWAYS-ON":
        set_always_on(world, account, on=on)
    else:
        world.store.accounts.save(replace(account, multiclient=on))
    asked.say(f"{name} is {'on' if on else 'off'} now")


@service_command(NICKSERV, "CERT [ADD [fingerprint]|DEL fingerprint]", "log in by certificate")
def _cert(asked: ServiceRequest) -> None:
    request, verb = asked.request, asked.word(0).upper()
    account = own_account(request)
    fingerprint = asked.word(1, request.session.peer.certificate).lower().replace(":", "")
    kept = [each for each in account.certificates if each != fingerprint]
    if not verb:
        for each in account.certificates:
            asked.say(each)
        asked.say(f"Certificates: {len(account.certificates)}")
        return
    if verb not in ("ADD", "DEL") or len(fingerprint) != 64 or not _is_hexadecimal(fingerprint):
        raise Failed("UNKNOWN", "A fingerprint is 64 hexadecimal digits: SHA-256 of a certificate")
    if verb == "ADD":
        request.world.check_space()
        owner = request.world.store.accounts.with_certificate(fingerprint)
        if len(kept) >= CERTIFICATES_MAX or (owner is not None and owner.id != account.id):
            raise Failed("REFUSED", "This certificate cannot be added")
        kept.append(fingerprint)
    request.world.store.accounts.save(replace(account, certificates=tuple(kept)))
    asked.say(f"Certificates: {len(kept)}")


@service_command(NICKSERV, "INFO [account]", "show an account; your own with more")
def _info(asked: ServiceRequest) -> None:
    request = asked.request
    name = asked.word(0)
    account = request.world.store.accounts.named(name) if name else own_account(request)
    if account is None:
        raise Failed("NO_SUCH_ACCOUNT", "There is no such account")
    asked.say(f"Account {account.name}, made {utc_text(account.created_ms)[:10]}")
    if account.id == request.session.account_id:
        asked.say(f"E-mail: {account.email or 'none'}")
        asked.say(f"ALWAYS-ON is {'on' if account.always_on else 'off'}")
        asked.say(f"MULTICLIENT is {'on' if account.multiclient else 'off'}")


@service_command(NICKSERV, "DROP [code]", "delete your account; asks for a code first")
def _drop(asked: ServiceRequest) -> None:
    name = own_account(asked.request).name
    code = delete_own(asked.request, asked.word(0))
    if not code:
        asked.say(f"The account {name} was deleted")
        return
    asked.say(OF_DELETING)
    asked.say(f"To do it, write: DROP {code}")


@service_command(NICKSERV, "SAREGISTER account password", "make an account (operators)", 2)
def _saregister(asked: ServiceRequest) -> None:
    request, (name, password) = asked.request, asked.words[:2]
    if "o" not in request.user.modes:
        raise Failed("PRIVILEGE_NEEDED", "Only operators of the server may do this")
    register(
        request,
        name,
        "*",
        password,
        lambda account: asked.say(f"The account {account.name} was made"),
    )


def _is_hexadecimal(text: str) -> bool:
    return all(character in "0123456789abcdef" for character in text)
