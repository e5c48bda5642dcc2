"""Full collections wait for a quiet moment."""

from tui.idle import QUIET_S, IdleCollector


def test_collects_once_after_every_busy_time() -> None:
    collector = IdleCollector()
    assert not collector.check(100.0), "nothing has happened yet"
    collector.busy(100.0)
    assert not collector.check(100.0 + QUIET_S / 2)
    assert collector.check(100.0 + QUIET_S)
    assert not collector.check(100.0 + 2 * QUIET_S)
    collector.busy(200.0)
    assert collector.check(200.0 + QUIET_S)
