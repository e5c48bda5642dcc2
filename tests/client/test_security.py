"""Servers that want encrypted links only, and logging in by what is no password.

Specification: IRCv3 sts, sasl-3.2; ECDSA-NIST256P-CHALLENGE.
"""

import pytest

from common.sasl import ResponseBuffer, split_response
from tests.client.script import Desk
from tui.client.options import Options
from tui.client.state import Connection
from tui.client.updates import SecurityKept, SecurityRequired


def offers(policy: str, encrypted: bool) -> Desk:
    desk = Desk()
    desk.client.connected(encrypted)
    desk.hears(f":s CAP * LS :sasl sts={policy}")
    return desk


def test_an_open_link_is_given_up_for_an_encrypted_one() -> None:
    desk = offers("port=6697,duration=300", encrypted=False)
    assert desk.told(SecurityRequired) == [SecurityRequired(6697)]
    assert desk.client.state.connection is Connection.OFFLINE
    assert not any("REQ" in line or "END" in line for line in desk.writes())


def test_on_an_encrypted_link_only_the_duration_counts() -> None:
    desk = offers("port=12345,duration=300", encrypted=True)
    assert desk.told(SecurityRequired) == []
    assert desk.told(SecurityKept) == [SecurityKept(300)]
    assert desk.client.state.connection is Connection.REGISTERING


@pytest.mark.parametrize("policy", ["duration=300", "port=0", "port=70000", "port=x", ""])
def test_a_policy_without_a_port_leaves_an_open_link_alone(policy: str) -> None:
    desk = offers(policy, encrypted=False)
    assert desk.told(SecurityRequired) == []
    assert desk.client.state.connection is Connection.REGISTERING


def test_a_policy_that_comes_later_is_obeyed_too() -> None:
    desk = Desk()
    desk.client.connected()
    desk.hears(":s CAP * LS :", ":s 001 ann :Welcome", ":s CAP ann NEW :sts=port=6697")
    assert desk.told(SecurityRequired) == [SecurityRequired(6697)]


def logs_in(options: Options, offered: str) -> Desk:
    desk = Desk(options)
    desk.client.connected()
    desk.hears(f":s CAP * LS :{offered}", ":s CAP * ACK :sasl")
    return desk


def test_a_key_signs_what_the_server_asks() -> None:
    options = Options(
        "chat.example:5555", "ann", account="ann", private=True, sign=lambda asked: asked[::-1]
    )
    desk = logs_in(options, "sasl=PLAIN,ECDSA-NIST256P-CHALLENGE")
    assert "AUTHENTICATE ECDSA-NIST256P-CHALLENGE" in desk.writes()
    desk.hears(":s AUTHENTICATE +")
    assert _response(desk) == b"ann"
    desk.hears(f":s AUTHENTICATE {split_response(bytes(range(32)))[0]}")
    assert _response(desk) == bytes(range(32))[::-1]


def test_a_certificate_of_ones_own_says_who_this_is() -> None:
    options = Options("chat.example:5555", "ann", account="ann", private=True, has_certificate=True)
    desk = logs_in(options, "sasl=PLAIN,EXTERNAL")
    assert "AUTHENTICATE EXTERNAL" in desk.writes()
    desk.hears(":s AUTHENTICATE +")
    assert "AUTHENTICATE +" in desk.writes()


def test_the_mechanism_that_was_chosen_is_the_only_one() -> None:
    options = Options(
        "chat.example:5555",
        "ann",
        account="ann",
        account_password="correct-horse",
        private=True,
        mechanism="PLAIN",
    )
    assert "AUTHENTICATE PLAIN" in logs_in(options, "sasl=SCRAM-SHA-256,PLAIN").writes()
    assert "CAP END" in logs_in(options, "sasl=SCRAM-SHA-256").writes()


def test_an_exchange_that_is_broken_off_says_so_before_the_link_ends() -> None:
    options = Options(
        "chat.example:5555", "ann", account="ann", account_password="correct-horse", private=True
    )
    desk = logs_in(options, "sasl=SCRAM-SHA-256")
    desk.hears(":s AUTHENTICATE +", ":s AUTHENTICATE AAAA")
    assert "AUTHENTICATE *" in desk.writes()
    assert desk.client.state.connection is Connection.OFFLINE


def test_an_error_ends_the_link_at_once() -> None:
    desk = Desk()
    desk.registers()
    desk.hears("ERROR :closing link")
    assert desk.client.state.connection is Connection.WAITING
    assert desk.client.state.reason == "the server closed the connection: closing link"


def _response(desk: Desk) -> bytes:
    line = next(line for line in desk.writes() if line.startswith("AUTHENTICATE"))
    found = ResponseBuffer().feed(line.split()[-1])
    assert found is not None
    return found
