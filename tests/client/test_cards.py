"""What is known of people, for their card: from WHOIS and from what happens."""

import pytest

from tests.client.script import Desk, in_room
from tui.client.client import IntentRefused
from tui.client.state import Person
from tui.client.updates import PersonChanged, Told

PLAIN = ""
"""A server without any capability: answers carry no label."""

ANSWER = (
    ":s 311 ann bob b far.example * :Bob B",
    ":s 319 ann bob :@#trail +#dev",
    ":s 330 ann bob bobby :is logged in as",
    ":s 301 ann bob :lunch",
    ":s 313 ann bob :is an operator",
    ":s 335 ann bob :is a bot",
    ":s 671 ann bob :is using a secure connection",
    ":s 338 ann bob b@far.example 10.0.0.1 :actually using host",
    ":s 312 ann bob s :A server",
    ":s 317 ann bob 90 1700000000 :seconds idle, signon time",
    ":s 318 ann bob :End of WHOIS",
)


def looked_up(capabilities: str = PLAIN, answer: tuple[str, ...] = ANSWER) -> Desk:
    """We have asked who bob is, and were told."""
    desk = in_room(capabilities)
    desk.client.look_up("bob")
    label = desk.label_of("WHOIS")
    if label:
        desk.hears(f"@label={label} :s BATCH +w labeled-response")
        desk.hears(*(f"@batch=w {line}" for line in answer), ":s BATCH -w")
    else:
        desk.hears(*answer)
    return desk


@pytest.mark.parametrize("capabilities", [PLAIN, "batch labeled-response message-tags"])
def test_everything_that_is_told_is_kept_and_nothing_is_said(capabilities: str) -> None:
    desk = looked_up(capabilities)
    assert desk.find("WHOIS") == "WHOIS bob bob"
    assert desk.client.state.people["bob"] == Person(
        "bob",
        account="bobby",
        realname="Bob B",
        host="b@far.example",
        server="s",
        away="lunch",
        operator=True,
        bot=True,
        secure=True,
        idle_s=90,
        signed_on_ms=1_700_000_000_000,
        seen_ms=desk.wall_ms,
        rooms={"#trail": "@", "#dev": "+"},
        notes=["actually using host b@far.example 10.0.0.1"],
        answered=True,
    )
    assert desk.told(PersonChanged) == [PersonChanged("bob")]
    assert desk.texts("#trail") == desk.texts("") == []


def test_what_the_person_asks_is_told_and_kept() -> None:
    desk = in_room(PLAIN)
    desk.client.whois("bob")
    desk.hears(*ANSWER)
    assert "bob is b@far.example: Bob B" in desk.texts("#trail")
    assert "bob is in @#trail +#dev" in desk.texts("#trail")
    assert "bob: actually using host b@far.example 10.0.0.1" in desk.texts("#trail")
    assert desk.client.state.people["bob"].account == "bobby"


def test_a_new_answer_takes_the_place_of_the_old_one() -> None:
    desk = looked_up()
    desk.hears(":s 311 ann bob b near.example * :Bob", ":s 318 ann bob :End")
    bob = desk.client.state.people["bob"]
    assert (bob.host, bob.account, bob.away, bob.rooms) == ("b@near.example", "", "", {})


@pytest.mark.parametrize("capabilities", [PLAIN, "batch labeled-response message-tags"])
def test_whoever_is_not_there_is_said_to_be_gone_on_the_card_only(capabilities: str) -> None:
    desk = looked_up(capabilities, (":s 401 ann bob :No such nick", ":s 318 ann bob :End"))
    assert desk.client.state.people["bob"].gone
    assert desk.told(Told) == []


def test_what_happens_later_is_known_too() -> None:
    desk = looked_up()
    desk.hears(":bob!b@far AWAY", ":bob!b@far ACCOUNT *")
    bob = desk.client.state.people["bob"]
    assert (bob.away, bob.account) == ("", "")
    desk.hears(":bob!b@far NICK rob")
    people = desk.client.state.people
    assert (people["bob"].gone, people["bob"].now_called) == (True, "rob")
    assert people["rob"] is bob
    desk.hears(":rob!b@far QUIT :bye")
    assert people["rob"].gone


def test_another_spelling_of_a_nick_is_the_same_person() -> None:
    desk = looked_up()
    desk.hears(":bob!b@far NICK BOB")
    assert (desk.client.state.people["bob"].nick, desk.client.state.people["bob"].gone) == (
        "BOB",
        False,
    )


def test_records_are_bounded() -> None:
    desk = in_room(PLAIN)
    for number in range(600):
        desk.hears(f":s 311 ann nick{number} u h * :r")
    for number in range(100):
        desk.hears(f":s 320 ann nick599 :note {number}", f":s 319 ann nick599 :#room{number}")
    assert len(desk.client.state.people) == 500
    assert len(desk.client.state.people["nick599"].notes) == 20


@pytest.mark.parametrize("nick", ["", "two words", "a!b", "*"])
def test_who_cannot_be_looked_up(nick: str) -> None:
    desk = in_room(PLAIN)
    with pytest.raises(IntentRefused):
        desk.client.look_up(nick)
    assert desk.client.state.people == {}


def test_being_an_operator_of_the_server_is_noticed() -> None:
    desk = in_room(PLAIN)
    desk.hears(":ann MODE ann +iow")
    assert desk.client.state.operator
    desk.hears(":ann MODE ann -o")
    assert not desk.client.state.operator


@pytest.mark.parametrize("code", ["276", "320", "338", "378"])
def test_a_note_without_words_is_none(code: str) -> None:
    desk = looked_up(answer=(f":s {code} ann bob :", f":s {code} ann bob"))
    assert desk.client.state.people["bob"].notes == []
