"""Disks that fill up, stop working, are read-only, or belong to somebody else for a while.

SEMANTICS, "The echo", is what has to hold. Each disk is a small tmpfs, which root may mount.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from server.data_folder import DATABASE
from server.space import SPACE_CHECK_S
from server.storage.sqlite.check import findings, open_read_only
from server.storage.sqlite.store import open_store
from tests.loop.serving import Caller, calling, serve
from tests.storage.conftest import held

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting a disk needs root"
)
DISK_MIB = 6
RESERVE_BYTES = 2 << 20
SETTINGS = 'durability = "normal"\n[limits]\nreserve_mib = 2\ncost_per_second = 0\n'
"""With full durability 4 MB are made ready at the start, and the disk must fill beyond those."""


def stored(data: Path) -> list[str]:
    """What was said, in the order of the log; check must have nothing to say."""
    with closing(open_read_only(data / DATABASE)) as database:
        assert list(findings(database)) == []
        rows = database.execute("SELECT text FROM events WHERE kind = 1 ORDER BY position")
        return [text for (text,) in rows]


class Disk:
    """A small disk with a server on it, whose standard error is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.filler = path / "filler"
        (path / "settings.toml").write_text(SETTINGS, encoding="utf-8")
        words = ["--listen", "127.0.0.1:0", "--config", str(path / "settings.toml")]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server", *words, "--data", str(path / "data")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        port = self.process.stdout.readline().split()[2].rpartition(":")[2]
        self.address = ("127.0.0.1", int(port))

    def fill(self, leave_bytes: int) -> None:
        """Take what is free, but for so much."""
        free = os.statvfs(self.path).f_bavail * os.statvfs(self.path).f_frsize
        self.filler.write_bytes(b"x" * max(0, free - leave_bytes))

    def says(self, words: str) -> None:
        """Read on in what the server complains of, up to `words`."""
        assert self.process.stderr
        assert any(words in line for line in self.process.stderr)

    def stop(self) -> None:
        """Stop the server in order."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    mounted = tmp_path / "disk"
    mounted.mkdir()
    size = f"size={DISK_MIB}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(mounted)], check=True)
    try:
        made = Disk(mounted)
        yield made
        if made.process.poll() is None:
            made.stop()
    finally:
        subprocess.run(["umount", "-l", str(mounted)], check=True)


def talker(disk: Disk) -> Caller:
    """Ann in #trail, where she has said ``one`` and read its echo."""
    ann = Caller(disk.address)
    ann.send("CAP REQ :echo-message standard-replies labeled-response batch")
    ann.register("ann")
    ann.send("CAP END", "CREATE trail", "PRIVMSG #trail :one")
    ann.until("PRIVMSG #trail :one")
    return ann


def until_it_goes(ann: Caller, text: str, refusal: str) -> None:
    """Say something again and again until it is echoed, and not refused any more."""
    refused = 0
    while True:
        ann.send(f"@label={refused} PRIVMSG #trail {text}")
        line = ann.until(f"label={refused}")[-1]
        if "PRIVMSG #trail" in line and "FAIL" not in line:
            return
        assert refusal in line
        refused += 1


@needs_root
def test_low_space_refuses_senders_and_recovers_by_itself(disk: Disk) -> None:
    with closing(talker(disk)) as ann:
        disk.fill(leave_bytes=1 << 20)
        looked_at = time.monotonic() + SPACE_CHECK_S
        while time.monotonic() < looked_at:
            ann.send("PING busy")
            ann.until("busy")
        ann.send("@label=x PRIVMSG #trail more")
        assert "FAIL PRIVMSG STORE_FULL #trail" in ann.until("label=x")[-1]
        ann.send("CHATHISTORY LATEST #trail * 100", "PING read")
        assert any("PRIVMSG #trail :one" in line for line in ann.until("read"))
        disk.filler.unlink()
        until_it_goes(ann, "again", "STORE_FULL")
    disk.stop()
    assert stored(disk.path / "data")[-1] == "again"


@needs_root
def test_a_fast_sender_is_refused_before_a_commit_fails(disk: Disk) -> None:
    """All within one second, so that no look by the clock comes between."""
    with closing(talker(disk)) as ann:
        disk.fill(leave_bytes=RESERVE_BYTES + (256 << 10))
        text = "x" * 400
        ann.send(*(f"PRIVMSG #trail {number}-{text}" for number in range(8_000)), "PING all")
        lines = ann.until("PONG")
        echoes = [line.rpartition(" ")[2].lstrip(":") for line in lines if line.endswith(text)]
        assert any("FAIL PRIVMSG STORE_FULL #trail" in line for line in lines)
        status = os.statvfs(disk.path)
        assert status.f_bavail * status.f_frsize > RESERVE_BYTES // 2
        disk.filler.unlink()
    disk.stop()
    assert [each for each in stored(disk.path / "data") if each != "one"] == echoes


@needs_root
def test_a_disk_that_is_full_at_once_shows_nothing_that_is_not_stored(disk: Disk) -> None:
    with closing(talker(disk)) as ann:
        disk.fill(leave_bytes=0)
        text = "x" * 400
        ann.send(*(f"PRIVMSG #trail {number}-{text}" for number in range(200)), "PING all")
        disk.says("commit failed")
        before = stored(disk.path / "data")
        disk.filler.unlink()
        disk.says("the commit succeeded")
        shown = [
            line.partition("#trail :")[2] or line.rpartition(" ")[2] for line in ann.until("all")
        ]
        echoes = [each for each in shown if each.endswith(text)]
    disk.stop()
    kept = stored(disk.path / "data")
    assert before == kept[: len(before)]
    assert [each for each in kept if each != "one"] == echoes
    assert echoes == [f"{number}-{text}" for number in range(len(echoes))]
    assert echoes


@needs_root
def test_a_read_only_disk_is_read_and_not_served(disk: Disk) -> None:
    with closing(talker(disk)):
        pass
    disk.stop()
    subprocess.run(["mount", "-o", "remount,ro", str(disk.path)], check=True)
    data = str(disk.path / "data")
    done = subprocess.run(
        [sys.executable, "-m", "server", "--data", data, "--listen", "127.0.0.1:0"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"The data folder {data} cannot be written" in done.stderr
    checked = subprocess.run(
        [sys.executable, "-m", "server", "check", "--data", data], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    assert stored(disk.path / "data") == ["one"]


# A database that somebody else holds


def test_a_database_that_is_locked_for_a_while_delays_the_echo_and_loses_nothing(
    tmp_path: Path,
) -> None:
    disk = Disk(tmp_path)
    with closing(talker(disk)) as ann:
        with held(tmp_path / "data" / DATABASE):
            ann.send("PRIVMSG #trail :two", "PING after")
            disk.says("commit failed, trying again: database is locked")
            assert stored(tmp_path / "data") == ["one"]
        disk.says("the commit succeeded")
        assert sum("PRIVMSG #trail :two" in line for line in ann.until("after")) == 1
    disk.stop()
    assert stored(tmp_path / "data") == ["one", "two"]


def test_one_that_is_locked_for_too_long_ends_the_server_and_showed_nothing(tmp_path: Path) -> None:
    path = tmp_path / DATABASE

    def script(address: tuple[str, int]) -> None:
        with calling(address, "ann", "bob") as (ann, bob):
            ann.send("PRIVMSG #trail :one", "PING said")
            ann.until("said")
            bob.until("PRIVMSG #trail :one")
            with held(path):
                ann.send("PRIVMSG #trail lost", "PING never")
                for person in (ann, bob):
                    (only,) = person.rest()
                    assert only.startswith("ERROR :The server cannot store anything")

    store = open_store(path, durable=False)
    assert serve(script, store, commit_retry_s=0.3) == 1
    store.close()
    assert stored(tmp_path) == ["one"]
