"""Web gateways (WEBIRC), and telling programs to come back by TLS only (STS).

Specification: IRCv3 webirc, sts.
"""

from typing import Any

import pytest

from server.core.session import Peer
from server.settings import Settings, SettingsError
from tests.conversation import Person, World

GATEWAY = Peer("192.0.2.7", loopback=False, secure=True)
STRANGER = Peer("198.51.100.9", loopback=False, secure=True)
SETTINGS = Settings(webirc=(("192.0.2.0/24", "gate-word"), ("127.0.0.1", "own-word")))


def come_in(person: Person) -> None:
    person.send("NICK ann", "USER ann 0 * :Ann")


def source_of(person: Person) -> str:
    """How the server shows them."""
    come_in(person)
    person.barrier()
    return person.answer("JOIN #trail")[0].source


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8::1", "2001:db8::1"),
        ("0::1", "0::1"),
    ],
)
def test_who_comes_through_a_gateway_has_the_address_it_names(typed: str, shown: str) -> None:
    person = World(SETTINGS).link(GATEWAY)
    person.send(f"WEBIRC gate-word web some.host {typed} :secure tls")
    assert source_of(person) == f"ann!ann@{shown}"


@pytest.mark.parametrize(
    ("peer", "password"),
    [(STRANGER, "gate-word"), (GATEWAY, "own-word"), (GATEWAY, "wrong")],
)
def test_nobody_else_is_believed(peer: Peer, password: str) -> None:
    person = World(SETTINGS).link(peer)
    person.send(f"WEBIRC {password} web some.host 203.0.113.5")
    person.find("ERROR *")
    assert person.closed


def test_without_gateways_in_the_settings_there_are_none() -> None:
    person = World().link()
    person.send("WEBIRC gate-word web some.host 203.0.113.5")
    assert person.closed


@pytest.mark.parametrize("address", ["some.host", "203.0.113.5!x", "*", "300.1.1.1"])
def test_an_address_is_needed(address: str) -> None:
    person = World(SETTINGS).link(GATEWAY)
    person.send(f"WEBIRC gate-word web some.host {address}")
    assert person.closed


def test_it_is_said_once_and_first() -> None:
    world = World(SETTINGS)
    twice, late = world.link(GATEWAY), world.link(GATEWAY)
    line = "WEBIRC gate-word web some.host 203.0.113.5 :secure"
    twice.send(line, line)
    late.send("NICK ann", line)
    assert twice.closed
    assert late.closed


@pytest.mark.parametrize("options", ["", ":tls", ":insecure"])
def test_a_way_that_is_half_open_is_open(options: str) -> None:
    person = World(SETTINGS).link(GATEWAY)
    person.send(f"WEBIRC gate-word web some.host 127.0.0.1 {options}")
    come_in(person)
    person.find("ERROR *")
    assert person.closed


def test_a_gateway_on_this_machine_needs_no_encryption_of_its_own() -> None:
    person = World(SETTINGS).link()
    person.send("WEBIRC own-word web some.host 203.0.113.5 :secure")
    assert source_of(person) == "ann!ann@203.0.113.5"


@pytest.mark.parametrize("webirc", [(("nowhere", "x"),), (("127.0.0.1", ""),), (("", "x"),)])
def test_settings_that_name_no_gateway_are_refused(webirc: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(SettingsError):
        Settings(webirc=webirc)


# STS

CERTIFIED: Any = {
    "tls__certificate": "chain.pem",
    "tls__key": "key.pem",
    "listen": "unix:x,[::]:6697",
}
PLAIN = Peer("198.51.100.9", loopback=False, secure=False)


def policy(settings: Settings, peer: Peer, version: str = " 302") -> str:
    """What CAP LS says of STS; ``""`` for nothing."""
    person = World(settings).link(peer)
    words = " ".join(message.params[-1] for message in person.answer(f"CAP LS{version}")).split()
    return next((word for word in words if word.startswith("sts")), "")


def test_programs_are_told_where_to_go_and_for_how_long() -> None:
    settings = Settings(sts__duration_s=86_400, **CERTIFIED)
    assert policy(settings, PLAIN) == "sts=port=6697"
    assert policy(settings, STRANGER) == "sts=duration=86400"


def test_not_so_links_of_this_machine_and_programs_that_know_no_values() -> None:
    settings = Settings(sts__duration_s=86_400, **CERTIFIED)
    assert policy(settings, Peer("127.0.0.1")) == ""
    assert policy(settings, PLAIN, version="") == ""


def test_never_with_a_certificate_of_our_own_making_or_without_being_asked() -> None:
    assert policy(Settings(sts__duration_s=86_400), PLAIN) == ""
    assert policy(Settings(**CERTIFIED), PLAIN) == ""
    off = Settings(sts__duration_s=86_400, tls__mode="off", **CERTIFIED)
    assert policy(off, PLAIN) == ""


def test_it_cannot_be_negotiated() -> None:
    person = World(Settings(sts__duration_s=86_400, **CERTIFIED)).link(STRANGER)
    person.send("CAP REQ sts")
    person.expect("CAP * NAK sts")
