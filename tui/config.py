"""What the client remembers between two starts: server, nick, device token, and for each server
one's nick and rooms there, the people ignored, the rooms muted, and what was not sent.

One small JSON file in the user's configuration folder, readable by the user only, because the
token proves whose rooms a guest's are. Never holds a password or what was said.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from common.casemap import fold
from tui.address import PORT_DEFAULT, Address
from tui.client.core import CHANNEL_TYPES_DEFAULT
from tui.client.options import Options
from tui.client.state import Attention, BufferKind, Connection, State
from tui.identity import NOBODY, Identity, signer

APPLICATION: Final = "chat-tui"
FILE_NAME: Final = "remembered.json"
CERTIFICATES_NAME: Final = "certificates"
POLICIES_NAME: Final = "encrypted-only"
PREFERENCES_NAME: Final = "preferences.toml"
ARCHIVES_NAME: Final = "archive"
SERVER_DEFAULT: Final = f"localhost:{PORT_DEFAULT}"
ROOMS_MAX: Final = 100
SERVERS_MAX: Final = 20
DEVICE_BYTES: Final = 24
QUIET_FOREVER_MS: Final = 1 << 53
"""Until it is said again that one may be disturbed; JSON keeps it to the digit."""


@dataclass(slots=True)
class Kept:
    """What belongs to one server. `is_open`: one was there at the end of last time, in `shown`."""

    rooms: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    drafts: dict[str, str] = field(default_factory=dict)  # by buffer key
    nick: str = ""
    is_open: bool = False
    identity: Identity = NOBODY
    attention: dict[str, str] = field(default_factory=dict)  # by buffer key
    shown: str = ""  # key of the conversation on the screen
    pictured: tuple[str, ...] = ()


@dataclass(slots=True)
class Remembered:
    """The contents of the file."""

    server: str = SERVER_DEFAULT
    nick: str = ""
    device: str = ""
    servers: dict[str, Kept] = field(default_factory=dict)
    quiet_until_ms: int = 0  # not to be disturbed before, on the wall clock

    @property
    def open_servers(self) -> list[str]:
        """Where one was at the end of last time."""
        return [name for name, kept in self.servers.items() if kept.is_open]

    def options(
        self, address: Address, nick: str, password: str = "", rooms: tuple[str, ...] = ()
    ) -> Options:
        """The choices for one connection. Rooms asked for come first, then those of last time.

        With a `password` one logs in, to the account called `nick` where no other is known.
        Raises `IdentityUnusable`.
        """
        kept = self.servers.get(str(address), Kept())
        identity = kept.identity
        return Options(
            str(address),
            nick,
            device=self.device,
            autojoin=tuple(dict.fromkeys([*rooms, *address.rooms, *kept.rooms])),
            account=identity.account or (nick if password else ""),
            account_password=password,
            mechanism=identity.mechanism,
            sign=signer(identity.key) if identity.key else None,
            has_certificate=bool(identity.certificate),
            private=address.is_private,
            ignored=kept.ignored,
            pictured=kept.pictured,
            attention=tuple(kept.attention.items()),
            drafts=tuple(kept.drafts.items()),
            keys=address.keys,
        )

    def keep(self, state: State, drafts: Mapping[str, str]) -> None:
        """Take over what is to be kept of a connection; off line, the rooms are those of before."""
        kept = self.servers.setdefault(state.server, Kept())
        kept.is_open, kept.shown = True, state.current
        if state.connection is Connection.ONLINE:
            rooms = [each.name for each in state.buffers.values() if each.kind is BufferKind.ROOM]
            kept.rooms = tuple(rooms[:ROOMS_MAX])
        kept.ignored, kept.drafts = tuple(state.ignored.values()), dict(drafts)
        kept.pictured = tuple(state.pictured.values())
        kept.attention = {key: chosen.value for key, chosen in state.attention.items()}
        closed = [name for name, each in self.servers.items() if not each.is_open]
        for oldest in closed[: max(0, len(self.servers) - SERVERS_MAX)]:
            del self.servers[oldest]

    def close(self, server: str) -> None:
        """One has left a server: the next start does not lead there by itself."""
        if server in self.servers:
            self.servers[server].is_open = False
            self.servers[server] = self.servers.pop(server)  # the last used stands last


def config_file() -> Path:
    """Where the file is on this system."""
    from platformdirs import user_config_path  # after the arguments are read: start-up time

    return user_config_path(APPLICATION) / FILE_NAME


def data_folder() -> Path:
    """Where what was said is kept on this system."""
    from platformdirs import user_data_path

    return user_data_path(APPLICATION)


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
    except (ValueError, RecursionError):
        complaint = _move_aside(path)
    if not remembered.device:
        remembered.device = secrets.token_urlsafe(DEVICE_BYTES)
    return remembered, complaint


def save(path: Path, remembered: Remembered) -> str:
    """Write the file, whole or not at all; a sentence when that failed, else ""."""
    text = json.dumps(asdict(remembered), indent=2)
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        fresh.replace(path)
    except OSError as error:
        return f"Rooms and what you wrote could not be remembered: {error.strerror}."
    return ""


def _read(text: str) -> Remembered:
    """Raises `ValueError` for anything but what `save` writes."""
    data = _object(json.loads(text))
    words = [data.get(name, "") for name in ("server", "nick", "device")]
    server, nick, device = _texts(words)
    servers = {name: _read_kept(kept) for name, kept in _object(data.get("servers", {})).items()}
    quiet = data.get("quiet_until_ms", 0)
    if not isinstance(quiet, int):
        raise ValueError("not a moment")
    return Remembered(server or SERVER_DEFAULT, nick, device, servers, quiet)


def _read_kept(data: object) -> Kept:
    kept = _object(data)
    drafts = _texts_by_name(kept.get("drafts", {}))
    nick, shown = _texts([kept.get("nick", ""), kept.get("shown", "")])
    return Kept(
        _texts(kept.get("rooms", []))[:ROOMS_MAX],
        _texts(kept.get("ignored", [])),
        drafts,
        nick,
        kept.get("is_open") is True,
        _read_identity(kept.get("identity", {})),
        _read_attention(kept.get("attention", {})),
        shown,
        _texts(kept.get("pictured", [])),
    )


def _read_identity(data: object) -> Identity:
    kept = _object(data)
    names = ("account", "password_command", "mechanism", "certificate", "key")
    account, command, mechanism, certificate, key = _texts([kept.get(name, "") for name in names])
    fingerprints = _texts(kept.get("fingerprints", []))
    return Identity(account, command, mechanism, certificate, key, fingerprints)


def _read_attention(data: object) -> dict[str, str]:
    kept = _texts_by_name(data)
    return {key: Attention(word).value for key, word in kept.items()}


def _texts_by_name(data: object) -> dict[str, str]:
    named = _object(data)
    return dict(zip(named, _texts(list(named.values())), strict=True))


def _object(data: object) -> dict[str, object]:
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return data


def _texts(data: object) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(text, str) for text in data):
        raise ValueError("not a list of texts")
    return tuple(data)


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

    With an `address` the form is skipped. `plain` lets unencrypted links leave this machine.
    """

    path: Path
    remembered: Remembered
    complaint: str = ""
    address: Address | None = None
    rooms: tuple[str, ...] = ()
    plain: bool = False
    identity: Identity = NOBODY  # on `address`, as the command line says
    data: Path | None = None  # the folder of what was said; None: that of `path`

    @property
    def policies(self) -> Path:
        """The file of servers that want encrypted links only."""
        return self.path.with_name(POLICIES_NAME)

    @property
    def preferences(self) -> Path:
        """The file of what the person chose of look, keys and habits."""
        return self.path.with_name(PREFERENCES_NAME)

    @property
    def archives(self) -> Path:
        """The folder of what was said, a file for each server."""
        return (self.data or self.path.parent) / ARCHIVES_NAME

    @property
    def certificates(self) -> Path:
        """The file of certificates that are trusted."""
        return self.path.with_name(CERTIFICATES_NAME)

    def options(self, address: Address, nick: str, password: str) -> Options:
        """The choices for a connection; server and nick are remembered from now on.

        Raises `IdentityUnusable`.
        """
        kept = self.remembered.servers.setdefault(str(address), Kept())
        kept.identity = self.identity_of(address)
        options = self.remembered.options(address, nick, password, self.rooms)
        if self._is_own(address):
            options.keys = self.address.keys if self.address else ()
        self.remembered.server, self.remembered.nick = str(address), nick
        kept.nick, kept.identity = nick, replace(kept.identity, account=options.account)
        return options

    def shown_first(self, server: str) -> str:
        """What to show of a server at the start: the room asked for, or what was shown last."""
        if self.rooms:
            room = fold(self.rooms[0])
            return room if room[:1] in CHANNEL_TYPES_DEFAULT else f"#{room}"
        return self.remembered.servers.get(server, Kept()).shown

    def identity_of(self, address: Address) -> Identity:
        """Who one is there: as the command line says, or as last time."""
        if self._is_own(address) and self.identity != NOBODY:
            return self.identity
        return self.remembered.servers.get(str(address), Kept()).identity

    def _is_own(self, address: Address) -> bool:
        """Whether it is the server that the command line names, with rooms or without."""
        return str(address) == str(self.address)

    def save(self) -> str:
        """Write what is remembered; a sentence when that failed, else ""."""
        return save(self.path, self.remembered)
