"""What the process asks of its system before it serves: files enough, and nothing left lying about.

Whatever a system does not have is left out: none of it is needed to serve.
"""

import contextlib
import ctypes
import os

OWNER_ONLY = 0o077
PR_SET_DUMPABLE = 4  # of prctl(2), Linux


def prepare(*, core_dumps: bool) -> None:
    """Have as many files as we may, and make new ones for this user only.

    Without `core_dumps` the memory of the process, which holds messages and keys, is never
    written to the disk and not shown to other processes of the same user.
    """
    os.umask(OWNER_ONLY)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        if not core_dumps:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not core_dumps:
        with contextlib.suppress(AttributeError, OSError):
            # A system that pipes its dumps to a program pays no heed to the limit above.
            ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
