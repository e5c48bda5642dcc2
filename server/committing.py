"""The commit of a tick, and what is done where it fails: the same one again, for a while.

Meanwhile nothing is read and nothing is sent, so that nobody is shown what is not stored.
Meaning: `SEMANTICS`, "The echo".
"""

import logging
import time
from collections.abc import Callable
from typing import Final

from server.storage.ports import Store, StoreFailedError

COMMIT_RETRY_S: Final = 30.0
COMMIT_RETRY_FIRST_S: Final = 0.05
COMMIT_RETRY_STEP_MAX_S: Final = 2.0

logger = logging.getLogger(__name__)


class CommitGaveUpError(Exception):
    """A commit failed for as long as it is tried again; nothing of it was shown to anyone."""


def commit(store: Store, retry_s: float, is_stopping: Callable[[], bool]) -> None:
    """Commit, trying again for `retry_s` or until the server stops. Raises `CommitGaveUpError`."""
    try:
        store.commit()
    except StoreFailedError as error:
        _retry(store, error, retry_s, is_stopping)


def _retry(
    store: Store, error: StoreFailedError, retry_s: float, is_stopping: Callable[[], bool]
) -> None:
    give_up_at = time.monotonic() + retry_s
    step_s = COMMIT_RETRY_FIRST_S
    logger.error("commit failed, trying again: %s", error)
    while time.monotonic() < give_up_at and not is_stopping():
        time.sleep(min(step_s, max(0.0, give_up_at - time.monotonic())))
        step_s = min(step_s * 2, COMMIT_RETRY_STEP_MAX_S)
        try:
            store.commit()
        except StoreFailedError as again:
            error = again
        else:
            logger.info("the commit succeeded, everything goes on")
            return
    raise CommitGaveUpError(str(error))
