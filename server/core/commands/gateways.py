"""WEBIRC: a web gateway says for whom it connects.

Believed from the gateways that the settings name, each with its password. Specification: IRCv3
webirc.
"""

import hmac
import ipaddress

from common.numerics import ERR_ALREADYREGISTERED
from server.core.addresses import settle
from server.core.dispatch import Refused, Request, command
from server.core.session import Peer, Session

REFUSED = "WEBIRC is taken from the gateways of this server only, with their password"
NO_ADDRESS = "WEBIRC names no address"


@command(
    "WEBIRC",
    group="connection",
    usage="WEBIRC password gateway host address [:options]",
    summary="say for whom a web gateway connects; for the gateways in the settings",
    params_min=4,
    before_registration=True,
)
def webirc(request: Request) -> None:
    session, (password, _, _, typed) = request.session, request.params[:4]
    if session.user is not None:
        raise Refused(ERR_ALREADYREGISTERED)
    if not _is_gateway(request, password) or session.nick or session.through_gateway:
        request.world.end_session(session, REFUSED)
        return
    try:
        address = ipaddress.ip_address(typed.removeprefix("[").removesuffix("]"))
    except ValueError:
        request.world.end_session(session, NO_ADDRESS)
        return
    session.through_gateway = True
    session.peer = _peer(session, address.compressed, "secure" in request.param(4).split())
    refusal = settle(request.world, session)
    if refusal:
        request.world.end_session(session, refusal)


def _peer(session: Session, host: str, secure: bool) -> Peer:
    """The person behind the gateway: encrypted only if both parts of the way are."""
    own = session.peer
    shown = f"0{host}" if host.startswith(":") else host  # else it could not stand in a line
    return Peer(shown, loopback=False, secure=secure and (own.secure or own.loopback))


def _is_gateway(request: Request, password: str) -> bool:
    """Whether the link comes from a gateway that has this password."""
    try:
        host = ipaddress.ip_address(request.session.peer.host)
    except ValueError:
        return False
    right = False
    for network, wanted in request.world.settings.webirc:
        known = hmac.compare_digest(password.encode(), wanted.encode())
        right |= known and host in ipaddress.ip_network(network)
    return right
