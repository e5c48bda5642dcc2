"""What our own server adds: running a room, the own account; answers in words of the client."""

from base64 import b64decode

import pytest

from tests.client.script import Desk, in_room
from tui.client.client import IntentRefused
from tui.client.options import Options
from tui.client.updates import Told


def texts(desk: Desk) -> list[str]:
    """What the person was told."""
    return [told.text for told in desk.told(Told)]


def test_other_servers_cannot_and_are_not_asked() -> None:
    desk = in_room("")
    with pytest.raises(IntentRefused, match="our own server can"):
        desk.client.order("#trail", "/writers rooms", "WRITERS", "rooms")
    assert desk.writes() == []


def test_what_is_about_a_room_is_typed_in_one() -> None:
    desk = in_room()
    with pytest.raises(IntentRefused, match="go to the room first"):
        desk.client.order_for_room("", "/close-room", "CLOSE")


def test_closing_says_what_to_type_to_do_it() -> None:
    desk = in_room()
    desk.client.order_for_room("#trail", "/close-room", "CLOSE")
    desk.hears(
        ":s NOTE CLOSE CONFIRM #trail abc123 :This deletes the room and all that was said in it. "
        "To do it: CLOSE #trail abc123"
    )
    wanted = "This deletes the room and all that was said in it. To do it: /close-room abc123"
    assert texts(desk) == [wanted]
    assert desk.texts("#trail") == [wanted]


def test_deleting_the_account_says_what_to_type_to_do_it() -> None:
    desk = in_room()
    desk.client.order("", "/delete-account", "ACCOUNT", "DELETE")
    desk.hears(":s NOTE ACCOUNT CONFIRM abc123 :It goes. To do it: ACCOUNT DELETE abc123")
    assert texts(desk) == ["It goes. To do it: /delete-account abc123"]


def test_devices_are_listed_by_the_number_that_logs_them_out() -> None:
    desk = in_room()
    desk.client.order("#trail", "/devices", "ACCOUNT", "DEVICES")
    label = desk.label_of("ACCOUNT")
    desk.hears(
        f"@label={label} :s BATCH +d labeled-response",
        "@batch=d :s NOTE ACCOUNT DEVICE 1 h open 2026-01-01T00:00:00.000Z here :h (this one)",
        "@batch=d :s NOTE ACCOUNT DEVICES 1 :Devices logged in: 1",
        ":s BATCH -d",
    )
    assert desk.texts("#trail") == ["1: h (this one)"]
    assert texts(desk)[-1] == (
        "Devices logged in: 1. /logout NUMBER ends one, /logout all all others."
    )


def test_a_refusal_gives_back_what_was_typed() -> None:
    desk = in_room()
    desk.client.order_for_room("#trail", "/transfer bob", "TRANSFER", "bob")
    desk.hears(":s FAIL TRANSFER NOT_YOURS #trail :Only the owner gives a room away")
    (told,) = desk.told(Told)
    assert (told.failure, told.draft) == (True, "/transfer bob")


def test_a_new_password_is_the_one_of_later_links_only_once_it_is_taken() -> None:
    options = Options("h:1", "ann", account="ann", account_password="old-word", private=True)
    desk = Desk(options)
    desk.registers()
    desk.writes()
    desk.client.change_password("", "wrong", "other-word")
    label = desk.label_of("ACCOUNT")
    desk.hears(f"@label={label} :s FAIL ACCOUNT INVALID_CREDENTIALS :The password is wrong")
    (told,) = [each for each in desk.told(Told) if each.failure]
    assert told.draft == "/password "
    desk.client.change_password("", "old-word", "new-word")
    assert desk.find("ACCOUNT") == "ACCOUNT PASSWORD old-word new-word"
    desk.hears(":s NOTE ACCOUNT PASSWORD_CHANGED :The password was changed")
    assert texts(desk) == ["The password was changed"]
    assert logs_in_with(desk) == "new-word"


def logs_in_with(desk: Desk) -> str:
    """The password by which the next link logs in."""
    desk.client.disconnected("cut")
    desk.wait(60)
    desk.client.connected()
    desk.hears(":s CAP * LS :sasl=PLAIN", ":s CAP * ACK :sasl", "AUTHENTICATE +")
    response = b64decode(desk.writes()[-1].split()[-1])
    return response.split(b"\0")[-1].decode()


def test_a_password_is_not_sent_where_it_could_be_read() -> None:
    desk = in_room()
    with pytest.raises(IntentRefused, match="not encrypted"):
        desk.client.change_password("", "old-word", "new-word")
    assert desk.writes() == []
