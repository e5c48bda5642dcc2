"""TLS that asks who connects for a certificate, and takes any: the account it was added to decides.

Python's `ssl` knows no way to accept a certificate that no authority vouches for: it either does
not ask, or ends the handshake. So these links are OpenSSL's, by way of `pyOpenSSL`. That the peer
holds the key of its certificate is proven by the handshake itself (RFC 8446, 4.4.3).
"""

from pathlib import Path
from typing import Final

from OpenSSL import SSL

from server.transport.errors import LinkLostError

READ_BYTES: Final = 64 << 10


def asking_context(certificate: Path, key: Path) -> SSL.Context:
    """What asking links are made of. Raises `OSError` where the files cannot be used."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_options(SSL.OP_NO_COMPRESSION | SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_TICKET)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
    try:
        context.use_certificate_chain_file(str(certificate))
        context.use_privatekey_file(str(key))
        context.check_privatekey()
    except SSL.Error as error:
        raise OSError(_reason(error)) from None
    return context


class AskingLayer:
    """The server side of one such connection; used like `tls.TlsLayer`."""

    __slots__ = ("_connection", "established")

    def __init__(self, context: SSL.Context) -> None:
        self._connection = SSL.Connection(context, None)
        self._connection.set_accept_state()
        self.established = False

    def receive(self, data: bytes) -> tuple[bytes, bytes]:
        """Bytes off the wire: what they say, and what is to be sent in answer.

        Raises `LinkLostError` where the peer breaks the protocol or has ended it.
        """
        plain = b""
        try:
            if data:
                self._connection.bio_write(data)
            if not self.established:
                self._connection.do_handshake()
                self.established = True
            plain = self._read_all()
        except SSL.WantReadError:
            pass
        except SSL.Error as error:
            raise LinkLostError(f"TLS: {_reason(error)}") from None
        return plain, self._outgoing()

    def _read_all(self) -> bytes:
        parts: list[bytes] = []
        try:
            while True:
                parts.append(self._connection.recv(READ_BYTES))
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            if not parts:
                raise LinkLostError("Connection closed") from None
        return b"".join(parts)

    def send(self, data: bytes) -> bytes:
        """`data` as bytes for the wire; dropped before the handshake is complete."""
        if not self.established:
            return b""
        try:
            self._connection.sendall(data)
        except SSL.Error as error:
            raise LinkLostError(f"TLS: {_reason(error)}") from None
        return self._outgoing()

    def peer_fingerprint(self) -> str:
        """SHA-256 of the certificate of the peer, ``""`` where it showed none."""
        certificate = self._connection.get_peer_certificate()
        if certificate is None:
            return ""
        return str(certificate.digest("sha256").decode()).replace(":", "").lower()

    def _outgoing(self) -> bytes:
        parts: list[bytes] = []
        try:
            while True:
                parts.append(self._connection.bio_read(READ_BYTES))
        except SSL.WantReadError:
            return b"".join(parts)


def _reason(error: SSL.Error) -> str:
    """What OpenSSL says of an error, in its words."""
    stack = error.args[0] if error.args else ()
    return str(stack[0][-1]) if stack and isinstance(stack, list) else "broken"
