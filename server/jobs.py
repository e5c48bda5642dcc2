"""Slow work off the loop: a few threads, and a wake-up for the loop when something is done.

Threads touch nothing of the server's: work is a function of values, made by the core.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final

from server.core.world import Job

THREADS: Final = 2
"""Two password checks at a time: argon2 releases the interpreter's lock, and takes 64 MiB each."""


class Jobs:
    """Runs jobs; `wake` is called from a thread whenever one is done."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._executor = ThreadPoolExecutor(THREADS, "job")
        self._finished: SimpleQueue[tuple[int, object]] = SimpleQueue()

    def start(self, job: Job) -> None:
        """Have a job done."""
        future: Future[object] = self._executor.submit(job.work)
        future.add_done_callback(partial(self._take_result, job.id))

    def take_finished(self) -> list[tuple[int, object]]:
        """The jobs done since last time: number, and the result or what was raised."""
        found: list[tuple[int, object]] = []
        while True:
            try:
                found.append(self._finished.get_nowait())
            except Empty:
                return found

    def close(self) -> None:
        """Drop what has not begun; what has is waited for, at most some 100 ms."""
        self._executor.shutdown(cancel_futures=True)

    def _take_result(self, number: int, future: Future[object]) -> None:
        if not future.cancelled():
            self._finished.put((number, future.exception() or future.result()))
            self._wake()
