"""Counters and levels of a running server: for `chat-server status`, and for Prometheus.

Numbers only: no name, no address and no text of anybody's ever stands here.
"""

import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from server.core.core import Core


class Metric(NamedTuple):
    """One row: name, what Prometheus calls its type, and what it is in words."""

    name: str
    kind: str
    text: str


METRICS: Final = (
    Metric("uptime_seconds", "gauge", "seconds since the start"),
    Metric("links", "gauge", "connections"),
    Metric("links_unregistered", "gauge", "connections that have given no name yet"),
    Metric("links_waiting", "gauge", "connections whose lines wait for a turn, a job or credit"),
    Metric("unsent_bytes", "gauge", "output that people have not read yet"),
    Metric("users", "gauge", "people here"),
    Metric("operators", "gauge", "of them operators of the server"),
    Metric("rooms", "gauge", "rooms"),
    Metric("jobs", "gauge", "password checks and searches under way"),
    Metric("sanctions", "gauge", "bans, mutes and filters of the server"),
    Metric("commands_total", "counter", "commands since the start"),
    Metric("longest_tick_seconds", "gauge", "the longest turn of the loop since the last look"),
    Metric("cpu_seconds_total", "counter", "processor time, user and system"),
    Metric("memory_peak_bytes", "gauge", "the most memory that was in use"),
)


def measure(core: Core, longest_tick_s: float) -> dict[str, float]:
    """The value of every metric now."""
    world = core.world
    values = (
        (world.wall_ms - world.started_ms) / 1000,
        len(world.sessions),
        len(world.unregistered),
        len(core.backlog),
        sum(session.unsent_bytes for session in world.sessions.values()),
        len(world.users),
        len(world.opers),
        len(world.channels),
        len(world.jobs) + len(world.chores),
        sum(map(len, world.sanctions.values())),
        sum(world.commands_run.values()),
        longest_tick_s,
        time.process_time(),
        memory_peak_bytes(),
    )
    return {row.name: value for row, value in zip(METRICS, values, strict=True)}


def memory_peak_bytes() -> int:
    """The most memory that this program was ever resident in.

    `ru_maxrss` would say more than that: Linux carries it over `exec`, so that a program inherits
    the peak of whatever started it (getrusage(2)). `VmHWM` belongs to the program alone.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def as_text(values: Mapping[str, float]) -> str:
    """For people: one line each."""
    return "\n".join(f"{values[row.name]:>16,.6g}  {row.text}" for row in METRICS)


def as_prometheus(values: Mapping[str, float]) -> str:
    """The text format that Prometheus reads."""
    lines: list[str] = []
    for name, kind, text in METRICS:
        lines += [
            f"# HELP chat_server_{name} {text}",
            f"# TYPE chat_server_{name} {kind}",
            f"chat_server_{name} {values[name]:.9g}",
        ]
    return "\n".join(lines)
