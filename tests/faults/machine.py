"""The machine's faults: the disk, the database, the clock, signals, a start from nothing."""

import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from server.data_folder import DATABASE
from tests.faults.report import Report
from tests.faults.stage import UNHURRIED, Crowd, Guest, Pulse, Stage

DISK_MIB: Final = 24
YEAR: Final = {signal.SIGUSR1: "a year ahead", signal.SIGUSR2: "a year back"}
CLOSE_TO_S: Final = 3.0


class NotHereError(Exception):
    """The fault cannot be made on this machine; the text says what is missing."""


def disk_full(folder: Path, scale: int) -> Report:
    """A disk that fills up, then has room again."""
    report = Report()
    settings = f"{UNHURRIED}reserve_mib = 4\n"
    with (
        _small_disk(folder) as disk,
        Stage(folder, settings, data=disk / "data") as stage,
        Pulse(stage.address) as pulse,
    ):
        for _ in range(scale):
            pulse.wait_for(30)
            ballast = disk / "ballast"
            free = shutil.disk_usage(disk).free
            ballast.write_bytes(bytes(free - (2 << 20)))  # within the reserve
            _wait(lambda: pulse.refused > 0, "a refusal")
            refused_at = len(pulse.shown)
            time.sleep(1)
            assert len(pulse.shown) <= refused_at + 1, "it was still taken in"
            with ballast.open("ab") as file, suppress(OSError):
                file.write(bytes(DISK_MIB << 20))  # to the last byte
            time.sleep(1)
            ballast.unlink()
            pulse.wait_for(30)
        report.note(
            refused=f"{pulse.refused} messages, each by a labelled FAIL; recovered by itself",
            longest_tick=stage.longest_tick,
        )
        report.finish(stage, pulse)
    return report


def read_only_disk(folder: Path, scale: int) -> Report:
    """A file system that turns read-only under the server: nothing is shown, then it goes on."""
    report, stalls = Report(), 0
    with Stage(folder) as stage, Pulse(stage.address) as pulse:
        for _ in range(scale):
            pulse.wait_for(30)
            with _failing_writes(stage.pid, "EROFS"):
                _wait(lambda: "commit failed" in stage.log, "a failed commit")
                shown = len(pulse.shown)
                time.sleep(2)
                assert len(pulse.shown) <= shown + 1, "something was shown that is not stored"
                stalls += 1
            pulse.wait_for(30)
        report.note(stalls=f"{stalls}, of 2 s and more each; recovered by itself")
        report.note(longest_tick=stage.longest_tick)
        report.finish(stage, pulse)
    return report


def locked_database(folder: Path, scale: int) -> Report:
    """Another process holds the database: everything waits for it, nothing is lost."""
    report = Report()
    with Stage(folder) as stage, Pulse(stage.address) as pulse:
        for _ in range(scale):
            pulse.wait_for(30)
            other = sqlite3.connect(stage.data / DATABASE, isolation_level=None, timeout=10)
            with closing(other):
                other.execute("BEGIN IMMEDIATE")
                time.sleep(2)
                shown = len(pulse.shown)
                time.sleep(1)
                assert len(pulse.shown) == shown, "something was shown that is not stored"
                other.execute("ROLLBACK")
            pulse.wait_for(30)
        report.note(held=f"{scale} times for 3 s", longest_tick=stage.longest_tick)
        report.finish(stage, pulse)
    return report


def clock_jumps(folder: Path, scale: int) -> Report:
    """The wall clock goes a year ahead and back, as one set by hand or a dead battery."""
    report = Report()
    module = "tests.faults.jumping_clock"
    with Stage(folder, module=module) as stage, Pulse(stage.address) as pulse:
        for _ in range(scale):
            for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGUSR2, signal.SIGUSR1):
                pulse.wait_for(20)
                stage.send_signal(number)
        pulse.wait_for(30)
        report.note(jumps=f"{4 * scale} of a year", longest_tick=stage.longest_tick)
        report.finish(stage, pulse)
    return report


def sigterm(folder: Path, scale: int) -> Report:
    """A stop while many talk: everyone is told, everything is stored, and soon."""
    count, report = 50 * scale, Report()
    with Stage(folder) as stage, Pulse(stage.address) as pulse, Crowd(stage.address) as crowd:
        shown: list[bytes] = []
        talkers = [_talker(crowd, number, shown) for number in range(count)]
        crowd.until(lambda: len(shown) > 20 * count, 120, "everybody talks")
        stage.send_signal(signal.SIGTERM)
        began = time.monotonic()
        crowd.until(lambda: not crowd.open, 30, "all links end")
        status, _ = stage.end()
        took_s = time.monotonic() - began
        told = sum(guest.farewell.startswith(b"ERROR ") for guest in talkers)
        pulse.join(30)
        assert status == 0, stage.log
        assert told == count, f"{count - told} were not told"
        kept = set(stage.stored("#talk"))
        lost = {text.decode() for text in shown} - kept
        assert not lost, f"{len(lost)} messages were shown and are not stored"
        assert took_s < 15, f"it took {took_s:.1f} s"
        report.note(
            told=f"all {count} talkers, by ERROR",
            talk=f"{len(shown)} messages shown, {len(kept)} stored",
            stopped=f"within {took_s:.2f} s",
        )
        report.close(stage, pulse)
    return report


def _talker(crowd: Crowd, number: int, shown: list[bytes]) -> Guest:
    """Someone who says the next word when the last was shown."""
    nick = f"talk{number}"
    said = [0]

    def heard(guest: Guest, line: bytes) -> None:
        source, _, rest = line.partition(b" ")
        own = source.startswith(f":{nick}!".encode())
        if own and rest.startswith(b"PRIVMSG #talk "):
            shown.append(rest.removeprefix(b"PRIVMSG #talk ").removeprefix(b":"))
        if own and (b" PRIVMSG " in line or b" JOIN " in line):
            said[0] += 1
            crowd.send(guest, f"PRIVMSG #talk {nick}-{said[0]}")

    guest = crowd.call(nick, "CAP REQ echo-message", f"NICK {nick}", f"USER {nick} 0 * :t")
    guest.heard = heard
    crowd.send(guest, "CAP END", "JOIN #talk")
    return guest


def sighup(folder: Path, scale: int) -> Report:
    """Signals to read the settings again, in a row: nobody notices."""
    count, report = 200 * scale, Report()
    with Stage(folder) as stage, Pulse(stage.address) as pulse:
        stage.forget_ticks()
        for _ in range(count):
            stage.send_signal(signal.SIGHUP)
            time.sleep(0.005)
        pulse.wait_for(50)
        read = stage.log.count("The settings were read again")
        assert read > 0
        report.note(
            signals=f"{count}, the settings read {read} times", longest_tick=stage.longest_tick
        )
        report.finish(stage, pulse)
    return report


def reconnect(folder: Path, scale: int) -> Report:
    """Everyone comes back at once after a restart."""
    count, report = 1_000 * scale, Report()
    with Stage(folder) as stage:
        first_s = _everyone(stage, count)
        status, stopped_s = stage.stop()
        assert status == 0
        stage.start()
        again_s = _everyone(stage, count)
        values = stage.status()
        report.note(
            first=f"{count} registered and in a room within {first_s:.1f} s",
            again=f"all back within {again_s:.1f} s of the restart",
            longest_tick=stage.longest_tick,
            processor=f"{values['cpu_seconds_total']:.1f} s of CPU after the restart",
            memory=f"{values['memory_peak_bytes'] / 2**20:.0f} MiB at the most",
            stopped=f"within {stopped_s:.2f} s",
        )
        assert stage.stop()[0] == 0
        report.close(stage)
    return report


def _everyone(stage: Stage, count: int) -> float:
    """All connect at once and enter one of many rooms; the seconds it takes."""
    arrived: set[str] = set()

    def heard(guest: Guest, line: bytes) -> None:
        if b" 366 " in line:
            arrived.add(guest.nick)

    with Crowd(stage.address) as crowd:
        began = time.monotonic()
        for number in range(count):
            guest = crowd.register(f"p{number}", f"JOIN #room{number % max(1, count // 50)}")
            guest.heard = heard
            if number % 50 == 0:
                crowd.turn(0.0)
        crowd.until(lambda: len(arrived) == count, 60 + count / 20, "everyone is in")
        return time.monotonic() - began


def _wait(is_so: object, what: str, timeout_s: float = 30.0) -> None:
    assert callable(is_so)
    until = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < until, f"not within {timeout_s:.0f} s: {what}"
        time.sleep(0.05)


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own, of some MiB. Raises `NotHereError`."""
    disk = folder / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(disk)]
    try:
        subprocess.run(words, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        raise NotHereError("a file system cannot be mounted here") from None
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


@contextmanager
def _failing_writes(pid: int, error: str) -> Iterator[None]:
    """Every write to a file fails, as the kernel would have it. Raises `NotHereError`."""
    calls = "pwrite64,ftruncate,fdatasync,fsync"
    words = ["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(pid), "-e", f"trace={calls}"]
    try:
        tracer = subprocess.Popen([*words, "-e", f"inject={calls}:error={error}"])
    except OSError:
        raise NotHereError("strace is not installed") from None
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait()
