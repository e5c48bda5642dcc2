"""What a server tells of its own memory is its own."""

import subprocess
import sys

from server.metrics import memory_peak_bytes

HEAVY_MIB = 200
CHILD = "from server.metrics import memory_peak_bytes; print(memory_peak_bytes())"
HEAVY = f"""
import subprocess, sys
weight = bytearray({HEAVY_MIB} << 20)
subprocess.run([sys.executable, "-c", {CHILD!r}], check=True)
"""


def test_the_peak_is_not_that_of_whatever_started_the_program() -> None:
    heavy = subprocess.run([sys.executable, "-c", HEAVY], check=True, capture_output=True)
    assert 0 < int(heavy.stdout) < HEAVY_MIB << 20


def test_the_peak_rises_with_what_is_used() -> None:
    before = memory_peak_bytes()
    weight = bytearray(before)
    assert memory_peak_bytes() > before
    del weight
