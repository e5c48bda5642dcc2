"""Accounts: logging in while registering and later, making one, and never in the open.

Specification: IRCv3 sasl-3.1, sasl-3.2, account-registration.
"""

import pytest

from common.sasl import (
    Credentials,
    ResponseBuffer,
    ScramServer,
    derive_keys,
    read_plain,
    split_response,
)
from tests.client.script import Desk
from tui.client.client import IntentRefused
from tui.client.options import Options
from tui.client.state import Connection
from tui.client.updates import Told

PASSWORD = "correct-horse"
SASL = "sasl=EXTERNAL,SCRAM-SHA-256,PLAIN"
CAPABILITIES = f"message-tags batch labeled-response draft/account-registration {SASL}"


def someone(private: bool = True, account: str = "ann", password: str = PASSWORD) -> Desk:
    return Desk(
        Options(
            "chat.example:5555",
            "ann",
            account=account,
            account_password=password,
            private=private,
        )
    )


def negotiates(desk: Desk, offered: str = CAPABILITIES) -> None:
    """A link opens; the server grants whatever is asked for."""
    desk.client.connected()
    desk.hears(f":s CAP * LS :{offered}")
    names = desk.find("CAP").removeprefix("CAP REQ ").lstrip(":")
    desk.hears(f":s CAP * ACK :{names}")


def response(desk: Desk) -> bytes:
    """What the client sent by AUTHENTICATE, put together."""
    buffer = ResponseBuffer()
    chunks = [line.split()[-1] for line in desk.writes() if "AUTHENTICATE" in line]
    found = [buffer.feed(chunk) for chunk in chunks][-1]
    assert found is not None
    return found


def challenges(desk: Desk, challenge: bytes) -> None:
    for chunk in split_response(challenge):
        desk.hears(f":s AUTHENTICATE {chunk}")


def proves_by_scram(desk: Desk, server_knows: str = PASSWORD) -> None:
    """The real server's end of the exchange, up to its own signature."""
    assert desk.find("AUTHENTICATE") == "AUTHENTICATE SCRAM-SHA-256"
    desk.written.clear()
    server = ScramServer("server-nonce")
    challenges(desk, b"")
    assert server.begin(response(desk)) == Credentials("", "ann", "")
    challenges(desk, server.challenge(derive_keys(server_knows, b"salt", 4_096)))
    challenges(desk, server.finish(response(desk)))


def welcomes(desk: Desk) -> None:
    desk.hears(
        ":s 900 ann ann!a@h ann :You are now logged in as ann",
        ":s 903 ann :SASL authentication successful",
        ":s 001 ann :Welcome",
        ":s 422 ann :no MOTD",
    )


def test_the_strongest_mechanism_proves_the_password_without_sending_it() -> None:
    desk = someone()
    negotiates(desk)
    proves_by_scram(desk)
    assert not desk.find("CAP")
    welcomes(desk)
    assert desk.find("CAP") == "CAP END"
    assert desk.client.state.account == "ann"
    assert not any(PASSWORD in line for line in desk.written)


def test_a_server_that_knows_only_plain_is_told_the_password_on_a_private_link() -> None:
    desk = someone()
    negotiates(desk, "sasl=PLAIN")
    assert desk.find("AUTHENTICATE") == "AUTHENTICATE PLAIN"
    challenges(desk, b"")
    assert read_plain(response(desk)) == Credentials("ann", "ann", PASSWORD)


def test_a_server_that_lists_nothing_is_asked_for_the_weaker_one_after_a_refusal() -> None:
    desk = someone()
    negotiates(desk, "sasl")
    assert desk.find("AUTHENTICATE") == "AUTHENTICATE SCRAM-SHA-256"
    desk.hears(":s 908 ann PLAIN,EXTERNAL :are available", ":s 904 ann :failed")
    assert desk.find("AUTHENTICATE") == "AUTHENTICATE PLAIN"


def test_a_wrong_password_is_no_reason_to_send_it_in_the_clear() -> None:
    desk = someone(password="wrong")
    negotiates(desk)
    assert desk.find("AUTHENTICATE") == "AUTHENTICATE SCRAM-SHA-256"
    challenges(desk, b"")
    desk.writes()
    desk.written.clear()
    desk.hears(":s 904 ann :SASL authentication failed")
    assert not desk.find("AUTHENTICATE")
    state = desk.client.state
    assert state.connection is Connection.OFFLINE
    assert "did not let you log in as ann: SASL authentication failed. Check" in state.reason
    assert desk.client.next_deadline() is None


def test_a_server_that_does_not_know_the_password_itself_is_not_trusted() -> None:
    desk = someone()
    negotiates(desk)
    desk.find("AUTHENTICATE")
    server = ScramServer("server-nonce")
    challenges(desk, b"")
    server.begin(response(desk))
    challenges(desk, server.challenge(derive_keys(PASSWORD, b"salt", 4_096)))
    desk.writes()
    challenges(desk, b"v=AAAA")
    assert "broken off" in desk.client.state.reason


def test_no_password_goes_over_a_link_that_others_can_read() -> None:
    desk = someone(private=False)
    negotiates(desk)
    assert desk.find("CAP") == "CAP END"
    assert not desk.find("AUTHENTICATE")
    (told,) = desk.told(Told)
    assert "You are here as a guest. This link is not encrypted" in told.text
    welcomes(desk)
    with pytest.raises(IntentRefused, match="not encrypted"):
        desk.client.log_in("ann", PASSWORD)
    with pytest.raises(IntentRefused, match="not encrypted"):
        desk.client.register(PASSWORD)


@pytest.mark.parametrize("offered", ["message-tags", "sasl=EXTERNAL", ""])
def test_where_one_cannot_log_in_one_is_a_guest_and_knows_it(offered: str) -> None:
    desk = someone()
    desk.registers(offered)
    assert desk.client.state.connection is Connection.ONLINE
    assert any("you are here as a guest" in told.text for told in desk.told(Told))


def test_logging_in_later_is_repeated_on_the_next_link() -> None:
    desk = someone(account="", password="")
    negotiates(desk)
    desk.hears(":s 001 ann :Welcome", ":s 422 ann :no MOTD")
    desk.client.log_in("ann", PASSWORD)
    proves_by_scram(desk)
    desk.hears(":s 900 ann a!a@h ann :in", ":s 903 ann :ok")
    assert desk.told(Told)[-1].text == "You are logged in as ann."
    desk.client.disconnected("cut")
    desk.wait(3)
    negotiates(desk)
    assert desk.find("AUTHENTICATE") == "AUTHENTICATE SCRAM-SHA-256"


def test_a_refusal_later_is_told_and_the_link_stays() -> None:
    desk = someone(account="", password="")
    negotiates(desk)
    desk.hears(":s 001 ann :Welcome", ":s 422 ann :no MOTD")
    desk.client.log_in("ann", "wrong")
    desk.writes()
    challenges(desk, b"")
    desk.hears(":s 904 ann :SASL authentication failed")
    assert desk.told(Told)[-1].failure
    assert desk.client.state.connection is Connection.ONLINE


def test_an_account_is_made_and_logged_in_to_from_then_on() -> None:
    desk = someone(account="", password="")
    negotiates(desk)
    desk.hears(":s 001 ann :Welcome", ":s 422 ann :no MOTD")
    desk.client.register(PASSWORD, "ann@example.org")
    assert desk.find("REGISTER") == f"REGISTER * ann@example.org {PASSWORD}"
    desk.hears(":s REGISTER VERIFICATION_REQUIRED ann :A code was sent")
    assert desk.told(Told)[-1].text == "A code was sent. /verify CODE completes it."
    desk.client.verify("1234")
    assert desk.find("VERIFY") == "VERIFY ann 1234"
    desk.hears(":s VERIFY SUCCESS ann :Done")
    assert "The account ann is yours" in desk.told(Told)[-1].text
    desk.client.disconnected("cut")
    desk.wait(3)
    negotiates(desk)
    proves_by_scram(desk)


def test_a_refused_account_is_told_without_the_password() -> None:
    desk = someone(account="", password="")
    negotiates(desk)
    desk.hears(":s 001 ann :Welcome", ":s 422 ann :no MOTD")
    desk.client.register(PASSWORD)
    desk.hears(":s FAIL REGISTER ACCOUNT_EXISTS ann :This name is taken")
    (told,) = desk.told(Told)
    assert (told.text, told.failure, told.draft) == ("This name is taken", True, "")
