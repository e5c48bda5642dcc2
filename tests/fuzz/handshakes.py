"""TLS, asked for a certificate and not: bytes that are none of it, and handshakes gone wrong.

A whole handshake is made with a client, part of whose bytes are put in place of: in TLS 1.2 the
client's certificate goes over the wire as it is, so that its parser is reached too.
"""

import contextlib
import functools
import ssl
import tempfile
from pathlib import Path
from typing import Final

from server.transport.certificate import make_certificate
from server.transport.errors import LinkLostError
from server.transport.tls import Certificate, Layer

ROUNDS_MAX: Final = 6
"""Of a handshake, there and back; two are enough where nothing goes wrong."""

LINE: Final = b"PING x\r\n"


@functools.cache
def _files() -> tuple[tempfile.TemporaryDirectory[str], Path, Path]:
    """A certificate and its key, for both ends; the folder lives as long as the process."""
    folder = tempfile.TemporaryDirectory()
    certificate, key = Path(folder.name, "certificate.pem"), Path(folder.name, "key.pem")
    make_certificate(certificate, key, ["localhost"])
    return folder, certificate, key


@functools.cache
def _served(*, asks: bool) -> Certificate:
    _, certificate, key = _files()
    return Certificate(certificate, key, asks=asks)


@functools.cache
def _client_context() -> ssl.SSLContext:
    _, certificate, key = _files()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


def strange(data: bytes) -> None:
    """The bytes are all that comes."""
    for asks in (False, True):
        layer = _served(asks=asks).new_layer()
        with contextlib.suppress(LinkLostError):
            layer.receive(data)
            layer.send(LINE)
            layer.peer_fingerprint()


def disturbed(data: bytes) -> None:
    """A handshake, in which from some byte of the client's on there stand others."""
    layer, written = _served(asks=True).new_layer(), 0
    at, others = int.from_bytes(data[:2], "big") % 2_048, data[2:]
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = _client_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with contextlib.suppress(LinkLostError, ssl.SSLError):
        for _ in range(ROUNDS_MAX):
            with contextlib.suppress(ssl.SSLWantReadError):
                client.do_handshake()
            flight = bytearray(outgoing.read())
            begin, end = max(0, at - written), max(0, at + len(others) - written)
            flight[begin : min(end, len(flight))] = others[begin - at + written :][
                : max(0, min(end, len(flight)) - begin)
            ]
            written += len(flight)
            _, answer = layer.receive(bytes(flight))
            incoming.write(answer)
    _check(layer, disturbed=written > at and bool(others))


def _check(layer: Layer, *, disturbed: bool) -> None:
    if layer.established:
        assert len(layer.peer_fingerprint()) in (0, 64)
        layer.send(LINE)
    else:
        assert disturbed, "a handshake that nobody disturbed came to no end"
