"""TABLE of faults, by the name under which they are played."""

from functools import partial
from typing import Final

from tests.faults import machine, peers
from tests.faults.report import Fault

FAULTS: Final[dict[str, Fault]] = {
    **{name: partial(peers.slowloris, name) for name in peers.STAGES},
    "deaf-reader": peers.deaf_reader,
    "full-queues": peers.full_queues,
    "half-open": peers.half_open,
    "descriptors": peers.descriptors,
    "disk-full": machine.disk_full,
    "read-only-disk": machine.read_only_disk,
    "locked-database": machine.locked_database,
    "clock": machine.clock_jumps,
    "sigterm": machine.sigterm,
    "sighup": machine.sighup,
    "reconnect": machine.reconnect,
}
