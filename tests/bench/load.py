"""The load generator: compiled from the C file beside the checkout, one line of JSON a run."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from tests.bench.servers import GENERATOR_CORE, SHARED_BENCH, TAGGED, Running

RUN_TIMEOUT_S: Final = 90.0

WARM_UP_S_MAX: Final = 2.0

CAPABILITIES: Final = "message-tags server-time account-tag chat-server/sequence"
"""Every tag that a delivery has, for the servers whose clients ask for them."""


def compile_generator(folder: Path) -> Path | None:
    """The generator as a program in `folder`; None where it cannot be made here."""
    source = SHARED_BENCH / "loadgen.c"
    if not source.exists() or shutil.which("gcc") is None:
        return None
    program = folder / "loadgen"
    subprocess.run(["gcc", "-O2", "-o", str(program), str(source)], check=True)
    return program


def measure(generator: Path, server: Running, words: list[str], seconds: float) -> dict[str, Any]:
    """One run of the generator against `server`; what it printed. Raises `RuntimeError`."""
    mode, *options = words
    command = ["taskset", "-c", str(GENERATOR_CORE), str(generator), mode, "127.0.0.1"]
    command += [str(server.port), "--pid", str(server.pid), "--dur", str(seconds)]
    command += ["--warm", str(min(seconds, WARM_UP_S_MAX)), *options]
    if server.name == TAGGED:
        command += ["--cap", CAPABILITIES]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=RUN_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"not done within {RUN_TIMEOUT_S:g} s") from None
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1:] or done.returncode)
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    if result.get("lost"):
        raise RuntimeError(f"{result['lost']} deliveries were lost")
    return result
