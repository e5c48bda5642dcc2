"""Addresses as people write them. Meanings: SEMANTICS, "Transports"."""

import pytest

from tui.address import Address, AddressInvalid, read_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("localhost", Address("localhost", 5555)),
        (" 127.0.0.1:6000 ", Address("127.0.0.1", 6000)),
        ("127.1.2.3", Address("127.1.2.3", 5555)),
        ("[::1]:6000", Address("::1", 6000)),
        ("[::1]", Address("::1", 5555)),
        ("::1", Address("::1", 5555)),
        ("chat.example.org", Address("chat.example.org", 5555, tls=True)),
        ("chat.example.org:6697", Address("chat.example.org", 6697, tls=True)),
        ("10.0.0.7", Address("10.0.0.7", 5555, tls=True)),
        ("[2001:db8::7]:1", Address("2001:db8::7", 1, tls=True)),
        ("irc://localhost/trail", Address("localhost", 5555, rooms=("#trail",))),
        ("ircs://localhost", Address("localhost", 5555, tls=True)),
        ("IRCS://chat.example.org:6697/", Address("chat.example.org", 6697, tls=True)),
        (
            "ircs://chat.example.org/trail,%23dev,trail",
            Address("chat.example.org", 5555, tls=True, rooms=("#trail", "#dev")),
        ),
        ("ircs://[::1]:7/#x", Address("::1", 7, tls=True, rooms=("#x",))),
    ],
)
def test_what_is_written_is_what_is_meant(typed: str, address: Address) -> None:
    assert read_address(typed) == address


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "A server is a name or address"),
        ("two words", "A server is a name or address"),
        ("chat..org", "A server is a name or address"),
        ("host/room", "A server is a name or address"),
        ("me@host", "A server is a name or address"),
        ("host:", "The port is missing"),
        ("host:0", "A port is a number from 1 to 65535, not 0"),
        ("host:65536", "not 65536"),
        ("host:³", "not ³"),
        ("[::1:5555", "stands in brackets"),
        ("[::1]5555", "stands in brackets"),
        ("[host]:5555", "stands in brackets"),
        ("1::2::3", "is not an IPv6 address"),
        ("http://host", "begins with irc:// or ircs://, not http://"),
        ("ircs:///trail", "A server is a name or address"),
        ("ircs://host/a%20b", "a b is not the name of a room"),
        ("ircs://host/trail?key=1", "is not the name of a room"),
    ],
)
def test_what_is_wrong_is_said_in_words(typed: str, words: str) -> None:
    with pytest.raises(AddressInvalid) as error:
        read_address(typed)
    assert words in str(error.value)


def test_plain_text_leaves_this_machine_only_when_it_was_asked_for() -> None:
    with pytest.raises(
        AddressInvalid, match=r"Write ircs://chat\.example\.org/trail, or .*--plain-text"
    ):
        read_address("irc://chat.example.org/trail")
    assert not read_address("irc://chat.example.org/trail", plain=True).tls
    assert not read_address("chat.example.org", plain=True).tls
    assert read_address("ircs://chat.example.org", plain=True).tls


@pytest.mark.parametrize(
    ("typed", "shown", "private"),
    [
        ("localhost", "localhost:5555", True),
        ("::1", "[::1]:5555", True),
        ("Chat.Example.org", "chat.example.org:5555", True),
        ("ircs://localhost/trail", "ircs://localhost:5555", True),
        ("irc://10.0.0.7:6667", "irc://10.0.0.7:6667", False),
    ],
)
def test_an_address_shows_what_leads_there_again(typed: str, shown: str, private: bool) -> None:
    address = read_address(typed, plain=True) if not private else read_address(typed)
    assert str(address) == shown
    assert address.is_private is private
    again = read_address(shown, plain=True) if not private else read_address(shown)
    assert (again.place, again.tls) == (address.place, address.tls)


@pytest.mark.parametrize("host", ["localhost.example.org", "127.example.org", "128.0.0.1"])
def test_what_only_looks_local_is_not(host: str) -> None:
    assert read_address(host).tls
