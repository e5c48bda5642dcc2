"""Certificates on real TLS links: vouched for, pinned on first use, changed.

Meanings: SEMANTICS, "Transports". Nothing may be written to a server that is not trusted.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.transport.certificate import make_certificate
from tests.net.visiting import PATIENCE_S, Host, hosting, visiting
from tui.client.state import Connection
from tui.client.updates import CertificateChanged, Told
from tui.trust import AUTHORITIES, Pin, Pins, Trust, fingerprint_of, shown_form

HOST = "localhost"


class Shown:
    """A certificate that a server shows."""

    def __init__(self, folder: Path, name: str) -> None:
        self.file, key = folder / f"{name}.pem", folder / f"{name}.key"
        make_certificate(self.file, key, [HOST])
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.file, key)
        der = ssl.PEM_cert_to_DER_cert(self.file.read_text())
        self.fingerprint = fingerprint_of(der)


@pytest.fixture
def first(tmp_path: Path) -> Shown:
    return Shown(tmp_path, "first")


@pytest.fixture
def second(tmp_path: Path) -> Shown:
    return Shown(tmp_path, "second")


@pytest.fixture
def pins(tmp_path: Path) -> Pins:
    return Pins(tmp_path / "config" / "certificates")


def trust(host: "Host | Listener", pins: Pins) -> Trust:
    return Trust(f"{HOST}:{host.port}", pins)


async def greeting(host: Host) -> bytes:
    """What the next visitor who is let in writes first."""
    while True:
        reader, _ = await host.next_visit()
        words = await asyncio.wait_for(reader.read(64 * 1024), PATIENCE_S)
        if words:
            return words


class Listener(asyncio.Protocol):
    """A server that says nothing and writes down every word it is told."""

    def __init__(self) -> None:
        self.port = 0
        self.heard = b""
        self.left = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        self.heard += data

    def connection_lost(self, exc: Exception | None) -> None:
        self.left.set()


@asynccontextmanager
async def listening(tls: ssl.SSLContext) -> AsyncIterator[Listener]:
    listener = Listener()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: listener, "127.0.0.1", 0, ssl=tls)
    listener.port = server.sockets[0].getsockname()[1]
    try:
        yield listener
    finally:
        server.close()


async def test_a_certificate_nobody_vouches_for_is_pinned_on_first_use(
    first: Shown, pins: Pins
) -> None:
    async with hosting(first.context) as host:
        async with visiting(host.port, HOST, trust(host, pins)) as (visitor, _):
            assert b"PASS secret" in await greeting(host)
            await visitor.until_it_is(Connection.ONLINE)
            told = [update.text for update in visitor.updates if isinstance(update, Told)]
            assert any(shown_form(first.fingerprint) in text for text in told)
        pin = pins.find(f"{HOST}:{host.port}")
        assert pin is not None
        assert pin.fingerprint == first.fingerprint
        async with visiting(host.port, HOST, trust(host, pins)) as (visitor, _):
            await visitor.until_it_is(Connection.ONLINE)
            assert not any(isinstance(update, Told) for update in visitor.updates)


async def test_a_changed_certificate_stops_the_link_before_a_word_is_said(
    first: Shown, second: Shown, pins: Pins
) -> None:
    async with listening(second.context) as host:
        pins.remember(f"{HOST}:{host.port}", Pin(first.fingerprint, "2026-05-03"))
        async with visiting(host.port, HOST, trust(host, pins)) as (visitor, _):
            await visitor.until_stopped()
            (change,) = [u for u in visitor.updates if isinstance(u, CertificateChanged)]
            assert visitor.client.state.reason == change.text
            for part in ("2026-05-03", shown_form(first.fingerprint), change.shown):
                assert part in change.text
            assert change.shown == shown_form(second.fingerprint)
            assert visitor.client.next_deadline() is None
            await asyncio.wait_for(host.left.wait(), PATIENCE_S)
            assert host.heard == b""


async def test_the_person_may_trust_the_new_certificate(
    first: Shown, second: Shown, pins: Pins
) -> None:
    async with hosting(second.context) as host:
        pins.remember(f"{HOST}:{host.port}", Pin(first.fingerprint, "2026-05-03"))
        async with visiting(host.port, HOST, trust(host, pins)) as (visitor, _):
            await visitor.until_stopped()
            (change,) = [u for u in visitor.updates if isinstance(u, CertificateChanged)]
            visitor.link.accept(change)
            await visitor.until_it_is(Connection.ONLINE)
        pin = pins.find(f"{HOST}:{host.port}")
        assert pin is not None
        assert pin.fingerprint == second.fingerprint


async def test_the_person_may_stop(first: Shown, second: Shown, pins: Pins) -> None:
    async with hosting(second.context) as host:
        pins.remember(f"{HOST}:{host.port}", Pin(first.fingerprint, "2026-05-03"))
        async with visiting(host.port, HOST, trust(host, pins)) as (visitor, task):
            await visitor.until_stopped()
            visitor.client.quit()
            visitor.link.poke()
            await asyncio.wait_for(task, PATIENCE_S)


async def test_who_is_vouched_for_needs_no_pin_and_may_renew(
    first: Shown, second: Shown, pins: Pins, monkeypatch: pytest.MonkeyPatch
) -> None:
    for shown in (first, second):
        monkeypatch.setenv("SSL_CERT_FILE", str(shown.file))
        async with hosting(shown.context) as host:
            async with visiting(host.port, HOST, trust(host, pins)) as (visitor, _):
                await visitor.until_it_is(Connection.ONLINE)
                assert not any(isinstance(update, Told) for update in visitor.updates)
            pin = pins.find(f"{HOST}:{host.port}")
            assert pin is not None
            assert pin.fingerprint == AUTHORITIES


async def test_one_that_was_vouched_for_is_not_pinned_silently(first: Shown, pins: Pins) -> None:
    async with listening(first.context) as host:
        pins.remember(f"{HOST}:{host.port}", Pin(AUTHORITIES, "2026-05-03"))
        async with visiting(host.port, HOST, trust(host, pins)) as (visitor, _):
            await visitor.until_stopped()
            assert "authorities vouched for" in visitor.client.state.reason
            await asyncio.wait_for(host.left.wait(), PATIENCE_S)
            assert host.heard == b""


async def test_a_pinned_server_may_come_to_be_vouched_for(
    first: Shown, second: Shown, pins: Pins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(second.file))
    async with hosting(second.context) as host:
        pins.remember(f"{HOST}:{host.port}", Pin(first.fingerprint, "2026-05-03"))
        async with visiting(host.port, HOST, trust(host, pins)) as (visitor, _):
            await visitor.until_it_is(Connection.ONLINE)
            assert any(
                "Authorities vouch" in u.text for u in visitor.updates if isinstance(u, Told)
            )


async def test_with_pins_that_cannot_be_read_nothing_is_trusted(
    first: Shown, pins: Pins, tmp_path: Path
) -> None:
    file = tmp_path / "config" / "certificates"
    file.parent.mkdir()
    file.write_text("nonsense\n")
    async with hosting(first.context) as host:
        async with visiting(host.port, HOST, trust(host, pins)) as (visitor, _):
            await visitor.until_stopped()
            assert "holds a line that makes no sense: “nonsense”" in visitor.client.state.reason
        assert file.read_text() == "nonsense\n"


async def test_a_server_that_speaks_plain_text_is_told_apart() -> None:
    async with hosting() as host:
        pins = Pins(Path("/nonexistent/certificates"))
        async with visiting(host.port, HOST, Trust(f"{HOST}:{host.port}", pins)) as (visitor, _):
            await visitor.until_it_is(Connection.WAITING)
            assert "not speak TLS" in visitor.client.state.reason


def test_pins_are_kept_in_a_file_of_ones_own(pins: Pins, tmp_path: Path) -> None:
    pins.remember("a:1", Pin("ab" * 32, "2026-05-03"))
    pins.remember("b:2", Pin(AUTHORITIES, "2026-05-04"))
    pins.remember("a:1", Pin("cd" * 32, "2026-05-05"))
    again = Pins(tmp_path / "config" / "certificates")
    assert again.find("a:1") == Pin("cd" * 32, "2026-05-05")
    assert again.find("b:2") == Pin(AUTHORITIES, "2026-05-04")
    assert again.find("c:3") is None
    assert (tmp_path / "config" / "certificates").stat().st_mode & 0o777 == 0o600
