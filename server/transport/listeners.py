"""The sockets that people connect to: made from the `listen` setting, with sentences for people.

An address is HOST:PORT, or `unix:PATH`. Several are separated by commas.
"""

import contextlib
import errno
import socket
import stat
from pathlib import Path
from typing import Final

from server.settings import DEFAULT_PORT, UNIX_PREFIX, split_address

BACKLOG: Final = 4096


class CannotListenError(Exception):
    """An address cannot be listened on; the text says why and what to do."""


def open_listeners(addresses: str) -> list[socket.socket]:
    """A listening socket for each address. Raises `CannotListenError`; then none stays open."""
    listeners: list[socket.socket] = []
    try:
        for address in split_addresses(addresses):
            if address.startswith(UNIX_PREFIX):
                listeners.append(_listen_unix(Path(address.removeprefix(UNIX_PREFIX))))
            else:
                listeners.append(_listen_tcp(*split_address(address, DEFAULT_PORT)))
    except CannotListenError:
        for listener in listeners:
            listener.close()
        raise
    return listeners


def split_addresses(addresses: str) -> list[str]:
    """The addresses of the `listen` setting, one by one."""
    return [word.strip() for word in addresses.split(",") if word.strip()]


def is_loopback(host: str) -> bool:
    """Whether an address as the kernel gives it is this machine's own."""
    return host == "::1" or host.removeprefix("::ffff:").startswith("127.")


def is_local(listener: socket.socket) -> bool:
    """Whether only people on this machine can reach the listener."""
    if listener.family not in (socket.AF_INET, socket.AF_INET6):
        return True
    return is_loopback(listener.getsockname()[0])


def where(listener: socket.socket) -> str:
    """The address of a listener as a person writes it."""
    name = listener.getsockname()
    if isinstance(name, str):
        return UNIX_PREFIX + name
    host, port = name[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _listen_tcp(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (socket.gaierror, UnicodeError):  # the latter for what cannot be a host's name
        raise CannotListenError(f"There is no address {host} to listen on") from None
    except OSError as error:
        reasons = {
            errno.EADDRINUSE: f"Port {port} is taken on {host}: another server is running "
            f"there; stop it, or choose another with --listen {host}:PORT",
            errno.EACCES: f"Listening on {host}:{port} is not allowed: ports below 1024 need "
            "root; choose a higher one with --listen",
            errno.EADDRNOTAVAIL: f"{host} is not an address of this machine",
        }
        reason = reasons.get(error.errno or 0, f"Cannot listen on {host}:{port}: {error.strerror}")
        raise CannotListenError(reason) from None
    listener.setblocking(False)
    return listener


def _listen_unix(path: Path) -> socket.socket:
    """A socket file for this user only; one left behind by a server that is gone is replaced."""
    listener = socket.socket(socket.AF_UNIX)
    try:
        if path.exists() and stat.S_ISSOCK(path.stat().st_mode) and not _answers(path):
            path.unlink()
        listener.bind(str(path))
        path.chmod(0o600)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotListenError(f"Cannot listen on {path}: {error.strerror}") from None
    listener.setblocking(False)
    return listener


def _answers(path: Path) -> bool:
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as probe:
        return probe.connect_ex(str(path)) == 0
