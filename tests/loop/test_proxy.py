"""The PROXY protocol: whose word is taken for where a link comes from."""

import contextlib
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.transport.errors import LinkLostError
from server.transport.link import Gateway, Link
from server.transport.proxy import (
    V2_START,
    is_trusted,
    may_begin_header,
    read_header,
    read_networks,
)

V1 = b"PROXY TCP4 192.0.2.7 127.0.0.1 65533 6667\r\n"
V2 = V2_START + b"\x21\x11\x00\x0c" + socket.inet_aton("192.0.2.7") + b"\x7f\0\0\1"
V2 += struct.pack("!HH", 65533, 6667)
V2_SIX = V2_START + b"\x21\x21\x00\x24" + socket.inet_pton(socket.AF_INET6, "2001:db8::7") * 2
V2_SIX += b"\0" * 4


@pytest.mark.parametrize(
    ("header", "source"),
    [
        (V1, "192.0.2.7"),
        (V2, "192.0.2.7"),
        (V2_SIX, "2001:db8::7"),
        (b"PROXY UNKNOWN\r\n", ""),
        (V2_START + b"\x20\x00\x00\x00", ""),
    ],
)
def test_a_header_is_read_whatever_its_chunks(header: bytes, source: str) -> None:
    for cut in range(1, len(header)):
        assert may_begin_header(header[:cut])
        assert read_header(header[:cut]) is None
    found = read_header(header + b"NICK ann\r\n")
    assert found is not None
    assert (found.source, found.length_bytes) == (source, len(header))


@pytest.mark.parametrize(
    "header",
    [
        b"PROXY TCP4 nowhere 127.0.0.1 1 2\r\n",
        b"PROXY TCP4 192.0.2.7\r\n",
        b"PROXY SCTP 192.0.2.7 127.0.0.1 1 2\r\n",
        b"PROXY " + b"x" * 200,
        V2_START + b"\x31\x11\x00\x0c" + b"\0" * 12,
        V2_START + b"\x21\x11\xff\xff",
        V2_START + b"\x21\x31\x00\x00",
    ],
)
def test_a_broken_header_ends_the_link(header: bytes) -> None:
    with pytest.raises(LinkLostError, match="PROXY"):
        read_header(header)


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_that(data: bytes) -> None:
    for start in (b"PROXY ", V2_START):
        with contextlib.suppress(LinkLostError):
            read_header(start + data)


def test_trust_is_by_address_and_network() -> None:
    networks = read_networks("127.0.0.1, 192.0.2.0/24, 2001:db8::/32")
    assert is_trusted("192.0.2.9", networks)
    assert is_trusted("2001:db8::1", networks)
    assert not is_trusted("198.51.100.1", networks)
    assert not is_trusted("localhost", networks)


@pytest.mark.parametrize(
    ("gateway", "source", "data"),
    [
        (Gateway.ALLOWED, "192.0.2.7", b"NICK ann\r\n"),
        (Gateway.REQUIRED, "192.0.2.7", b"NICK ann\r\n"),
        (Gateway.NONE, "", V1 + b"NICK ann\r\n"),  # a stranger's claim is just a line
    ],
)
def test_a_link_believes_its_gateway_only(gateway: Gateway, source: str, data: bytes) -> None:
    ours, theirs = socket.socketpair()
    link = Link(ours, None, gateway)
    theirs.sendall(V1 + b"NICK ann\r\n")
    assert link.read() == data
    assert link.source == source
    link.close()
    theirs.close()


def test_where_a_header_is_required_nothing_else_comes_in() -> None:
    ours, theirs = socket.socketpair()
    link = Link(ours, None, Gateway.REQUIRED)
    theirs.sendall(b"NICK ann\r\n")
    with pytest.raises(LinkLostError, match="required"):
        link.read()
    link.close()
    theirs.close()
