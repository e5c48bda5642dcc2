"""SASL: chunks, PLAIN, SCRAM-SHA-256 (RFC 5802, RFC 7677), preparation of passwords (RFC 4013)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.sasl import (
    CHUNK_CHARACTERS,
    Credentials,
    ExternalClient,
    PlainClient,
    ResponseBuffer,
    SaslError,
    ScramClient,
    ScramServer,
    TooLongError,
    derive_keys,
    prepare,
    read_plain,
    split_response,
)

KEYS = derive_keys("pencil", b"[m\x99h\x9d\x125\x8e\xec\xa0K\x14\x126\xfa\x81", 4096)


@given(st.binary(max_size=2_900))
def test_a_response_comes_back_from_its_chunks(response: bytes) -> None:
    chunks = split_response(response)
    buffer = ResponseBuffer()
    assert [buffer.feed(chunk) for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert buffer.feed(chunks[-1]) == response
    assert len(chunks[-1]) < CHUNK_CHARACTERS


def test_what_is_too_long_or_not_base64_is_refused() -> None:
    with pytest.raises(TooLongError):
        ResponseBuffer().feed("A" * 401)
    with pytest.raises(SaslError):
        ResponseBuffer().feed("!!!")
    buffer = ResponseBuffer()
    for _ in range(10):
        assert buffer.feed("A" * CHUNK_CHARACTERS) is None
    with pytest.raises(SaslError):
        buffer.feed("A" * CHUNK_CHARACTERS)


def test_plain_carries_an_account_and_a_password() -> None:
    assert read_plain(PlainClient("ann", "se=cr,et").answer(b"")) == ("ann", "ann", "se=cr,et")
    assert read_plain(b"\0ann\0secret") == Credentials("", "ann", "secret")
    assert ExternalClient("ann").answer(b"") == b"ann"


@pytest.mark.parametrize(
    "response", [b"", b"ann", b"\0\0secret", b"\0ann\0", b"\0ann\0sec\0ret", b"\0ann\0\xff"]
)
def test_broken_plain_is_refused(response: bytes) -> None:
    with pytest.raises(SaslError):
        read_plain(response)


def test_scram_speaks_as_rfc_7677_shows() -> None:
    client = ScramClient("user", "pencil", "rOprNGfwEbeRWgbNEkqO")
    server = ScramServer("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
    first = client.answer(b"")
    assert first == b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
    assert server.begin(first) == Credentials("", "user", "")
    challenge = server.challenge(KEYS)
    assert challenge == (
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    )
    proof = client.answer(challenge)
    assert proof.endswith(b",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    signature = server.finish(proof)
    assert signature == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
    assert client.answer(signature) == b""


def test_a_wrong_password_fails_on_the_servers_side() -> None:
    client, server = ScramClient("user", "pen", "abc"), ScramServer("def")
    server.begin(client.answer(b""))
    proof = client.answer(server.challenge(KEYS))
    with pytest.raises(SaslError):
        server.finish(proof)


def test_a_server_that_does_not_know_the_password_is_found_out() -> None:
    client, server = ScramClient("user", "pencil", "abc"), ScramServer("def")
    server.begin(client.answer(b""))
    client.answer(server.challenge(KEYS))
    with pytest.raises(SaslError):
        client.answer(b"v=AAAA")


@pytest.mark.parametrize(
    "challenge",
    [
        b"r=other,s=AAAA,i=4096",  # not our nonce
        b"r=abc,s=AAAA,i=4096",  # nothing of the server's
        b"r=abcdef,s=AAAA,i=1",  # cheap to guess
        b"r=abcdef,s=AAAA,i=999999999",  # hash work without end
        b"r=abcdef,s=AAAA,i=-4096",
        b"r=abcdef,s=!,i=4096",
        b"\xff",
        b"",
    ],
)
def test_a_client_trusts_no_odd_challenge(challenge: bytes) -> None:
    client = ScramClient("user", "pencil", "abc")
    client.answer(b"")
    with pytest.raises(SaslError):
        client.answer(challenge)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_message_or_refused(noise: bytes) -> None:
    server = ScramServer("def")
    try:
        server.begin(noise)
    except SaslError:
        server.begin(b"n,,n=user,r=abc")
    server.challenge(KEYS)
    with pytest.raises(SaslError):
        server.finish(noise)


def test_names_with_commas_and_equals_signs_come_through() -> None:
    client, server = ScramClient("a=b,c", "pencil", "abc"), ScramServer("def")
    assert server.begin(client.answer(b"")).account == "a=b,c"


def test_passwords_are_prepared() -> None:
    assert prepare("I\u00adX") == "IX"
    assert prepare("\u2168") == "IX"
    assert prepare("a\u00a0b") == "a b"
    for forbidden in ("\u0007", "\u0627\u0031", "\ue000"):
        with pytest.raises(SaslError):
            prepare(forbidden)
