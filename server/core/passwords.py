"""Hashing and checking passwords: slow on purpose, so all of it runs as jobs.

Pure: salts are handed in. Argon2id checks a password; the SCRAM keys, derived at the same time,
let people log in later without sending it. Specification: RFC 9106, RFC 5802.
"""

import base64
from typing import Final, NamedTuple

from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError
from argon2.low_level import Type, hash_secret, verify_secret

from common.sasl import SaslError, ScramKeys, derive_keys, prepare
from server.core.world import JobFailedError

PASSWORD_BYTES_MAX: Final = 1_024
SALT_BYTES: Final = 16
HASH_BYTES: Final = 32


class Cost(NamedTuple):
    """What checking a password takes: memory and rounds of argon2id, iterations of SCRAM."""

    memory_kib: int
    rounds: int
    iterations: int


class Secrets(NamedTuple):
    """What is stored in place of a password."""

    password_hash: str
    scram: ScramKeys


def keep(password: str, salt: bytes, cost: Cost) -> Secrets:
    """Hash a prepared password. Takes tens of milliseconds; raises `JobFailedError`."""
    try:
        digest = hash_secret(
            password.encode(), salt, cost.rounds, cost.memory_kib, 1, HASH_BYTES, Type.ID
        )
    except HashingError as error:
        raise JobFailedError(str(error)) from None
    return Secrets(digest.decode(), derive_keys(password, salt, cost.iterations))


def is_password(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed. As slow as `keep`."""
    try:
        prepared = prepare(password).encode()
    except SaslError:
        prepared = b""  # the same time for what can be no password
    try:
        return verify_secret(password_hash.encode(), prepared, Type.ID)
    except VerifyMismatchError:
        return False
    except (InvalidHashError, VerificationError) as error:
        raise JobFailedError(str(error)) from None


def hash_of_nobody(cost: Cost) -> str:
    """A hash that no password has, for accounts that do not exist: it takes the same time."""
    salt = base64.b64encode(bytes(SALT_BYTES)).decode().rstrip("=")
    digest = base64.b64encode(bytes(HASH_BYTES)).decode().rstrip("=")
    return f"$argon2id$v=19$m={cost.memory_kib},t={cost.rounds},p=1${salt}${digest}"
