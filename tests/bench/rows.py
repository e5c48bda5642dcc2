"""TABLE of what is measured with the load generator: row, servers, and what is to be reached."""

from typing import Final, NamedTuple

from tests.bench.servers import ERGO, OURS, TAGGED, UNKEPT

INSPIRCD: Final = "inspircd"
NGIRCD: Final = "ngircd"
BEST_PEER: Final = "the best peer"
"""In a goal: whichever peer did best in this row."""


class Goal(NamedTuple):
    """`ours` is to be at most `factor` times `other`."""

    ours: str
    factor: float
    other: str


class Figure(NamedTuple):
    """A field of the generator's answer."""

    title: str
    field: str
    unit: str
    goals: tuple[Goal, ...] = ()


class Row(NamedTuple):
    """One run of the generator: its words, and the servers that are compared."""

    name: str
    words: list[str]
    servers: tuple[str, ...]
    figures: tuple[Figure, ...]
    once: bool = False  # and not in every round: it takes long, and hardly varies


ROWS: Final = (
    Row(
        "fanout",
        ["fanout", "--window", "512"],
        (OURS, UNKEPT, INSPIRCD, NGIRCD, ERGO),
        (
            Figure(
                "one room of 200, CPU a delivery",
                "srv_cpu_s_per_1M",
                "µs",
                (Goal(OURS, 0.6, INSPIRCD), Goal(UNKEPT, 0.35, INSPIRCD), Goal(OURS, 0.05, ERGO)),
            ),
        ),
    ),
    Row(
        "manyrooms",
        ["manyrooms", "--inflight", "32"],  # of more that connect at once, ngIRCd loses some
        (OURS, TAGGED, UNKEPT, INSPIRCD, NGIRCD, ERGO),
        (
            Figure(
                "200 rooms of 10, CPU a delivery",
                "srv_cpu_s_per_1M",
                "µs",
                (Goal(OURS, 0.4, ERGO), Goal(UNKEPT, 1.0, INSPIRCD), Goal(TAGGED, 1.3, OURS)),
            ),
        ),
    ),
    Row(
        "latency",
        ["latency"],
        (OURS, UNKEPT, INSPIRCD, NGIRCD, ERGO),
        (
            Figure(
                "200 messages/s to a room of 100, p50",
                "p50_us",
                "µs",
                (Goal(UNKEPT, 1.0, BEST_PEER),),
            ),
            Figure(
                "the same, p99",
                "p99_us",
                "µs",
                (Goal(OURS, 1.0, BEST_PEER), Goal(UNKEPT, 1.0, BEST_PEER)),
            ),
        ),
    ),
    Row(
        "connect",
        ["connect", "--inflight", "64", "--clients", "1000"],
        (OURS, INSPIRCD, NGIRCD, ERGO),
        (
            Figure(
                "registration, CPU each",
                "srv_cpu_us_per_reg",
                "µs",
                (Goal(OURS, 1.0, NGIRCD),),
            ),
            Figure("1,000 registrations, time", "wall_s", "s", (Goal(OURS, 1.0, ERGO),)),
        ),
    ),
    Row(
        "idle",
        ["idle", "--clients", "3000"],
        (OURS, INSPIRCD, NGIRCD, ERGO),
        (
            Figure(
                "an idle client, memory",
                "bytes_per_conn",
                "bytes",
                (Goal(OURS, 1.0, INSPIRCD),),
            ),
        ),
        once=True,
    ),
    Row(
        "ping",
        ["pingpong"],
        (OURS, INSPIRCD, NGIRCD, ERGO),
        (Figure("pipelined PING, CPU each", "pipelined_srv_us_per_ping", "µs"),),
        once=True,
    ),
)
