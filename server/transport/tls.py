"""TLS without a socket: bytes of the wire in, bytes of the application out, and back.

Owns the server's certificate as well: from files that are watched, or made at first start.
Specification: RFC 8446; what may be used is what Python's `ssl` holds to be safe, from 1.2 on.
"""

import hashlib
import logging
import ssl
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from server.transport.errors import LinkLostError

logger = logging.getLogger(__name__)


class Layer(Protocol):
    """TLS on one link, whoever does it."""

    established: bool

    def receive(self, data: bytes) -> tuple[bytes, bytes]:
        """Bytes off the wire: what they say, and what is to be sent in answer."""

    def send(self, data: bytes) -> bytes:
        """`data` as bytes for the wire."""

    def peer_fingerprint(self) -> str:
        """SHA-256 of the peer's certificate, ``""`` for none."""


class TlsLayer:
    """The server side of one TLS connection."""

    __slots__ = ("_incoming", "_object", "_outgoing", "established")

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.established = False

    def receive(self, data: bytes) -> tuple[bytes, bytes]:
        """Bytes off the wire: what they say, and what is to be sent in answer.

        Raises `LinkLostError` where the peer breaks the protocol or has ended it.
        """
        self._incoming.write(data)
        plain = b""
        try:
            if not self.established:
                self._object.do_handshake()
                self.established = True
            plain = self._read_all()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            raise LinkLostError(f"TLS: {error.reason or 'broken'}".replace("_", " ")) from None
        return plain, self._outgoing.read()

    def _read_all(self) -> bytes:
        parts: list[bytes] = []
        try:
            while part := self._object.read(64 << 10):
                parts.append(part)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            if not parts:
                raise LinkLostError("Connection closed") from None
        return b"".join(parts)

    def send(self, data: bytes) -> bytes:
        """`data` as bytes for the wire; dropped before the handshake is complete."""
        if not self.established:
            return b""
        try:
            self._object.write(data)
        except ssl.SSLError as error:
            raise LinkLostError(f"TLS: {error.reason or 'broken'}") from None
        return self._outgoing.read()

    def peer_fingerprint(self) -> str:
        """The peer is not asked for a certificate."""
        return ""


class Certificate:
    """The server's certificate and key, in files; read again when the files change.

    With `asks`, who connects is asked for a certificate too (`server.transport.asking`).
    Raises `OSError` or `ssl.SSLError` where they cannot be used.
    """

    def __init__(self, certificate: Path, key: Path, *, asks: bool = False) -> None:
        self._files = (certificate, key)
        self._asks = asks
        self._seen = self._changed_at()
        self.new_layer = self._layers()

    def keep_fresh(self) -> None:
        """Have what is served follow the files, and say so in the log."""
        try:
            if self.reload_if_changed():
                logger.info("the certificate was replaced")
        except (OSError, ssl.SSLError) as error:
            logger.error("the new certificate cannot be used, the old one stays: %s", error)

    def reload_if_changed(self) -> bool:
        """Take in files that were replaced; links that stand keep what they have.

        Where they cannot be used, e.g. because the key still belongs to the old certificate, the
        old ones serve on.
        """
        changed_at = self._changed_at()
        if changed_at == self._seen:
            return False
        self._seen = changed_at
        self.new_layer = self._layers()
        return True

    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in pairs of hexadecimal digits with colons."""
        text = self._files[0].read_text(encoding="ascii")
        start = text.index("-----BEGIN CERTIFICATE-----")
        der = ssl.PEM_cert_to_DER_cert(text[start : text.index("-----END", start) + 25].strip())
        return hashlib.sha256(der).digest().hex(":").upper()

    def _layers(self) -> Callable[[], Layer]:
        """What makes the layer of a new link, from the files as they are."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(*self._files)
        if not self._asks:
            return partial(TlsLayer, context)
        from server.transport.asking import AskingLayer, asking_context

        return partial(AskingLayer, asking_context(*self._files))

    def _changed_at(self) -> list[int]:
        return [path.stat().st_mtime_ns for path in self._files]
