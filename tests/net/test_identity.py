"""Who one is on a server: keys, password commands, the file of policies, named fingerprints."""

import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from tui import config
from tui.address import read_address
from tui.identity import (
    Identity,
    IdentityUnusable,
    find_password,
    read_fingerprint,
    signer,
)
from tui.sts import Policies
from tui.trust import Pins, Trust, Untrusted, fingerprint_of

HOST = "chat.example.org"


def test_a_key_file_signs(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    path = tmp_path / "key.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    digest = bytes(range(32))
    signature = signer(str(path))(digest)
    key.public_key().verify(signature, digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


@pytest.mark.parametrize("text", [None, "no key at all"])
def test_a_key_that_cannot_be_used_is_named(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "key.pem"
    if text is not None:
        path.write_text(text)
    with pytest.raises(IdentityUnusable, match=r"key\.pem"):
        signer(str(path))


async def test_a_command_prints_the_password() -> None:
    command = f"{sys.executable} -c \"print('pass phrase'); print(2)\""
    assert await find_password(HOST, Identity("ann", command)) == "pass phrase"
    assert await find_password(HOST, Identity("", command)) == ""


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/no/such/program", "does not start"),
        (f"{sys.executable} -c \"raise SystemExit('locked')\"", "failed: locked"),
    ],
)
async def test_a_command_that_fails_says_how(command: str, words: str) -> None:
    with pytest.raises(IdentityUnusable, match=words):
        await find_password(HOST, Identity("ann", command))


def test_policies_last_as_long_as_they_say(tmp_path: Path) -> None:
    policies = Policies(tmp_path / "config" / "encrypted-only")
    assert policies.port(HOST, 1000) == 0
    policies.keep(HOST.upper(), 6697, 10, 1000)
    assert policies.port(HOST, 1009) == 6697
    assert policies.port(HOST, 1010) == 0
    policies.renew(HOST, 2000)
    assert policies.port(HOST, 2009) == 6697
    policies.keep(HOST, 6697, 0, 2001)
    assert policies.port(HOST, 2001) == 0


def test_named_fingerprints_are_the_only_ones_trusted(tmp_path: Path) -> None:
    named = Trust(f"{HOST}:1", Pins(tmp_path / "pins"), (fingerprint_of(b"good"),))
    assert named.judge(b"good", "2026-05-03") is None
    with pytest.raises(Untrusted, match="none of those"):
        named.judge(b"bad", "2026-05-03")
    assert not (tmp_path / "pins").exists()


def test_a_server_that_asked_for_encryption_is_not_pinned_on_first_use(tmp_path: Path) -> None:
    strict = Trust(f"{HOST}:1", Pins(tmp_path / "pins"), first_use=False)
    with pytest.raises(Untrusted, match="no authority vouches"):
        strict.judge(b"unknown", "2026-05-03")


def test_fingerprints_are_read_in_any_spelling() -> None:
    assert read_fingerprint(":".join(["AB"] * 32)) == "ab" * 32
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        read_fingerprint("ab")


def test_an_identity_is_remembered_for_its_server(tmp_path: Path) -> None:
    path = tmp_path / config.FILE_NAME
    address = read_address(HOST)
    identity = Identity("ann", "pass chat", "PLAIN", fingerprints=("ab" * 32,))
    launch = config.Launch(path, config.Remembered(), address=address, identity=identity)
    assert launch.options(address, "annie", "secret").account == "ann"
    assert launch.save() == ""
    assert "secret" not in path.read_text()
    again, _ = config.load(path)
    assert config.Launch(path, again).identity_of(address) == identity
