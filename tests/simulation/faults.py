"""TABLE of what goes wrong, and how often: one function for each, all driven by the seed."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tests.simulation.server import AMID_FLUSH
from tests.simulation.trace import PHASES
from tui.client.state import Connection

if TYPE_CHECKING:
    from tests.simulation.simulator import Simulator

DAY_S: Final = 24 * 3600.0
HOUR_MS: Final = 3600 * 1000

COMMIT_FAILURES_MAX: Final = 4
FAILURES_WITHOUT_END: Final = 1_000

Fault = Callable[["Simulator"], None]


def _reset_link(run: "Simulator") -> None:
    links = [link for link in run.network.links.values() if not link.lost]
    if links:
        run.chance.choose(links).reset()
        run.trace.mark("link reset")


def _silence_link(run: "Simulator") -> None:
    """The other end vanishes without a word: a laptop lid, a dead router."""
    links = list(run.network.links.values())
    if links:
        run.chance.choose(links).silent = True
        run.trace.mark("link went silent")


def _silence_person(run: "Simulator") -> None:
    """The same to someone with our client, who is to find out and come back."""
    online = [person for person in run.people if person.online and person.link is not None]
    if online:
        link = run.chance.choose(online).link
        assert link is not None
        link.silent = True


def _cut_awaiting_echo(run: "Simulator") -> None:
    """Cut someone off whose message is stored or on its way, before they know."""
    waiting = [person for person in run.people if person.link and person.client.unsent]
    if waiting:
        link = run.chance.choose(waiting).link
        assert link is not None
        link.reset()


def _clog(run: "Simulator") -> None:
    run.chance.choose(run.people).clogged_until = run.clock.now + run.chance.seconds(1, 40)


def _start_anew(run: "Simulator") -> None:
    run.chance.choose(run.people).start_anew()


def _keep(run: "Simulator") -> None:
    run.chance.choose(run.people).keep()


def _start_again(run: "Simulator") -> None:
    run.chance.choose(run.people).start_again()


def _fail_commits(run: "Simulator") -> None:
    run.server.store.commits_to_fail = run.chance.between(1, COMMIT_FAILURES_MAX)


def _fail_commits_for_good(run: "Simulator") -> None:
    run.server.store.commits_to_fail = FAILURES_WITHOUT_END


def _fail_reads(run: "Simulator") -> None:
    if run.server.running:  # starting on a store that cannot be read is a test of its own
        run.server.store.reads_to_fail = run.chance.between(1, 3)


def _low_space(run: "Simulator") -> None:
    run.server.low_space_until = run.clock.now + run.chance.seconds(0.2, 5)


def _kill(run: "Simulator") -> None:
    run.server.kill_at = run.chance.choose([*PHASES, AMID_FLUSH, AMID_FLUSH])


def _wall_back(run: "Simulator") -> None:
    run.clock.set_wall(-run.chance.between(1, 6 * HOUR_MS))
    run.trace.mark("wall clock went back")


def _wall_ahead(run: "Simulator") -> None:
    run.clock.set_wall(run.chance.between(1, 6 * HOUR_MS))
    run.trace.mark("wall clock jumped ahead")


def _long_pause(run: "Simulator") -> None:
    """Nobody does anything for a while; timers become due."""
    run.clock.pass_time(run.chance.seconds(30, 300))
    run.trace.mark("long pause")


def _days_pass(run: "Simulator") -> None:
    """Everybody leaves for days; empty rooms expire at the next housekeeping."""
    for person in run.people:
        person.client.quit()
    run.clock.pass_time(2 * DAY_S + run.chance.seconds(600, 700))


def _reload_settings(run: "Simulator") -> None:
    """The settings are read again, with other limits in them."""
    if run.server.core is not None:
        settings = run.server.core.world.settings
        burst = run.chance.choose((40, 60, 600))
        run.server.core.settings_read(replace(settings, limits__cost_burst=burst))
        run.trace.mark("settings read again")


FAULTS: Final[dict[Fault, float]] = {
    _reset_link: 0.008,
    _cut_awaiting_echo: 0.012,
    _silence_link: 0.004,
    _clog: 0.006,
    _start_anew: 0.003,
    _keep: 0.15,
    _start_again: 0.008,
    _fail_commits: 0.006,
    _fail_commits_for_good: 0.0015,
    _fail_reads: 0.01,
    _low_space: 0.006,
    _kill: 0.015,
    _wall_back: 0.004,
    _wall_ahead: 0.004,
    _long_pause: 0.004,
    _days_pass: 0.0015,
    _reload_settings: 0.004,
}
"""Every fault with its probability in one step."""


def befall(run: "Simulator") -> None:
    """Let happen what the seed wants to happen in this step."""
    for fault, probability in FAULTS.items():
        if run.chance.happens(probability):
            run.trace.note(f"fault {fault.__name__}")
            fault(run)


def heal(run: "Simulator") -> None:
    """Everything works from here on; what was lost is found out by itself, one link last of all."""
    _silence_person(run)
    run.server.low_space_until = 0.0
    run.server.kill_at = ""
    run.server.store.commits_to_fail = 0
    for person in run.people:
        person.clogged_until = 0.0
        if person.client.state.connection is Connection.OFFLINE:
            person.client.start()
