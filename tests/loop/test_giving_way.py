"""Threads of jobs wait for a loop that is busy, and not for ever."""

import time
from threading import Thread

from server.giving_way import STEP_S, STEPS_MAX, GivingWay


def test_nobody_waits_for_an_idle_loop() -> None:
    began = time.thread_time()
    for _ in range(1_000):
        GivingWay().wait()
    assert time.thread_time() - began < STEP_S * 1_000


def test_work_goes_on_once_the_loop_has_nothing_to_do() -> None:
    giving_way = GivingWay()
    giving_way.busy = True
    worker = Thread(target=giving_way.wait)
    worker.start()
    giving_way.busy = False
    worker.join(10)
    assert not worker.is_alive()


def test_a_loop_that_is_always_busy_does_not_stop_the_work() -> None:
    giving_way = GivingWay()
    giving_way.busy = True
    began = time.monotonic()
    giving_way.wait()
    assert time.monotonic() - began >= STEP_S * STEPS_MAX
