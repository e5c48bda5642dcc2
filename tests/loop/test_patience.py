"""What the loop waits for and how long: greetings that do not end, lines that have to wait."""

import socket
import ssl
import time
from pathlib import Path

import pytest

from server.settings import Settings
from server.transport.certificate import make_certificate
from server.transport.tls import Certificate
from tests.loop.serving import READ_TIMEOUT_S, calling, serve

Address = tuple[str, int]

HASTY = Settings(limits__handshake_s=1, proxy__trusted="127.0.0.1")

BEGINNINGS = {
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00",
    "the beginning of HTTP": b"GE",
    "a WebSocket request": b"GET / HTTP/1.1\r\nHost: chat\r\nUpgrade: webso",
    "PROXY 1": b"PROXY TCP4 192.0.2",
    "PROXY 2": b"\r\n\r\n\x00\r\nQUIT\n\x21\x11",
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate as the server makes it at its first start."""
    folder: Path = tmp_path_factory.mktemp("tls")
    make_certificate(folder / "certificate.pem", folder / "key.pem", ["localhost"])
    return Certificate(folder / "certificate.pem", folder / "key.pem")


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_greeting_that_does_not_end_is_given_up(
    beginning: bytes, certificate: Certificate
) -> None:
    def script(address: Address) -> None:
        with (
            socket.create_connection(address, timeout=READ_TIMEOUT_S) as slow,
            calling(address, "ann") as (ann,),
        ):
            slow.sendall(beginning)
            while slow.recv(4096):
                pass  # the goodbye, and then the end
            ann.send("PING alive")
            ann.until("PONG")

    assert serve(script, settings=HASTY, certificate=certificate) == 0


def test_a_greeting_in_time_is_not_held_against_anyone(certificate: Certificate) -> None:
    def script(address: Address) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection(address, timeout=READ_TIMEOUT_S) as slow,
            socket.create_connection(address, timeout=READ_TIMEOUT_S) as raw,
            context.wrap_socket(raw) as link,
        ):
            slow.sendall(BEGINNINGS["TLS"])
            while slow.recv(4096):
                pass
            link.sendall(b"NICK ann\r\nUSER ann 0 * :ann\r\n")
            assert b" 001 ann " in link.recv(4096)

    assert serve(script, settings=HASTY, certificate=certificate) == 0


def test_lines_that_wait_for_credit_cost_the_server_nothing_meanwhile() -> None:
    settings = Settings(limits__cost_burst=20, limits__cost_per_second=10)

    def script(address: Address) -> None:
        with calling(address, "ann") as (ann,):
            began_s = time.thread_time()
            process_s = time.process_time()
            ann.send(*[f"VERSION {number}" for number in range(40)], "PING last")
            ann.until("PONG")
            others_s = time.process_time() - process_s - (time.thread_time() - began_s)
        assert others_s < 0.5, "the server was busy while the lines waited"

    assert serve(script, settings=settings) == 0
