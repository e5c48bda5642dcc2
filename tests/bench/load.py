"""The load generator: compiled from the C file beside the checkout, one line of JSON a run."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from tests.bench.servers import SHARED_BENCH, Running

GENERATOR_CORE: Final = 1
RUN_TIMEOUT_S: Final = 120.0


def compile_generator(folder: Path) -> Path | None:
    """The generator as a program in `folder`; None where it cannot be made here."""
    source = SHARED_BENCH / "loadgen.c"
    if not source.exists() or shutil.which("gcc") is None:
        return None
    program = folder / "loadgen"
    subprocess.run(["gcc", "-O2", "-o", str(program), str(source)], check=True)
    return program


def measure(generator: Path, server: Running, words: list[str], seconds: float) -> dict[str, Any]:
    """One run of the generator against `server`; what it printed."""
    mode, *options = words
    command = ["taskset", "-c", str(GENERATOR_CORE), str(generator), mode, "127.0.0.1"]
    command += [str(server.port), "--pid", str(server.pid), "--dur", str(seconds), *options]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=RUN_TIMEOUT_S, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1:] or done.returncode)
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result
