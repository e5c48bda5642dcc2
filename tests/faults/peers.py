"""Peers that are slow, deaf, silent or too many."""

import socket
import time
from pathlib import Path
from typing import Final

from tests.faults.report import Report
from tests.faults.stage import UNHURRIED, Crowd, Guest, Pulse, Stage
from tests.replay.server_process import resident_mib

HANDSHAKE_S: Final = 2
REGISTRATION_S: Final = 5
SLACK_S: Final = 10.0

IMPATIENT: Final = f"""
[tls]
mode = "on"
[proxy]
trusted = "127.0.0.1"
{UNHURRIED}
handshake_s = {HANDSHAKE_S}
registration_s = {REGISTRATION_S}
"""

TLS_HELLO: Final = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)
WEBSOCKET: Final = b"GET / HTTP/1.1\r\nHost: chat\r\nUpgrade: websocket\r\nX: " + b"x" * 400
PROXY_1: Final = b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"
PROXY_2: Final = b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x01\x00" + bytes(250)
COMMANDS: Final = b"CAP LS 302\r\nNICK slow\r\n" + b"PING x\r\n" * 60

STAGES: Final = {
    "slowloris-plain": (b"NICK " + b"n" * 400, REGISTRATION_S),
    "slowloris-registration": (COMMANDS, REGISTRATION_S),
    "slowloris-tls": (TLS_HELLO, HANDSHAKE_S),
    "slowloris-websocket": (WEBSOCKET, HANDSHAKE_S),
    "slowloris-proxy-1": (PROXY_1, HANDSHAKE_S),
    "slowloris-proxy-2": (PROXY_2, HANDSHAKE_S),
}
"""What is sent byte by byte, and after how long the server has had enough."""


def slowloris(name: str, folder: Path, scale: int) -> Report:
    """Many links that say a byte now and then, in one stage of the protocol."""
    script, limit_s = STAGES[name]
    count, report = 100 * scale, Report()
    with Stage(folder, IMPATIENT) as stage, Pulse(stage.address) as pulse:
        with Crowd(stage.address) as crowd:
            slow = [crowd.call(f"slow{number}") for number in range(count)]
            stage.forget_ticks()
            began = time.monotonic()
            for byte in script:
                if not crowd.open:
                    break
                for guest in slow:
                    crowd.send_bytes(guest, bytes([byte]))
                wake_at = time.monotonic() + 0.05
                while time.monotonic() < wake_at:
                    crowd.turn()
                assert time.monotonic() < began + limit_s + SLACK_S, "they are still connected"
            ended_s = crowd.until(lambda: not crowd.open, limit_s + SLACK_S, "all are closed")
            ended_s = time.monotonic() - began if ended_s < 0.1 else ended_s
        pulse.wait_for(20)
        report.note(
            attackers=f"{count} links, all closed after {ended_s:.1f} s (limit {limit_s} s)",
            longest_tick=stage.longest_tick,
        )
        report.finish(stage, pulse)
    return report


def deaf_reader(folder: Path, scale: int) -> Report:
    """People who stop reading in a room where much is said."""
    report = Report()
    settings = f"{UNHURRIED}send_queue_bytes = 262144\n"
    with Stage(folder, settings) as stage, Pulse(stage.address) as pulse:
        with Crowd(stage.address) as crowd:
            deaf = [
                crowd.register(f"deaf{n}", "JOIN #loud", small_buffer=True)
                for n in range(10 * scale)
            ]
            loud = crowd.register("loud", "JOIN #loud")
            crowd.until(lambda: all(guest.rooms for guest in [*deaf, loud]), 30, "all are in")
            for guest in deaf:
                crowd.stop_reading(guest)
            stage.forget_ticks()
            took_s, said = _shout_until_gone(stage, crowd, loud, len(deaf))
        pulse.wait_for(20)
        report.note(
            deaf=f"{len(deaf)} closed after {said} messages and {took_s:.1f} s",
            longest_tick=stage.longest_tick,
            memory=f"{resident_mib(stage.pid):.0f} MiB",
        )
        report.finish(stage, pulse)
    return report


def _shout_until_gone(stage: Stage, crowd: Crowd, loud: Guest, deaf: int) -> tuple[float, int]:
    """Say things until those who do not read are closed; seconds, and how many it took.

    A little at a time, so that a tick of a busy machine does not take in what fills every queue
    several times over: the bound is on the queues, not on one tick's input.
    """
    began, said = time.monotonic(), 0
    text = "x" * 400
    while stage.status()["users"] > 2:
        assert time.monotonic() - began < 120, f"{deaf} deaf people are still there"
        crowd.send(loud, *[f"PRIVMSG #loud :{text}"] * 10)
        said += 10
        before = loud.lines
        crowd.send(loud, "PING said")
        crowd.until(lambda before=before: loud.lines > before, 60, "the server answers")  # type: ignore[misc]
    return time.monotonic() - began, said


def full_queues(folder: Path, scale: int) -> Report:
    """A thousand people with full queues at the same time: memory stays within them."""
    count, queue_kib = 250 * scale, 128
    report = Report()
    settings = f"{UNHURRIED}send_queue_bytes = {queue_kib << 10}\n"
    with Stage(folder, settings) as stage, Pulse(stage.address) as pulse:
        before_mib = resident_mib(stage.pid)
        with Crowd(stage.address) as crowd:
            deaf = [
                crowd.register(f"deaf{n}", "JOIN #loud", small_buffer=True) for n in range(count)
            ]
            loud = crowd.register("loud", "JOIN #loud")
            crowd.until(lambda: all(guest.rooms for guest in [*deaf, loud]), 120, "all are in")
            for guest in deaf:
                crowd.stop_reading(guest)
            stage.forget_ticks()
            took_s, said = _shout_until_gone(stage, crowd, loud, count)
        status = stage.status()
        peak_mib = status["memory_peak_bytes"] / 2**20
        bound_mib = before_mib + count * 2.5 * queue_kib / 1024 + 60
        report.note(
            deaf=f"{count} closed after {said} messages and {took_s:.1f} s",
            longest_tick=stage.longest_tick,
            memory=f"{before_mib:.0f} MiB before, {peak_mib:.0f} MiB at the most",
        )
        assert peak_mib < bound_mib, f"{peak_mib:.0f} MiB, more than {bound_mib:.0f}"
        report.finish(stage, pulse)
    return report


def half_open(folder: Path, scale: int) -> Report:
    """Peers that vanish without a word, as behind a router that died."""
    ping_s, count, report = 5, 100 * scale, Report()
    with (
        Stage(folder, f"{UNHURRIED}ping_s = {ping_s}\nregistration_s = 5\n") as stage,
        Pulse(stage.address) as pulse,
    ):
        with Crowd(stage.address) as crowd:
            gone = [crowd.register(f"gone{n}", "JOIN #gone") for n in range(count)]
            crowd.until(lambda: all(guest.rooms for guest in gone), 60, "all are in")
            for guest in gone:
                crowd.stop_reading(guest)
            began = time.monotonic()
            while stage.status()["users"] > 1:
                assert time.monotonic() < began + 4 * ping_s + SLACK_S, "they are still there"
                time.sleep(0.2)
            took_s = time.monotonic() - began
        report.note(vanished=f"{count} noticed and closed within {took_s:.1f} s (ping {ping_s} s)")
        report.note(longest_tick=stage.longest_tick)
        report.finish(stage, pulse)
    return report


def descriptors(folder: Path, scale: int) -> Report:
    """More connections than there are descriptors; accepting goes on by itself."""
    limit, count, report = 100, 300 * scale, Report()
    with (
        Stage(folder, UNHURRIED, prefix=("prlimit", f"--nofile={limit}")) as stage,
        Pulse(stage.address) as pulse,
    ):
        stage.forget_ticks()  # before there is no descriptor left for the question
        flood = [socket.create_connection(stage.address, timeout=10) for _ in range(count)]
        pulse.wait_for(100)
        assert "no more connections for" in stage.log
        for link in flood:
            link.close()
        began = time.monotonic()
        with Pulse(stage.address, "late") as late:
            late.wait_for(5)
            back_s = time.monotonic() - began
            report.note(
                flood=f"{count} connections against {limit} descriptors",
                newcomer=f"served {back_s:.1f} s after the flood had gone",
                longest_tick=stage.longest_tick,
            )
            pulse.wait_for(20)
        report.finish(stage, pulse)
    return report
