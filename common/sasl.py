"""SASL, both ends: how AUTHENTICATE carries it, and PLAIN, EXTERNAL and SCRAM-SHA-256; of
ECDSA-NIST256P-CHALLENGE the client's end.

Sans-IO: bytes in, bytes out; nonces and salts are handed in, because nothing in here is random.
Never looks up an account and never keeps a password longer than an exchange.
Specification: IRCv3 sasl-3.1 and sasl-3.2, RFC 4616 (PLAIN), RFC 5802 and 7677 (SCRAM),
RFC 4013 (preparation of passwords).
"""

import base64
import binascii
import hashlib
import hmac
import stringprep
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

PLAIN: Final = "PLAIN"
SCRAM_SHA_256: Final = "SCRAM-SHA-256"
EXTERNAL: Final = "EXTERNAL"
ECDSA: Final = "ECDSA-NIST256P-CHALLENGE"
MECHANISMS: Final = (PLAIN, SCRAM_SHA_256, EXTERNAL)

CHALLENGE_BYTES: Final = 32
"""What ECDSA-NIST256P-CHALLENGE asks to be signed: as long as a SHA-256 digest."""

EMPTY: Final = "+"
ABORT: Final = "*"

CHUNK_CHARACTERS: Final = 400
RESPONSE_CHARACTERS_MAX: Final = 10 * CHUNK_CHARACTERS
"""Base64 of one response: room for a password of a kilobyte, a bound on what a peer may pile up."""

ITERATIONS_MIN: Final = 4_096  # RFC 7677
ITERATIONS_MAX: Final = 600_000
"""What a server may ask of a client: half a second of work."""

_PROHIBITED: Final = (
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


class SaslError(Exception):
    """The other end broke the exchange, or failed its proof; the text is for a log."""


class TooLongError(SaslError):
    """A response is longer than AUTHENTICATE takes."""


def prepare(text: str) -> str:
    """A password in the form in which it is compared (RFC 4013).

    Raises `SaslError` for characters that no password may hold.
    """
    mapped = "".join(
        " " if stringprep.in_table_c12(character) else character
        for character in text
        if not stringprep.in_table_b1(character)
    )
    prepared = unicodedata.normalize("NFKC", mapped)
    if any(forbids(character) for character in prepared for forbids in _PROHIBITED):
        raise SaslError("a character that cannot be in a password")
    if any(map(stringprep.in_table_d1, prepared)):
        ends_right = stringprep.in_table_d1(prepared[0]) and stringprep.in_table_d1(prepared[-1])
        if not ends_right or any(map(stringprep.in_table_d2, prepared)):
            raise SaslError("letters of both directions in one password")
    return prepared


# AUTHENTICATE


def split_response(response: bytes) -> list[str]:
    """A response as the parameters of AUTHENTICATE lines."""
    text = base64.b64encode(response).decode()
    step = CHUNK_CHARACTERS
    chunks = [text[start : start + step] for start in range(0, len(text), step)]
    if len(text) % step == 0:  # an empty response too
        chunks.append(EMPTY)
    return chunks


@dataclass(slots=True)
class ResponseBuffer:
    """Puts the parameters of AUTHENTICATE lines together again."""

    text: str = ""

    def feed(self, chunk: str) -> bytes | None:
        """The response that `chunk` completes, or None. Raises `SaslError`, `TooLongError`."""
        if len(chunk) > CHUNK_CHARACTERS:
            raise TooLongError("a chunk has at most 400 characters")
        if chunk != EMPTY:
            self.text += chunk
        if len(self.text) > RESPONSE_CHARACTERS_MAX:
            raise SaslError("the response is too long")
        if len(chunk) == CHUNK_CHARACTERS:
            return None
        text, self.text = self.text, ""
        return _decode(text)


# PLAIN


class Credentials(NamedTuple):
    """What PLAIN carries. `authzid` is whom to act as, ``""`` for oneself."""

    authzid: str
    account: str
    password: str


def read_plain(response: bytes) -> Credentials:
    """Parse a PLAIN response. Raises `SaslError`."""
    try:
        parts = response.decode().split("\0")
    except UnicodeDecodeError:
        raise SaslError("the response is not UTF-8") from None
    if len(parts) != 3 or not parts[1] or not parts[2]:
        raise SaslError("not an account and a password")
    return Credentials(*parts)


# SCRAM


@dataclass(slots=True)
class ScramKeys:
    """What a server keeps in place of a password: it can check it, and not log in with it."""

    salt: bytes
    iterations: int
    stored_key: bytes
    server_key: bytes


def derive_keys(password: str, salt: bytes, iterations: int) -> ScramKeys:
    """The keys of a prepared password; takes some milliseconds of work."""
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    stored_key = hashlib.sha256(_hmac(salted, b"Client Key")).digest()
    return ScramKeys(salt, iterations, stored_key, _hmac(salted, b"Server Key"))


@dataclass(slots=True)
class ScramServer:
    """The server's end of one exchange: `begin`, `challenge`, `finish`, in this order."""

    nonce: str  # random, of this end
    keys: ScramKeys | None = None
    _flags: str = ""
    _first_bare: str = ""
    _challenge: str = ""

    def begin(self, client_first: bytes) -> Credentials:
        """Take in the first message; whom it is about, without a password."""
        text = _text(client_first)
        flag, comma, rest = text.partition(",")
        authzid, comma_too, self._first_bare = rest.partition(",")
        if flag not in ("n", "y") or not comma or not comma_too:
            raise SaslError("no GS2 header, or one that asks for channel binding")
        self._flags = text[: len(text) - len(self._first_bare)]
        attributes = _attributes(self._first_bare)
        if list(attributes)[:2] != ["n", "r"] or not attributes["n"] or not attributes["r"]:
            raise SaslError("no name and nonce")
        self.nonce = attributes["r"] + self.nonce
        account = _unescape_name(attributes["n"])
        return Credentials(_unescape_name(authzid.removeprefix("a=")), account, "")

    def challenge(self, keys: ScramKeys) -> bytes:
        """What to ask of someone whose keys these are."""
        self.keys = keys
        salt = base64.b64encode(keys.salt).decode()
        self._challenge = f"r={self.nonce},s={salt},i={keys.iterations}"
        return self._challenge.encode()

    def finish(self, client_final: bytes) -> bytes:
        """Check the proof; the server's own signature. Raises `SaslError`."""
        assert self.keys is not None
        text = _text(client_final)
        without_proof, found, proof_text = text.rpartition(",p=")
        attributes = _attributes(without_proof)
        binding = base64.b64encode(self._flags.encode()).decode()
        if not found or list(attributes)[:2] != ["c", "r"] or attributes["c"] != binding:
            raise SaslError("not a final message of this exchange")
        if attributes["r"] != self.nonce:
            raise SaslError("the nonce is not that of this exchange")
        signed = f"{self._first_bare},{self._challenge},{without_proof}".encode()
        client_key = _xor(_decode(proof_text), _hmac(self.keys.stored_key, signed))
        if not hmac.compare_digest(hashlib.sha256(client_key).digest(), self.keys.stored_key):
            raise SaslError("the password is wrong")
        signature = base64.b64encode(_hmac(self.keys.server_key, signed))
        return b"v=" + signature


# The client's end


class ClientExchange(Protocol):
    """One way to log in: an answer for each challenge, the first of which is empty."""

    def answer(self, challenge: bytes) -> bytes:
        """What to send back. Raises `SaslError` where the server cannot be trusted."""


@dataclass(slots=True)
class PlainClient:
    """PLAIN: the password itself; for encrypted links only."""

    account: str
    password: str

    def answer(self, challenge: bytes) -> bytes:
        """Account and password."""
        del challenge
        return "\0".join([self.account, self.account, self.password]).encode()


@dataclass(slots=True)
class ExternalClient:
    """EXTERNAL: the certificate of the link says who this is."""

    account: str = ""

    def answer(self, challenge: bytes) -> bytes:
        """Whom to act as."""
        del challenge
        return self.account.encode()


@dataclass(slots=True)
class EcdsaClient:
    """ECDSA-NIST256P-CHALLENGE: signs what the server asks with a key that it knows.

    `sign` makes a DER signature of a digest, by the private key.
    """

    account: str
    sign: Callable[[bytes], bytes]
    _is_named: bool = False

    def answer(self, challenge: bytes) -> bytes:
        """Whom to act as, then the signature."""
        if not self._is_named:
            self._is_named = True
            return self.account.encode()
        if len(challenge) != CHALLENGE_BYTES:
            raise SaslError("a challenge of the wrong length")
        return self.sign(challenge)


@dataclass(slots=True)
class ScramClient:
    """SCRAM-SHA-256: proves the password without sending it, and has the server prove itself."""

    account: str
    password: str
    nonce: str  # random, of this end
    _sent: list[str] = field(default_factory=list)
    _signature: bytes = b""

    def answer(self, challenge: bytes) -> bytes:
        """The first message, then the proof, then nothing."""
        if not self._sent:
            self._sent.append(f"n={_escape_name(self.account)},r={self.nonce}")
            return f"n,,{self._sent[0]}".encode()
        if not self._signature:
            return self._prove(_text(challenge))
        if not hmac.compare_digest(b"v=" + base64.b64encode(self._signature), challenge):
            raise SaslError("the server does not know the password either")
        return b""

    def _prove(self, challenge: str) -> bytes:
        attributes = _attributes(challenge)
        if list(attributes)[:3] != ["r", "s", "i"]:
            raise SaslError("not a challenge")
        nonce, iterations = attributes["r"], attributes["i"]
        if not nonce.startswith(self.nonce) or len(nonce) == len(self.nonce):
            raise SaslError("the nonce is not that of this exchange")
        is_number = iterations.isascii() and iterations.isdigit() and len(iterations) <= 9
        if not is_number or not ITERATIONS_MIN <= int(iterations) <= ITERATIONS_MAX:
            raise SaslError("a number of iterations that is too low or too high")
        salt, rounds = _decode(attributes["s"]), int(iterations)
        password = prepare(self.password).encode()
        salted = hashlib.pbkdf2_hmac("sha256", password, salt, rounds)
        client_key = _hmac(salted, b"Client Key")
        without_proof = f"c={base64.b64encode(b'n,,').decode()},r={nonce}"
        signed = f"{self._sent[0]},{challenge},{without_proof}".encode()
        stored_key = hashlib.sha256(client_key).digest()
        proof = base64.b64encode(_xor(client_key, _hmac(stored_key, signed))).decode()
        self._signature = _hmac(_hmac(salted, b"Server Key"), signed)
        return f"{without_proof},p={proof}".encode()


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def _xor(left: bytes, right: bytes) -> bytes:
    if len(left) != len(right):
        raise SaslError("a proof of the wrong length")
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):  # the latter for what is not ASCII
        raise SaslError("not base64") from None


def _text(message: bytes) -> str:
    try:
        return message.decode()
    except UnicodeDecodeError:
        raise SaslError("not UTF-8") from None


def _attributes(message: str) -> dict[str, str]:
    """``a=1,b=2`` as a mapping in its order; `SaslError` for anything else, and for a double."""
    found: dict[str, str] = {}
    for part in message.split(","):
        name, equals, value = part.partition("=")
        if not equals or len(name) != 1 or name in found or name == "m":
            raise SaslError("not a SCRAM message")
        found[name] = value
    return found


def _escape_name(name: str) -> str:
    return name.replace("=", "=3D").replace(",", "=2C")


def _unescape_name(name: str) -> str:
    return name.replace("=2C", ",").replace("=3D", "=")
