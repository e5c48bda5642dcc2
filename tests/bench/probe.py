"""How long a PING takes, asked by one client that does nothing else: `probe PORT SECONDS`.

Prints one line of JSON: the median and the 99th of a hundred, in milliseconds.
"""

import contextlib
import json
import os
import socket
import statistics
import sys
import time
from typing import Final

PAUSE_S: Final = 0.005


def main() -> None:
    """Ask for so many seconds, and print."""
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    taken: list[float] = []
    with contextlib.suppress(OSError, AttributeError):  # only root may, and not everywhere
        # What it waits for a processor, behind thousands of clients beside it, is not the server's.
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers = connection.makefile("rb")
        connection.sendall(b"NICK probe\r\nUSER probe 0 * :probe\r\n")
        while b" 422 " not in answers.readline():
            pass
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            began = time.perf_counter()
            connection.sendall(b"PING now\r\n")
            while b" PONG " not in answers.readline():
                pass
            taken.append((time.perf_counter() - began) * 1000)
            time.sleep(PAUSE_S)
    cuts = statistics.quantiles([*taken, *taken], n=100)  # twice: one answer may be all there is
    print(json.dumps({"p50_ms": cuts[49], "p99_ms": cuts[98]}))


if __name__ == "__main__":
    main()
