"""Where a server is, as a person writes it: host, port, whether encrypted, rooms to open.

Opens nothing and resolves nothing. On this machine plain IRC is welcome, everywhere else the
link is encrypted unless plain text was asked for in so many words.
"""

import ipaddress
from dataclasses import dataclass
from shlex import quote as shell_quoted
from typing import Final
from urllib.parse import parse_qs, quote, unquote

from common.casemap import channel_name, is_channel

PORT_DEFAULT: Final = 5555

_EXAMPLE: Final = f"chat.example.org:{PORT_DEFAULT}"
_SCHEMES: Final = {"irc": False, "ircs": True}
_HOST_MARKS: Final = frozenset("/\\?#@!%\"'<>*,;")
"""What is in no host name; `%` would be the zone of a link-local address."""


class AddressInvalid(ValueError):  # noqa: N818 - the person's fault, told in words
    """What was typed is no address, or not a safe one; the text says what to write."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is. `rooms` are those of a link, with their sign.

    `keys` are rooms and what lets one in there: a key, or the token of an invitation.
    """

    host: str
    port: int
    tls: bool = False
    rooms: tuple[str, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether this machine is meant: nothing said there crosses a network."""
        return is_loopback(self.host)

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read along: a password may be sent."""
        return self.tls or self.is_local

    @property
    def place(self) -> str:
        """``host:port``, the name under which a certificate is remembered."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host.lower()}:{self.port}"

    def __str__(self) -> str:
        """What leads here again when it is read: with a scheme only where it matters."""
        if self.tls != self.is_local:
            return self.place
        return f"{'ircs' if self.tls else 'irc'}://{self.place}"


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, by name or address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def read_address(typed: str, plain: bool = False) -> Address:
    """``host``, ``host:port``, ``[v6]:port``, ``irc://host:port/room?key=word`` or ``ircs://…``.

    `plain` lets unencrypted links leave this machine. Raises `AddressInvalid`.
    """
    text = typed.strip()
    scheme, separator, rest = text.partition("://")
    if not separator:
        host, port = _split(text)
        return Address(host, port, tls=not (plain or is_loopback(host)))
    if scheme.lower() not in _SCHEMES:
        raise AddressInvalid(f"A link begins with irc:// or ircs://, not {scheme}://")
    place, _, path = rest.partition("/")
    host, port = _split(place)
    tls = _SCHEMES[scheme.lower()]
    if not (tls or plain or is_loopback(host)):
        raise AddressInvalid(
            f"irc:// would send everything unencrypted over the network. Write ircs://{rest}, "
            "or start chat-tui with --plain-text if you accept that"
        )
    path, _, query = path.partition("?")
    rooms = _rooms(path)
    keys = tuple(zip(rooms, parse_qs(query).get("key", ()), strict=False))
    return Address(host, port, tls, rooms, keys)


def room_link(server: str, room: str, token: str = "") -> str:
    """What leads a friend into a room, as `read_address` reads it.

    `server` is the text of an `Address`; `token` lets them in where the name does not.
    """
    address = read_address(server, plain="://" in server)
    bare = room if room.startswith("##") else room.removeprefix("#")
    key = f"?key={quote(token, safe='')}" if token else ""
    scheme = "ircs" if address.tls else "irc"
    return f"{scheme}://{address.place}/{quote(bare, safe='')}{key}"


def join_line(server: str, room: str, token: str = "") -> str:
    """What a friend types in a shell to get into a room."""
    return f"chat-tui {shell_quoted(room_link(server, room, token))}"


def join_words(room: str, token: str = "") -> str:
    """What a friend types who is connected to the server already."""
    return " ".join(filter(None, ["join", room.removeprefix("#"), token]))


def _rooms(path: str) -> tuple[str, ...]:
    names = [unquote(word).strip() for word in path.rstrip("/").split(",")]
    rooms = dict.fromkeys(channel_name(name) for name in names if name)
    for room in rooms:
        if not is_channel(room):
            raise AddressInvalid(f"{room.removeprefix('#')} is not the name of a room")
    return tuple(rooms)


def _split(place: str) -> tuple[str, int]:
    """Host and port of ``host``, ``host:port`` or ``[v6]:port``; a bare v6 address has no port."""
    if place.startswith("["):
        host, closed, rest = place[1:].partition("]")
        port = rest.removeprefix(":")
        if not closed or (rest and not rest.startswith(":")) or ":" not in host:
            raise AddressInvalid(f"An IPv6 address stands in brackets: [::1]:{PORT_DEFAULT}")
    elif place.count(":") > 1:
        host, port, rest = place, "", ""
    else:
        host, rest, port = place.partition(":")
    if rest and not port:
        raise AddressInvalid(f"The port is missing after the colon: {host}:{PORT_DEFAULT}")
    return _checked(host), _port(port)


def _checked(host: str) -> str:
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise AddressInvalid(f"{host} is not an IPv6 address") from None
    marked = any(character in _HOST_MARKS or not character.isprintable() for character in host)
    if not host or marked or " " in host or "" in host.rstrip(".").split("."):
        raise AddressInvalid(f"A server is a name or address, with or without a port: {_EXAMPLE}")
    return host


def _port(text: str) -> int:
    if not text:
        return PORT_DEFAULT
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65_536):
        raise AddressInvalid(f"A port is a number from 1 to 65535, not {text}")
    return int(text)
