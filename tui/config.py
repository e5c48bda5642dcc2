"""What the client remembers between two starts: server, nick, rooms, and the device token.

One small JSON file in the user's configuration folder, readable by the user only, because the
token proves whose rooms a guest's are. Never holds a password or what was said.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tui.client.options import Options

APPLICATION: Final = "chat-tui"
FILE_NAME: Final = "remembered.json"
PORT_DEFAULT: Final = 5555
SERVER_DEFAULT: Final = f"localhost:{PORT_DEFAULT}"
ROOMS_MAX: Final = 100
DEVICE_BYTES: Final = 24

_LOCAL_HOSTS: Final = ("localhost", "::1")


class AddressInvalid(ValueError):  # noqa: N818 - the person's fault, told in words
    """What was typed is no address; the text says what one looks like."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is."""

    host: str
    port: int

    @property
    def is_local(self) -> bool:
        """Whether this machine is meant, so that a server could be started here."""
        return self.host.lower() in _LOCAL_HOSTS or self.host.startswith("127.")

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def read_address(typed: str) -> Address:
    """``host``, ``host:port`` or ``[v6]:port``. Raises `AddressInvalid`."""
    text = typed.strip()
    if text.startswith("["):
        host, closed, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
        if not closed or (rest and not rest.startswith(":")):
            raise AddressInvalid("An IPv6 address stands in brackets: [::1]:5555")
    elif text.count(":") > 1:
        host, port = text, ""
    else:
        host, colon, port = text.partition(":")
        if colon and not port:
            raise AddressInvalid(f"The port is missing after the colon: {host}:{PORT_DEFAULT}")
    if not host or any(character.isspace() or character == "/" for character in host):
        raise AddressInvalid(
            f"A server is a name or address, with or without a port: {SERVER_DEFAULT}"
        )
    return Address(host, _read_port(port))


def _read_port(text: str) -> int:
    if not text:
        return PORT_DEFAULT
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65_536):
        raise AddressInvalid(f"A port is a number from 1 to 65535, not {text}")
    return int(text)


@dataclass(slots=True)
class Remembered:
    """The contents of the file."""

    server: str = SERVER_DEFAULT
    nick: str = ""
    rooms: tuple[str, ...] = ()
    device: str = ""

    def options(self, address: Address, nick: str, rooms: tuple[str, ...]) -> Options:
        """The choices for one connection; rooms of last time are entered again there."""
        known = self.rooms if self.server == str(address) else ()
        autojoin = tuple(dict.fromkeys([*known, *rooms]))
        return Options(str(address), nick, device=self.device, autojoin=autojoin)


def config_file() -> Path:
    """Where the file is on this system."""
    from platformdirs import user_config_path  # after the arguments are read: start-up time

    return user_config_path(APPLICATION) / FILE_NAME


def load(path: Path) -> tuple[Remembered, str]:
    """What is remembered, and a sentence when the file could not be used ("" otherwise).

    A file that makes no sense is moved aside, never overwritten.
    """
    complaint = ""
    remembered = Remembered()
    try:
        remembered = _read(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        pass
    except OSError as error:
        complaint = f"What was remembered cannot be read ({error.strerror}); starting afresh."
    except ValueError:
        complaint = _move_aside(path)
    if not remembered.device:
        remembered.device = secrets.token_urlsafe(DEVICE_BYTES)
    return remembered, complaint


def save(path: Path, remembered: Remembered) -> str:
    """Write the file, whole or not at all; a sentence when that failed, else ""."""
    text = json.dumps(asdict(remembered), indent=2)
    draft = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        draft.replace(path)
    except OSError as error:
        return f"Server, nick and rooms could not be remembered: {error.strerror}."
    return ""


def _read(text: str) -> Remembered:
    """Raises `ValueError` for anything but what `save` writes."""
    data = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError("not an object")
    words = {name: data.get(name, "") for name in ("server", "nick", "device")}
    rooms = data.get("rooms", [])
    if not all(isinstance(word, str) for word in words.values()):
        raise ValueError("not text")
    if not isinstance(rooms, list) or not all(isinstance(room, str) for room in rooms):
        raise ValueError("not a list of rooms")
    return Remembered(
        words["server"] or SERVER_DEFAULT, words["nick"], tuple(rooms[:ROOMS_MAX]), words["device"]
    )


def _move_aside(path: Path) -> str:
    aside = path.with_suffix(".broken")
    try:
        path.replace(aside)
    except OSError as error:
        return f"What was remembered makes no sense and cannot be moved aside: {error.strerror}."
    return f"What was remembered made no sense; it was moved to {aside.name}, starting afresh."


@dataclass(slots=True)
class Launch:
    """How the client was started: what is remembered, and what the command line said.

    With an `address` the form is skipped.
    """

    path: Path
    remembered: Remembered
    complaint: str = ""
    address: Address | None = None
    rooms: tuple[str, ...] = ()

    def options(self, address: Address, nick: str) -> Options:
        """The choices for a connection, remembered from now on."""
        options = self.remembered.options(address, nick, self.rooms)
        if str(address) != self.remembered.server:
            self.remembered.rooms = ()
        self.remembered.server, self.remembered.nick = str(address), nick
        return options

    def save(self) -> str:
        """Write what is remembered; a sentence when that failed, else ""."""
        return save(self.path, self.remembered)
