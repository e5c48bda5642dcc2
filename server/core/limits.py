"""What one connection, or one person, may ask for in a time: buckets that fill up by themselves.

A *credit* belongs to one session: its lines cost what the COMMANDS table says, and where there is
none left they wait, unread, so nothing is lost and nobody else notices. *Allowances* are for what
is dear by itself: they are counted by person or address, and a refusal says how long to wait.
Never reads a clock.
"""

import ipaddress
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Final

from server.core.session import Session
from server.settings import Settings

NAMES_MAX: Final = 10_000
"""Names with an allowance that is not whole; the one that was used longest ago gives way."""

IPV6_BLOCK_BITS: Final = 64
"""What one customer is given: whoever holds one IPv6 address holds the other 2^64 of its block."""

MINUTE_S: Final = 60.0


def refill(session: Session, now: float, settings: Settings) -> None:
    """Give a session the credit that has come in since the last time."""
    rate = settings.limits__cost_per_second
    if not rate:
        session.credit = inf
        return
    passed_s = now - session.credit_at
    session.credit = min(settings.limits__cost_burst, session.credit + passed_s * rate)
    session.credit_at = now


def credit_due(session: Session, settings: Settings) -> float:
    """When a session in debt has credit for a line again."""
    return session.credit_at + (1.0 - session.credit) / settings.limits__cost_per_second


@dataclass(slots=True)
class Allowances:
    """So many of a thing in a minute, by name; `left` holds level and time, the latest last."""

    left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, now: float, name: str, per_minute: int) -> int:
        """Take one; 0 where it was there, else the seconds until it is. No bound with 0."""
        if not per_minute:
            return 0
        level, at = self.left.pop(name, (float(per_minute), now))
        level = min(float(per_minute), level + (now - at) * per_minute / MINUTE_S)
        wait_s = 0 if level >= 1.0 else ceil((1.0 - level) * MINUTE_S / per_minute)
        self.left[name] = (level if wait_s else level - 1.0, now)
        while len(self.left) > NAMES_MAX:
            del self.left[next(iter(self.left))]
        return wait_s


def block_of(host: str) -> str:
    """The addresses that count as one place: an IPv4 address alone, an IPv6 one with its block."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, IPV6_BLOCK_BITS), strict=False))
