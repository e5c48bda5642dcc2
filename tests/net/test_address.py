"""Addresses as people write them. Meanings: SEMANTICS, "Transports"."""

import pytest

from tui.address import Address, AddressInvalid, join_line, join_words, read_address, room_link


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
        (
            "ircs://chat.example.org/trail?key=to%2Fken",
            Address(
                "chat.example.org",
                5555,
                tls=True,
                rooms=("#trail",),
                keys=(("#trail", "to/ken"),),
            ),
        ),
        (
            "ircs://chat.example.org/trail?msgid=x",
            Address("chat.example.org", 5555, tls=True, rooms=("#trail",)),
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


@pytest.mark.parametrize(
    ("server", "link"),
    [
        ("localhost:5555", "irc://localhost:5555/tr%C3%A4il?key=a%2Fb"),
        ("chat.example.org:5555", "ircs://chat.example.org:5555/tr%C3%A4il?key=a%2Fb"),
        ("irc://chat.example.org:5555", "irc://chat.example.org:5555/tr%C3%A4il?key=a%2Fb"),
    ],
)
def test_a_link_for_friends_leads_there_with_what_lets_them_in(server: str, link: str) -> None:
    assert room_link(server, "#träil", "a/b") == link
    address = read_address(link, plain=True)
    assert (str(address), address.keys) == (server, (("#träil", "a/b"),))


def test_a_link_for_a_shell_is_one_word_there() -> None:
    assert join_line("localhost:5555", "#trail", "x") == (
        "chat-tui 'irc://localhost:5555/trail?key=x'"
    )
    assert join_words("#trail", "x") == "join trail x"
    assert join_words("#trail") == "join trail"
