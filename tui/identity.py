"""Who one is on a server, beyond the nick: account, certificate or key, and where its password is.

Never holds a password. Heavy imports come when a key is used.
"""

import asyncio
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KEYRING_SERVICE: Final = "chat-tui"
COMMAND_S: Final = 60.0
"""How long a password command may take: it may ask for a passphrase or a touch."""


class IdentityUnusable(Exception):  # noqa: N818 - reads as a sentence where it is raised
    """A key or a password command does not work; the text says why."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What one logs in with on one server; everything may be left out."""

    account: str = ""  # "" for a guest
    password_command: str = ""  # prints the password
    mechanism: str = ""  # of SASL; "" for the strongest one there is
    certificate: str = ""  # a file of PEM: ours, with its key
    key: str = ""  # a file of PEM, for ECDSA-NIST256P-CHALLENGE
    fingerprints: tuple[str, ...] = ()  # of the server's certificate: those trusted, SHA-256 in hex

    @property
    def needs_password(self) -> bool:
        """Whether logging in takes a password."""
        return bool(self.account) and not self.key and not self.certificate


NOBODY: Final = Identity()


def read_fingerprint(typed: str) -> str:
    """A SHA-256 fingerprint in any spelling, as we keep it. Raises `ValueError`."""
    digits = typed.replace(":", "").lower()
    if len(digits) != 64 or not all(digit in "0123456789abcdef" for digit in digits):
        raise ValueError("a fingerprint is 64 hexadecimal digits, with or without colons")
    return digits


def signer(path: str) -> Callable[[bytes], bytes]:
    """What signs digests by the key in a file. Raises `IdentityUnusable`."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    try:
        key = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    except OSError as error:
        raise IdentityUnusable(f"The key {path} cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError):
        raise IdentityUnusable(f"{path} holds no key without a passphrase in PEM form.") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise IdentityUnusable(f"The key {path} is not one of the curve NIST P-256.")
    digest = ec.ECDSA(utils.Prehashed(hashes.SHA256()))
    return lambda challenge: key.sign(challenge, digest)


async def find_password(server: str, identity: Identity) -> str:
    """The password of an account: from its command, else the system's keyring, else "".

    Raises `IdentityUnusable`.
    """
    if not identity.needs_password:
        return ""
    if identity.password_command:
        return await _from_command(identity.password_command)
    return await asyncio.to_thread(_from_keyring, server, identity.account)


async def keep_password(server: str, account: str, password: str) -> bool:
    """Put a password into the system's keyring; False where there is none to be used."""
    return await asyncio.to_thread(_to_keyring, server, account, password)


async def _from_command(command: str) -> str:
    try:
        process = await asyncio.create_subprocess_exec(
            *shlex.split(command),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except (OSError, ValueError) as error:
        raise IdentityUnusable(f"The password command does not start: {error}.") from None
    try:
        out, complaint = await asyncio.wait_for(process.communicate(), COMMAND_S)
    except TimeoutError:
        process.kill()
        raise IdentityUnusable(f"The password command took over {COMMAND_S:.0f} s.") from None
    if process.returncode:
        said = complaint.decode(errors="replace").strip().splitlines()
        reason = said[-1] if said else f"exit status {process.returncode}"
        raise IdentityUnusable(f"The password command failed: {reason}.")
    return out.decode(errors="replace").partition("\n")[0]


def _from_keyring(server: str, account: str) -> str:
    try:
        import keyring
    except ImportError:
        return ""
    try:
        return keyring.get_password(KEYRING_SERVICE, f"{account}@{server}") or ""
    except keyring.errors.KeyringError:  # locked, or there is none on this system
        return ""


def _to_keyring(server: str, account: str, password: str) -> bool:
    try:
        import keyring
    except ImportError:
        return False
    try:
        keyring.set_password(KEYRING_SERVICE, f"{account}@{server}", password)
    except keyring.errors.KeyringError:
        return False
    return True
