"""TABLE of settings: each declared once, with its limits, flag and text.

The command line, the TOML file and `--help` come from the fields of `Settings`: see
`server.settings_words`. Reads no file and no environment itself.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from common.modes import USER_MODES

DEFAULT_PORT: Final = 5555
UNIX_PREFIX: Final = "unix:"


class SettingsError(Exception):
    """The operator's fault; the text names the setting, what was wrong, and what to do."""


def _setting(
    default: Any,
    text: str,
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    flag: str = "",
    metavar: str = "",
    secret: bool = False,
    fixed: bool = False,
    lines: bool = False,
) -> Any:
    """A row: `flag` puts it on the command line too; `maximum` of a text is in UTF-8 bytes.

    `secret` values are never printed; `fixed` ones change with a restart only, the others with
    REHASH; a text with `lines` may have several.
    """
    return field(
        default=default,
        metadata={
            "text": text,
            "minimum": minimum,
            "maximum": maximum,
            "flag": flag,
            "metavar": metavar,
            "secret": secret,
            "fixed": fixed,
            "lines": lines,
        },
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, by the name it has in TOML; a ``__`` is the dot of a TOML table."""

    listen: str = _setting(
        f"127.0.0.1:{DEFAULT_PORT}",
        "addresses to listen on, separated by commas; unix:PATH for a socket file",
        flag="--listen",
        metavar="HOST:PORT",
        fixed=True,
    )
    data: str = _setting(
        "", "folder of the database; made when missing", flag="--data", metavar="DIR", fixed=True
    )
    name: str = _setting(
        "chat.local", "the server's name in every line it sends", maximum=63, fixed=True
    )
    network: str = _setting("Chat", "the network's name, shown to people", maximum=63)
    icon: str = _setting("", "address (https) of a picture for the network", maximum=200)
    motd: str = _setting("", "message of the day; several lines are allowed", lines=True)
    admin: str = _setting(
        "", "who runs this server, for ADMIN; up to three lines", maximum=600, lines=True
    )
    password: str = _setting("", "asked of everyone who connects, when set", secret=True)
    opers: tuple[tuple[str, str], ...] = _setting(
        (), "operators of the server: name = password, plain or as an argon2 hash", secret=True
    )
    default_user_modes: str = _setting(
        "", "user modes that everyone begins with, e.g. i", maximum=10
    )
    durability: str = _setting(
        "full",
        "full: what was echoed survives a power cut; normal: only a crash of the program",
        fixed=True,
    )
    core_dumps: bool = _setting(
        False, "let the system keep the memory of a crashed server: messages and keys", fixed=True
    )
    plain_text: bool = _setting(
        False, "let links that are not encrypted in from beyond this machine"
    )
    tls__mode: str = _setting(
        "auto", "on, off, or auto: on as soon as people can come from other machines", fixed=True
    )
    tls__certificate: str = _setting(
        "",
        "certificate file (PEM, with its chain); without one the server makes its own",
        fixed=True,
    )
    tls__key: str = _setting("", "the certificate's key file (PEM)", fixed=True)
    tls__client_certificates: bool = _setting(
        False, "ask programs for a certificate of theirs, which may log in by itself", fixed=True
    )
    proxy__trusted: str = _setting(
        "", "addresses or networks of gateways that say by a PROXY header for whom they connect"
    )
    proxy__required: bool = _setting(False, "refuse what comes from these without such a header")
    webirc: tuple[tuple[str, str], ...] = _setting(
        (), "web gateways that may use WEBIRC: address or network = password", secret=True
    )
    sts__duration_s: int = _setting(
        0,
        "seconds for which programs come back by TLS only (STS); needs tls.certificate; 0: off",
        minimum=0,
        maximum=63_072_000,
    )
    rooms__join_creates: bool = _setting(
        True, "JOIN of an unknown #room makes it, as ordinary IRC programs expect"
    )
    rooms__empty_days: int = _setting(
        30, "a room nobody is in is closed after so many days", minimum=1, maximum=36_500
    )
    rooms__unnamed_empty_days: int = _setting(
        7, "the same for rooms made without a name", minimum=1, maximum=36_500
    )
    rooms__replay_on_join: int = _setting(
        50,
        "lines of history shown on joining to programs that cannot ask for it; 0: none",
        minimum=0,
        maximum=1_000,
    )
    rooms__keep: bool = _setting(
        True, "keep what is said in rooms; false: nothing of it, and people are told on entering"
    )
    rooms__keep_days: int = _setting(
        0, "days that what was said in a room is kept; 0: forever", minimum=0, maximum=36_500
    )
    rooms__keep_messages: int = _setting(
        0,
        "numbered events that are kept of a room, the newest; 0: all of them",
        minimum=0,
        maximum=1_000_000_000,
    )
    history__direct_days: int = _setting(
        0, "days that direct conversations are kept; 0: forever", minimum=0, maximum=36_500
    )
    history__guests: bool = _setting(
        False, "keep direct messages with guests, for the side that has an account"
    )
    history__playback_lines: int = _setting(
        1_000, "lines in one answer to PRIVMSG *playback :PLAY", minimum=1, maximum=1_000
    )
    messages__redact_minutes: int = _setting(
        1_440,
        "minutes in which one may delete a message of one's own; 0: any time",
        minimum=0,
        maximum=10_000_000,
    )
    messages__edit_minutes: int = _setting(
        1_440,
        "minutes in which one may change a message of one's own; 0: any time",
        minimum=0,
        maximum=10_000_000,
    )
    accounts__registration: bool = _setting(True, "people may make accounts for themselves")
    accounts__register_before_connect: bool = _setting(
        True, "they may do so before they have come in"
    )
    accounts__register_requires_email: bool = _setting(
        False, "an account needs an e-mail address; none is ever sent"
    )
    accounts__guests: bool = _setting(True, "people without an account may come in")
    accounts__rejoin: bool = _setting(
        True, "who logs in to an account is in the rooms again that it was in"
    )
    accounts__always_on: bool = _setting(
        False, "new accounts stay present without a connection, until they say otherwise"
    )
    accounts__password_min: int = _setting(
        8, "characters of the shortest password", minimum=1, maximum=64
    )
    accounts__hash_kib: int = _setting(
        65_536, "memory of one password check (argon2id)", minimum=8, maximum=1 << 20
    )
    accounts__hash_rounds: int = _setting(
        3, "rounds of one password check (argon2id)", minimum=1, maximum=100
    )
    accounts__scram_iterations: int = _setting(
        10_000, "iterations of new SCRAM keys", minimum=4_096, maximum=600_000
    )
    names__beyond_ascii: bool = _setting(
        False, "nicks may hold letters of every script; look-alikes are refused"
    )
    rooms__beyond_ascii: bool = _setting(
        True, "names of rooms may hold letters of every script; look-alikes are refused"
    )
    spam__guest_wait_s: int = _setting(
        0, "seconds a guest has to be here before they may speak", minimum=0, maximum=86_400
    )
    spam__account_wait_s: int = _setting(
        0, "seconds an account has to exist before it may speak", minimum=0, maximum=31_536_000
    )
    spam__guests_create: bool = _setting(True, "people without an account may make rooms")
    audit__keep_days: int = _setting(
        365, "days that the audit log goes back", minimum=1, maximum=36_500
    )
    limits__links: int = _setting(
        10_000, "connections at the same time", minimum=1, maximum=1_000_000
    )
    limits__links_per_address: int = _setting(
        100,
        "connections from one IPv4 address or IPv6 block (/64); not of this machine or gateways",
        minimum=1,
        maximum=1_000_000,
    )
    limits__links_per_minute: int = _setting(
        300, "new connections a minute from one of these; 0: any", minimum=0, maximum=1_000_000
    )
    limits__cost_burst: int = _setting(
        600,
        "lines a connection may send at once, a message counting as two; what is more waits",
        minimum=20,
        maximum=1_000_000,
    )
    limits__cost_per_second: int = _setting(
        20, "lines that are let through each second after that; 0: any", minimum=0, maximum=100_000
    )
    limits__history_per_minute: int = _setting(
        1_200, "pages of history one may ask for in a minute; 0: any", minimum=0, maximum=100_000
    )
    limits__searches_per_minute: int = _setting(
        60, "searches one may ask for in a minute; 0: any", minimum=0, maximum=100_000
    )
    limits__jobs: int = _setting(
        64, "password checks and searches that wait at the same time", minimum=1, maximum=10_000
    )
    limits__failed_logins: int = _setting(
        5,
        "failed logins of an account or from an address before the next has to wait",
        minimum=1,
        maximum=1_000,
    )
    limits__failed_login_wait_s: int = _setting(
        120,
        "the longest wait after failed logins; it begins with a second and doubles",
        minimum=0,
        maximum=86_400,
    )
    limits__rooms_per_user: int = _setting(100, "rooms one may be in", minimum=1, maximum=100_000)
    limits__members_per_room: int = _setting(
        20_000, "people in one room", minimum=2, maximum=1_000_000
    )
    limits__list_entries: int = _setting(
        500, "bans, exceptions and the like of one room together", minimum=1, maximum=10_000
    )
    limits__monitor: int = _setting(
        100, "people one connection may watch (MONITOR)", minimum=1, maximum=10_000
    )
    limits__rooms_created_per_link: int = _setting(
        50, "rooms one connection may make", minimum=1, maximum=1_000_000
    )
    limits__rooms: int = _setting(100_000, "rooms in all", minimum=1, maximum=10_000_000)
    limits__send_queue_bytes: int = _setting(
        4 << 20,
        "unread output after which a connection that does not read is closed",
        minimum=64 << 10,
        maximum=1 << 30,
        fixed=True,
    )
    limits__read_bytes: int = _setting(
        64 << 10,
        "bytes read from one connection at a time: what its lines may fill before they are handled",
        minimum=1 << 10,
        maximum=1 << 20,
        fixed=True,
    )
    limits__handshake_s: int = _setting(
        15, "seconds a TLS, WebSocket or PROXY greeting may take", minimum=1, maximum=600
    )
    limits__registration_s: int = _setting(
        60, "seconds a connection has to give its name", minimum=5, maximum=600
    )
    limits__ping_s: int = _setting(
        120, "seconds of silence before a PING, and again before closing", minimum=5, maximum=3_600
    )
    limits__reserve_mib: int = _setting(
        64,
        "free disk space below which nothing new is taken in",
        minimum=1,
        maximum=1 << 20,
        fixed=True,
    )

    def __post_init__(self) -> None:
        for row in fields(self):
            _check(row.name, row.metadata, getattr(self, row.name))
        for address in self.listen.split(","):
            if not address.strip().startswith(UNIX_PREFIX):
                split_address(address.strip(), DEFAULT_PORT)
        if not self.name or " " in self.name or self.name.startswith(":"):
            raise SettingsError(f'name is "{self.name}"; write one word, e.g. chat.example.org')
        _check_opers(self.opers)
        _check_user_modes(self.default_user_modes)
        _check_choice("durability", self.durability, "full", "normal")
        _check_choice("tls.mode", self.tls__mode, "auto", "on", "off")
        if bool(self.tls__certificate) != bool(self.tls__key):
            raise SettingsError("tls.certificate and tls.key belong together: give both or none")
        _check_networks("proxy.trusted", self.proxy__trusted)
        for network, password in self.webirc:
            _check_networks("webirc", network)
            if not network or not password:
                raise SettingsError('webirc: write "ADDRESS" = "password", neither of them empty')


def _check_networks(name: str, text: str) -> None:
    for word in text.split(","):
        try:
            if word.strip():
                ipaddress.ip_network(word.strip())
        except ValueError as error:
            raise SettingsError(f"{name}: {error}") from None


def toml_name(attribute: str) -> str:
    """The name of a field as it is written in TOML."""
    return attribute.replace("__", ".")


NAMES: Final = {toml_name(row.name): row for row in fields(Settings)}


def _check(attribute: str, row: Any, value: object) -> None:
    minimum, maximum = row["minimum"], row["maximum"]
    if isinstance(value, int) and minimum is not None and not minimum <= value <= maximum:
        raise SettingsError(
            f"{toml_name(attribute)} is {value}; it must lie between {minimum} and {maximum}"
        )
    if not isinstance(value, str):
        return
    if maximum is not None and len(value.encode()) > maximum:
        raise SettingsError(f"{toml_name(attribute)} is too long: {maximum} bytes at most")
    allowed = "\n\t" if row["lines"] else ""
    if any(character < " " and character not in allowed for character in value):
        raise SettingsError(f"{toml_name(attribute)} holds a control character; leave it out")


def _check_opers(opers: Sequence[tuple[str, str]]) -> None:
    for name, password in opers:
        if not name or " " in name or not name.isprintable():
            raise SettingsError(f'opers: "{name}" cannot be a name; write one word')
        if not password:
            raise SettingsError(f'opers: {name} has no password; write {name} = "..."')


def _check_user_modes(letters: str) -> None:
    settable = "".join(row.letter for row in USER_MODES if row.settable)
    if not set(letters) <= set(settable):
        raise SettingsError(f'default_user_modes is "{letters}"; there are {settable}')


def _check_choice(name: str, value: str, *choices: str) -> None:
    if value not in choices:
        raise SettingsError(f'{name} is "{value}"; it must be one of {", ".join(choices)}')


def split_address(address: str, default_port: int) -> tuple[str, int]:
    """Host and port of ``HOST``, ``HOST:PORT`` or ``[IPV6]:PORT``; raises `SettingsError`."""
    host, colon, port = address.rpartition(":")
    if address.endswith("]") or not colon or (address.count(":") > 1 and "]" not in address):
        host, port = address, str(default_port)
    host = host.removeprefix("[").removesuffix("]")
    is_port = port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65_535
    if not host or not is_port:
        raise SettingsError(f'"{address}" is not an address; write HOST:PORT, e.g. 127.0.0.1:5555')
    return host, int(port)


def reloaded(current: Settings, read: Settings) -> tuple[Settings, list[str]]:
    """The settings to go on with after reading them again, and what takes a restart to change."""
    kept = {row.name: getattr(current, row.name) for row in fields(read) if row.metadata["fixed"]}
    waiting = [toml_name(name) for name, value in kept.items() if getattr(read, name) != value]
    return replace(read, **kept), waiting
