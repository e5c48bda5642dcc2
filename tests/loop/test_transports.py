"""One port, three languages: TLS, WebSocket and plain IRC, told apart by their first bytes.

Specification: IRCv3 websocket; `SEMANTICS`, "Transports".
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, RejectConnection, Request, TextMessage

from server.transport.certificate import make_certificate
from server.transport.tls import Certificate
from tests.loop.serving import READ_TIMEOUT_S, Caller, calling, serve

Address = tuple[str, int]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate as the server makes it at its first start."""
    folder: Path = tmp_path_factory.mktemp("tls")
    make_certificate(folder / "certificate.pem", folder / "key.pem", ["localhost"])
    return Certificate(folder / "certificate.pem", folder / "key.pem")


def trusting() -> ssl.SSLContext:
    """A client that pins by fingerprint, as ours does, and asks no authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Browser:
    """A WebSocket connection: one text message is one line."""

    def __init__(self, address: Address, *subprotocols: str) -> None:
        self._socket = socket.create_connection(address, timeout=READ_TIMEOUT_S)
        self._connection = WSConnection(ConnectionType.CLIENT)
        self._send(Request(host="localhost", target="/", subprotocols=list(subprotocols)))

    def _send(self, event: Request | TextMessage) -> None:
        self._socket.sendall(self._connection.send(event))

    def answer(self) -> AcceptConnection | RejectConnection:
        """What the server says to the request."""
        return next(
            event
            for event in self._events()
            if isinstance(event, AcceptConnection | RejectConnection)
        )

    def send(self, line: str) -> None:
        """Send one message."""
        self._send(TextMessage(data=line))

    def until(self, words: str) -> str:
        """The first message that holds `words`."""
        return next(
            event.data
            for event in self._events()
            if isinstance(event, TextMessage) and words in event.data
        )

    def _events(self) -> Iterator[object]:
        while True:
            yield from self._connection.events()
            data = self._socket.recv(4096)
            assert data, "the stream ended"
            self._connection.receive_data(data)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def test_tls_and_plain_people_talk_in_one_room(certificate: Certificate) -> None:
    def script(address: Address) -> None:
        with calling(address, "plain") as (plain,):
            shielded = Caller(address, tls=trusting()).register("shielded").join("#trail")
            assert shielded.fingerprint() == certificate.fingerprint().replace(":", "").lower()
            plain.send("PRIVMSG #trail :hello", "WHOIS shielded")
            assert shielded.until("PRIVMSG")[-1].endswith(" :hello")
            assert any(" 671 " in line for line in plain.until(" 318 "))
            shielded.send("PRIVMSG #trail :" + "x" * 400)
            plain.until("xxx")
            shielded.close()

    assert serve(script, certificate=certificate) == 0


def test_tls_is_refused_where_there_is_no_certificate() -> None:
    def script(address: Address) -> None:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            Caller(address, tls=trusting())

    assert serve(script) == 0


@pytest.mark.parametrize(
    "broken", [b"\x16" + b"\xff" * 64, b"GET / HTTP/1.1\r\n\r\n", b"GET x\r\n"]
)
def test_broken_beginnings_end_that_link_only(certificate: Certificate, broken: bytes) -> None:
    def script(address: Address) -> None:
        with calling(address, "ann") as (ann,):
            other = Caller(address)
            other.socket.sendall(broken)
            other.socket.shutdown(socket.SHUT_WR)
            while other.socket.recv(4096):
                pass
            other.close()
            ann.send("PING still")
            ann.until("still")

    assert serve(script, certificate=certificate) == 0


def test_a_browser_talks_with_plain_people() -> None:
    def script(address: Address) -> None:
        with calling(address, "ann") as (ann,):
            browser = Browser(address, "unknown.example", "text.ircv3.net")
            answer = browser.answer()
            assert isinstance(answer, AcceptConnection)
            assert answer.subprotocol == "text.ircv3.net"
            for line in ("NICK web", "USER web 0 * :web", "JOIN #trail"):
                browser.send(line)
            assert not browser.until(" 366 ").endswith("\n")
            ann.send("PRIVMSG #trail :Grüße")
            assert browser.until("PRIVMSG").endswith(" :Grüße")
            browser.send("PRIVMSG #trail :one\r\nPRIVMSG #trail :smuggled")
            assert ann.until("PRIVMSG")[-1].endswith(":one  PRIVMSG #trail :smuggled")
            browser.close()
            ann.until(" QUIT ")

    assert serve(script) == 0


def test_a_browser_that_offers_nothing_we_speak_is_refused() -> None:
    def script(address: Address) -> None:
        browser = Browser(address, "unknown.example")
        assert isinstance(browser.answer(), RejectConnection)
        browser.close()

    assert serve(script) == 0


# Certificates of clients


def showing(folder: Path, name: str) -> ssl.SSLContext:
    """A client with a certificate that it made itself."""
    make_certificate(folder / f"{name}.pem", folder / f"{name}.key", [name])
    context = trusting()
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context


def external(address: Address, tls: ssl.SSLContext) -> str:
    """The numeric that ends a login by certificate."""
    caller = Caller(address, tls=tls)
    caller.send("CAP REQ :sasl", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +", "PING end")
    lines = caller.until("end")
    caller.close()
    return next(word for line in lines for word in line.split() if word in ("903", "904"))


def test_a_certificate_that_nobody_vouches_for_logs_in_where_it_was_added(
    tmp_path: Path,
) -> None:
    folder = tmp_path
    make_certificate(folder / "certificate.pem", folder / "key.pem", ["localhost"])
    asking = Certificate(folder / "certificate.pem", folder / "key.pem", asks=True)

    def script(address: Address) -> None:
        own, other = showing(folder, "ann"), showing(folder, "eve")
        ann = Caller(address, tls=own).register("ann")
        ann.send("REGISTER * * secret-word")
        ann.until("SUCCESS")
        assert external(address, own) == "904"
        ann.send("NS CERT ADD")
        ann.until("Certificates: 1")
        assert external(address, own) == "903"
        assert external(address, other) == "904"
        assert external(address, trusting()) == "904"
        ann.send("PRIVMSG ann :" + "x" * 400)
        ann.until("xxx")
        ann.close()

    assert serve(script, certificate=asking) == 0


def test_who_is_not_asked_shows_no_certificate(certificate: Certificate, tmp_path: Path) -> None:
    def script(address: Address) -> None:
        ann = Caller(address, tls=showing(tmp_path, "ann")).register("ann")
        ann.send("REGISTER * * secret-word", "NS CERT ADD")
        ann.until("A fingerprint is 64")
        ann.close()

    assert serve(script, certificate=certificate) == 0


@pytest.mark.parametrize("broken", [b"\x16\x03\x01\x00\x05hello", b"\x16\x03\xff\xff\xff" * 9])
def test_broken_beginnings_end_an_asking_link_only(tmp_path: Path, broken: bytes) -> None:
    make_certificate(tmp_path / "certificate.pem", tmp_path / "key.pem", ["localhost"])
    asking = Certificate(tmp_path / "certificate.pem", tmp_path / "key.pem", asks=True)

    def script(address: Address) -> None:
        with calling(address, "ann") as (ann,), closing(socket.create_connection(address)) as link:
            link.sendall(broken)
            link.shutdown(socket.SHUT_WR)
            link.settimeout(READ_TIMEOUT_S)
            while link.recv(4096):
                pass
            ann.send("PING still")
            ann.until("still")

    assert serve(script, certificate=asking) == 0
