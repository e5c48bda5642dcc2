"""Nothing secret is left lying about: logs, metrics, the process list, files, core dumps."""

import base64
import os
import re
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.loop.serving import Caller

ROOT = Path(__file__).parents[2]
SERVER_PASSWORD, OPER_PASSWORD, GATEWAY_PASSWORD = "serverword", "operword", "gatewayword"
OWN_PASSWORD, WRONG_PASSWORD, ROOM_KEY = "own-password", "wrong-password", "roomkeyword"
SAID = "nobody-else-shall-read-this"
SECRETS = (
    *(SERVER_PASSWORD, OPER_PASSWORD, GATEWAY_PASSWORD),
    *(OWN_PASSWORD, WRONG_PASSWORD, ROOM_KEY, SAID),
)
SETTINGS = f"""
listen = "127.0.0.1:0,unix:{{folder}}/chat.sock"
data = "{{folder}}/data"
password = "{SERVER_PASSWORD}"
[opers]
boss = "{OPER_PASSWORD}"
[webirc]
"192.0.2.1" = "{GATEWAY_PASSWORD}"
[tls]
mode = "on"
[accounts]
hash_kib = 64
hash_rounds = 1
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A server with secrets in its settings, and a umask that would show everything."""
    config = tmp_path / "server.toml"
    config.write_text(SETTINGS.format(folder=tmp_path), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "server", "--config", str(config)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=(tmp_path / "log").open("w"),
        text=True,
        umask=0,
    ) as process:
        yield process
        process.kill()


def _go_through_everything(address: tuple[str, int]) -> None:
    right, wrong = (
        base64.b64encode(f"\0ann\0{word}".encode()).decode()
        for word in (OWN_PASSWORD, WRONG_PASSWORD)
    )
    with closing(Caller(address)) as ann:
        ann.send("CAP LS 302", "CAP REQ :sasl standard-replies", f"PASS {SERVER_PASSWORD}")
        ann.send("NICK ann", "USER ann 0 * :ann", "CAP END", "PING in")
        ann.until("PONG")
        ann.send(f"REGISTER * * :{OWN_PASSWORD}")
        ann.until("REGISTER SUCCESS")
        for response, answer in ((wrong, " 904 "), (right, " 900 ")):
            ann.send("AUTHENTICATE PLAIN", f"AUTHENTICATE {response}")
            ann.until(answer)
        ann.send(f"PRIVMSG NickServ :IDENTIFY ann {WRONG_PASSWORD}", "PING told")
        ann.until("told")
        for word in (WRONG_PASSWORD, OPER_PASSWORD):
            ann.send(f"OPER boss {word}", "PING opened")
            ann.until("opened")
        ann.send("JOIN #trail", f"MODE #trail +k {ROOM_KEY}", f"PRIVMSG #trail :{SAID}")
        ann.send(f"PRIVMSG #trail \0{SAID}", f"JOIN #trail {WRONG_PASSWORD}", "REHASH")
        ann.send(f"WEBIRC {GATEWAY_PASSWORD} web host 192.0.2.7", "PING done")
        ann.until("done")


def test_no_secret_is_told_to_anyone_who_does_not_know_it(
    server: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    assert server.stdout
    hello = server.stdout.readline()
    found = re.search(r"127\.0\.0\.1:(\d+)", hello)
    assert found
    _go_through_everything(("127.0.0.1", int(found[1])))
    told = [hello]
    for words in (["status"], ["status", "--prometheus"], ["audit"], ["account", "list"]):
        data = ["--data", str(tmp_path / "data"), "--config", str(tmp_path / "server.toml")]
        command = [sys.executable, "-m", "server", *words, *data]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        told += [done.stdout, done.stderr]
    for name in ("cmdline", "environ"):
        told.append(Path(f"/proc/{server.pid}/{name}").read_text(encoding="utf-8"))
    server.send_signal(signal.SIGTERM)
    told += [server.stdout.read(), (tmp_path / "log").read_text(encoding="utf-8")]
    for secret in SECRETS:
        assert not [text for text in told if secret in text], secret


def test_files_are_for_their_owner_only(server: "subprocess.Popen[str]", tmp_path: Path) -> None:
    assert server.stdout
    server.stdout.readline()
    data = tmp_path / "data"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()}
    assert {"chat.db", "admin.sock", "key.pem"} <= modes.keys()
    modes["chat.sock"] = stat.S_IMODE((tmp_path / "chat.sock").stat().st_mode)
    assert set(modes.values()) == {0o600}, modes


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc, of Linux")
def test_no_core_is_dumped_and_every_file_may_be_used(server: "subprocess.Popen[str]") -> None:
    assert server.stdout
    server.stdout.readline()
    assert resource.prlimit(server.pid, resource.RLIMIT_CORE) == (0, 0)
    soft, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    assert soft == hard
    # What may not be dumped belongs to root in /proc, whoever runs it.
    assert Path(f"/proc/{server.pid}/environ").stat().st_uid == 0
