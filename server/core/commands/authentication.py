"""AUTHENTICATE: logging in by SASL, before registration and at any time after it.

Specification: IRCv3 sasl-3.1, sasl-3.2. The mechanisms themselves: `common.sasl`.
"""

from collections.abc import Callable
from typing import Final

from common.casemap import fold
from common.numerics import (
    ERR_NICKLOCKED,
    ERR_SASLABORTED,
    ERR_SASLALREADY,
    ERR_SASLFAIL,
    ERR_SASLTOOLONG,
    RPL_SASLMECHS,
    RPL_SASLSUCCESS,
)
from common.sasl import (
    ABORT,
    EMPTY,
    EXTERNAL,
    MECHANISMS,
    PLAIN,
    SCRAM_SHA_256,
    SaslError,
    ScramServer,
    TooLongError,
    read_plain,
    split_response,
)
from common.wire import encode
from server.core.accounts import (
    admitted,
    check_password,
    check_throttle,
    failed_login,
    log_in,
    return_to_rooms,
    scram_keys,
)
from server.core.delivery import send
from server.core.dispatch import Failed, Refused, Request, command, refusing
from server.core.door import NOT_ENCRYPTED, is_too_open
from server.core.session import Exchange
from server.storage.ports import AccountRecord


@command(
    "AUTHENTICATE",
    group="accounts",
    usage="AUTHENTICATE mechanism|response",
    summary="log in to your account; IRC programs do this by themselves",
    params_min=1,
    before_registration=True,
    cost=2,
)
def authenticate(request: Request) -> None:
    session, word = request.session, request.params[0]
    exchange = session.exchange
    if word == ABORT:
        session.exchange = None
        raise Refused(ERR_SASLABORTED)
    with refusing(request, lambda failure: _fail(request, failure)) as own:
        if exchange is None:
            _begin(own, word.upper())
            return
        try:
            response = exchange.response.feed(word)
        except TooLongError:
            session.exchange = None
            raise Refused(ERR_SASLTOOLONG) from None
        except SaslError:
            raise Failed("INVALID_RESPONSE", "") from None
        if response is not None:
            _STEPS[exchange.mechanism](own, exchange, response)


def _begin(request: Request, mechanism: str) -> None:
    world, session = request.world, request.session
    if session.user is not None and session.account_id and len(session.user.sessions) > 1:
        raise Refused(ERR_SASLALREADY)
    if is_too_open(session, world.settings):
        raise Failed("NOT_ENCRYPTED", NOT_ENCRYPTED)
    if mechanism not in MECHANISMS:
        request.reply(RPL_SASLMECHS, ",".join(MECHANISMS))
        raise Failed("NO_SUCH_MECHANISM", "")
    session.exchange = Exchange(mechanism)
    send(world, session, encode("AUTHENTICATE", [EMPTY], world.settings.name))


def _fail(request: Request, failure: Failed) -> None:
    request.session.exchange = None
    if failure.code == "ACCOUNT_SUSPENDED":
        request.reply(ERR_NICKLOCKED)
    else:
        request.reply(ERR_SASLFAIL, hint=f": {failure.text}" if failure.text else "")


def _succeed(request: Request, account: AccountRecord) -> None:
    request.session.exchange = None
    log_in(request.world, request.session, account)
    request.reply(RPL_SASLSUCCESS)
    return_to_rooms(request.world, request.session)


def _plain(request: Request, _exchange: Exchange, response: bytes) -> None:
    try:
        authzid, name, password = read_plain(response)
    except SaslError as error:
        raise Failed("INVALID_RESPONSE", str(error)) from None
    _check_authzid(request, authzid, name)
    check_password(request, name, password, lambda account: _succeed(request, account))


def _external(request: Request, _exchange: Exchange, response: bytes) -> None:
    world, fingerprint = request.world, request.session.peer.certificate
    account = world.store.accounts.with_certificate(fingerprint) if fingerprint else None
    wanted = response.decode(errors="replace")
    if account is None or (wanted and fold(wanted) != fold(account.name)):
        raise failed_login(world, request.session, wanted)
    _succeed(request, admitted(world, request.session, account.id))


def _scram(request: Request, exchange: Exchange, response: bytes) -> None:
    """The three responses of SCRAM: name and nonce, the proof, and nothing."""
    if exchange.account is not None:
        _succeed(request, admitted(request.world, request.session, exchange.account.id))
    elif exchange.scram is None:
        _scram_challenge(request, exchange, response)
    else:
        _scram_proof(request, exchange, exchange.scram, response)


def _scram_challenge(request: Request, exchange: Exchange, response: bytes) -> None:
    world = request.world
    server = ScramServer(world.new_token() + world.new_token())
    try:
        authzid, name, _ = server.begin(response)
    except SaslError as error:
        raise Failed("INVALID_RESPONSE", str(error)) from None
    _check_authzid(request, authzid, name)
    check_throttle(world, request.session, name)
    exchange.scram, exchange.name = server, name
    _send_response(request, server.challenge(scram_keys(world, name)))


def _scram_proof(
    request: Request, exchange: Exchange, server: ScramServer, response: bytes
) -> None:
    world = request.world
    account = world.store.accounts.named(exchange.name)
    try:
        signature = server.finish(response)
    except SaslError:
        raise failed_login(world, request.session, exchange.name) from None
    if account is None or account.scram != server.keys:  # deleted or changed since the challenge
        raise failed_login(world, request.session, exchange.name)
    exchange.account = account
    _send_response(request, signature)


def _check_authzid(request: Request, authzid: str, name: str) -> None:
    """Nobody acts as somebody else."""
    if authzid and fold(authzid) != fold(name):
        raise failed_login(request.world, request.session, name)


def _send_response(request: Request, response: bytes) -> None:
    for chunk in split_response(response):
        server = request.world.settings.name
        send(request.world, request.session, encode("AUTHENTICATE", [chunk], server))


_STEPS: Final[dict[str, Callable[[Request, Exchange, bytes], None]]] = {
    PLAIN: _plain,
    EXTERNAL: _external,
    SCRAM_SHA_256: _scram,
}

assert set(_STEPS) == set(MECHANISMS)
