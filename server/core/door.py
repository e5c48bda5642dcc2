"""Who may come in at all: asked before a name is given, and before a password is taken.

Every way to log in or to make an account passes here, so that none of them skips a check.
"""

import hmac

from common.capabilities import ACCOUNT_REGISTRATION, CAPABILITIES
from common.numerics import ERR_PASSWDMISMATCH, ERR_YOUREBANNEDCREEP
from common.sasl import EXTERNAL, MECHANISMS
from server.core.delivery import numeric, standard_reply
from server.core.sanctions import ban_text
from server.core.session import Session
from server.core.world import World
from server.settings import DEFAULT_PORT, UNIX_PREFIX, Settings, split_address

NOT_ENCRYPTED = (
    "This server takes encrypted connections only from other machines: "
    "connect with TLS on the same port (chat-tui does by itself)"
)


def is_too_open(session: Session, settings: Settings) -> bool:
    """Whether the link is one on which nobody may come in: neither encrypted nor local."""
    return not (session.peer.loopback or session.peer.secure or settings.plain_text)


def knows_password(session: Session, settings: Settings) -> bool:
    """Whether the server's password was given, where there is one."""
    given, wanted = session.password.encode(), settings.password.encode()
    return not wanted or hmac.compare_digest(given, wanted)


def refusal_at_the_door(world: World, session: Session) -> str:
    """Why this session may not come in, told to it already, or ``""``."""
    settings = world.settings
    if is_too_open(session, settings):
        return NOT_ENCRYPTED
    if not knows_password(session, settings):
        numeric(world, session, ERR_PASSWDMISMATCH)
        return "The server's password is missing or wrong"
    if banned := ban_text(world, session):
        numeric(world, session, ERR_YOUREBANNEDCREEP, why=banned)
        return banned
    if world.lockdown and not session.account_id:
        text = f"This server is locked down ({world.lockdown}): log in to an account"
        standard_reply(world, session, "FAIL", "*", "LOCKED_DOWN", [], text)
        return text
    if not settings.accounts__guests and not session.account_id:
        text = "This server is for people with an account: log in to yours"
        standard_reply(world, session, "FAIL", "*", "ACCOUNT_REQUIRED", [], text)
        return text
    return ""


def offered(world: World) -> dict[str, str]:
    """The capabilities that these settings let the server offer, with their values."""
    settings = world.settings
    values = {row.name: row.value for row in CAPABILITIES}
    if not settings.tls__client_certificates:  # then nobody has one to show
        values["sasl"] = ",".join(name for name in MECHANISMS if name != EXTERNAL)
    name = next(row.name for row in CAPABILITIES if row.bit == ACCOUNT_REGISTRATION)
    words = [values.pop(name)]
    if settings.accounts__register_before_connect:
        words.append("before-connect")
    if settings.accounts__register_requires_email:
        words.append("email-required")
    if settings.accounts__registration:
        values[name] = ",".join(words)
    return values


def sts_policy(session: Session, settings: Settings) -> str:
    """What CAP LS says about coming back by TLS only, ``""`` for nothing (IRCv3 sts).

    Only where the operator gave a certificate: one that the server made itself would lock out
    every program that asks authorities. Links of this machine never need TLS.
    """
    wanted = settings.tls__certificate and settings.tls__mode != "off" and settings.sts__duration_s
    if not wanted or session.peer.loopback:
        return ""
    if session.peer.secure:
        return f"duration={settings.sts__duration_s}"
    addresses = [word.strip() for word in settings.listen.split(",")]
    network = [word for word in addresses if not word.startswith(UNIX_PREFIX)]
    return f"port={split_address(network[0], DEFAULT_PORT)[1]}" if network else ""
