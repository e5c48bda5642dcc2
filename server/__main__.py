"""`chat-server`: arguments, settings, storage, core, loop; nothing else.

Whatever keeps the server from starting is one sentence on standard error and exit status 1
(2 for a mistake on the command line or in the settings).
"""

import argparse
import errno
import logging
import secrets
import shutil
import socket
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs

from server.core.core import Core
from server.data_folder import DataFolder
from server.loop import Loop
from server.settings import (
    DEFAULT_PORT,
    Settings,
    SettingsError,
    from_words,
    parse_words,
    read_toml,
    split_address,
)
from server.storage.ports import StoreFailedError, StoreUnusableError
from server.storage.sqlite.store import open_store

LISTEN_BACKLOG = 1024


class CannotStartError(Exception):
    """The server cannot start; the text says why and what to do."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the server; returns the exit status."""
    program_version = _version()
    arguments = parse_words(sys.argv[1:] if words is None else words, program_version)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    try:
        settings = _read_settings(arguments.config, arguments)
    except SettingsError as error:
        print(f"chat-server: {error}", file=sys.stderr)
        return 2
    try:
        return _serve(settings, program_version)
    except (CannotStartError, StoreUnusableError, StoreFailedError) as error:
        print(f"chat-server: {error}", file=sys.stderr)
        return 1


def _version() -> str:
    try:
        return version("chat-tui")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"


def _read_settings(config: str | None, arguments: argparse.Namespace) -> Settings:
    from_file: dict[str, object] = {}
    if config is not None:
        try:
            text = Path(config).read_text(encoding="utf-8")
        except OSError as error:
            raise SettingsError(f"{config} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise SettingsError(f"{config} is not UTF-8 text") from None
        from_file = read_toml(text, config)
    return from_words(arguments, from_file)


def _serve(settings: Settings, program_version: str) -> int:
    listener = _listen(settings.listen)
    folder = DataFolder(_data_path(settings))
    store = open_store(folder.database, durable=settings.durability == "full")
    core = Core(settings, store, f"chat-server-{program_version}", secrets.randbelow)
    loop = Loop(core, store, [listener], lambda: shutil.disk_usage(folder.path).free)
    _say_hello(listener, folder.path, program_version)
    try:
        status = loop.run()
    finally:
        store.close()
        folder.close()
    if status == 0:
        print("Stopped; everything is stored", flush=True)
    return status


def _data_path(settings: Settings) -> Path:
    data = settings.data or platformdirs.user_data_dir("chat-server", appauthor=False)
    try:
        return Path(data).expanduser()
    except RuntimeError:
        raise CannotStartError(f"There is no home folder for {data}; write it in full") from None


def _listen(address: str) -> socket.socket:
    host, port = split_address(address, DEFAULT_PORT)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=LISTEN_BACKLOG)
    except (socket.gaierror, UnicodeError):  # the latter for what cannot be a host's name
        raise CannotStartError(f"There is no address {host} to listen on") from None
    except OSError as error:
        reasons = {
            errno.EADDRINUSE: f"Port {port} is taken on {host}: another server is running "
            f"there; stop it, or choose another with --listen {host}:PORT",
            errno.EACCES: f"Listening on {host}:{port} is not allowed: ports below 1024 need "
            "root; choose a higher one with --listen",
            errno.EADDRNOTAVAIL: f"{host} is not an address of this machine",
        }
        reason = reasons.get(error.errno or 0, f"Cannot listen on {host}:{port}: {error.strerror}")
        raise CannotStartError(reason) from None
    listener.setblocking(False)
    return listener


def _say_hello(listener: socket.socket, data: Path, program_version: str) -> None:
    host, port = listener.getsockname()[:2]
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    print(f"Listening on {where} (chat-server {program_version})")
    print(f"Data is kept in {data}")
    print(f"Join with: chat-tui --server {where}   (any IRC program will do as well)")
    print("Stop with Ctrl+C", flush=True)


if __name__ == "__main__":
    sys.exit(main())
