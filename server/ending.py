"""How every command of `chat-server` ends: what is wrong as one sentence, and an exit status."""

import sys
from collections.abc import Callable

from server.settings import SettingsError


def ended(work: Callable[[], int], expected: tuple[type[Exception], ...]) -> int:
    """Do `work`; its exit status, or that of what it raised.

    1 for the `expected` errors, whose texts say what to do; 2 for a mistake in the settings.
    """
    try:
        return work()
    except SettingsError as error:
        print(f"chat-server: {error}", file=sys.stderr)
        return 2
    except expected as error:
        print(f"chat-server: {error}", file=sys.stderr)
        return 1
