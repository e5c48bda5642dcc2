"""REGISTER and VERIFY: making an account in band.

Specification: IRCv3 draft/account-registration. No mail is ever sent, so nothing is ever verified.
"""

from server.core.accounts import log_in, register
from server.core.delivery import fitted, send, standard_line
from server.core.dispatch import Failed, Request, command, refusing
from server.core.door import NOT_ENCRYPTED, is_too_open, knows_password
from server.storage.ports import AccountRecord


@command(
    "REGISTER",
    group="accounts",
    usage="REGISTER name|* email|* password",
    summary="make an account; * is your nick, and no e-mail address",
    params_min=3,
    before_registration=True,
    cost=20,
)
def register_account(request: Request) -> None:
    with refusing(request, lambda failure: _fail(request, failure)) as own:
        _register(own)


def _fail(request: Request, failure: Failed) -> None:
    """FAIL in any case: whoever sends REGISTER knows it, whatever was negotiated."""
    context, text = failure.context, failure.text
    line = standard_line(request.world, "FAIL", "REGISTER", failure.code, context, text)
    send(request.world, request.session, line)


def _register(request: Request) -> None:
    session, settings = request.session, request.world.settings
    typed, email, password = request.params[:3]
    name = (session.nick or session.refused_nick) if typed == "*" else typed
    if not settings.accounts__registration:
        raise Failed("TEMPORARILY_UNAVAILABLE", "This server makes no accounts", name or "*")
    if session.user is None:
        _check_before_connect(request, name)
    if session.account_id:
        text = f"You are logged in already, as {session.account}"
        raise Failed("ALREADY_AUTHENTICATED", text, name)

    def welcome_account(account: AccountRecord) -> None:
        text = "The account was made, and you are logged in to it"
        words = ["SUCCESS", account.name, text]
        send(request.world, session, fitted("REGISTER", words, settings.name))
        log_in(request.world, session, account)

    register(request, name, email, password, welcome_account)


def _check_before_connect(request: Request, name: str) -> None:
    """What registration would ask for is asked for here too."""
    session, settings = request.session, request.world.settings
    if not settings.accounts__register_before_connect:
        text = "Come in first: give NICK and USER, then register"
        raise Failed("COMPLETE_CONNECTION_REQUIRED", text, name or "*")
    if not name:
        raise Failed("NEED_NICK", "Give a NICK first", "*")
    if is_too_open(session, settings):
        raise Failed("TEMPORARILY_UNAVAILABLE", NOT_ENCRYPTED, name)
    if not knows_password(session, settings):
        raise Failed("TEMPORARILY_UNAVAILABLE", "Give the server's password first: PASS", name)


@command(
    "VERIFY",
    group="accounts",
    usage="VERIFY name code",
    summary="never needed here: accounts are ready at once",
    params_min=2,
    before_registration=True,
)
def verify(request: Request) -> None:
    text = "There is no code to give: accounts are ready at once here"
    raise Failed("INVALID_CODE", text, request.params[0])
