"""Becoming someone: CAP, PASS, NICK, USER, DEVICE, PING, QUIT.

Specification: modern IRC "Connection Registration", IRCv3 capability-negotiation.
"""

import pytest

from server.core.door import offered
from server.core.session import Peer
from server.settings import Settings
from tests.conversation import OUR_CLIENT, World, commands


def test_nick_and_user_make_someone() -> None:
    ann = World().link()
    ann.send("NICK ann")
    ann.nothing()
    ann.send("USER ann 0 * :Ann of the trail")
    ann.expect("001 ann Welcome, ann")
    assert commands(ann.barrier())[:4] == ["002", "003", "004", "005"]


def test_the_order_of_nick_and_user_does_not_matter() -> None:
    ann = World().link()
    ann.send("USER ann 0 * :Ann", "NICK ann")
    ann.expect("001 ann *")


def test_a_link_without_capabilities_gets_a_hint_and_our_client_none() -> None:
    world = World()
    netcat, ours = world.link(), world.link()
    netcat.send("NICK netcat", "USER n 0 * :n")
    assert "CREATE" in netcat.find("NOTICE netcat *").params[1]
    ours.send("CAP REQ :message-tags", "NICK ours", "USER o 0 * :o", "CAP END")
    assert "NOTICE" not in commands(ours.barrier())


def test_capabilities_are_listed_with_values_in_as_many_lines_as_it_takes() -> None:
    world = World()
    *marked, last = world.link().answer("CAP LS 302")
    assert all(line.params[:3] == ["*", "LS", "*"] for line in marked)
    assert last.params[:2] == ["*", "LS"]
    words = [word for line in (*marked, last) for word in line.params[-1].split()]
    offer = offered(world.core.world)
    assert words == [f"{name}={value}" if value else name for name, value in offer.items()]
    assert "message-tags" in offer
    assert "sasl" in offer


def test_an_old_client_is_shown_one_line_of_names() -> None:
    world = World()
    (line,) = world.link().answer("CAP LS")
    names = line.params[-1].split()
    assert names == list(offered(world.core.world))[: len(names)]
    assert "draft/chathistory" in names


@pytest.mark.parametrize("ask", ["CAP LS", "CAP LS 302", "CAP REQ batch"])
def test_negotiation_holds_registration_open(ask: str) -> None:
    ann = World().link()
    ann.send(ask)
    ann.barrier()
    ann.send("NICK ann", "USER ann 0 * :Ann")
    ann.nothing()
    ann.send("CAP END")
    ann.expect("001 ann *")


def test_what_was_asked_for_is_on_and_can_be_taken_off() -> None:
    ann = World().link()
    ann.send("CAP LS 302", "CAP REQ :batch server-time", "CAP REQ -batch", "CAP LIST")
    ann.find("CAP * ACK batch server-time")
    ann.expect("CAP * ACK -batch")
    assert ann.expect("CAP * LIST *").params[2].split() == ["server-time", "cap-notify"]


@pytest.mark.parametrize(
    "wanted",
    ["no-such-thing", "batch no-such-thing", "chat-server/sequence", "-cap-notify"],
)
def test_a_request_that_cannot_be_met_changes_nothing(wanted: str) -> None:
    ann = World().link()
    ann.send("CAP LS 302", f"CAP REQ :{wanted}", "CAP LIST")
    ann.find(f"CAP * NAK {wanted}")
    ann.expect("CAP * LIST cap-notify")


def test_an_endless_request_is_refused_within_a_line() -> None:
    ann = World().link()
    ann.send(f"CAP REQ :{'batch ' * 80}", "CAP LIST")
    ann.expect("CAP * NAK *")
    ann.expect("CAP * LIST *")


def test_an_unknown_cap_subcommand_is_named() -> None:
    ann = World().link()
    ann.send("CAP FROBNICATE")
    ann.expect("410 * FROBNICATE *")


def test_a_nick_in_use_is_refused_in_any_case_and_another_one_works() -> None:
    world = World()
    world.connect("ann")
    other = world.link()
    other.send("USER other 0 * :Other", "NICK ANN")
    other.expect("433 * ANN *")
    other.send("NICK ann_")
    other.expect("001 ann_ *")


def test_of_two_who_wait_for_one_nick_the_second_must_choose_again() -> None:
    world = World()
    first, second = world.link(), world.link()
    for person in (first, second):
        person.send("CAP LS 302", "NICK ann", "USER a 0 * :a")
        person.barrier()
    first.send("CAP END")
    first.expect("001 ann *")
    second.send("CAP END")
    second.expect("433 * ann *")
    second.send("NICK bob")
    second.expect("001 bob *")


@pytest.mark.parametrize("nick", ["1ann", "a" * 33, "änn", "an!n", "#ann"])
def test_an_invalid_nick_is_refused(nick: str) -> None:
    ann = World().link()
    ann.send(f"NICK {nick}")
    ann.expect(f"432 * {nick} …")


def test_a_missing_nick_is_asked_for() -> None:
    ann = World().link()
    ann.send("NICK", "NICK :")
    ann.expect("431 * *")
    ann.expect("431 * *")


def test_a_new_nick_is_told_once_to_each_witness() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", room="#one")
    ann.send("CREATE two")
    bob.send("JOIN #two")
    stranger = world.connect("stranger")
    ann.barrier(), bob.barrier()
    ann.send("NICK anna")
    assert ann.expect("NICK anna").nick == "ann"
    bob.expect("NICK anna")
    bob.nothing()
    stranger.nothing()
    bob.send("NICK ann")
    bob.expect("NICK ann")
    bob.send("NICK ANNA")
    bob.expect("433 ann ANNA *")


def test_changing_only_the_letters_of_ones_nick() -> None:
    ann = World().connect("ann")
    ann.send("NICK Ann")
    ann.expect("NICK Ann")
    ann.send("NICK Ann")
    ann.nothing()


def test_a_password_is_asked_for() -> None:
    world = World(Settings(password="sesame"))
    right, wrong, none = world.link(), world.link(), world.link()
    right.send("PASS sesame", "NICK right", "USER r 0 * :r")
    right.expect("001 right *")
    for person, lines in ((wrong, ["PASS simsim"]), (none, [])):
        person.send(*lines, "NICK other", "USER o 0 * :o")
        person.expect("464 other *")
        person.expect("ERROR *")
        assert person.closed


def test_what_is_too_late_after_registration() -> None:
    ann = World().connect("ann", OUR_CLIENT)
    ann.send("USER ann 0 * :Ann", "PASS x", "DEVICE abcdefghijklmnop")
    ann.expect("462 ann *")
    ann.expect("462 ann *")
    ann.expect("FAIL DEVICE TOO_LATE *")


@pytest.mark.parametrize("token", ["short", "a" * 65, "abcdefghijklmnö", "abcdefghijklmno!"])
def test_a_malformed_device_token_is_refused(token: str) -> None:
    ann = World().link()
    ann.send("CAP REQ :chat-server/resend")
    ann.expect("CAP …")
    ann.send(f"DEVICE {token}")
    ann.expect("FAIL DEVICE INVALID_TOKEN *")


def test_a_device_is_only_for_those_who_negotiated_it() -> None:
    ann = World().link()
    ann.send("DEVICE abcdefghijklmnop")
    assert "negotiated" in ann.barrier()[0].params[-1]


def test_before_registration_only_a_few_words_are_known() -> None:
    ann = World().link()
    ann.send("JOIN #trail", "NO_SUCH_WORD", "USER ann")
    ann.expect("451 * *")
    ann.expect("451 * *")
    ann.expect("461 * USER …")
    ann.send("PING early", "HELP CREATE")
    ann.expect("PONG chat.local early")
    ann.expect("704 * CREATE …")


def test_an_unknown_command_is_named() -> None:
    ann = World().connect("ann")
    ann.send("frobnicate x")
    ann.expect("421 ann FROBNICATE *")


def test_a_ping_is_answered_and_one_without_token_refused() -> None:
    ann = World().connect("ann")
    ann.send("PING :two words", "PING")
    ann.expect("PONG chat.local two words")
    ann.expect("409 ann *")


def test_quit_is_told_to_those_who_share_a_room_once() -> None:
    world = World()
    ann, bob = world.join("ann", "bob", room="#one")
    ann.send("CREATE two")
    bob.send("JOIN #two")
    bob.barrier()
    ann.barrier()
    ann.send("QUIT :good night")
    ann.expect("QUIT Quit: good night")
    ann.find("ERROR Closing link: Quit: good night")
    assert ann.closed
    bob.expect("QUIT Quit: good night")
    bob.nothing()
    assert bob.answer("WHOIS ann")[0].command == "401"


def test_quit_works_before_registration() -> None:
    ann = World().link()
    ann.send("QUIT")
    ann.expect("ERROR Closing link: Quit")
    assert ann.closed


def test_lines_behind_a_quit_are_not_used() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.send_bytes(b"QUIT\r\nPRIVMSG #trail :from beyond\r\n")
    bob.expect("QUIT Quit")
    bob.nothing()


def test_plain_text_from_another_machine_is_refused_with_a_way_in() -> None:
    far = Peer("192.0.2.7", loopback=False)
    ann = World().link(far)
    ann.send("CAP LS 302")
    ann.barrier()
    ann.send("NICK ann", "USER ann 0 * :Ann", "CAP END")
    assert "TLS" in ann.expect("ERROR *").params[0]
    assert ann.closed
    for allowed in (
        World().link(Peer("192.0.2.7", loopback=False, secure=True)),
        World(Settings(plain_text=True)).link(far),
    ):
        allowed.send("NICK ann", "USER ann 0 * :Ann")
        allowed.expect("001 ann *")


def test_a_host_with_a_leading_colon_does_not_break_lines() -> None:
    world = World()
    ann = world.link(Peer("::1"))
    ann.send("NICK ann", "USER ann 0 * :Ann")
    ann.barrier()
    assert ann.answer("WHOIS ann")[0].params[3] == "0::1"
    ann.send("WHO ann %hn")
    ann.expect("354 ann 0::1 ann")


def test_names_in_many_bytes_stay_within_lines() -> None:
    world = World()
    ann, bob = world.link(), world.connect("bob")
    ann.send("NICK ann", f"USER {'ü' * 40} 0 * :{'日' * 120}")
    ann.barrier()
    assert bob.answer("WHOIS ann")[0].command == "311"
    assert bob.answer("WHO ann %nr")[0].command == "354"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (b"PRIVMSG #trail :\xff\r\n", "FAIL * INVALID_UTF8 *"),
        (b"PRIVMSG #trail :a\0b\r\n", "FAIL * INVALID_CHARACTER *"),
        (b"PRIVMSG #trail :" + b"x" * 600 + b"\r\n", "417 ann *"),
        (b"x" * 10_000, "417 ann *"),  # a line whose end is not to be seen yet
    ],
)
def test_what_is_no_line_is_answered_and_nobody_else_sees_it(line: bytes, answer: str) -> None:
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    ann.send_bytes(line)
    ann.expect(answer)
    ann.nothing()
    bob.nothing()
    ann.send_bytes(b"\r\n")
    ann.barrier()


def test_a_line_without_end_ends_the_link() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    ann.barrier()
    for _ in range(100):
        if not ann.closed:
            ann.send_bytes(b"x" * 1_000)
    ann.expect("417 ann *")
    ann.expect("ERROR *")
    ann.nothing()
    bob.expect("QUIT *")


def test_a_line_may_arrive_in_any_pieces() -> None:
    world = World()
    ann, bob = world.join("ann", "bob")
    for byte in "PRIVMSG #trail :Grüße\r\n".encode():
        ann.send_bytes(bytes([byte]))
    bob.expect("PRIVMSG #trail Grüße")
    bob.nothing()


def test_more_connections_than_allowed_are_told_so() -> None:
    world = World(Settings(limits__links=1))
    first = world.connect("first")
    second = world.link()
    second.expect("ERROR *")
    assert second.closed
    first.send("QUIT")
    third = world.link()
    third.send("NICK third", "USER t 0 * :t")
    third.expect("001 third *")
