"""Logging in by SASL, while registering or later, and making an account.

A password goes only over a link that nobody can read along (`Options.private`), and by the
strongest mechanism that the server offers.
Specification: IRCv3 sasl-3.1, sasl-3.2, account-registration; `common.sasl`.
"""

from typing import Final

from common.capabilities import SASL
from common.casemap import fold
from common.sasl import (
    ABORT,
    ECDSA,
    EXTERNAL,
    PLAIN,
    SCRAM_SHA_256,
    ClientExchange,
    EcdsaClient,
    ExternalClient,
    PlainClient,
    SaslError,
    ScramClient,
    split_response,
)
from tui.client.cleaning import cleaned
from tui.client.core import Core
from tui.client.intents import IntentRefused
from tui.client.session import Login, Request
from tui.client.talking import require_online
from tui.client.updates import ConnectionChanged, Told

STRONGEST_FIRST: Final = (EXTERNAL, ECDSA, SCRAM_SHA_256, PLAIN)

PASSWORD_BYTES_MAX: Final = 300
"""A REGISTER line with a name and an address stays below 512 bytes."""

REGISTRATION: Final = "draft/account-registration"
"""What a server offers that makes accounts by REGISTER."""

_IN_THE_OPEN: Final = (
    "This link is not encrypted, so a password could be read on the way. Connect with "
    "ircs:// to use an account."
)


class LoginFailed(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """The exchange is over without success; the text says why and what to do."""


def begin(core: Core) -> bool:
    """Log in before registration ends; False where there is nothing to wait for, which is told."""
    options = core.options
    if not options.account:
        return False
    if not _is_private(core):
        core.changes.add(Told(f"You are here as a guest. {_IN_THE_OPEN}", failure=True))
        return False
    login = Login(
        options.account,
        options.account_password,
        _mechanisms(core, options.account_password),
    )
    if not core.has(SASL) or not login.mechanisms:
        text = f"One cannot log in to {core.state.server}: you are here as a guest."
        core.changes.add(Told(text, failure=True))
        return False
    core.session.login = login
    _try_next(core, login)
    return True


def log_in(core: Core, account: str, password: str) -> None:
    """Log in now; it is repeated whenever the link is opened again."""
    require_online(core)
    _require_private(core)
    _check_words(account, password)
    if core.session.login is not None:
        raise IntentRefused("You are being logged in already; wait a moment.")
    login = Login(account, password, _mechanisms(core, password))
    if not core.has(SASL) or not login.mechanisms:
        raise IntentRefused(f"One cannot log in to {core.state.server}: it has no accounts.")
    login.request = Request("AUTHENTICATE", buffer=core.state.current)
    core.session.login = login
    _try_next(core, login)


def register(core: Core, password: str, email: str) -> None:
    """Make an account under our nick."""
    require_online(core)
    check_secret(core, password)
    if REGISTRATION not in core.state.offered:
        raise IntentRefused(
            f"{core.state.server} makes no account this way; you are here as a guest. "
            "Some servers make one when you write to NickServ: /msg NickServ help"
        )
    core.session.password_chosen = password
    request = Request("REGISTER", fold(core.state.nick), core.state.current)
    core.ask(request, "REGISTER", "*", email or "*", password)


def check_secret(core: Core, password: str) -> None:
    """Raise `IntentRefused` where a password may not be sent, or cannot be one."""
    _require_private(core)
    _check_words(core.state.nick, password)


def password_changed(core: Core) -> None:
    """The password that we chose is that of the account now."""
    chosen, core.session.password_chosen = core.session.password_chosen, ""
    if chosen and core.options.account:
        core.options.account_password = chosen
        core.changes.add(ConnectionChanged())


def verify(core: Core, code: str) -> None:
    """Complete the making of an account by the code that the server sent."""
    require_online(core)
    request = Request("VERIFY", fold(core.state.nick), core.state.current)
    core.ask(request, "VERIFY", core.state.nick, code)


def challenged(core: Core, chunk: str) -> None:
    """AUTHENTICATE from the server: answer when the challenge is complete.

    Raises `LoginFailed`.
    """
    login = core.session.login
    if login is None or login.exchange is None:
        return
    try:
        challenge = login.received.feed(chunk)
        if challenge is None:
            return
        answer = login.exchange.answer(challenge)
    except SaslError as error:
        core.send("AUTHENTICATE", ABORT)
        core.session.login = None
        raise LoginFailed(f"Logging in was broken off, for safety: {error}.") from None
    login.answered = True
    for piece in split_response(answer):
        core.send("AUTHENTICATE", piece)


def refused(core: Core, reason: str) -> None:
    """The server refuses: try another mechanism where nothing was proven yet.

    Raises `LoginFailed` where that was the last.
    """
    login = core.session.login
    if login is None:
        return
    if login.mechanisms and not login.answered:
        _try_next(core, login)
        return
    core.session.login = None
    if login.request is None:  # the next link would be refused the same
        core.options.account_password, core.password_refused = "", True
    raise LoginFailed(
        f"{core.state.server} did not let you log in as {login.account}: {reason.rstrip('.')}. "
        "Check account and password."
    )


def succeeded(core: Core) -> Login | None:
    """The exchange is over, with success; what was asked for, to be repeated on later links."""
    login, core.session.login = core.session.login, None
    if login is not None:
        core.options.account, core.options.account_password = login.account, login.password
    return login


def registered(core: Core, account: str) -> None:
    """The account that we asked for is made: later links log in to it."""
    chosen, core.session.password_chosen = core.session.password_chosen, ""
    if chosen:
        core.options.account, core.options.account_password = account, chosen
    logged_in(core, account)


def logged_in(core: Core, account: str) -> None:
    """Who we are, as the server sees it; ``""`` for a guest."""
    core.state.account = account
    core.changes.add(ConnectionChanged())


def _try_next(core: Core, login: Login) -> None:
    mechanism = login.mechanisms.pop(0)
    login.exchange = _exchange(core, mechanism, login)
    core.send("AUTHENTICATE", mechanism)


def _exchange(core: Core, mechanism: str, login: Login) -> ClientExchange:
    if mechanism == EXTERNAL:
        return ExternalClient()
    if mechanism == ECDSA:
        assert core.options.sign is not None
        return EcdsaClient(login.account, core.options.sign)
    if mechanism == SCRAM_SHA_256:
        return ScramClient(login.account, login.password, core.new_token())
    return PlainClient(login.account, login.password)


def _mechanisms(core: Core, password: str) -> list[str]:
    """What may be tried, the strongest first; a server that lists nothing is asked."""
    options = core.options
    usable = {
        EXTERNAL: options.has_certificate,
        ECDSA: options.sign is not None,
        SCRAM_SHA_256: bool(password),
        PLAIN: bool(password),
    }
    listed = core.state.offered.get("sasl", "").upper().split(",")
    return [
        name
        for name in STRONGEST_FIRST
        if usable[name] and options.mechanism in ("", name) and (listed == [""] or name in listed)
    ]


def _is_private(core: Core) -> bool:
    return core.options.private or core.session.encrypted


def _require_private(core: Core) -> None:
    if not _is_private(core):
        raise IntentRefused(_IN_THE_OPEN)


def _check_words(account: str, password: str) -> None:
    for word in (account, password):
        if not word or " " in word or cleaned(word) != word or word.startswith(":"):
            raise IntentRefused("An account and a password are one word each, without spaces.")
    if len(password.encode()) > PASSWORD_BYTES_MAX:
        raise IntentRefused(f"A password has at most {PASSWORD_BYTES_MAX} bytes; take a shorter.")
