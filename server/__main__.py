"""`chat-server`: arguments, settings, storage, core, loop; nothing else.

Whatever keeps the server from starting is one sentence on standard error and exit status 1
(2 for a mistake on the command line or in the settings).
"""

import gc
import logging
import secrets
import shutil
import socket
import ssl
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from server import account_cli, data_cli, erase_cli, exchange_cli, operator_cli, sanction_cli
from server.admin import open_door
from server.core.core import Core
from server.data_folder import DataFolder
from server.ending import ended
from server.giving_way import GivingWay
from server.loop import Loop
from server.process import prepare
from server.settings import Settings
from server.settings_file import data_path, read_settings
from server.settings_words import parse_words
from server.storage.ports import StoreFailedError, StoreUnusableError
from server.storage.sqlite.store import open_store
from server.transport.listeners import CannotListenError, is_local, open_listeners, where
from server.transport.tls import Certificate

GARBAGE_OBJECTS: Final = 50_000
"""New objects, less those that went, after which cycles among them are looked for: some 10 MB."""


THREAD_TURN_S: Final = 0.0001
"""How long a thread goes on when the loop wants to: fifty times shorter than by default, because a
message waits for it while the search index is kept."""


class CannotStartError(Exception):
    """The server cannot start; the text says why and what to do."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the server, or a command on it; returns the exit status."""
    words = sys.argv[1:] if words is None else words
    if words and words[0] == "account":
        return account_cli.main(words[1:])
    if words and words[0] in operator_cli.COMMANDS:
        return operator_cli.main(words)
    if words and words[0] in sanction_cli.COMMANDS:
        return sanction_cli.main(words)
    if words and words[0] in exchange_cli.COMMANDS:
        return exchange_cli.main(words)
    if words and words[0] == "erase":
        return erase_cli.main(words[1:])
    if words and words[0] in data_cli.COMMANDS:
        return data_cli.main(words)
    program_version = _version()
    arguments = parse_words(words, program_version)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    read = partial(read_settings, arguments.config, arguments)
    return ended(
        lambda: _serve(read(), program_version, read),
        (CannotStartError, CannotListenError, StoreUnusableError, StoreFailedError),
    )


def _version() -> str:
    try:
        return version("chat-tui")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"


def _serve(settings: Settings, program_version: str, reread: Callable[[], Settings]) -> int:
    prepare(core_dumps=settings.core_dumps)
    listeners = open_listeners(settings.listen)
    folder = DataFolder(data_path(settings))
    giving_way = GivingWay()
    store = open_store(
        folder.database, durable=settings.durability == "full", give_way=giving_way.wait
    )
    core = Core(settings, store, f"chat-server-{program_version}", secrets.randbelow)
    certificate = _open_certificate(settings, folder.path, listeners)
    door = open_door(folder.path)
    loop = Loop(
        core,
        store,
        listeners,
        lambda: shutil.disk_usage(folder.path).free,
        certificate,
        door=door,
        read_settings=reread,
        giving_way=giving_way,
    )
    _say_hello(settings, listeners, certificate, folder.path, program_version)
    _tune_interpreter()
    try:
        status = loop.run()
    finally:
        store.close()
        folder.close()
    if status == 0:
        print("Stopped; everything is stored", flush=True)
    return status


def _tune_interpreter() -> None:
    """Look for cycles rarely, and have the threads of jobs give way to the loop soon.

    Nearly everything here goes by its count of references alone. By default every 700 new objects
    are a search for cycles, a tenth of what a message costs; and those that live from the start on
    would be searched through again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS, 20, 100)
    sys.setswitchinterval(THREAD_TURN_S)


def _open_certificate(
    settings: Settings, folder: Path, listeners: list[socket.socket]
) -> Certificate | None:
    """The certificate to serve TLS with, made at first start; None where there is no TLS."""
    everywhere = all(is_local(listener) for listener in listeners)
    if settings.tls__mode == "off" or (settings.tls__mode == "auto" and everywhere):
        return None
    certificate = Path(settings.tls__certificate or folder / "certificate.pem").expanduser()
    key = Path(settings.tls__key or folder / "key.pem").expanduser()
    try:
        if not settings.tls__certificate and not certificate.exists():
            from server.transport.certificate import make_certificate, own_names

            make_certificate(certificate, key, own_names())
        return Certificate(certificate, key, asks=settings.tls__client_certificates)
    except (OSError, ssl.SSLError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CannotStartError(f"The certificate {certificate} cannot be used: {reason}") from None


def _say_hello(
    settings: Settings,
    listeners: list[socket.socket],
    certificate: Certificate | None,
    data: Path,
    program_version: str,
) -> None:
    """Where people find the server, in words; one line each."""
    addresses = [where(listener) for listener in listeners]
    print(f"Listening on {', '.join(addresses)} (chat-server {program_version})")
    print(f"Data is kept in {data}")
    for listener, address in zip(listeners, addresses, strict=True):
        if listener.family == socket.AF_UNIX:
            continue  # for programs; they are told the path by whoever set it
        if is_local(listener):
            print(f"Join on this machine: chat-tui --server {address}")
        else:
            port = listener.getsockname()[1]
            scheme = "ircs" if certificate else "irc"
            print(f"Join from elsewhere: chat-tui {scheme}://{socket.gethostname()}:{port}/")
    if certificate:
        print(f"Certificate fingerprint (SHA-256): {certificate.fingerprint()}")
    if settings.plain_text:
        print("Links that are not encrypted are let in from everywhere, as you set it")
    print("Any IRC program can join as well. Stop with Ctrl+C", flush=True)


if __name__ == "__main__":
    sys.exit(main())
