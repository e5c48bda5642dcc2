"""The same targets under atheris: inputs follow what code the ones before them reached.

For who has it (`pip install atheris`); nothing else here needs it. libFuzzer does not come back,
so every target has a process of its own. What breaks one is written beside the others' finds, and
is good for `tests/fuzz/found.py` in the same way.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.mutation import INPUT_BYTES_MAX
from tests.fuzz.targets import Target


def guide(name: str, target: Target, found: Sequence[bytes], seconds: float, seed: int) -> bool:
    """Try one target for so long; whether it held."""
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate((*target.corpus, *found)):
            Path(folder, str(number)).write_bytes(data)
        options = (
            f"-max_total_time={max(1, round(seconds))}",
            f"-max_len={INPUT_BYTES_MAX}",
            f"-seed={seed}",
            f"-artifact_prefix=fuzz-{name.replace(' ', '-')}-",
            "-verbosity=0",
            "-print_final_stats=1",
        )
        print(f"{name}:", flush=True)
        child = os.fork()
        if not child:
            _fuzz(target, [sys.argv[0], folder, *options])
        return os.waitpid(child, 0)[1] == 0


def _fuzz(target: Target, arguments: list[str]) -> None:
    """In the child: does not return."""
    try:
        import atheris  # here only, because nobody else needs it
    except ImportError:
        print("atheris is not installed here: pip install atheris, or go without --atheris")
        sys.stdout.flush()
        os._exit(1)
    atheris.instrument_all()
    atheris.Setup(arguments, target.run)
    atheris.Fuzz()
