"""How many links come from one place, and whether one more may.

Links of this machine are not counted, nor those of gateways until they have said for whom they
connect: then it is the person behind who counts.
"""

import ipaddress

from server.core.limits import block_of
from server.core.sanctions import ban_text
from server.core.session import Session
from server.core.world import World


def settle(world: World, session: Session) -> str:
    """Count a session where it comes from, as far as that is known now.

    Returns why it may not stay, ``""`` where it may.
    """
    settings = world.settings
    host = session.peer.host
    block = "" if session.peer.loopback or _is_gateway(world, host) else block_of(host)
    if block == session.block:
        return ""
    leave(world, session)
    if not block:
        return ""
    if banned := ban_text(world, session):
        return banned
    session.block = block
    world.blocks[block] = world.blocks.get(block, 0) + 1
    if world.blocks[block] > settings.limits__links_per_address:
        most = settings.limits__links_per_address
        return f"There are {most} connections from your address already; close one, or try later"
    per_minute = settings.limits__links_per_minute
    wait_s = world.allowances.take(world.now, f"links {block}", per_minute)
    if wait_s:
        return f"Too many connections from your address: try again in {wait_s} seconds"
    return ""


def leave(world: World, session: Session) -> None:
    """The session counts no more where it did."""
    if session.block:
        world.blocks[session.block] -= 1
        if not world.blocks[session.block]:
            del world.blocks[session.block]
        session.block = ""


def _is_gateway(world: World, host: str) -> bool:
    settings = world.settings
    trusted = [*settings.proxy__trusted.split(","), *(network for network, _ in settings.webirc)]
    networks = [ipaddress.ip_network(word.strip()) for word in trusted if word.strip()]
    if not networks:
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in networks)
