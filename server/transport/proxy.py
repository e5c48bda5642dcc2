"""The PROXY protocol, versions 1 and 2: where a link that comes through a gateway comes from.

Believed from the gateways that the operator named, from nobody else: anyone could claim any
address. Specification: the PROXY protocol as haproxy publishes it.
"""

import ipaddress
import socket
from collections.abc import Sequence
from typing import Final, NamedTuple

from server.transport.errors import LinkLostError

V1_START: Final = b"PROXY "
V1_BYTES_MAX: Final = 107  # the specification's own limit, line ending included
V2_START: Final = b"\r\n\r\n\x00\r\nQUIT\n"
V2_HEADER_BYTES: Final = 16
V2_ADDRESSES_BYTES_MAX: Final = 2048
"""Addresses and what may follow them; ours hold 36 bytes, gateways add certificates' names."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Header(NamedTuple):
    """A header that was read whole: the address it names, ``""`` for none, and its length."""

    source: str
    length_bytes: int


def read_networks(text: str) -> list[Network]:
    """Addresses and networks separated by commas. Raises `ValueError` that names the bad one."""
    return [ipaddress.ip_network(word.strip()) for word in text.split(",") if word.strip()]


def is_trusted(host: str, networks: Sequence[Network]) -> bool:
    """Whether a link from `host` may begin with a header."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in networks)


def may_begin_header(data: bytes) -> bool:
    """Whether `data`, the first bytes of a link, are a header or the beginning of one."""
    return any(data.startswith(start) or start.startswith(data) for start in (V1_START, V2_START))


def read_header(data: bytes) -> Header | None:
    """The header at the beginning of `data`; None while it is not there whole.

    Raises `LinkLostError` for one that is broken.
    """
    if data.startswith(V2_START):
        return _read_v2(data)
    if data.startswith(V1_START):
        return _read_v1(data)
    return None


def _read_v1(data: bytes) -> Header | None:
    end = data.find(b"\n", 0, V1_BYTES_MAX)
    if end < 0:
        if len(data) >= V1_BYTES_MAX:
            raise LinkLostError("PROXY: the header does not end")
        return None
    words = data[:end].rstrip(b"\r").decode("ascii", "replace").split(" ")
    if words[1:2] == ["UNKNOWN"]:
        return Header("", end + 1)
    if len(words) != 6 or words[1] not in ("TCP4", "TCP6"):
        raise LinkLostError("PROXY: the header is malformed")
    return Header(_address(words[2]), end + 1)


def _read_v2(data: bytes) -> Header | None:
    if len(data) < V2_HEADER_BYTES:
        return None
    version_and_command, family = data[12], data[13]
    length = int.from_bytes(data[14:16], "big")
    if version_and_command >> 4 != 2 or length > V2_ADDRESSES_BYTES_MAX:
        raise LinkLostError("PROXY: the header is malformed")
    if len(data) < V2_HEADER_BYTES + length:
        return None
    addresses = data[V2_HEADER_BYTES : V2_HEADER_BYTES + length]
    total = V2_HEADER_BYTES + length
    if version_and_command & 0xF == 0:  # LOCAL: the gateway itself, asking whether we live
        return Header("", total)
    if family == 0x11 and length >= 12:
        return Header(socket.inet_ntop(socket.AF_INET, addresses[:4]), total)
    if family == 0x21 and length >= 36:
        return Header(socket.inet_ntop(socket.AF_INET6, addresses[:16]), total)
    raise LinkLostError("PROXY: the header names no TCP address")


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise LinkLostError("PROXY: the header names no address") from None
