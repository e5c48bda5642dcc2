"""Lines that are none: not UTF-8, too long, or without an end.

Specification: IRCv3 utf8-only, labeled-response; modern IRC "Message Format".
"""

from common.wire import ENDLESS_BYTES
from tests.conversation import World


def test_what_is_not_utf8_is_refused_by_command_and_label() -> None:
    ann = World().connect("ann", "labeled-response batch")
    ann.send_bytes(b"@label=x PRIVMSG #trail hi\xaa\r\n")
    assert ann.expect("FAIL PRIVMSG INVALID_UTF8 *").tags == {"label": "x"}


def test_it_is_told_to_old_programs_as_well() -> None:
    ann = World().connect("ann")
    ann.send_bytes(b"PRIVMSG ann hi\xaa\r\n")
    ann.expect("FAIL PRIVMSG INVALID_UTF8 *")
    ann.send_bytes(b"\xff\xfe\xfd\r\n")
    ann.expect("FAIL * INVALID_UTF8 *")


def test_nothing_of_it_is_relayed() -> None:
    ann, bob = World().join("ann", "bob")
    ann.send_bytes(b"PRIVMSG #trail :hi\xaa\r\nPRIVMSG bob :\xc0\x80\r\n")
    bob.nothing()


def test_a_name_that_is_not_utf8_lets_nobody_in() -> None:
    ann = World().link()
    ann.send("NICK ann")
    ann.send_bytes(b"USER ann 0 * :i\xe8rc\r\n")
    ann.expect("FAIL USER INVALID_UTF8 *")
    ann.nothing()
    ann.send("USER ann 0 * :Ann")
    ann.expect("001 ann *")


def test_a_long_line_is_refused_and_the_link_goes_on() -> None:
    (ann,) = World().join("ann")
    ann.send(f"PRIVMSG #trail :{'x' * 1_000}")
    ann.expect("417 ann *")
    ann.send("PING here")
    ann.expect("PONG * here")


def test_a_line_that_goes_on_and_on_ends_the_link() -> None:
    for pieces in (1, 7, 4_000):
        (ann,) = World().join("ann")
        data = b"PRIVMSG #trail :" + b"x" * ENDLESS_BYTES
        step = len(data) // pieces + 1
        for start in range(0, len(data), step):
            if not ann.closed:
                ann.send_bytes(data[start : start + step])
        ann.expect("417 ann *")
        ann.expect("ERROR Closing link: A line went on without an end")
        assert ann.closed
