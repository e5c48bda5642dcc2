"""One run: real clients and gremlins, one real server, a virtual network, one seed.

A step is: time passes, something may go wrong, bytes travel, people act, the server ticks.
After the steps everything is healed and the run goes on until it rests; then the checks at
rest compare every client with the server and the ledger.
"""

from typing import Final

from server.settings import Settings
from tests.simulation import faults, rest, workload
from tests.simulation.chance import Chance, Clock
from tests.simulation.checkers import Checkers
from tests.simulation.gremlins import Gremlin
from tests.simulation.network import Network
from tests.simulation.people import CAPACITIES_BYTES, Person
from tests.simulation.server import Server
from tests.simulation.trace import Trace

STEPS_DEFAULT: Final = 400
PEOPLE: Final = ("ann", "bob", "cyd", "dee", "eve")
GREMLINS: Final = 3

ACT_PROBABILITY: Final = 0.35
PRANK_PROBABILITY: Final = 0.4
SHELL_PROBABILITY: Final = 0.8
"""How likely a program gets its turn in a step: chunks pile up in the meantime."""

DOWN_STEPS_MAX: Final = 6
SEND_QUEUES_BYTES: Final = (64 << 10, 512 << 10)
COST_BURSTS: Final = (60, 600)
HISTORY_PER_MINUTE: Final = (0, 1_200)

REST_STEP_S: Final = 1.0
REST_STEPS_MAX: Final = 900
REST_STEPS_QUIET: Final = 4


class FailedError(Exception):
    """A check failed; the text has the seed, the step and the last lines of the trace."""


class Simulator:
    """A run of one seed."""

    def __init__(self, seed: int, steps: int = STEPS_DEFAULT) -> None:
        self.seed = seed
        self.chance = Chance(seed)
        self.clock = Clock()
        self.trace = Trace()
        self.network = Network()
        settings = Settings(
            limits__send_queue_bytes=self.chance.choose(SEND_QUEUES_BYTES),
            limits__cost_burst=self.chance.choose(COST_BURSTS),
            limits__history_per_minute=self.chance.choose(HISTORY_PER_MINUTE),
            opers=(workload.OPERATOR,),
            rooms__unnamed_empty_days=1,
            rooms__empty_days=1,
            accounts__hash_kib=8,
            accounts__hash_rounds=1,
        )
        self.checkers = Checkers(self.trace, settings.limits__send_queue_bytes)
        self.server = Server(
            settings, self.network, self.clock, self.chance, self.trace, self.checkers
        )
        self.people = [self._person(name) for name in PEOPLE]
        self.gremlins = [Gremlin(self.network, self.checkers) for _ in range(GREMLINS)]
        self._scene = workload.Scene(self.chance, list(workload.ROOM_NAMES))
        self._steps = steps
        self._down_steps = 0
        self._step = 0

    def _person(self, name: str) -> Person:
        device = "" if name == PEOPLE[-1] else self.chance.token()
        return Person(
            name, device, self.network, self.clock, self.chance, self.trace, self.checkers
        )

    def run(self) -> Trace:
        """The whole run. Raises `FailedError`."""
        try:
            self.server.start()
            for _ in range(self._steps):
                self._one_step()
            self._come_to_rest()
        except Exception as error:
            tail = "\n".join(self.trace.tail)
            place = f"seed {self.seed}, step {self._step}"
            raise FailedError(f"{tail}\n{place}: {type(error).__name__}: {error}") from error
        return self.trace

    def _one_step(self) -> None:
        self._step += 1
        self.clock.pass_time(self.chance.seconds(0.001, 0.4))
        faults.befall(self)
        self.network.carry(self._carried)
        for gremlin in self.gremlins:
            if self.chance.happens(PRANK_PROBABILITY):
                capacity = self.chance.choose(CAPACITIES_BYTES)
                workload.prank(self._scene, gremlin, capacity)
            gremlin.step()
        for person in self.chance.shuffled(list(self.people)):
            if self.chance.happens(ACT_PROBABILITY):
                workload.act(self._scene, person, self.checkers, self.trace)
            if self.chance.happens(SHELL_PROBABILITY):
                person.step()
        self._tell_ids()
        self._serve()
        self.network.drop_closed()

    def _carried(self, waiting: int) -> int:
        """How many of the bytes on their way arrive now."""
        if self.chance.one_in(3):
            self.trace.mark("line cut between two chunks")
            return self.chance.random_int(waiting + 1)
        return waiting

    def _tell_ids(self) -> None:
        """People tell one another the IDs of rooms that no list shows."""
        for person in self.people:
            for key in person.rooms:
                if key not in self._scene.rooms:
                    self._scene.ids[key] = None

    def _serve(self) -> None:
        if self.server.running:
            self.server.tick()
            if not self.server.running:
                self._down_steps = self.chance.between(0, DOWN_STEPS_MAX)
        elif self._down_steps:
            self._down_steps -= 1
        else:
            self.server.start()
            self.trace.mark("restarted")

    # Rest

    def _come_to_rest(self) -> None:
        faults.heal(self)
        for gremlin in self.gremlins:
            gremlin.hang_up()
        quiet_steps = 0
        for _ in range(REST_STEPS_MAX):
            self._step += 1
            self.clock.pass_time(REST_STEP_S)
            self.network.carry(lambda waiting: waiting)
            for person in self.people:
                person.step()
            self._serve()
            self.network.drop_closed()
            quiet_steps = quiet_steps + 1 if self._rests else 0
            if quiet_steps == REST_STEPS_QUIET:
                break
        else:
            raise AssertionError("it does not come to rest")
        rest.check(self)

    @property
    def _rests(self) -> bool:
        links = self.network.links.values()
        return (
            all(person.settled for person in self.people)
            and self.server.idle
            and not any(link.silent or not link.quiet for link in links)
        )
